"""What was understood of the cells of a row, field by field, without a language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum

from app.readers.grid import text_of
from app.readers.result import Finding, Sureness
from matching.model import Flow, Quantity, Range, Reliability

OF_SITE: Mapping[str, str] = {
    "site": "name",
    "company": "company",
    "siret": "siret",
    "naf": "activity_code",
    "address": "address",
    "postcode": "postcode",
    "city": "city",
    "lon": "lon",
    "lat": "lat",
    "employees": "employees",
    "park": "park",
}
# Findings about a field tell of the cells of these too.
TOGETHER: Mapping[str, frozenset[str]] = {
    "quantity": frozenset({"quantity", "unit", "period"}),
    "unit": frozenset({"unit", "quantity"}),
    "period": frozenset({"period", "quantity"}),
    "site": frozenset({"site", "company"}),
    "city": frozenset({"city", "postcode", "postcode_city", "address"}),
    "lon": frozenset({"lon", "coordinates"}),
    "lat": frozenset({"lat", "coordinates"}),
}
SEVERITIES: Mapping[str, Sureness] = {"error": "refused", "warning": "guessed", "info": "guessed"}


def sureness_of(findings: Sequence[Finding]) -> dict[str, Sureness]:
    """Return how sure the fields of a row are, for those that some finding tells about."""
    found: dict[str, Sureness] = {}
    for finding in findings:
        for name in TOGETHER.get(finding.field, (finding.field,)):
            if name and found.get(name) != "refused":
                found[name] = SEVERITIES[finding.severity]
    return found


def understood(flow: Flow, name: str, text: str) -> str:
    """Return what a flow or its site holds of a field; empty when that is ``text`` itself or nothing."""
    value = getattr(flow.site, OF_SITE[name]) if name in OF_SITE else _of_flow(flow, name)
    said = _plain(value)
    return "" if said == " ".join(text.split()) else said


def _of_flow(flow: Flow, name: str) -> object:
    if name in ("unit", "period"):
        return getattr(flow.quantity, name) if flow.quantity is not None else None
    return getattr(flow, name, None)


def _plain(value: object) -> str:
    if value is None or value == frozenset():
        return ""
    if isinstance(value, Quantity):
        return f"{_plain(value.value)} {value.unit} {value.period.value}"
    if isinstance(value, Range):
        return "-".join(dict.fromkeys((_number(value.low), _number(value.high))))
    if isinstance(value, frozenset):
        return ";".join(map(str, sorted(value)))
    if isinstance(value, Reliability):
        return str(int(value))
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(float(value))
    return text_of(value) if isinstance(value, str | date) else ""


def _number(value: float) -> str:
    return f"{value:.10g}"
