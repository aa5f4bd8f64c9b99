"""Flows: declared, changed, deleted; a territory's synergies follow each of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.db.base import now
from app.db.tables import Diagnostic, Flow, Site, Territory
from app.db.visibility import VisibleSession, principal_of
from app.errors import FieldError, InvalidInputError
from app.repositories import flows, sites
from app.repositories.records import add, change, find, refer, remove
from app.services.declaring import declared_flow, fields_of
from app.services.matches import preview, refresh_matches
from matching import model


def declare_flow(session: VisibleSession, site_id: str, fields: Mapping[str, Any]) -> Flow:
    """Store one flow of a site."""
    site = refer(session, Site, site_id, "site_id")
    row = _store(session, site, domain_site(session, site), fields)
    refresh_matches(session, row.territory_id)
    return row


def domain_site(session: VisibleSession, site: Site) -> model.Site:
    """Return a site as the engine knows it."""
    return sites.with_names(session, [site])[site.id]


def _store(
    session: VisibleSession,
    site: Site,
    place: model.Site,
    fields: Mapping[str, Any],
    diagnostic_id: str | None = None,
) -> Flow:
    columns = flows.to_columns(declared_flow(place, fields))
    owner = {"territory_id": site.territory_id, "site_id": site.id, "diagnostic_id": diagnostic_id}
    return add(session, Flow(**columns, **owner))


def flow_of(session: VisibleSession, row: Flow) -> model.Flow:
    """Return a stored flow as the engine knows it."""
    return flows.domain_of(session, [row])[0]


def change_flow(session: VisibleSession, flow_id: str, fields: Mapping[str, Any], version: int) -> Flow:
    """Change the fields given of a flow; the others stay as they were declared."""
    row = find(session, Flow, flow_id)
    present = flow_of(session, row)
    merged = fields_of(present) | dict(fields)
    if "quantity" in fields and "reliability" not in fields and present.reliability <= 3:
        merged["reliability"] = None
    columns = flows.to_columns(declared_flow(present.site, merged, row.id))
    kept = {"row": row.row, "sheet": row.sheet, "confirmed_at": now()}
    change(session, row, {**columns, **kept}, version)
    refresh_matches(session, row.territory_id)
    return row


def delete_flow(session: VisibleSession, flow_id: str, version: int | None) -> None:
    """Delete a flow."""
    row = find(session, Flow, flow_id)
    territory_id = row.territory_id
    remove(session, row, version)
    refresh_matches(session, territory_id)


def declare_diagnostic(
    session: VisibleSession, site_id: str, about: Mapping[str, Any], declared: Sequence[Mapping[str, Any]]
) -> tuple[Diagnostic, list[Flow]]:
    """Store a diagnostic with its flows, all or nothing.

    Raises
    ------
    InvalidInputError
        Naming each wrong field of each flow as ``flows.<position>.<field>``, from 0.
    """
    site = find(session, Site, site_id)
    place = domain_site(session, site)
    _check_all(place, declared)
    values = {"made_on": date.today(), "author": principal_of(session).name} | {
        name: value for name, value in about.items() if value is not None
    }
    diagnostic = add(session, Diagnostic(territory_id=site.territory_id, site_id=site.id, **values))
    rows = [_store(session, site, place, fields, diagnostic.id) for fields in declared]
    refresh_matches(session, site.territory_id)
    return diagnostic, rows


def _check_all(place: model.Site, declared: Sequence[Mapping[str, Any]]) -> None:
    errors: list[FieldError] = []
    for position, fields in enumerate(declared):
        try:
            declared_flow(place, fields)
        except InvalidInputError as error:
            errors += [FieldError(f"flows.{position}.{e.field}", e.message) for e in error.errors]
    if errors:
        raise InvalidInputError(errors)


def delete_diagnostic(session: VisibleSession, diagnostic_id: str, version: int | None) -> None:
    """Delete a diagnostic with its flows."""
    row = find(session, Diagnostic, diagnostic_id)
    for flow in flows.of_diagnostic(session, diagnostic_id):
        remove(session, flow)
    territory_id = row.territory_id
    remove(session, row, version)
    refresh_matches(session, territory_id)


def read_diagnostic(session: VisibleSession, diagnostic_id: str) -> tuple[Diagnostic, list[Flow]]:
    """Return a diagnostic and its flows."""
    row = find(session, Diagnostic, diagnostic_id)
    return row, flows.of_diagnostic(session, diagnostic_id)


def preview_flow(
    session: VisibleSession, site_id: str, fields: Mapping[str, Any], top: int
) -> list[dict[str, Any]]:
    """Return the frozen documents of what a flow could do at a site; nothing is stored."""
    site = refer(session, Site, site_id, "site_id")
    flow = declared_flow(domain_site(session, site), fields)
    return preview(session, find(session, Territory, site.territory_id), flow, top)
