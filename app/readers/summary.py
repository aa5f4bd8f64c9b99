"""What was understood of a file, as the document of ``entreflux check``."""

from __future__ import annotations

from typing import Any

from app.readers.result import Finding, ReadResult
from app.translations import translate
from matching.model import Flow, Range, Site
from matching.units import declared_per_year

Document = dict[str, Any]


def summary(result: ReadResult, language: str) -> Document:
    """Return the sites, flows, findings and tables of a file in the contract's shape; None is unknown."""
    return {
        "sites": [site_summary(site) for site in result.sites],
        "flows": [flow_summary(flow) for flow in result.flows],
        "findings": [finding_summary(finding, language) for finding in result.findings],
        "tables": [table.to_plain() for table in result.tables],
    }


def site_summary(site: Site) -> Document:
    """Return one site."""
    return {
        "site": site.name,
        "company": site.company or None,
        "siret": site.siret or None,
        "naf": site.activity_code or None,
        "address": site.address or None,
        "postcode": site.postcode or None,
        "city": site.city or None,
        "lon": site.lon,
        "lat": site.lat,
        "precision": site.precision.value,
        "employees": site.employees,
        "park": site.park or None,
    }


def flow_summary(flow: Flow) -> Document:
    """Return one flow, its quantity a year in the unit in which it was declared."""
    per_year = amount = low = high = None
    unit = period = None
    if flow.quantity is not None:
        yearly = declared_per_year(flow.quantity, flow.kind, len(flow.active_months))
        per_year, amount, unit, period = (
            yearly.per_year,
            yearly.amount,
            yearly.unit,
            flow.quantity.period.value,
        )
        middle = flow.quantity.value.middle
        scale = (per_year / middle) if per_year is not None and middle else None
        low, high = (
            (flow.quantity.value.low * scale, flow.quantity.value.high * scale)
            if scale
            else (per_year, per_year)
        )
    return {
        "site": flow.site.name,
        "company": flow.site.company or None,
        "direction": flow.direction.value,
        "kind": flow.kind.value,
        "label": flow.label,
        "quantity_per_year": rounded(per_year),
        "quantity_per_year_low": rounded(low),
        "quantity_per_year_high": rounded(high),
        "quantity_once": rounded(amount),
        "unit": unit,
        "period": period,
        "sheet": flow.sheet,
        "row": flow.row,
        "waste_code": flow.waste_code or None,
        "months": sorted(flow.active_months),
        "temperature_c": _range(flow.temperature_c),
        "concentration_pct": _range(flow.concentration_pct),
        "moisture_pct": _range(flow.moisture_pct),
        "unit_cost_eur": _range(flow.unit_cost_eur),
        "hazardous": flow.hazardous,
        "legal_status": flow.legal_status.value if flow.legal_status else None,
        "reliability": int(flow.reliability),
        "comment": flow.comment or None,
        "destination": flow.destination or None,
        "contact": flow.contact or None,
        "source": flow.source or None,
    }


def finding_summary(finding: Finding, language: str) -> Document:
    """Return one finding, its message in ``language``."""
    return {
        "severity": finding.severity,
        "sheet": finding.sheet,
        "row": finding.row,
        "field": finding.field,
        "cell": finding.cell or None,
        "message": translate(finding.message, language),
    }


def rounded(value: float | None) -> float | None:
    """Return a number without the noise of binary fractions."""
    return None if value is None else float(f"{value:.10g}")


def _range(value: Range | None) -> float | list[float] | None:
    if value is None:
        return None
    return value.low if value.low == value.high else [value.low, value.high]
