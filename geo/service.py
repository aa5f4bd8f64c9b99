"""A public service asked over HTTP, for the clients of this package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from socket import socket
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, ProxyHandler, Request, build_opener, urlopen

MAX_ANSWER_BYTES = 1_000_000
Fetch = Callable[[str, float], bytes]


class PrivateAddressError(OSError):
    """A service meant to be public answers, or redirects, at an address of this machine or its network."""


def _check_public(connected: socket) -> None:
    # What is connected is checked, not what a name said a moment before: it might say something else next.
    address = ip_address(str(connected.getpeername()[0]).partition("%")[0])
    if not address.is_global:
        connected.close()
        raise PrivateAddressError(f"{address} is not a public address")


class _PublicConnection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _check_public(self.sock)


class _PublicTlsConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _check_public(self.sock)


class _PublicHttp(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_PublicConnection, req)


class _PublicHttps(HTTPSHandler):
    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_PublicTlsConnection, req)


# A proxy would answer in the place of what it asks: nothing could be checked.
_public = build_opener(ProxyHandler({}), _PublicHttp, _PublicHttps)


def fetch(url: str, timeout_s: float) -> bytes:
    """Return the body of a GET to a public address, wherever redirects lead.

    Raises
    ------
    OSError
        When the service does not answer in ``timeout_s`` seconds, or not from a public address.
    """
    return _read(_public.open, url, timeout_s)


def fetch_anywhere(url: str, timeout_s: float) -> bytes:
    """Return the body of a GET, also from this machine or its network; ``OSError`` without an answer."""
    return _read(urlopen, url, timeout_s)


def _read(ask: Callable[..., Any], url: str, timeout_s: float) -> bytes:
    request = Request(url, headers={"Accept": "application/json", "User-Agent": "entreflux"})  # noqa: S310 - http(s) only, see Service
    with ask(request, timeout=timeout_s) as answer:
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
