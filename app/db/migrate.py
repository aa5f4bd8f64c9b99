"""Bring a database to the present schema, from the installed package as from the source tree."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from app.db.engine import WRITES

# Any number will do, as long as every process that migrates asks for the same lock.
MIGRATION_LOCK = 4_671_903


def migration_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, with no path of any machine in it."""
    config = Config()
    config.set_main_option("script_location", str(files("migrations")).replace("%", "%%"))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def migrate(engine: Engine, revision: str = "head") -> None:
    """Upgrade to ``revision``; processes that start together wait for each other."""
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
        command.upgrade(migration_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to ``revision`` (``base``: an empty database)."""
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        command.downgrade(migration_config(connection), revision)


def is_current(engine: Engine) -> bool:
    """Tell whether the database has the present schema."""
    head = ScriptDirectory.from_config(migration_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
