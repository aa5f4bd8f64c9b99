"""Rows of the flow table to stops: a site's goods of one hazard class make one stop."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.amounts import Amounts, unit_cost
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.messages import N_, Message
from matching.planning.collection.keeping import hazard_classes, keeping_weeks
from matching.planning.collection.problem import WORKDAYS, Stop
from matching.planning.constants import constant
from matching.units import declared_per_year

MONTHS = 12
UNKNOWN_CLASS = "hazardous"
DAY_WORDS = ("lun|mon", "mar|tue", "mer|wed", "jeu|thu", "ven|fri", "sam|sat", "dim|sun")


@dataclass(frozen=True, slots=True)
class Lot:
    """A stop and the rows of the columns it stands for."""

    stop: Stop
    rows: tuple[int, ...]


def lots_of(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    rows: Sequence[int],
    resources: Mapping[int, str],
) -> tuple[list[Lot], str, tuple[Message, ...]]:
    """Return the stops of a group, the unit most of them share, and what is missing for the others."""
    known = [row for row in rows if amounts.value[row] > 0 and _recurs(columns, row)]
    if not known:
        return [], "", ()
    unit = Counter(int(amounts.unit[row]) for row in known).most_common(1)[0][0]
    kept = [row for row in known if amounts.unit[row] == unit]
    together: dict[tuple[int, str], list[int]] = {}
    for row in kept:
        key = (int(columns.site[row]), hazard_class_of(columns, catalogue, row, resources[row]))
        together.setdefault(key, []).append(row)
    lots = [
        Lot(_stop(columns, catalogue, amounts, members, resources, name), tuple(members))
        for (_, name), members in sorted(together.items())
    ]
    missing = tuple(
        Message(
            N_("A yearly quantity in {unit} of “{label}” at {site}."),
            {
                "unit": amounts.names[unit],
                "label": columns.flows[row].label,
                "site": columns.flows[row].site.name,
            },
        )
        for row in rows
        if row not in kept
    )
    return lots, amounts.names[unit], missing


def _recurs(columns: FlowColumns, row: int) -> bool:
    quantity = columns.quantities[row]
    return quantity is not None and quantity.per_year is not None


def hazard_class_of(columns: FlowColumns, catalogue: Catalogue, row: int, resource: str) -> str:
    """Return the hazard class of a row by its words, code and resource; empty for ordinary goods."""
    if columns.flows[row].hazardous is False:
        return ""
    stated = (columns.facts[row].has | catalogue.resources[resource].properties) & hazard_classes()
    return min(stated - {UNKNOWN_CLASS}, default=min(stated, default=""))


def _stop(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    rows: Sequence[int],
    resources: Mapping[int, str],
    name: str,
) -> Stop:
    site = columns.flows[rows[0]].site
    yearly = np.array([float(amounts.value[row]) for row in rows])
    active = np.array([len(columns.flows[row].active_months) for row in rows])
    peak = yearly / (constant("collection", "weeks_per_year") * active / MONTHS)
    kept_weeks = [_storage(columns, amounts, row) for row in rows]
    weeks = [kept / rate for kept, rate in zip(kept_weeks, peak, strict=True) if kept is not None]
    costs = [unit_cost(columns, amounts, row) for row in rows]
    declared = [cost * value for cost, value in zip(costs, yearly, strict=True) if cost is not None]
    shares = [_good_share(columns, row) for row in rows]
    keeping = [keeping_weeks(columns, catalogue, row, resources[row]) for row in rows]
    good = [share * value for share, value in zip(shares, yearly, strict=True) if share is not None]
    days = [weekdays(columns.flows[row].weekdays) for row in rows]
    return Stop(
        site=site.name,
        label=" + ".join(dict.fromkeys(columns.flows[row].label for row in rows)),
        yearly=float(yearly.sum()),
        peak_weekly=float(peak.sum()),
        storage_max=float(min(weeks) * peak.sum()) if weeks else None,
        keep_weeks=min((kept for kept in keeping if kept is not None), default=None),
        hazard_class=name,
        declared_eur=float(sum(declared)) if len(declared) == len(rows) else None,
        good_share=float(sum(good) / yearly.sum()) if len(good) == len(rows) else None,
        weekdays=frozenset.intersection(*days) or days[0],
        lon=site.lon,
        lat=site.lat,
    )


def _storage(columns: FlowColumns, amounts: Amounts, row: int) -> float | None:
    """Return the storage in the unit of the row's amount: declared in the unit of its quantity."""
    flow = columns.flows[row]
    if not flow.storage_max or flow.quantity is None:
        return None
    declared = declared_per_year(flow.quantity, flow.kind, len(flow.active_months)).per_year
    return flow.storage_max * float(amounts.value[row]) / declared if declared else None


def _good_share(columns: FlowColumns, row: int) -> float | None:
    """Return the declared share in good state, 0 for what is said to be broken or soiled."""
    declared = columns.flows[row].good_share_pct
    if declared is not None:
        return declared.middle / 100
    spoilt = {"broken", "soiled", "hazardous"} & columns.facts[row].has
    return 0.0 if spoilt else None


def weekdays(text: str) -> frozenset[int]:
    """Return the days that a cell names (0 is Monday); every working day where it names none."""
    plain = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    if digits := re.findall(r"\b[1-7]\b", bare):
        found = [int(digit) - 1 for digit in digits]
    else:
        found = [day for day, words in enumerate(DAY_WORDS) if re.search(rf"\b(?:{words})", bare)]
    if len(found) == 2 and found[0] < found[1] and re.search(r"\bau?\b|\bto\b|-|–", bare):
        return frozenset(range(found[0], found[1] + 1))
    return frozenset(found) or WORKDAYS
