"""The one place that decides who sees what.

Every session carries a principal. Reads of owned rows are filtered by criteria that SQLAlchemy adds to each
statement; writes are checked before they are flushed; forms that the criteria cannot reach are refused.
References between territories are impossible by the keys of the tables themselves (``tables.keys``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import Alias, ColumnClause, Select, Table, TextClause, event, false, inspect
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.sql import visitors

from app.db.base import Account, Base, Owned, Personal
from app.db.principal import Principal
from app.db.tables import Territory
from app.errors import MissingError, NotPermittedError

PRINCIPAL = "principal"
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


def visible(row: object, principal: Principal) -> bool:
    """Tell whether the principal sees a row (the criteria below, for a row in memory)."""
    if principal.is_operator:
        return True
    if isinstance(row, Territory):
        return row.id in principal.territory_ids
    if not isinstance(row, Owned | Personal):
        return False
    in_territory = not isinstance(row, Owned) or row.territory_id in principal.territory_ids
    return in_territory and (not isinstance(row, Personal) or row.subject == principal.subject)


# Kept for as many principals at once: to build them takes longer than most reads.
@lru_cache(maxsize=1024)
def _criteria(subject: str, visible_ids: frozenset[str]) -> tuple[Any, ...]:
    territory_ids = sorted(visible_ids)
    rules: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
        (Territory, lambda cls: cls.id.in_(territory_ids)),
        (Owned, lambda cls: cls.territory_id.in_(territory_ids)),
        (Personal, lambda cls: cls.subject == subject),
        (Account, lambda cls: false()),
    )
    return tuple(
        with_loader_criteria(cls, rule, include_aliases=True, propagate_to_loaders=False)
        for cls, rule in rules
    )


class VisibleSession(Session):
    """A session that refuses the ways around the criteria."""

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """Return a row that the principal sees, also when it is already loaded."""
        known = {**options.pop("execution_options", {}), _BY_KEY: True}
        row = super().get(entity, ident, execution_options=known, **options)
        return row if row is not None and visible(row, principal_of(self)) else None

    def connection(self, *arguments: Any, **options: Any) -> Any:
        """Refuse a bare connection to members: nothing would filter what it reads."""
        _only_operators(self)
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


def _only_operators(session: Session) -> None:
    if not principal_of(session).is_operator:
        raise UnfilteredStatementError("a member's session gives no bare connection")


@event.listens_for(VisibleSession, "do_orm_execute")
def _filter_reads(state: ORMExecuteState) -> None:
    principal = principal_of(state.session)
    if principal.is_operator:
        return
    if not state.is_orm_statement or not (state.is_select or state.is_delete):
        raise UnfilteredStatementError(type(state.statement).__name__)
    # SQLAlchemy itself names bare keys when it loads a row by its key or refreshes one.
    if not (state.is_column_load or state.execution_options.get(_BY_KEY)):
        _refuse_bare_parts(state.statement)
    if not state.is_column_load:
        criteria = _criteria(principal.subject, principal.territory_ids)
        state.statement = state.statement.options(*criteria)


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
    for row in (*session.new, *session.deleted):
        if isinstance(row, Territory) and not principal.is_operator:
            raise NotPermittedError
        _refuse_foreign(row, principal)
    for row in session.dirty:
        if session.is_modified(row):
            _refuse_foreign(row, principal)
            _refuse_new_owner(row)


def _refuse_foreign(row: object, principal: Principal) -> None:
    if principal.is_operator:
        return
    if isinstance(row, Account):
        raise NotPermittedError
    if not visible(row, principal):
        raise MissingError


def _refuse_new_owner(row: object) -> None:
    if isinstance(row, Owned) and inspect(row).attrs.territory_id.history.deleted:
        raise NotPermittedError
