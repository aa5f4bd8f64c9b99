"""What only some planners are asked: newcomers, sites that close, a plant to try, who applies for a post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any

from app.db.tables import Site
from app.db.visibility import VisibleSession
from app.errors import FieldError, InvalidInputError
from app.readers.fields import DATES
from app.repositories.records import refer
from app.services.cells import parse_resource
from app.services.declaring import declared_flow, fields_of
from app.services.planners import PlantRequest
from matching import model
from matching.errors import InvalidFlowError
from matching.messages import N_, Message
from matching.planning.masterclass_model import Application

OPTIONS = ("added", "closed_site_ids", "newcomer_site_id", "plant", "applications")
PLANT_NUMBERS = ("lon", "lat", "capacity", "yearly_eur", "treatment_eur_per_unit")
PLANT_NEEDS = ("resource", "lon", "lat", "name")
LONGEST_NAME = 300


def check_options(
    session: VisibleSession, territory_id: str, given: Mapping[str, Any]
) -> tuple[dict[str, Any], list[FieldError]]:
    """Return the options given as they are stored, and what is wrong with them."""
    kept: dict[str, Any] = {}
    wrong: list[FieldError] = []
    for name in OPTIONS:
        if name not in given:
            continue
        try:
            kept[name] = _checked(session, territory_id, name, given[name])
        except InvalidInputError as error:
            wrong.extend(error.errors)
        except InvalidFlowError as error:
            wrong.append(FieldError(f"{name}.{error.field}", error.message))
    return kept, wrong


def _checked(session: VisibleSession, territory_id: str, name: str, value: Any) -> Any:
    if name == "newcomer_site_id":
        return refer(session, Site, str(value), name, territory_id).id
    if name == "closed_site_ids":
        listed = [value] if isinstance(value, str) else value
        return [refer(session, Site, str(one), name, territory_id).id for one in listed]
    if name == "added":
        return _added(value)
    if name == "plant":
        return _plant(value)
    return [_application(number, one) for number, one in enumerate(value)]


def _added(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a site that is not stored with the flows it would bring, checked as those that are."""
    kept = {name: value[name] for name in ("name", "lon", "lat")}
    site = model.Site(**kept)
    flows: list[dict[str, Any]] = []
    wrong: list[FieldError] = []
    for number, fields in enumerate(value["flows"]):
        try:
            declared = fields_of(declared_flow(site, fields))
        except InvalidInputError as error:
            wrong += [FieldError(f"added.flows.{number}.{one.field}", one.message) for one in error.errors]
            continue
        told = {name: held for name, held in declared.items() if held not in (None, "")}
        flows.append({k: held.isoformat() if isinstance(held, date) else held for k, held in told.items()})
    if wrong:
        raise InvalidInputError(wrong)
    return {**kept, "flows": flows}


def _flows_added(value: Mapping[str, Any]) -> tuple[model.Flow, ...]:
    site = model.Site(name=value["name"], lon=value["lon"], lat=value["lat"])
    return tuple(
        declared_flow(
            site, {k: date.fromisoformat(held) if k in DATES else held for k, held in fields.items()}
        )
        for fields in value["flows"]
    )


def _plant(value: Mapping[str, Any]) -> dict[str, Any]:
    for name in PLANT_NEEDS:
        if value.get(name) in (None, ""):
            raise InvalidInputError.on(f"plant.{name}", Message(N_("This field is required: fill it in.")))
    for name in PLANT_NUMBERS:
        held = value.get(name)
        limit = {"lon": 180.0, "lat": 90.0}.get(name)
        if held is not None and not _is_number(held, limit):
            raise InvalidInputError.on(f"plant.{name}", Message(N_("Give a finite number.")))
    numbers = {name: float(value[name]) for name in PLANT_NUMBERS if value.get(name) is not None}
    name = str(value["name"])[:LONGEST_NAME]
    return {"resource": parse_resource(str(value["resource"])), "name": name, **numbers}


def _is_number(value: Any, limit: float | None) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return False
    return value >= 0 if limit is None else abs(value) <= limit


def _application(number: int, value: Mapping[str, Any]) -> dict[str, Any]:
    for name in ("candidate", "site"):
        if not value.get(name):
            field = f"applications.{number}.{name}"
            raise InvalidInputError.on(field, Message(N_("This field is required: fill it in.")))
    return {
        "candidate": str(value["candidate"]),
        "site": str(value["site"]),
        "label": str(value.get("label") or ""),
        "wish": value.get("wish"),
        "company_rank": value.get("company_rank"),
    }


def request_options(flows: Sequence[model.Flow], request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a stored request under the names that the planners know."""
    names = {flow.site.site_id: flow.site.name for flow in flows}
    options: dict[str, Any] = {}
    if request.get("added"):
        options["added"] = _flows_added(request["added"])
    if request.get("closed_site_ids"):
        options["closed"] = tuple(names[one] for one in request["closed_site_ids"] if one in names)
    if request.get("newcomer_site_id"):
        options["newcomer"] = names.get(request["newcomer_site_id"], "")
    if request.get("plant"):
        options["plant"] = PlantRequest(**request["plant"])
    if request.get("applications"):
        options["applications"] = tuple(Application(**one) for one in request["applications"])
    return options
