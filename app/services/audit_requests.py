"""What a request leaves in the audit: each change in its own transaction, each reading of others' flows.

A reading is written down before its answer leaves; when that fails, so does the answer. The same person
reading the same thing again within the hour is not written again: each read would cost a write.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Any

from app.db.base import Identified, Owned, Personal, now
from app.db.engine import Database
from app.db.principal import Principal
from app.db.tables import Company, Contact, Diagnostic, Flow, Import, Plan, Site, SynergyMember
from app.db.visibility import VisibleSession, as_program, principal_of, touched
from app.repositories.records import rows_of
from app.services.audit import record
from app.services.gate import access_to, operation_of

READ, EXPORT = "read", "export"
# Entries a transaction: more are told by the row of what did it, such as the import.
MOST_CHANGES = 50
MOST_REMEMBERED = 50_000
# Parameters of addresses, with what they name.
NAMED: Mapping[str, type[Any]] = {
    "flow_id": Flow,
    "site_id": Site,
    "company_id": Company,
    "contact_id": Contact,
    "diagnostic_id": Diagnostic,
    "import_id": Import,
    "plan_id": Plan,
}


class _Lately:
    """What was written down within the hour, by this process."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, ...], str] = OrderedDict()
        self._guard = Lock()

    def is_new(self, key: tuple[str, ...]) -> bool:
        hour = now().isoformat()[:13]
        with self._guard:
            return self._known.get(key) != hour

    def add(self, key: tuple[str, ...]) -> None:
        with self._guard:
            self._known[key] = now().isoformat()[:13]
            self._known.move_to_end(key)
            if len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)


_lately = _Lately()


def note_reading(
    database: Database,
    principal: Principal,
    endpoint: Callable[..., Any],
    parameters: Mapping[str, Any],
    territory_id: str | None = None,
    *,
    is_page: bool = False,
) -> None:
    """Write down that somebody read or exported, unless it showed nobody's flows or only their own.

    Parameters
    ----------
    parameters
        Those of the address: they name what was read.
    territory_id
        The territory of a list; None: every territory the principal works for.
    is_page
        Whether an operation that also gives files gave a page of its list: a reading, not an export.
    """
    kind = READ if is_page else access_to(endpoint).audit
    if kind not in (READ, EXPORT) or principal.is_system:
        return
    operation = operation_of(endpoint)
    key = (
        database.engine.url.render_as_string(),
        principal.subject,
        operation,
        territory_id or "",
        *map(str, parameters.values()),
    )
    if kind == READ and not _lately.is_new(key):
        return
    with database.writing(principal) as session:
        for where, company_id in _read(session, principal, parameters, territory_id):
            if company_id is None or company_id not in principal.company_ids:
                name, value = next(iter(parameters.items()), ("", ""))
                record(session, operation, where, company_id, name.removesuffix("_id"), str(value))
    _lately.add(key)


def _read(
    session: VisibleSession, principal: Principal, parameters: Mapping[str, Any], territory_id: str | None
) -> Iterable[tuple[str, str | None]]:
    """Return whose flows were read: territories and companies, None for all of a territory."""
    with as_program(session):
        for name, value in parameters.items():
            if name in NAMED:
                row = session.get(NAMED[name], str(value))
                return [] if row is None else [(row.territory_id, company_of(session, row))]
            if name == "synergy_id":
                members = rows_of(session, SynergyMember, synergy_id=str(value))
                sites = [session.get(Site, member.site_id) for member in members]
                return sorted(
                    {(site.territory_id, site.company_id or "") for site in sites if site is not None}
                )
    # The address may name any territory: only one's own is believed.
    among = {territory_id} if territory_id in principal.entered else principal.entered
    return [(one, None) for one in sorted(among)]


def company_of(session: VisibleSession, row: Any) -> str | None:
    """Return the company that a row is about, None when it is about no one in particular."""
    if isinstance(row, Company):
        return row.id
    site = row if isinstance(row, Site) else session.get(Site, getattr(row, "site_id", ""))
    return None if site is None else site.company_id


def note_changes(session: VisibleSession, endpoint: Callable[..., Any]) -> None:
    """Write down what a request has changed, in the transaction that changes it."""
    if principal_of(session).is_system:
        return
    session.flush()
    operation = operation_of(endpoint)
    changed = [
        row for row in touched(session) if isinstance(row, Identified) and not isinstance(row, Personal)
    ]
    with as_program(session):
        about = [(row, company_of(session, row)) for row in changed[:MOST_CHANGES]]
    for row, company_id in about:
        territory_id = row.territory_id if isinstance(row, Owned) else None
        record(session, operation, territory_id, company_id, type(row).__name__.lower(), row.id)
