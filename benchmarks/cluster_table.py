"""Flow tables of France in Parquet, of any size."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from matching.catalogue.loader import load_catalogue

FLOWS_PER_SITE = 4
SPREAD_DEGREES = 0.03  # about 3 km
ROW_GROUP = 100_000
SEASONS = (("", 0.8), ("11-4", 0.1), ("4-9", 0.1))
UNQUANTIFIED_SHARE, COSTED_SHARE = 0.3, 0.2
ACTIVITIES = ("10.71", "16.10", "17.21", "20.14", "22.22", "23.51", "25.62", "38.32", "46.73", "")


def write_table(path: Path, flows: int, *, labels: bool = False, seed: int = 1) -> None:
    """Write ``flows`` rows over metropolitan France, the same for the same seed.

    Parameters
    ----------
    labels
        Whether the resource is left to be read from the label, as in a real table, instead of declared.
    """
    dice = np.random.default_rng(seed)
    resources = [r for _, r in sorted(load_catalogue().resources.items())]
    popular = dice.permutation(len(resources)) + 10.0
    chances = (1 / popular) / (1 / popular).sum()
    towns = _towns()
    with pq.ParquetWriter(path, _part(0, 1, dice, resources, chances, towns, labels).schema) as writer:
        for first in range(0, flows, ROW_GROUP):
            count = min(ROW_GROUP, flows - first)
            writer.write_table(_part(first, count, dice, resources, chances, towns, labels))


def _part(
    first: int,
    count: int,
    dice: np.random.Generator,
    resources: list[Any],
    chances: Any,
    towns: list[tuple[str, float, float]],
    labels: bool,
) -> pa.Table:
    sites = -(-count // FLOWS_PER_SITE)
    site = np.arange(count) // FLOWS_PER_SITE
    town = dice.integers(len(towns), size=sites)
    place = np.array([towns[t][1:] for t in town.tolist()]) + dice.normal(0, SPREAD_DEGREES, (sites, 2))
    place = place.round(5)
    names = [f"{towns[t][0]} {first // FLOWS_PER_SITE + n}" for n, t in enumerate(town.tolist())]
    drawn = [resources[r] for r in dice.choice(len(resources), count, p=chances).tolist()]
    gives = dice.random(count) < 0.5
    roles = [
        ("input", "output")[give] if r.role == "both" else r.role
        for r, give in zip(drawn, gives.tolist(), strict=True)
    ]
    quantity = dice.lognormal(3, 1.5, count).round(1)
    known = dice.random(count) >= UNQUANTIFIED_SHARE
    cost = dice.integers(-20, 90, count).astype(np.float64)
    words = dice.random(count)
    return pa.table(
        {
            "site": pa.array(names).take(pa.array(site)),
            "naf": pa.array(dice.choice(ACTIVITIES, sites)).take(pa.array(site)),
            "lon": place[site, 0],
            "lat": place[site, 1],
            "direction": roles,
            "kind": [r.kind.value for r in drawn],
            "label": [
                _label(r, w) if labels else r.name.fr for r, w in zip(drawn, words.tolist(), strict=True)
            ],
            "resource": ["" if labels else r.resource_id for r in drawn],
            "quantity": pa.array(quantity, mask=~known),
            "unit": pa.array([r.unit for r in drawn], pa.string(), mask=~known),
            "period": pa.array(["year"] * count, pa.string(), mask=~known),
            "months": dice.choice([name for name, _ in SEASONS], count, p=[share for _, share in SEASONS]),
            "unit_cost_eur": pa.array(cost, mask=dice.random(count) >= COSTED_SHARE),
        }
    )


def _label(resource: Any, chance: float) -> str:
    wordings = (resource.name.fr, *resource.synonyms_fr)
    return str(wordings[int(chance * len(wordings))])


def _towns() -> list[tuple[str, float, float]]:
    table = (files("geo") / "data" / "communes.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in table.splitlines() if not line.startswith("#"))
    found = [(row["name"], float(row["lon"]), float(row["lat"])) for row in rows]
    return [town for town in found if -5 < town[1] < 10 and town[2] > 41]
