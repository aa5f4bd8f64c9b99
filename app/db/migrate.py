"""Bring a database to the present schema, from the installed package as from the source tree."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from app.db import row_security
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


def migrate(engine: Engine, revision: str = "head", before: Callable[[str], None] | None = None) -> None:
    """Upgrade to ``revision``; processes that start together wait for each other.

    Parameters
    ----------
    before
        Called with the present revision of a database that holds one and is about to change; what it raises
        leaves the database as it is.
    """
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
        present = MigrationContext.configure(connection).get_current_revision()
        if before is not None and present is not None and present != head():
            before(present)
        command.upgrade(migration_config(connection), revision)
        row_security.prepare(connection)


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to ``revision`` (``base``: an empty database)."""
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        command.downgrade(migration_config(connection), revision)


def is_current(engine: Engine) -> bool:
    """Tell whether the database has the present schema."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head()


@lru_cache(maxsize=1)
def head() -> str | None:
    """Return the revision of the present schema."""
    return ScriptDirectory.from_config(migration_config()).get_current_head()


def knows_revision(revision: str) -> bool:
    """Tell whether a schema is one that this program can bring to the present one."""
    scripts = ScriptDirectory.from_config(migration_config())
    return revision in {script.revision for script in scripts.walk_revisions()}
