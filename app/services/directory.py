"""A directory of real establishments, such as a pollutant register, in which outlets are looked for."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from app.errors import InvalidInputError
from app.settings import Matching
from geo.projections import earth_centred_km
from matching.columns import Floats
from matching.messages import N_, Message
from matching.model import Site
from matching.nearby import ListedSite, NearSite, sites_of_outlets
from matching.outlets import Outlet

COLUMNS = ("name", "naf", "lon", "lat")


@dataclass(frozen=True, slots=True)
class LoadedDirectory:
    """Establishments with their earth-centred points in km, shape (n, 3)."""

    sites: tuple[ListedSite, ...]
    positions_km: Floats

    def near(
        self, outlets: Sequence[Outlet], point: tuple[float, float], within_km: float
    ) -> list[list[NearSite]]:
        """Return the sites of each outlet's activity around ``point`` (lon, lat in degrees)."""
        here = earth_centred_km(np.array([point[0]]), np.array([point[1]]))[0]
        return sites_of_outlets(outlets, self.sites, self.positions_km, here, within_km)


@lru_cache(maxsize=4)
def load_directory(path: str) -> LoadedDirectory:
    """Read a CSV with the columns name, naf, lon, lat and, when known, siret; rows need a point to count.

    Raises
    ------
    InvalidInputError
        If a column is missing.
    """
    with Path(path).open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            message = Message(N_("The directory lacks the column “{column}”."), {"column": missing[0]})
            raise InvalidInputError.on(missing[0], message)
        rows = [row for row in reader if row["lon"] and row["lat"]]
    sites = tuple(
        ListedSite(row["name"], row.get("siret") or "", row["naf"].replace(".", "").strip()) for row in rows
    )
    points = np.array([(float(row["lon"]), float(row["lat"])) for row in rows], dtype=np.float64).reshape(
        -1, 2
    )
    return LoadedDirectory(sites, earth_centred_km(points[:, 0], points[:, 1]))


def sites_near(settings: Matching, site: Site, outlets: Sequence[Outlet]) -> list[list[NearSite]] | None:
    """Return the real sites around a flow's site for each outlet, None without a directory or a point."""
    if not settings.directory or site.lon is None or site.lat is None:
        return None
    return load_directory(settings.directory).near(outlets, (site.lon, site.lat), settings.directory_km)
