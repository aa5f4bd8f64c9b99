"""Territories, parks, companies, sites and contacts: created, changed, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from app.db.geometry import InvalidGeometryError, geometry_of
from app.db.tables import Company, Contact, Park, Site, Territory
from app.db.visibility import VisibleSession, principal_of
from app.errors import InvalidInputError, NotPermittedError
from app.repositories import sites
from app.repositories.records import add, change, find, refer, remove
from app.services.access import require_operator, territory_id_for
from app.services.consent import Origin, record_missing_mandates
from app.services.matches import refresh_matches
from app.services.placing import placed
from app.services.seats import seat_creator
from matching import model
from matching.errors import InvalidFlowError, InvalidParametersError
from matching.messages import N_, Message
from matching.parameters import MatchParameters

# What a change of these columns of a site changes in its synergies: where it is and what it is called.
MATTERS = frozenset({"name", "lon", "lat", "siret", "activity_code", "precision"})

Row = TypeVar("Row", Company, Park, Territory)
ADDRESS = frozenset({"address", "postcode", "city"})


def create_territory(session: VisibleSession, values: Mapping[str, Any]) -> Territory:
    """Create a territory (operators only)."""
    require_operator(session)
    row = add(session, Territory(**_checked_parameters(values)))
    seat_creator(session, row)
    return row


def change_territory(
    session: VisibleSession, territory_id: str, values: Mapping[str, Any], version: int
) -> Territory:
    """Change a territory; its synergies are computed again when its parameters change."""
    row = find(session, Territory, territory_id)
    recompute = "parameters" in values and values["parameters"] != row.parameters
    change(session, row, _checked_parameters(values), version)
    if recompute:
        refresh_matches(session, row.id)
    return row


def _checked_parameters(values: Mapping[str, Any]) -> dict[str, Any]:
    try:
        MatchParameters.from_mapping(values.get("parameters", {}))
    except InvalidParametersError as error:
        raise InvalidInputError.on("parameters", error.message) from error
    return dict(values)


def delete_territory(session: VisibleSession, territory_id: str, version: int | None) -> None:
    """Delete a territory with everything it owns (operators only)."""
    row = find(session, Territory, territory_id)
    require_operator(session)
    remove(session, row, version)


def create_park(session: VisibleSession, values: Mapping[str, Any]) -> Park:
    """Create a park; its outline is a GeoJSON geometry."""
    return add(session, Park(**_with_territory(session, _with_geometry(values))))


def change_park(session: VisibleSession, park_id: str, values: Mapping[str, Any], version: int) -> Park:
    """Change a park."""
    return change(session, find(session, Park, park_id), _with_geometry(values), version)


def _with_geometry(values: Mapping[str, Any]) -> dict[str, Any]:
    outline = values.get("outline")
    if outline is None:
        return dict(values)
    try:
        return {**values, "outline": geometry_of(outline)}
    except InvalidGeometryError as error:
        text = N_("This is not a GeoJSON point or polygon in degrees of longitude and latitude.")
        raise InvalidInputError.on("outline", Message(text)) from error


def create_company(session: VisibleSession, values: Mapping[str, Any]) -> Company:
    """Create a company, whose mandate the staff who enter it hold."""
    row = add(session, Company(**_with_territory(session, values)))
    record_missing_mandates(session, row.territory_id, Origin.ENTERED)
    return row


def _with_territory(session: VisibleSession, values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "territory_id": territory_id_for(session, values.get("territory_id"))}


def create_site(session: VisibleSession, values: Mapping[str, Any]) -> Site:
    """Create a site, placed by its point or else by its address."""
    columns = _with_territory(session, values)
    _check_references(session, columns, columns["territory_id"])
    return add(session, Site(**columns | _checked_site(columns)))


def change_site(session: VisibleSession, site_id: str, values: Mapping[str, Any], version: int) -> Site:
    """Change a site; the synergies of its territory follow when it moves or is renamed."""
    row = find(session, Site, site_id)
    _check_references(session, values, row.territory_id)
    names = sites.to_columns(sites.to_domain(row)).keys()
    merged = {name: getattr(row, name) for name in names} | dict(values)
    if values.get("lon") is not None:
        merged["precision"] = model.Precision.POINT
    elif ADDRESS & values.keys() and row.precision != model.Precision.POINT:
        merged |= {"lon": None, "lat": None}
    columns = {**values, **_checked_site(merged)}
    moved = any(columns.get(name, getattr(row, name)) != getattr(row, name) for name in MATTERS)
    change(session, row, columns, version)
    if moved:
        refresh_matches(session, row.territory_id)
    return row


def _check_references(session: VisibleSession, values: Mapping[str, Any], territory_id: str) -> None:
    if values.get("company_id"):
        refer(session, Company, values["company_id"], "company_id", territory_id)
    if values.get("park_id"):
        refer(session, Park, values["park_id"], "park_id", territory_id)


def _checked_site(values: Mapping[str, Any]) -> dict[str, Any]:
    given = ("siret", "activity_code", "address", "postcode", "city")
    try:
        site = model.Site(
            name=values["name"],
            lon=values.get("lon"),
            lat=values.get("lat"),
            employees=values.get("employees"),
            precision=model.Precision(values.get("precision") or model.Precision.POINT),
            **{name: values.get(name) or "" for name in given},
        )
    except InvalidFlowError as error:
        raise InvalidInputError.on("name" if error.field == "site" else error.field, error.message) from error
    return sites.to_columns(placed(site))


def delete_site(session: VisibleSession, site_id: str, version: int | None) -> None:
    """Delete a site with its flows, diagnostics and contacts."""
    row = find(session, Site, site_id)
    territory_id = row.territory_id
    remove(session, row, version)
    session.expire_all()
    refresh_matches(session, territory_id)


def create_contact(session: VisibleSession, values: Mapping[str, Any]) -> Contact:
    """Create a contact of a site."""
    site = refer(session, Site, values["site_id"], "site_id")
    return add(session, Contact(**{**values, "territory_id": site.territory_id}))


def delete_park(session: VisibleSession, park_id: str, version: int | None) -> None:
    """Delete a park; ``ConflictError`` while sites are in it."""
    remove(session, find(session, Park, park_id), version)


def change_company(
    session: VisibleSession, company_id: str, values: Mapping[str, Any], version: int
) -> Company:
    """Change a company; what the staff note about it is theirs to write."""
    row = find(session, Company, company_id)
    if "note" in values and not principal_of(session).is_staff_of(row.territory_id):
        raise NotPermittedError
    return change(session, row, values, version)


def delete_company(session: VisibleSession, company_id: str, version: int | None) -> None:
    """Delete a company; ``ConflictError`` while it has sites."""
    remove(session, find(session, Company, company_id), version)


def change_contact(
    session: VisibleSession, contact_id: str, values: Mapping[str, Any], version: int
) -> Contact:
    """Change a contact."""
    return change(session, find(session, Contact, contact_id), values, version)


def delete_contact(session: VisibleSession, contact_id: str, version: int | None) -> None:
    """Forget a contact."""
    remove(session, find(session, Contact, contact_id), version)


def for_reader(session: VisibleSession, row: Row) -> Row:
    """Return a company, a park or a territory as the asker reads it: the staff's notes are for the staff."""
    principal = principal_of(session)
    owner = row.id if isinstance(row, Territory) else row.territory_id
    if row.note and not (
        principal.is_staff_of(owner) or (isinstance(row, Territory) and principal.is_operator)
    ):
        session.expunge(row)
        row.note = ""
    return row
