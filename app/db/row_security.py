"""The second line on PostgreSQL: sessions of members act as a role that the policies of rows bind.

The program's own sessions, migrations and copies stay who connected: the owner of the tables. A member's
session takes the role and tells who asks in one statement; writers for their transaction, readers (which
have none) until the connection, which only members' readers use, is told of somebody else.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session, SessionTransaction

from app.db.principal import Principal

ROLE = "entreflux_member"
CONNECTION = "entreflux_connection"
ACTING = "entreflux_acting"
SETTINGS = ("staff", "companies", "near", "around", "entered", "withheld", "subject", "operator")
# How long a server that has no role yet is taken to have none.
ASK_AGAIN_S = 60.0

_calls = ", ".join(f"set_config('entreflux.{name}', %s, %s)" for name in SETTINGS)
_NARROW = f"SELECT set_config('role', %s, %s), {_calls}"
# A server may forbid its users to make roles.
_READY = (
    "SELECT EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = :role "
    "AND pg_has_role(current_user, r.oid, '{may}') "
    "AND has_table_privilege(r.oid, to_regclass('flow'), 'SELECT')) "
    "AND (SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass('flow'))"
)
_CREATE = f"""DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}') THEN CREATE ROLE {ROLE} NOLOGIN; END IF;
  IF NOT pg_has_role(current_user, '{ROLE}', '{{may}}') THEN
    EXECUTE 'GRANT {ROLE} TO ' || quote_ident(current_user);
  END IF;
EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL; END $$"""  # noqa: S608 - own names
_OWN_TABLES = text(
    "SELECT c.relname, c.relkind = 'S' FROM pg_class c JOIN pg_roles r ON r.rolname = :role "
    "WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'S') "
    "AND pg_has_role(current_user, c.relowner, 'USAGE') "
    "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') "
    "AND NOT CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(r.oid, c.oid, 'USAGE') "
    "ELSE has_table_privilege(r.oid, c.oid, 'DELETE') END"
)
_log = logging.getLogger("entreflux.database")
_known: WeakKeyDictionary[Any, tuple[bool, float]] = WeakKeyDictionary()


def prepare(connection: Connection) -> None:
    """Create the role where the server lets us, and let it touch the tables that the policies guard."""
    if connection.dialect.name != "postgresql":
        return
    connection.exec_driver_sql(_CREATE.format(may=_may(connection)))
    for name, is_sequence in connection.execute(_OWN_TABLES, {"role": ROLE}).all():
        what = "USAGE ON SEQUENCE" if is_sequence else "SELECT, INSERT, UPDATE, DELETE ON"
        if name == "alembic_version":
            what = "SELECT ON"
        connection.exec_driver_sql(f'GRANT {what} "{name}" TO {ROLE}')


def is_on(connection: Connection) -> bool:
    """Tell whether the second line holds on this database; said in the log where it does not."""
    if connection.dialect.name != "postgresql":
        return False
    found, at = _known.get(connection.engine.pool, (False, -ASK_AGAIN_S))
    if found or monotonic() - at < ASK_AGAIN_S:
        return found
    found = bool(connection.execute(text(_READY.format(may=_may(connection))), {"role": ROLE}).scalar())
    _known[connection.engine.pool] = found, monotonic()
    if not found:
        _log.warning("row security is off: this database has no role %s that its user may take", ROLE)
    return found


def narrow(session: Session, principal: Principal) -> None:
    """Have the connection that a session holds, if any, act for a principal."""
    connection: Connection | None = session.info.get(CONNECTION)
    if connection is None or connection.closed or connection.invalidated:
        return
    if principal.is_system:
        # A savepoint that was asked for is only made now: made later, its end would not undo this.
        Session.connection(session)
    _act(connection, principal)


@contextmanager
def owning(connection: Connection, principal: Principal) -> Iterator[None]:
    """Lend a writer the rights of the owner, for what no member may do: COPY and ANALYZE."""
    if principal.is_system or connection.dialect.name != "postgresql":
        yield
        return
    _act(connection, None)
    try:
        yield
    finally:
        _act(connection, principal)


def watch(session_class: type[Session]) -> None:
    """Have sessions of a class act for their principal as soon as they hold a connection."""

    @event.listens_for(session_class, "after_begin")
    def _on_begin(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
        if connection.dialect.name != "postgresql":
            return
        session.info[CONNECTION] = connection
        principal = session.info.get("principal")
        # It may still act for the one who read last; for anybody else it is told anew.
        if principal is not None and connection.info.get(ACTING) != _told(principal):
            _act(connection, principal)

    @event.listens_for(session_class, "after_transaction_end")
    def _on_end(session: Session, transaction: SessionTransaction) -> None:
        if transaction.parent is None:
            session.info.pop(CONNECTION, None)


def _act(connection: Connection, principal: Principal | None) -> None:
    """Have a connection act for a principal, or as the owner of the tables."""
    driver: Any = connection.connection.dbapi_connection
    # Nothing more is read in a transaction that failed, and its end undoes what it had set.
    if driver.info.transaction_status == TransactionStatus.INERROR or not is_on(connection):
        return
    local = not driver.autocommit
    told = _told(principal)
    if not local:
        # Until it is known to have been told: should that fail, it is told again.
        connection.info[ACTING] = ()
    values = told or ("none", *[""] * len(SETTINGS))
    connection.exec_driver_sql(_NARROW, tuple(item for value in values for item in (value, local))).close()
    if not local:
        connection.info[ACTING] = told


def _may(connection: Connection) -> str:
    """Return what one must hold to take a role; before PostgreSQL 16, to be a member of it."""
    return "SET" if (connection.dialect.server_version_info or ()) >= (16,) else "MEMBER"


def _told(principal: Principal | None) -> tuple[str, ...] | None:
    """Return what a connection is told of who asks; None is the owner of the tables."""
    if principal is None or principal.is_system:
        return None
    staff, near = principal.territory_ids, principal.company_territories
    lists = (staff, principal.company_ids, near, staff | near, principal.entered, principal.withheld)
    told = (",".join(sorted(items)) for items in lists)
    return (ROLE, *told, principal.subject, "on" if principal.is_operator else "")
