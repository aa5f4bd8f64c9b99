"""A visit stored at once: the company where it is new, its site, the diagnostic and its flows; or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.db.base import NAME_LENGTH
from app.db.tables import Company, Diagnostic, Site
from app.db.visibility import VisibleSession
from app.errors import FieldError, InvalidInputError
from app.repositories import territories
from app.repositories.drafts import drafts_of
from app.repositories.paging import Slice
from app.repositories.records import find_or_none, refer
from app.repositories.sites import listed
from app.services import places
from app.services.cells import parse_number
from app.services.declaring import declared_flow
from app.services.drafts import drop_draft
from app.services.flows import declare_diagnostic, domain_site
from app.services.placing import placed
from app.services.recognition import Companies, Sites
from app.settings import Register
from geo.business_register import BusinessRegister, BusinessSearch
from geo.service import fetch, fetch_anywhere
from matching import model
from matching.errors import InvalidFlowError
from matching.messages import N_, Message

TEXTS = ("name", "siret", "activity_code", "address", "postcode", "city")
# What the columns of a site hold.
LONGEST = {"name": NAME_LENGTH, "activity_code": 10, "postcode": 10, "city": NAME_LENGTH}
TOO_LONG = N_("Too long: {count} characters at most.")
NO_NAME = N_("Give the name of the company, or of its site.")
NO_FLOW = N_("Say at least one thing that the company gives or needs.")


@dataclass(frozen=True, slots=True)
class Visit:
    """What a form declares: where, then what.

    Attributes
    ----------
    site_id
        A site of the territory; empty for one to be created.
    site
        The fields of the site, as text.
    flows
        The fields of each flow, named as in the flow table.
    draft_id
        The draft that is done with once the visit is stored.
    """

    site_id: str
    site: Mapping[str, str]
    flows: Sequence[Mapping[str, Any]]
    note: str = ""
    draft_id: str = ""


def store_visit(session: VisibleSession, territory_id: str, visit: Visit) -> Diagnostic:
    """Store a visit, all or nothing; a site that the territory already holds is not doubled.

    Raises
    ------
    InvalidInputError
        Naming each wrong field: of the site by its name, of a flow as ``flows.<position>.<field>``, from 0.
    """
    # Visits and imports of a territory take turns: the second recognises the company that the first brought.
    territories.lock_territory(session, territory_id)
    site = _checked(session, territory_id, visit)
    row_id = visit.site_id or _recognised(session, territory_id, site) or _create(session, territory_id, site)
    diagnostic, _ = declare_diagnostic(session, row_id, {"note": visit.note}, visit.flows)
    _complete(session, row_id, visit.site.get("activity_code", ""))
    if visit.draft_id:
        drop_draft(session, territory_id, visit.draft_id)
    return diagnostic


def _checked(session: VisibleSession, territory_id: str, visit: Visit) -> model.Site:
    """Return the site, once every field of it and of the flows has been checked."""
    errors = _too_long(visit.site)
    site = model.Site(name="?")
    try:
        site = site_declared(session, territory_id, visit.site_id, visit.site)
    except InvalidInputError as error:
        errors += error.errors
    if not visit.flows:
        errors.append(FieldError("", Message(NO_FLOW)))
    for position, fields in enumerate(visit.flows):
        try:
            declared_flow(site, fields)
        except InvalidInputError as error:
            errors += [FieldError(f"flows.{position}.{one.field}", one.message) for one in error.errors]
    if errors:
        raise InvalidInputError(errors)
    return site


def _too_long(fields: Mapping[str, str]) -> list[FieldError]:
    return [
        FieldError(name, Message(TOO_LONG, {"count": longest}))
        for name, longest in LONGEST.items()
        if len(fields.get(name, "")) > longest
    ]


def site_declared(
    session: VisibleSession, territory_id: str, site_id: str, fields: Mapping[str, str]
) -> model.Site:
    """Return the site that a form names, the stored one or a new one placed as well as can be.

    Raises
    ------
    InvalidInputError
        On the field of the site that must be corrected.
    """
    if site_id:
        return domain_site(session, refer(session, Site, site_id, "name", territory_id))
    texts: dict[str, Any] = {name: fields.get(name, "") for name in TEXTS}
    texts["siret"] = "".join(texts["siret"].split())
    try:
        lon, lat = (parse_number(name, fields.get(name)) for name in ("lon", "lat"))
        return placed(model.Site(lon=lon, lat=lat, company=texts["name"], **texts))
    except InvalidFlowError as error:
        if error.field == "site":
            raise InvalidInputError.on("name", Message(NO_NAME)) from error
        raise InvalidInputError.on(error.field, error.message) from error


def _recognised(session: VisibleSession, territory_id: str, site: model.Site) -> str:
    found = Sites(drafts_of(session, Site, territory_id)).find(site)
    return found.id if found else ""


def _create(session: VisibleSession, territory_id: str, site: model.Site) -> str:
    company = Companies(drafts_of(session, Company, territory_id)).find(site.company, site.siret[:9])
    owner = {"territory_id": territory_id}
    named = {**owner, "name": site.company, "siren": site.siret[:9]}
    company_id = company.id if company else places.create_company(session, named).id
    point = {"lon": site.lon, "lat": site.lat, "precision": site.precision.value}
    texts = {name: getattr(site, name) for name in TEXTS}
    return places.create_site(session, {**owner, **texts, **point, "company_id": company_id}).id


def _complete(session: VisibleSession, row_id: str, activity_code: str) -> None:
    """Add to a stored site the activity that the visit has learnt."""
    row = find_or_none(session, Site, row_id)
    if row is not None and activity_code and not row.activity_code:
        places.change_site(session, row_id, {"activity_code": activity_code}, row.version)


def known_site(session: VisibleSession, territory_id: str, siret: str) -> Site | None:
    """Return the territory's site of this number."""
    found = listed(session, Slice(1), territory_id=territory_id, siret=siret).items
    return found[0] if found else None


def sites_called(session: VisibleSession, territory_id: str, words: str, count: int) -> tuple[Site, ...]:
    """Return the territory's sites whose name holds the words."""
    return listed(session, Slice(count), words=words, territory_id=territory_id).items


@lru_cache(maxsize=4)
def register_of(settings: Register) -> BusinessRegister | None:
    """Return the register that the settings name, None without one."""
    fetcher = fetch_anywhere if settings.private else fetch
    return BusinessSearch(settings.url, settings.timeout_s, fetcher) if settings.url else None
