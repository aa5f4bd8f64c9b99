"""Which rows a principal may store, change or remove: checked before anything is written."""

from __future__ import annotations

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.db.base import Account, Owned, Personal
from app.db.principal import Principal
from app.db.tables import AuditEntry, Company, Contact, Diagnostic, Flow, Site, Teaser, Territory
from app.errors import MissingError, NotPermittedError


def check_writes(session: Session, principal: Principal) -> None:
    """Raise unless all that a session is about to write is the principal's to write.

    Raises
    ------
    MissingError
        If a row is not the principal's: as if it were not there.
    NotPermittedError
        If it would be given away, or is not for the principal's role to write.
    """
    for row in (*session.new, *session.deleted):
        if isinstance(row, Territory) and not principal.is_operator:
            raise NotPermittedError
        if isinstance(row, AuditEntry) and row in session.deleted:
            raise NotPermittedError
        _refuse_foreign(session, row, principal)
    for row in session.dirty:
        if session.is_modified(row):
            if isinstance(row, AuditEntry):
                raise NotPermittedError
            _refuse_foreign(session, row, principal)
            _refuse_new_owner(row, principal)


def _refuse_foreign(session: Session, row: object, principal: Principal) -> None:
    if principal.is_system:
        return
    if isinstance(row, Account) and not principal.is_operator:
        raise NotPermittedError
    if isinstance(row, AuditEntry) and not inspect(row).persistent:
        return
    if not _may_write(session, row, principal):
        raise MissingError


def _may_write(session: Session, row: object, principal: Principal) -> bool:
    """Tell whether a row, as it is about to be stored or removed, is the principal's to write."""
    if isinstance(row, Territory):
        return principal.is_operator or row.id in principal.coordinated
    if isinstance(row, Account):
        return principal.is_operator
    if isinstance(row, Personal) and row.subject != principal.subject:
        return False
    if isinstance(row, Teaser | AuditEntry) or not isinstance(row, Owned):
        return isinstance(row, Personal)
    if row.territory_id in principal.territory_ids:
        return not principal.withheld or not _is_withheld(session, row, principal)
    if isinstance(row, Personal):
        return row.territory_id in principal.company_territories
    return row.territory_id in principal.company_territories and _is_own(session, row, principal)


def _company_of(session: Session, row: object) -> str | None:
    """Return the company that a row is about."""
    if isinstance(row, Company):
        return row.id
    if isinstance(row, Site):
        return row.company_id
    if isinstance(row, Flow | Contact | Diagnostic):
        with session.no_autoflush:
            site = session.get(Site, row.site_id)
        return None if site is None else site.company_id
    return None


def _is_withheld(session: Session, row: object, principal: Principal) -> bool:
    if isinstance(row, Flow | Contact | Diagnostic):
        with session.no_autoflush:
            return session.get(Site, row.site_id) is None
    return _company_of(session, row) in principal.withheld


def _is_own(session: Session, row: object, principal: Principal) -> bool:
    company_id = _company_of(session, row)
    return company_id is not None and company_id in principal.company_ids


def _refuse_new_owner(row: object, principal: Principal) -> None:
    """Refuse to give a row away: to another territory, or by a company to another company or site."""
    if not isinstance(row, Owned):
        return
    changed = inspect(row).attrs
    if changed.territory_id.history.deleted:
        raise NotPermittedError
    if row.territory_id in principal.territory_ids or principal.is_system:
        return
    for name in ("company_id", "site_id"):
        if hasattr(row, name) and changed[name].history.deleted:
            raise NotPermittedError
