"""A validated point on Earth."""

from __future__ import annotations

import math
from dataclasses import dataclass

# INSEE, IGN: the bounding box of metropolitan France with a margin, to notice swapped coordinates.
FRANCE_LON = (-5.5, 10.0)
FRANCE_LAT = (41.0, 51.5)


class InvalidPointError(ValueError):
    """Coordinates that are not degrees of WGS 84."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point in WGS 84 degrees: ``lon`` in [-180, 180], ``lat`` in [-90, 90]."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lon) and -180 <= self.lon <= 180):
            raise InvalidPointError(f"longitude {self.lon} is not in [-180, 180]")
        if not (math.isfinite(self.lat) and -90 <= self.lat <= 90):
            raise InvalidPointError(f"latitude {self.lat} is not in [-90, 90]")


def in_metropolitan_france(lon: float, lat: float) -> bool:
    """Tell whether a point lies in the box around metropolitan France."""
    return FRANCE_LON[0] <= lon <= FRANCE_LON[1] and FRANCE_LAT[0] <= lat <= FRANCE_LAT[1]


def looks_swapped(lon: float, lat: float) -> bool:
    """Tell whether longitude and latitude were exchanged: only the exchanged pair falls in France."""
    return not in_metropolitan_france(lon, lat) and in_metropolitan_france(lat, lon)
