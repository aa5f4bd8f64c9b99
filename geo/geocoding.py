"""From an address to a point: what a geocoder promises, whatever is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

PlacePrecision = Literal["point", "commune"]


@dataclass(frozen=True, slots=True)
class Located:
    """A place that was found.

    Attributes
    ----------
    lon, lat
        WGS 84 degrees.
    precision
        ``point`` for an address, ``commune`` for the centre of a commune or of a wider area.
    name
        What was found, as written by the source.
    radius_km
        How far the place extends around the point, in km; 0 when it is a point.
    """

    lon: float
    lat: float
    precision: PlacePrecision
    name: str = ""
    radius_km: float = 0.0


class Geocoder(Protocol):
    """Anything that turns an address into a point."""

    def locate(self, address: str, postcode: str, city: str) -> Located | None:
        """Return the place, or None when it is unknown; empty strings are unknown parts."""
        ...


class FirstOf:
    """Several geocoders asked in turn, the most exact first."""

    def __init__(self, geocoders: Sequence[Geocoder]) -> None:
        self._geocoders = tuple(geocoders)

    def locate(self, address: str, postcode: str, city: str) -> Located | None:
        """Return the first answer."""
        found = (geocoder.locate(address, postcode, city) for geocoder in self._geocoders)
        return next((place for place in found if place is not None), None)


def offline_geocoder() -> Geocoder:
    """Return the built-in gazetteer of communes: no network."""
    from geo.gazetteer import built_in_gazetteer

    return built_in_gazetteer()
