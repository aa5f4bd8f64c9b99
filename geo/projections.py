"""From degrees to kilometres: earth-centred coordinates and local flat maps."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer

from geo.distance import EARTH_RADIUS_KM
from geo.points import in_metropolitan_france

LAMBERT_93 = 2154  # EPSG code of the legal projection of metropolitan France.


def earth_centred_km(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    """Return the (n, 3) coordinates in km, on a sphere, of WGS 84 points in degrees.

    The straight distance between two rows is the chord of their great circle. NaN in gives NaN out.
    """
    lambda_, phi = (
        np.radians(np.asarray(lon, dtype=np.float64)),
        np.radians(np.asarray(lat, dtype=np.float64)),
    )
    flat = np.cos(phi)
    return EARTH_RADIUS_KM * np.column_stack((flat * np.cos(lambda_), flat * np.sin(lambda_), np.sin(phi)))


def chord_to_arc_km(chord_km: ArrayLike) -> NDArray[np.float64]:
    """Return great-circle lengths in km for straight chords in km of ``earth_centred_km``."""
    half = np.asarray(chord_km, dtype=np.float64) / (2 * EARTH_RADIUS_KM)
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.clip(half, 0.0, 1.0)))


def arc_to_chord_km(arc_km: float) -> float:
    """Return the chord in km of a great circle of ``arc_km`` (at most half the Earth's circumference)."""
    return float(2 * EARTH_RADIUS_KM * np.sin(min(arc_km / (2 * EARTH_RADIUS_KM), np.pi / 2)))


@lru_cache(maxsize=64)
def _transformers(crs: str) -> tuple[Transformer, Transformer]:
    target, degrees = CRS.from_user_input(crs), CRS.from_epsg(4326)
    return (
        Transformer.from_crs(degrees, target, always_xy=True),
        Transformer.from_crs(target, degrees, always_xy=True),
    )


def local_projection(lon: float, lat: float) -> tuple[Transformer, Transformer]:
    """Return the (to metres, to degrees) transformers of a flat map good around a WGS 84 point.

    Lambert-93 in metropolitan France, elsewhere a Lambert azimuthal equal-area map on the rounded point.
    """
    if in_metropolitan_france(lon, lat):
        return _transformers(f"EPSG:{LAMBERT_93}")
    return _transformers(f"+proj=laea +lat_0={round(lat)} +lon_0={round(lon)} +datum=WGS84 +units=m")
