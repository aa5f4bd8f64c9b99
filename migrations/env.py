"""How Alembic reaches the database: through the connection it is given, else through the settings."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection

from app.db.base import Base
from app.db.engine import WRITES, make_engine
from app.db.tables import Site
from app.settings import Database
from migrations.list_indexes import PREFIX

assert Site.metadata is Base.metadata  # noqa: S101 - the import of the tables fills the metadata


def include_object(_object: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Leave alone what PostGIS brings and what only one of the two databases has."""
    if kind == "table" and reflected and compare_to is None:
        return name in Base.metadata.tables
    return not (kind == "index" and (name or "").startswith(("ix_site_location", PREFIX)))


def run(connection: Connection) -> None:
    """Run the migrations in the connection's transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=include_object,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if isinstance(given, Connection):
    run(given)
else:
    engine = given if given is not None else make_engine(Database())
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        run(connection)
