"""The one place that decides who sees what.

Every session carries a principal. Reads of owned rows are filtered by criteria that SQLAlchemy adds to each
statement; writes are checked before they are flushed; forms that the criteria cannot reach are refused.
References between territories are impossible by the keys of the tables themselves (``tables.keys``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Alias, ColumnClause, Select, Table, TextClause, event, select
from sqlalchemy.orm import (
    ORMExecuteState,
    Session,
    UOWTransaction,
)
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql import visitors

from app.db import row_security
from app.db.base import Account, Base, Owned, Personal
from app.db.criteria import criteria_of, sees_all_of
from app.db.principal import SYSTEM, Principal
from app.db.tables import Teaser, Territory
from app.db.write_checks import check_writes

PRINCIPAL = "principal"
TOUCHED = "touched"
KEPT = "kept"
PLAIN = "plain"
# An option of statements that narrow and sort lists.
PLANNED_ANEW = "entreflux_planned_anew"
_BY_KEY = "entreflux_by_key"


class PrincipalMissingError(RuntimeError):
    """A session was used before it knew who asks: a mistake of the program, not of its user."""


class UnfilteredStatementError(RuntimeError):
    """A statement that the criteria cannot filter, in the session of a member."""


def principal_of(session: Session) -> Principal:
    """Return who asks; raises ``PrincipalMissingError`` when the session does not know."""
    principal = session.info.get(PRINCIPAL)
    if not isinstance(principal, Principal):
        raise PrincipalMissingError("This session has no principal.")
    return principal


def _visible(session: VisibleSession, row: object, principal: Principal) -> bool:
    """Tell whether the principal sees a row in memory (the criteria, asked of the database if need be)."""
    if principal.is_system:
        return True
    if isinstance(row, Account) and principal.is_operator:
        return True
    if isinstance(row, Territory):
        return principal.is_operator or row.id in principal.entered
    if not isinstance(row, Owned | Personal) or isinstance(row, Teaser):
        return False
    if isinstance(row, Personal) and row.subject != principal.subject:
        return False
    if not isinstance(row, Owned):
        return True
    if sees_all_of(principal):
        return row.territory_id in principal.territory_ids
    if row.territory_id not in principal.entered:
        return False
    cls: Any = type(row)
    return session.scalars(select(cls.id).where(cls.id == row.id)).first() is not None  # type: ignore[attr-defined]


def touched(session: Session) -> list[Any]:
    """Return the rows that the asker of a session has stored, changed or removed so far, as they came."""
    return list(session.info.get(TOUCHED, ()))


@contextmanager
def as_program(session: Session) -> Iterator[None]:
    """Have a session see everything for a while: the engine computes over all flows, whoever asks.

    What is computed is shown to the one who asks by other reads, once this is over. Changes made before are
    checked as the asker's own; those made inside, as the program's.
    """
    asker = principal_of(session)
    if asker.is_system:
        yield
        return
    session.flush()
    session.info[PRINCIPAL] = SYSTEM
    try:
        row_security.narrow(session, SYSTEM)
        yield
        session.flush()
    finally:
        session.info[PRINCIPAL] = asker
        row_security.narrow(session, asker)


class VisibleSession(Session):
    """A session that refuses the ways around the criteria."""

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """Return a row that the principal sees, also when it is already loaded."""
        known = {**options.pop("execution_options", {}), _BY_KEY: True}
        row = super().get(entity, ident, execution_options=known, **options)
        if row is None or not _visible(self, row, principal_of(self)):
            return None
        self.keep(row)
        return row

    def keep(self, *rows: Any) -> None:
        """Hold rows for as long as a session reads: whoever asks for them again has them at once."""
        kept = self.info.get(KEPT)
        if kept is not None:
            kept.extend(rows)

    def keep_plain(self, entity: type[Any], row: Any) -> None:
        """Hold the plain columns of a row of a mapped class, for as long as a session reads."""
        if KEPT in self.info:
            self.info.setdefault(PLAIN, {})[entity, row.id] = row

    def kept(self, entity: type[Any], ident: str) -> Any:
        """Return a row, or its plain columns, that this session holds, None otherwise; nothing is sent."""
        held = self.identity_map.get(identity_key(entity, ident))
        return self.info.get(PLAIN, {}).get((entity, ident)) if held is None else held

    def connection(self, *arguments: Any, **options: Any) -> Any:
        """Refuse a bare connection to all but the program: nothing would filter what it reads."""
        _only_the_program(self)
        return super().connection(*arguments, **options)

    def bulk_save_objects(self, *arguments: Any, **options: Any) -> None:
        """Refuse: bulk writes are not checked."""
        raise UnfilteredStatementError("bulk_save_objects")

    def bulk_insert_mappings(self, *arguments: Any, **options: Any) -> None:
        """Refuse: bulk writes are not checked."""
        raise UnfilteredStatementError("bulk_insert_mappings")

    def bulk_update_mappings(self, *arguments: Any, **options: Any) -> None:
        """Refuse: bulk writes are not checked."""
        raise UnfilteredStatementError("bulk_update_mappings")


def _only_the_program(session: Session) -> None:
    if not principal_of(session).is_system:
        raise UnfilteredStatementError("a member's session gives no bare connection")


@event.listens_for(VisibleSession, "do_orm_execute")
def _filter_reads(state: ORMExecuteState) -> None:
    principal = principal_of(state.session)
    if principal.is_system:
        return
    if not state.is_orm_statement or not (state.is_select or state.is_delete):
        raise UnfilteredStatementError(type(state.statement).__name__)
    # SQLAlchemy itself names bare keys when it loads a row by its key or refreshes one.
    if not (state.is_column_load or state.execution_options.get(_BY_KEY)):
        _refuse_bare_parts(state.statement)
    if not state.is_column_load:
        state.statement = state.statement.options(*criteria_of(principal))


def filtered(statement: Select[Any], principal: Principal) -> Select[Any]:
    """Return a statement that reads what a principal sees; ``UnfilteredStatementError`` as in reads."""
    if principal.is_system:
        return statement
    _refuse_bare_parts(statement)
    return statement.options(*criteria_of(principal))


def _refuse_bare_parts(statement: Any) -> None:
    """Raise on text and on tables named without their mapped class: no criterion reaches them."""
    for part in visitors.iterate(statement):
        if isinstance(part, TextClause) or (isinstance(part, ColumnClause) and _is_bare_column(part)):
            raise UnfilteredStatementError(str(part))
        if isinstance(part, Select) and any(map(_is_bare_table, (*part._raw_columns, *part._from_obj))):
            raise UnfilteredStatementError(str(part))


def _is_bare_column(column: ColumnClause[Any]) -> bool:
    if column.is_literal:
        return column.name != "*"  # what count() counts
    table = column.table.element if isinstance(column.table, Alias) else column.table
    return isinstance(table, Table) and table.metadata is Base.metadata and not _is_mapped(column)


def _is_bare_table(part: Any) -> bool:
    table = part.element if isinstance(part, Alias) else part
    return isinstance(table, Table) and table.metadata is Base.metadata and not _is_mapped(part)


def _is_mapped(part: Any) -> bool:
    return "parententity" in part._annotations


@event.listens_for(VisibleSession, "before_flush")
def _check_writes(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    principal = principal_of(session)
    if not principal.is_system:
        changed = (row for row in session.dirty if session.is_modified(row))
        session.info.setdefault(TOUCHED, {}).update(dict.fromkeys((*session.new, *changed, *session.deleted)))
    check_writes(session, principal)
