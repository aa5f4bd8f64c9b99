"""A public service asked over HTTP, for the clients of this package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

MAX_ANSWER_BYTES = 1_000_000
Fetch = Callable[[str, float], bytes]


def fetch(url: str, timeout_s: float) -> bytes:
    """Return the body of a GET; raises ``OSError`` when the service does not answer in ``timeout_s``."""
    request = Request(url, headers={"Accept": "application/json", "User-Agent": "entreflux"})  # noqa: S310 - http(s) only, see Service
    with urlopen(request, timeout=timeout_s) as answer:  # noqa: S310
        body: bytes = answer.read(MAX_ANSWER_BYTES)
    return body


class Service:
    """A service behind an address such as ``https://host/search``.

    Parameters
    ----------
    url
        The search address, http or https.
    timeout_s
        How long to wait for one answer, in seconds.
    fetcher
        What makes the request; tests give a recorded answer.
    """

    name = "service"

    def __init__(self, url: str, timeout_s: float = 5.0, fetcher: Fetch = fetch) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"the {self.name} needs an http or https address")
        self._url = url
        self._timeout_s = timeout_s
        self._fetch = fetcher

    def ask(self, query: Mapping[str, str]) -> bytes:
        """Return the body of the answer; raises what the fetcher raises."""
        separator = "&" if "?" in self._url else "?"
        return self._fetch(f"{self._url}{separator}{urlencode(query)}", self._timeout_s)
