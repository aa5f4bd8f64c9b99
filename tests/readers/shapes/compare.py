"""What was read of a file against what a careful human would read, cell by cell."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.readers import ReadResult, read_table
from geo.geocoding import offline_geocoder
from matching.model import Flow, Range
from matching.units import declared_per_year

TO_BASE = {"kg": ("t", 0.001), "kWh": ("MWh", 0.001), "L": ("m3", 0.001)}
TOLERANCE = 0.005
MAX_DEGREES = 0.02  # About two kilometres: conversions and rounding, never another town.
NOT_COMPARED = frozenset({"what", "sheet", "row", "field"})


@dataclass(slots=True)
class Comparison:
    """The cells compared, those that are wrong, and what was read without being there."""

    cells: int = 0
    wrong: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Everything that is not as a careful human would read it."""
        return [*self.wrong, *self.invented]


def expected_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of an expectation; a column that is absent is not compared."""
    with path.open(encoding="utf-8", newline="") as handle:
        return [{k: v or "" for k, v in row.items() if k is not None} for row in csv.DictReader(handle)]


def compare(file: Path, expectation: Path) -> Comparison:
    """Read a file and compare it with its expectation."""
    result = read_table(file.read_bytes(), file.name, offline_geocoder())
    found = Comparison()
    left = list(result.flows)
    rows = expected_rows(expectation)
    for row in rows:
        if row["what"] == "flow":
            _compare_flow(row, left, found)
    for flow in left:
        found.invented.append(f"{_place(flow.sheet, flow.row)} read as {flow.direction.value} “{flow.label}”")
    for row in rows:
        if row["what"] != "flow":
            found.cells += 1
            if not _told(row, result):
                found.wrong.append(f"{_place(row.get('sheet'), row['row'])} not {row['what']}")
    return found


def _place(sheet: str | None, row: object) -> str:
    return f"{sheet or ''}:{row}"


def _compare_flow(row: dict[str, str], left: list[Flow], found: Comparison) -> None:
    compared = [name for name in row if name not in NOT_COMPARED]
    found.cells += len(compared)
    flow = _counterpart(row, left)
    if flow is None:
        where = _place(row.get("sheet"), row.get("row"))
        found.wrong.extend(f"{where} “{row['label']}” {name}: not read" for name in compared)
        return
    left.remove(flow)
    for name in compared:
        if not any(_same(name, wanted, flow, row.get("unit", "")) for wanted in row[name].split("|")):
            got = READERS[name](flow)
            found.wrong.append(f"{_place(flow.sheet, flow.row)} {name}: {got!r}, not {row[name]!r}")


def _counterpart(row: dict[str, str], left: list[Flow]) -> Flow | None:
    labels = [_flat(text) for text in row["label"].split("|")]
    same_row = [
        flow
        for flow in left
        if row.get("row", "") in {"", str(flow.row)} and row.get("sheet") in {None, "", flow.sheet}
    ]
    named = [flow for flow in same_row if _flat(flow.label) in labels]
    ranked = sorted(
        named, key=lambda flow: (flow.direction.value != row["direction"], flow.site.name != row["site"])
    )
    return ranked[0] if ranked else (same_row[0] if same_row and row.get("row") else None)


def _flat(text: str) -> str:
    return " ".join(text.casefold().split())


def _quantity(flow: Flow) -> tuple[float, float, str] | None:
    if flow.quantity is None:
        return None
    yearly = declared_per_year(flow.quantity, flow.kind, len(flow.active_months))
    middle = flow.quantity.value.middle
    total = yearly.per_year if yearly.per_year is not None else yearly.amount
    scale = (total or 0) / middle if middle else 1.0
    unit, factor = TO_BASE.get(yearly.unit, (yearly.unit, 1.0))
    return flow.quantity.value.low * scale * factor, flow.quantity.value.high * scale * factor, unit


def _bounds(text: str) -> tuple[float, float]:
    low, _, high = text.partition("..")
    return float(low), float(high or low)


def _near(low: float, high: float, wanted: tuple[float, float]) -> bool:
    pairs = zip((low, high), wanted, strict=True)
    return all(abs(got - expected) <= TOLERANCE * max(1e-9, abs(expected)) for got, expected in pairs)


def _range(value: Range | None) -> tuple[float, float] | None:
    return None if value is None else (value.low, value.high)


def _months(text: str) -> list[int]:
    months: set[int] = set()
    for part in text.split(";"):
        low, _, high = part.partition("-")
        months.update(range(int(low), int(high or low) + 1))
    return sorted(months)


READERS: dict[str, Callable[[Flow], object]] = {
    "site": lambda flow: flow.site.name,
    "direction": lambda flow: flow.direction.value,
    "kind": lambda flow: flow.kind.value,
    "label": lambda flow: flow.label,
    "quantity": _quantity,
    "unit": _quantity,
    "months": lambda flow: sorted(flow.active_months),
    "waste_code": lambda flow: flow.waste_code,
    "cost": lambda flow: _range(flow.unit_cost_eur),
    "moisture": lambda flow: _range(flow.moisture_pct),
    "city": lambda flow: flow.site.city,
    "postcode": lambda flow: flow.site.postcode,
    "siret": lambda flow: flow.site.siret,
    "lon": lambda flow: flow.site.lon,
    "lat": lambda flow: flow.site.lat,
    "comment": lambda flow: flow.comment,
    "contact": lambda flow: flow.contact,
    "available_from": lambda flow: flow.available_from.isoformat() if flow.available_from else "",
}
RANGES: dict[str, Callable[[Flow], Range | None]] = {
    "cost": lambda flow: flow.unit_cost_eur,
    "moisture": lambda flow: flow.moisture_pct,
}
IN_WORDS = frozenset({"comment", "contact"})
IN_ADDRESS = frozenset({"postcode", "city"})  # An address in one cell is kept whole.


def _same(name: str, wanted: str, flow: Flow, units: str) -> bool:
    got = READERS[name](flow)
    if name == "kind" and not wanted:
        return True
    if name in {"quantity", "unit"}:
        return _same_quantity(name, wanted, flow, units)
    if name in RANGES:
        value = RANGES[name](flow)
        return not wanted if value is None else bool(wanted) and _near(value.low, value.high, _bounds(wanted))
    if name in {"lon", "lat"}:
        return (
            not wanted if got is None else bool(wanted) and abs(float(str(got)) - float(wanted)) < MAX_DEGREES
        )
    if name == "months":
        return got == _months(wanted)
    if name in IN_WORDS:
        return wanted in str(got) if wanted else not got
    if name in IN_ADDRESS and not got and wanted:
        return _flat(wanted) in _flat(flow.site.address)
    return _flat(str(got)) == _flat(wanted)


def _same_quantity(name: str, wanted: str, flow: Flow, units: str) -> bool:
    got = _quantity(flow)
    if got is None or not wanted:
        return got is None and not wanted
    if name == "unit":
        return got[2] == TO_BASE.get(wanted, (wanted,))[0]
    low, high = _bounds(wanted)
    factors = {TO_BASE.get(unit, (unit, 1.0))[1] for unit in units.split("|")}
    return any(_near(got[0], got[1], (low * factor, high * factor)) for factor in factors)


def _told(row: dict[str, str], result: ReadResult) -> bool:
    here = str(row["row"])
    if row["what"] == "ignored":
        return not any(
            str(flow.row) == here and row.get("sheet") in {None, "", flow.sheet} for flow in result.flows
        )
    severities = {"error"} if row["what"] == "refused" else {"error", "warning"}
    return any(
        finding.severity in severities
        and str(finding.row) == here
        and row.get("field") in {None, "", finding.field}
        and row.get("sheet") in {None, "", finding.sheet}
        for finding in result.findings
    )
