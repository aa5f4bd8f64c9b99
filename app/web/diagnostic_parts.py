"""What the form of a diagnostic fills in by itself: a site from its number, flows from questions."""

from __future__ import annotations

from typing import Any

from app.db.tables import Flow, Site
from app.errors import InvalidInputError
from app.repositories.paging import Slice, listed
from app.repositories.records import find_or_none
from app.services import suggestions
from app.services.reference import units
from app.services.visits import known_site, register_of, site_declared
from app.translations import gettext
from app.web import diagnostic_form as fields
from app.web.diagnostic_form import Typed
from app.web.visit import Visit
from geo.business_register import Establishment, RegisterSilentError
from matching.messages import N_
from matching.model import Precision
from matching.siret import siret_is_valid

NOT_A_SIRET = N_("A SIRET has 14 digits whose check digit is right: read it again.")
NO_REGISTER = N_("No register is connected to this server: fill in the name and the town below.")
SILENT = N_("The register does not answer now: fill in the name and the town below.")
UNKNOWN = N_("The register knows no establishment of this number: fill in the name and the town below.")
CLOSED = N_("The register says that this establishment has closed.")
MOST_DECLARED = 100
# What a stored site fills in of the form.
FROM_SITE = ("name", "siret", "activity_code", "address", "postcode", "city")


def form_context(visit: Visit, typed: Typed, wrong: dict[str, str]) -> dict[str, Any]:
    """Return what the templates of the form need."""
    return {
        "typed": typed,
        "wrong": wrong,
        "numbers": fields.numbers_of(typed),
        "units": units(),
        "questions": questions(visit, typed),
        "place": place_of(visit, typed),
        "declared": declared_at(visit, typed["site_id"]),
        "resource_of": lambda code: suggestions.resource_of(code, visit.language),
        "register": register_of(visit.settings.register) is not None,
        "tiles_url": visit.settings.web.tiles_url,
        "tiles_attribution": visit.settings.web.tiles_attribution,
    }


def declared_at(visit: Visit, site_id: str) -> tuple[Flow, ...]:
    """Return the flows that a known site has declared, so that nobody types them again."""
    return listed(visit.session, Flow, Slice(MOST_DECLARED), site_id=site_id).items if site_id else ()


def questions(visit: Visit, typed: Typed) -> list[dict[str, Any]]:
    """Return what to ask a firm of this activity, without what the form already holds."""
    held = {
        (flow["direction"], flow["resource"])
        for flow in (fields.flow_of(typed, number) for number in fields.numbers_of(typed))
    }
    asked = suggestions.questions_for(typed["activity_code"], visit.language)
    return [row for row in asked if (row["direction"], row["resource"]) not in held]


def place_of(visit: Visit, typed: Typed) -> str:
    """Return how exactly the site would be placed: ``point``, ``commune``, or nothing to tell yet."""
    if not any(typed[name] for name in ("city", "postcode", "lon", "lat", "site_id")):
        return ""
    try:
        named = {**typed, "siret": "", "name": typed["name"] or "?"}
        site = site_declared(visit.session, visit.territory.id, typed["site_id"], named)
    except InvalidInputError:
        return ""
    return Precision(site.precision).value


def site_looked_up(visit: Visit, typed: Typed) -> tuple[Typed, dict[str, str]]:
    """Return the form filled in from its SIRET: a site of the territory, else what the register says."""
    siret = "".join(typed["siret"].split())
    if not siret_is_valid(siret):
        return typed, _told("siret", NOT_A_SIRET, visit)
    stored = known_site(visit.session, visit.territory.id, siret)
    if stored is not None:
        return _from_site(typed, stored), {}
    register = register_of(visit.settings.register)
    if register is None:
        return typed, _told("siret", NO_REGISTER, visit)
    try:
        found = register.establishment(siret)
    except RegisterSilentError:
        return typed, _told("siret", SILENT, visit)
    if found is None:
        return typed, _told("siret", UNKNOWN, visit)
    return _from_register(typed, found), _told("siret", CLOSED, visit) if found.closed else {}


def _told(name: str, text: str, visit: Visit) -> dict[str, str]:
    return {name: gettext(text, visit.language)}


def site_known(visit: Visit, typed: Typed, site_id: str) -> Typed:
    """Return the form filled in from a site of the territory, as it was when there is none."""
    site = find_or_none(visit.session, Site, site_id)
    if site is None or site.territory_id != visit.territory.id:
        return typed
    return _from_site(typed, site)


def _from_site(typed: Typed, site: Site) -> Typed:
    said = {name: str(getattr(site, name)) for name in FROM_SITE}
    # What was typed of the activity stays where the site has none.
    kept = {"activity_code": site.activity_code or typed["activity_code"], "lon": "", "lat": ""}
    return {**typed, **said, **kept, "site_id": site.id}


def _from_register(typed: Typed, found: Establishment) -> Typed:
    said = {name: getattr(found, name) for name in FROM_SITE if getattr(found, name)}
    point = found.point
    place = {"lon": f"{point.lon:.6f}", "lat": f"{point.lat:.6f}"} if point else {"lon": "", "lat": ""}
    return {**typed, **said, **place, "site_id": ""}


def added(visit: Visit, typed: Typed) -> tuple[Typed, int]:
    """Return the form with the flow that its button adds, and the number of that flow.

    A page with scripts numbers the flows it asks for: it may ask for several before the first has come.
    """
    action, _, what = visit.text("action").partition(":")
    direction, _, code = what.partition(":")
    asked = visit.text("numero")
    number = max(fields.next_number(typed), int(asked) if fields.NUMBER.fullmatch(asked) else 0)
    resource = suggestions.resource_of(code, visit.language)
    if action == "typique" and resource is not None:
        return fields.with_answer(typed, direction, resource, number), number
    return fields.with_flow(typed, number, direction=direction), number
