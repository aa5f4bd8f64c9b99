"""Small flows for tests: a site near Fos-sur-Mer unless said otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.model import Direction, Flow, Kind, Quantity, Range, Reliability, Site
from matching.results import MatchResult

LON, LAT = 4.95, 43.43
KM_PER_DEGREE = 111.195  # of latitude on the mean sphere


def site(name: str, km_north: float = 0.0, **fields: Any) -> Site:
    """Return a site ``km_north`` of the reference point."""
    return Site(name=name, lon=LON, lat=LAT + km_north / KM_PER_DEGREE, **fields)


def flow(
    place: Site, direction: str, label: str, amount: float | None = None, unit: str = "t", **fields: Any
) -> Flow:
    """Return a flow of a material, quantified a year when ``amount`` is given."""
    fields.setdefault("kind", Kind.MATERIAL)
    quantity = fields.pop("quantity", Quantity(Range.of(amount), unit) if amount is not None else None)
    fields.setdefault("reliability", Reliability.QUANTIFIED if quantity else Reliability.DECLARED)
    return Flow(site=place, direction=Direction(direction), label=label, quantity=quantity, **fields)


def positions(flows: Sequence[Flow]) -> NDArray[np.float64]:
    """Return earth-centred coordinates in km on the mean sphere, NaN where unplaced."""
    lon = np.radians([np.nan if f.site.lon is None else f.site.lon for f in flows])
    lat = np.radians([np.nan if f.site.lat is None else f.site.lat for f in flows])
    return 6371.0088 * np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def pairs(result: MatchResult) -> list[tuple[str, str]]:
    """Return (provider label, receiver label) of each substitution, best first."""
    return [
        (s.members[0].flow.label, s.members[1].flow.label)
        for s in result.synergies
        if s.kind.value == "substitution"
    ]
