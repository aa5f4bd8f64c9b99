"""The audit: who did or read what, written in the transaction that does it."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from app.db.base import now
from app.db.principal import AccountRole, Principal
from app.db.sent import note, note_with
from app.db.tables import AuditEntry
from app.db.visibility import VisibleSession, principal_of

Entry = dict[str, Any]
# Set by the application for each request, so that entries and logs can be laid side by side.
request_id: ContextVar[str] = ContextVar("request_id", default="")


def record(
    session: VisibleSession,
    action: str,
    territory_id: str | None,
    company_id: str | None = None,
    object_kind: str = "",
    object_id: str = "",
) -> None:
    """Add one entry to the audit, committed or undone with the transaction.

    Parameters
    ----------
    action
        The name of the operation, such as ``read_flow``.
    company_id
        The company it is about; None when it is about a whole territory, or the server.
    """
    store(
        session, [entry_of(principal_of(session), action, territory_id, company_id, object_kind, object_id)]
    )


def entry_of(
    principal: Principal,
    action: str,
    territory_id: str | None,
    company_id: str | None,
    object_kind: str,
    object_id: str,
) -> Entry:
    """Return the columns of an entry: what ``principal`` did in the request under way."""
    return {
        "at": now(),
        "territory_id": territory_id,
        "company_id": company_id,
        "subject": principal.subject,
        "name": principal.name,
        "role": role_in(principal, territory_id),
        "action": action,
        "object_kind": object_kind,
        "object_id": object_id,
        "request_id": request_id.get(),
    }


def store(session: VisibleSession, entries: Iterable[Entry]) -> None:
    """Write entries of the audit, after what the session has changed so far."""
    session.flush()
    for entry in entries:
        note_with(session, AuditEntry, entry)


def store_at_once(session: VisibleSession, entries: Iterable[Entry]) -> None:
    """Write entries of the audit, each committed as it comes, in a session of PostgreSQL that reads."""
    for entry in entries:
        note(session, AuditEntry, entry)


def role_in(principal: Principal, territory_id: str | None) -> str:
    """Return what a principal is in a territory, its role on the server otherwise."""
    if principal.is_system:
        return AccountRole.SYSTEM.value
    if territory_id in principal.coordinated:
        return "coordinator"
    if territory_id in principal.territory_ids:
        return "facilitator"
    if territory_id in principal.company_territories:
        return "company"
    if territory_id in principal.observed:
        return "observer"
    return principal.role.value
