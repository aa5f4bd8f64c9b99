"""Sites, flows and synergies as features of a map layer: a geometry and plain values in typed columns.

People to call are left out: a layer is copied, kept and shown to many.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shapely import Point
from shapely.geometry.base import BaseGeometry

from app.exports.geographic import geometry_of
from app.exports.places import Places
from app.exports.table import row_of
from matching.errors import UnknownUnitError
from matching.messages import N_
from matching.model import Flow, Site
from matching.units import canonical_per_year


class Column(StrEnum):
    """The type of a column."""

    TEXT = "text"
    REAL = "real"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Feature:
    """A row of a layer; ``geometry`` is in WGS84 longitude and latitude, None where the place is unknown."""

    feature_id: str
    geometry: BaseGeometry | None
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: its name, what it is called, and its columns in order."""

    name: str
    title: str
    description: str
    columns: Mapping[str, Column]


def _columns(**names: str) -> dict[str, Column]:
    """Return columns by name, in the order in which they are written, from words a type."""
    return {name: Column(kind) for name, kind in names.items()}


SITES = Layer(
    "sites",
    N_("Sites"),
    N_("The sites of the companies met, where they stand."),
    _columns(
        name="text", company="text", siret="text", activity_code="text", address="text", postcode="text",
        city="text", park="text", employees="real", precision="text",
    ),
)  # fmt: skip
FLOWS = Layer(
    "flows",
    N_("Flows"),
    N_("What each site needs (input) or has to give (output), as declared, at the site’s place."),
    _columns(
        site="text", site_id="text", company="text", city="text", park="text", direction="text", kind="text",
        label="text", waste_code="text", resource="text", quantity_low="real", quantity_high="real",
        unit="text", period="text", quantity_per_year="real", unit_per_year="text", months="text",
        temperature_c_low="real", temperature_c_high="real", unit_cost_eur_low="real",
        unit_cost_eur_high="real", legal_status="text", hazardous="boolean", state="text",
        available_from="date", available_until="date", collected_on="date", source="text",
        reliability="integer", comment="text",
    ),
)  # fmt: skip
SYNERGIES = Layer(
    "synergies",
    N_("Synergies"),
    N_("Possible and running synergies: a line between the sites, a hull around the members of a group."),
    _columns(
        kind="text", form="text", status="text", stale="boolean", score="real", confidence="real",
        resource="text", rule="text", members="text", quantity_per_year="real", unit="text",
        distance_km="real", saving_eur_per_year="real", saving_eur_low="real", saving_eur_high="real",
        saving_tco2e_per_year="real", saving_tco2e_low="real", saving_tco2e_high="real", criteria="text",
        assumptions="text", warnings="text", missing="text", next_step="text", explanation="text",
    ),
)  # fmt: skip
LAYERS: Mapping[str, Layer] = {layer.name: layer for layer in (SITES, FLOWS, SYNERGIES)}


def site_feature(site: Site) -> Feature:
    """Return a site as a point."""
    values = {name: getattr(site, name) for name in SITES.columns if name != "precision"}
    return Feature(site.site_id, _point(site), values | {"precision": site.precision.value})


def flow_feature(flow: Flow) -> Feature:
    """Return a flow as a point at its site, with what was declared and what that makes a year."""
    site, quantity = flow.site, flow.quantity
    per_year, unit_per_year = _per_year(flow)
    values: dict[str, Any] = {
        "site": site.name,
        "site_id": site.site_id,
        "company": site.company,
        "city": site.city,
        "park": site.park,
        "direction": flow.direction.value,
        "kind": flow.kind.value,
        "quantity_low": quantity.value.low if quantity else None,
        "quantity_high": quantity.value.high if quantity else None,
        "unit": quantity.unit if quantity else "",
        "period": quantity.period.value if quantity else "",
        "quantity_per_year": per_year,
        "unit_per_year": unit_per_year,
        "months": ";".join(str(month) for month in sorted(flow.months)),
        "legal_status": flow.legal_status.value if flow.legal_status else "",
        "reliability": int(flow.reliability),
    }
    for name in ("temperature_c", "unit_cost_eur"):
        bounds = getattr(flow, name)
        values[f"{name}_low"] = bounds.low if bounds else None
        values[f"{name}_high"] = bounds.high if bounds else None
    plain = {name: getattr(flow, name) for name in FLOWS.columns if name not in values}
    return Feature(flow.flow_id, _point(site), {name: (values | plain)[name] for name in FLOWS.columns})


def synergy_feature(document: Mapping[str, Any], places: Places, language: str) -> Feature:
    """Return a stored synergy's document, in ``language``, as a line or a hull."""
    row = row_of(document, language) | {"status": document["status"], "stale": document["stale"]}
    values = {name: row[name] for name in SYNERGIES.columns}
    return Feature(document["id"], geometry_of(document, places), values)


def _point(site: Site) -> Point | None:
    return None if site.lon is None or site.lat is None else Point(site.lon, site.lat)


def _per_year(flow: Flow) -> tuple[float | None, str]:
    try:
        yearly = canonical_per_year(flow)
    except UnknownUnitError:
        return None, ""
    return (None, "") if yearly is None else (yearly.per_year, yearly.unit)
