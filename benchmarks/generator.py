"""Territories that look real: the catalogue's own wordings, on sites around real communes."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from importlib.resources import files

from matching.catalogue.loader import load_catalogue
from matching.catalogue.model import Resource
from matching.model import Direction, Flow, Quantity, Range, Reliability, Site

FLOWS_PER_SITE = 4
SITES_PER_PARK = 20
PARK_SPREAD_DEGREES = 0.03  # about 3 km
WINTER_TO_SPRING = frozenset({11, 12, 1, 2, 3, 4})
SEASONAL_SHARE = 0.2
UNQUANTIFIED_SHARE = 0.3
Town = tuple[str, float, float]


def generated_flows(count: int, seed: int = 1) -> list[Flow]:
    """Return ``count`` flows, the same for the same seed.

    A fifth are seasonal and three in ten have no quantity, as in the files of a first diagnostic.
    """
    dice = random.Random(seed)
    sites = _sites(-(-count // FLOWS_PER_SITE), dice)
    resources = sorted(load_catalogue().resources.values(), key=lambda resource: resource.resource_id)
    return [_flow(sites[i // FLOWS_PER_SITE], dice.choice(resources), dice) for i in range(count)]


def _sites(count: int, dice: random.Random) -> list[Site]:
    towns = dice.sample(_towns(), k=-(-count // SITES_PER_PARK))
    return [_site(i, towns[i // SITES_PER_PARK], dice) for i in range(count)]


def _towns() -> Sequence[Town]:
    table = (files("geo") / "data" / "communes.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in table.splitlines() if not line.startswith("#"))
    return [(row["name"], float(row["lon"]), float(row["lat"])) for row in rows]


def _site(number: int, town: Town, dice: random.Random) -> Site:
    name, lon, lat = town
    return Site(
        name=f"{name} {number}",
        lon=round(lon + dice.gauss(0, PARK_SPREAD_DEGREES), 5),
        lat=round(lat + dice.gauss(0, PARK_SPREAD_DEGREES), 5),
        park=name,
    )


def _flow(site: Site, resource: Resource, dice: random.Random) -> Flow:
    direction = dice.choice(list(Direction)) if resource.role == "both" else Direction(resource.role)
    quantified = dice.random() > UNQUANTIFIED_SHARE
    return Flow(
        site=site,
        direction=direction,
        kind=resource.kind,
        label=dice.choice((resource.name.fr, *resource.synonyms_fr)),
        quantity=_quantity(resource, dice) if quantified else None,
        months=WINTER_TO_SPRING if dice.random() < SEASONAL_SHARE else frozenset(),
        reliability=Reliability.QUANTIFIED if quantified else Reliability.DECLARED,
    )


def _quantity(resource: Resource, dice: random.Random) -> Quantity:
    return Quantity(Range.of(round(dice.lognormvariate(3, 1.5), 1)), resource.unit)
