"""The sites of a table, once each, placed by their own point or by their commune."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from app.readers.coordinates import degrees_of
from app.readers.parquet_cells import Cells, Flags, Floats, Longs, grouped
from geo.geocoding import offline_geocoder
from geo.points import looks_swapped
from matching.messages import N_
from matching.siret import siret_is_valid

SITE_COLUMNS = ("site", "siret", "naf", "address", "postcode", "city", "lon", "lat")
LIMITS = {"lon": 180.0, "lat": 90.0}
NO_NAME = N_("A site needs a name: fill in the column “site”.")
NO_PLACE = N_("The site cannot be placed: give lon and lat, or a postcode and a city.")
IMPOSSIBLE = {
    "lon": N_("Longitude {value} is impossible: give degrees from -180 to 180."),
    "lat": N_("Latitude {value} is impossible: give degrees from -90 to 90."),
}
SWAPPED = N_("Longitude {lon} and latitude {lat} look swapped: exchange them.")
WRONG_SIRET = N_("“{value}” is not a SIRET: it takes 14 digits whose check digit is right.")


def sites_of(cells: Cells, gives: Flags) -> tuple[Longs, pa.Table]:
    """Return the number of each row's site, and the sites; rows without a name or a place are refused."""
    name, names = cells.codes("site")
    cells.refuse(name == (names.index("") if "" in names else -1), "site", NO_NAME)
    siret, sirets = cells.codes("siret")
    wrong = np.array([bool(value) and not siret_is_valid(_digits(value)) for value in sirets], dtype=bool)
    cells.refuse(wrong[siret], "siret", WRONG_SIRET)
    lon, lat = _points(cells)
    (_, lon_number), (_, lat_number) = (np.unique(axis, return_inverse=True) for axis in (lon, lat))
    first, site = grouped(
        [(name, len(names)), (siret, len(sirets)), (lon_number, len(lon)), (lat_number, len(lat))]
    )
    placed = zip(lon[first].tolist(), lat[first].tolist(), strict=True)
    table = pa.table(
        {
            "name": pa.array(names).take(pa.array(name[first])),
            "siret": pa.array([_digits(value) for value in sirets]).take(pa.array(siret[first])),
            "place": [f"{x:.5f},{y:.5f}" for x, y in placed],
            "lon": lon[first],
            "lat": lat[first],
            "outputs": np.bincount(site[gives & ~cells.bad], minlength=len(first)),
        }
    )
    return site, table


def _digits(siret: str) -> str:
    return "".join(siret.split())


def _points(cells: Cells) -> tuple[Floats, Floats]:
    lon, lat = _degrees(cells, "lon"), _degrees(cells, "lat")
    for name, axis in (("lon", lon), ("lat", lat)):
        cells.refuse(np.abs(axis) > LIMITS[name], name, IMPOSSIBLE[name])
    unplaced = np.isnan(lon) | np.isnan(lat)
    if unplaced.any():
        _place(cells, lon, lat, np.flatnonzero(unplaced))
    cells.refuse(np.isnan(lon) | np.isnan(lat), "city", NO_PLACE)
    swapped = np.zeros(len(cells), dtype=bool)
    for place in np.flatnonzero(np.abs(lon) > np.abs(lat)).tolist():
        swapped[place] = looks_swapped(lon[place], lat[place])
    cells.refuse(swapped, "lon", SWAPPED)
    return lon, lat


def _degrees(cells: Cells, name: str) -> Floats:
    if not cells.has(name) or cells.is_number(name):
        return cells.ranges(name)[:, 0].copy()
    return np.asarray(cells.parsed(name, lambda text: degrees_of(text, name), np.nan), dtype=np.float64)


def _place(cells: Cells, lon: Floats, lat: Floats, rows: Any) -> None:
    """Place rows without a point by their address, each distinct one once."""
    geocoder = offline_geocoder()
    read = [cells.codes(name) for name in ("address", "postcode", "city")]
    first, address = grouped([(numbers[rows], len(values)) for numbers, values in read])
    points = np.full((len(first), 2), np.nan)
    for number, row in enumerate(rows[first].tolist()):
        words = [values[numbers[row]] for numbers, values in read]
        found = geocoder.locate(*words) if any(words) else None
        if found is not None:
            points[number] = found.lon, found.lat
    lon[rows], lat[rows] = points[address].T
