"""The online geocoder: a service that speaks like the French national address base (BAN).

Used only when a setting names the service; the built-in gazetteer answers otherwise.
"""

from __future__ import annotations

import json
from urllib.error import URLError

from geo.geocoding import Located
from geo.service import Fetch, Service, fetch

# Score under which an answer of the service is a guess (its own documentation advises 0.4 to 0.6).
MIN_SCORE = 0.5
PRECISE_TYPES = frozenset({"housenumber", "street", "locality"})


class AddressService(Service):
    """A geocoder behind an address such as ``https://host/search/``."""

    name = "address service"

    def __init__(self, url: str, timeout_s: float = 5.0, fetcher: Fetch = fetch) -> None:
        super().__init__(url, timeout_s, fetcher)
        self._answers: dict[tuple[str, str, str], Located | None] = {}

    def locate(self, address: str, postcode: str, city: str) -> Located | None:
        """Return the place the service is sure enough of; None also when it does not answer."""
        key = (address, postcode, city)
        if not any(part.strip() for part in key):
            return None
        if key not in self._answers:
            try:
                self._answers[key] = self._ask(*key)
            except (URLError, OSError, ValueError):
                return None
        return self._answers[key]

    def _ask(self, address: str, postcode: str, city: str) -> Located | None:
        words = " ".join(part.strip() for part in (address, postcode, city) if part.strip())
        query = {"q": words[:200], "limit": "1", "autocomplete": "0"}
        if postcode.strip().isdigit() and len(postcode.strip()) == 5:
            query["postcode"] = postcode.strip()
        return located(self.ask(query))


def located(body: bytes) -> Located | None:
    """Return the first feature of an answer, or None when there is none or its score is too low.

    Raises
    ------
    ValueError
        If the body is not such an answer.
    """
    try:
        features = json.loads(body)["features"]
        if not features or features[0]["properties"].get("score", 0) < MIN_SCORE:
            return None
        lon, lat = features[0]["geometry"]["coordinates"][:2]
        properties = features[0]["properties"]
        exact = properties.get("type") in PRECISE_TYPES
        return Located(
            float(lon), float(lat), "point" if exact else "commune", str(properties.get("label", ""))
        )
    except (KeyError, TypeError, AttributeError, IndexError, UnicodeDecodeError) as error:
        raise ValueError("not an answer of an address service") from error
