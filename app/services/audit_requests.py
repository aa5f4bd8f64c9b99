"""What a request leaves in the audit: each change in its own transaction, each reading of others' flows.

A reading is written down before its answer leaves; when that fails, so does the answer. The same person
reading the same thing again within the hour is not written again: each read would cost a write.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from app.db.base import Identified, Owned, Personal, now
from app.db.criteria import sees_all_of
from app.db.engine import Database
from app.db.principal import Principal
from app.db.tables import Company, Contact, Diagnostic, Flow, Import, Plan, Site
from app.db.visibility import VisibleSession, as_program, principal_of, touched
from app.repositories import synergies
from app.services.audit import entry_of, store, store_at_once
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
    session: VisibleSession,
    database: Database,
    endpoint: Callable[..., Any],
    parameters: Mapping[str, Any],
    territory_id: str | None = None,
    *,
    is_page: bool = False,
) -> None:
    """Write down that somebody read or exported, unless it showed nobody's flows or only their own.

    Parameters
    ----------
    session
        The one that read: it may still hold what was read.
    parameters
        Those of the address: they name what was read.
    territory_id
        The territory of a list; None: every territory the principal works for.
    is_page
        Whether an operation that also gives files gave a page of its list: a reading, not an export.
    """
    principal = principal_of(session)
    kind = READ if is_page else access_to(endpoint).audit
    if kind not in (READ, EXPORT) or principal.is_system:
        return
    operation = operation_of(endpoint)
    key = (
        database.settings.url,
        principal.subject,
        operation,
        territory_id or "",
        *map(str, parameters.values()),
    )
    if kind == READ and not _lately.is_new(key):
        return
    name, value = next(iter(parameters.items()), ("", ""))
    entries = [
        entry_of(principal, operation, where, company_id, name.removesuffix("_id"), str(value))
        for where, company_id in _read(session, principal, parameters, territory_id)
        if company_id is None or company_id not in principal.company_ids
    ]
    if database.writes_together:
        # Readers have no transaction there: what one of them writes is there at once.
        store_at_once(session, entries)
    else:
        with database.writing(principal) as writing:
            store(writing, entries)
    _lately.add(key)


def _read(
    session: VisibleSession, principal: Principal, parameters: Mapping[str, Any], territory_id: str | None
) -> Iterable[tuple[str, str | None]]:
    """Return whose flows were read: territories and companies, None for all of a territory."""
    for name, value in parameters.items():
        if name in NAMED:
            return _whose_row(session, NAMED[name], str(value))
        if name == "synergy_id":
            with as_asked(session):
                places = synergies.places_of(session, str(value))
            return sorted({(place, company_id or "") for place, company_id in places})
    # The address may name any territory: only one's own is believed.
    among = {territory_id} if territory_id in principal.entered else principal.entered
    return [(one, None) for one in sorted(among)]


def _whose_row(session: VisibleSession, cls: type[Any], row_id: str) -> list[tuple[str, str | None]]:
    row = session.kept(cls, row_id)
    site = row if row is None or cls is Site else session.kept(Site, getattr(row, "site_id", ""))
    if row is not None and cls is Company:
        return [(row.territory_id, row.id)]
    if row is not None and site is not None:
        return [(row.territory_id, site.company_id)]
    with as_asked(session):
        row = session.get(cls, row_id)
        return [] if row is None else [(row.territory_id, company_of(session, row))]


@contextmanager
def as_asked(session: VisibleSession) -> Iterator[None]:
    """Have a session see what was read, of companies that the asker reads nothing of otherwise too."""
    if sees_all_of(principal_of(session)):
        yield
    else:
        with as_program(session):
            yield


def company_of(session: VisibleSession, row: Any) -> str | None:
    """Return the company that a row is about, None when it is about no one in particular."""
    if isinstance(row, Company):
        return row.id
    site_id = getattr(row, "site_id", None)
    site = row if isinstance(row, Site) else session.get(Site, site_id) if site_id else None
    return None if site is None else site.company_id


def note_changes(session: VisibleSession, endpoint: Callable[..., Any]) -> None:
    """Write down what a request has changed, in the transaction that changes it."""
    principal = principal_of(session)
    if principal.is_system:
        return
    session.flush()
    operation = operation_of(endpoint)
    changed = [
        row for row in touched(session) if isinstance(row, Identified) and not isinstance(row, Personal)
    ]
    with as_asked(session):
        about = [(row, company_of(session, row)) for row in changed[:MOST_CHANGES]]
    entries = []
    for row, company_id in about:
        territory_id = row.territory_id if isinstance(row, Owned) else None
        kind = type(row).__name__.lower()
        entries.append(entry_of(principal, operation, territory_id, company_id, kind, row.id))
    store(session, entries)
