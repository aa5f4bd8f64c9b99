"""The audit: who did or read what, written in the transaction that does it."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar

from app.db.principal import AccountRole, Principal
from app.db.tables import AuditEntry
from app.db.visibility import VisibleSession, principal_of

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
) -> AuditEntry:
    """Return an entry that is not stored yet: what ``principal`` did in the request under way."""
    return AuditEntry(
        territory_id=territory_id,
        company_id=company_id,
        subject=principal.subject,
        name=principal.name,
        role=role_in(principal, territory_id),
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        request_id=request_id.get(),
    )


def store(session: VisibleSession, entries: Iterable[AuditEntry]) -> None:
    """Write entries of the audit, in one statement."""
    session.add_all(entries)
    session.flush()


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
