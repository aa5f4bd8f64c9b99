"""Flow tables that look real, as CSV: the contract's columns, sites with several flows each.

``python -m benchmarks.flow_table ROWS [SEED]`` writes one to standard output.
"""

from __future__ import annotations

import csv
import io
import random
import sys
from datetime import date, timedelta

from geo.gazetteer import Commune, communes
from matching.catalogue.loader import load_catalogue
from matching.catalogue.model import Resource

FLOWS_PER_SITE = 5
DISTINCT_LABELS = 5_000
UNPLACED_SHARE = 0.1  # of the sites: only a postcode and a city, as in most directories.
FILLED_SHARE = 0.15  # of the optional cells.
SPREAD_DEGREES = 0.03  # about 3 km around the commune's centre.
ENDINGS = ("", "", "", " propres", " en mélange", " de production", " (atelier 2)", " à évacuer", " triés")
PERIODS = ("year", "year", "month", "week")
SPANS = ("", "", "1-3;9-12", "11-2", "4-9")
COLUMNS = (
    "site,company,siret,naf,address,postcode,city,lon,lat,employees,park,direction,kind,label,waste_code,"
    "quantity,unit,period,months,temperature_c,concentration_pct,moisture_pct,unit_cost_eur,comment,"
    "hazardous,state,available_from,min_lot,capacity,weekdays,contact,collected_on,source,reliability"
).split(",")
Cells = dict[str, object]


def flow_table(rows: int, seed: int = 1) -> bytes:
    """Return a CSV of ``rows`` flows, the same for the same seed."""
    dice = random.Random(seed)
    sites = [_site(number, dice) for number in range(-(-rows // FLOWS_PER_SITE))]
    labels = _labels(min(DISTINCT_LABELS, rows), dice)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for row in range(rows):
        writer.writerow(sites[row // FLOWS_PER_SITE] | _flow(*dice.choice(labels), dice))
    return text.getvalue().encode()


def _labels(count: int, dice: random.Random) -> list[tuple[str, Resource]]:
    """Return distinct labels: wordings of the catalogue, some with an ending or a typing error."""
    resources = sorted(load_catalogue().resources.values(), key=lambda resource: resource.resource_id)
    found: dict[str, Resource] = {}
    while len(found) < count:
        resource = dice.choice(resources)
        label = dice.choice((resource.name.fr, *resource.synonyms_fr)) + dice.choice(ENDINGS)
        if dice.random() < FILLED_SHARE and len(label) > 1:
            place = dice.randrange(1, len(label))
            label = label[:place] + label[place + 1 :]
        found.setdefault(label, resource)
    return list(found.items())


def _site(number: int, dice: random.Random) -> Cells:
    commune: Commune = dice.choice(communes())
    placed = dice.random() > UNPLACED_SHARE
    name = f"Établissement {number} de {commune.name}"
    return {
        "site": name,
        "company": f"Société {number}",
        "siret": _siret(dice),
        "naf": f"{dice.randint(10, 96)}.{dice.randint(10, 99)}Z",
        "address": f"{dice.randint(1, 200)} rue de l'Industrie",
        "postcode": commune.postcodes[0] if commune.postcodes else "",
        "city": commune.name,
        "lon": round(commune.lon + dice.gauss(0, SPREAD_DEGREES), 5) if placed else "",
        "lat": round(commune.lat + dice.gauss(0, SPREAD_DEGREES), 5) if placed else "",
        "employees": dice.randint(1, 400),
        "park": f"Zone de {commune.name}",
    }


def _siret(dice: random.Random) -> str:
    digits = [dice.randint(0, 9) for _ in range(13)]
    total = sum(
        doubled - 9 if (doubled := digit * (2 if place % 2 == 0 else 1)) > 9 else doubled
        for place, digit in enumerate(digits)
    )
    return "".join(map(str, [*digits, -total % 10]))


def _flow(label: str, resource: Resource, dice: random.Random) -> Cells:
    quantified = dice.random() > 0.3
    cells: Cells = {
        "direction": dice.choice(("input", "output")) if resource.role == "both" else resource.role,
        "kind": resource.kind.value,
        "label": label,
        "waste_code": resource.waste_codes[0] if resource.waste_codes and dice.random() < 0.5 else "",
        "quantity": round(dice.lognormvariate(3, 1.5), 1) if quantified else "",
        "unit": resource.unit if quantified else "",
        "period": dice.choice(PERIODS) if quantified else "",
        "months": dice.choice(SPANS),
    }
    for name, value in _optional(dice).items():
        if dice.random() < FILLED_SHARE:
            cells[name] = value
    return cells


def _optional(dice: random.Random) -> Cells:
    start = date(2026, 1, 1) + timedelta(days=dice.randrange(300))
    low = dice.randint(1, 40)
    return {
        "temperature_c": dice.randint(5, 200),
        "concentration_pct": f"{low}-{low + 20}",
        "moisture_pct": low,
        "unit_cost_eur": round(dice.uniform(-20, 200), 2),
        "comment": dice.choice(
            ("en big bags", "stockage à l'abri", "reprise possible", "à prendre sur place")
        ),
        "hazardous": dice.choice(("oui", "non")),
        "state": dice.choice(("broyé", "compacté", "vrac")),
        "available_from": start.isoformat(),
        "min_lot": dice.randint(1, 20),
        "capacity": dice.randint(20, 200),
        "weekdays": dice.choice(("1-5", "lun-ven", "2;4")),
        "contact": f"contact{dice.randrange(9999)}@exemple.fr",
        "collected_on": start.isoformat(),
        "source": "visite",
        "reliability": dice.randint(1, 5),
    }


if __name__ == "__main__":
    sys.stdout.buffer.write(flow_table(*map(int, sys.argv[1:3])))
