"""Migrations keep the rows they meet: up from an old schema, down and up again, and cut in the middle."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Date, DateTime, Engine, MetaData, inspect, select, text

from app.db import backup
from app.db.base import Base, now
from app.db.engine import make_engine
from app.db.migrate import downgrade, is_current, migrate, migration_config
from app.settings import Database as DatabaseSettings
from migrations.list_indexes import PREFIX
from tests.conftest import DATABASES, PostgisServer
from tests.trust.shares import share, told

OLDEST = "0003"


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Return the engine of a database with nothing in it."""
    server: PostgisServer | None = None
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    if request.param == "postgis":
        server = request.getfixturevalue("postgis_server")
        assert server is not None
        server.run("createdb", "old")
        url = server.url("old")
    engine = make_engine(DatabaseSettings(url=url))
    backup.ensure_postgis(engine)
    yield engine
    engine.dispose()
    if server is not None:
        server.run("dropdb", "old")


def value_of(column: Any, table: str) -> Any:
    """Return something that a column takes, the same for each run."""
    if isinstance(column.type, DateTime):
        return now()
    if isinstance(column.type, Date):
        return now().date()
    kind = column.type.python_type
    if column.name == "id" or column.name.endswith("_id"):
        return f"{column.name.removesuffix('_id') if column.name != 'id' else table}-1"
    if kind is str:
        return f"{column.name} é"[: column.type.length]
    return {int: 1, float: 1.5, bool: False}.get(kind, {})


WORDS: Mapping[str, Mapping[str, Any]] = {
    "user": {"role": "member"},
    "api_key": {"role": "member"},
    "membership": {"role": "member", "api_key_id": None},
    "flow": {"direction": "output", "kind": "material", "unit": "t", "period": "year"},
    "synergy": {"kind": "substitution", "form": "direct", "status": "identified"},
    "synergy_member": {"role": "provider"},
    "site": {"location": None},
    "park": {"outline": None},
    "import": {"status": "stored"},
}


def fill(engine: Engine) -> None:
    """Store a row in each table of the schema the database has."""
    tables = MetaData()
    tables.reflect(engine, only=lambda name, _: name in Base.metadata.tables)
    with engine.begin() as connection:
        for table in tables.sorted_tables:
            row = {}
            for column in table.columns:
                known = WORDS.get(table.name, {})
                if column.name in known:
                    row[column.name] = known[column.name]
                elif not column.nullable or column.foreign_keys:
                    row[column.name] = value_of(column, table.name)
            connection.execute(table.insert(), row)


def rows(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table of ours."""
    tables = MetaData()
    tables.reflect(engine, only=lambda name, _: name in Base.metadata.tables)
    with engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in tables.sorted_tables
        }


def check_kept(before: Mapping[str, list[dict[str, Any]]], after: Mapping[str, list[dict[str, Any]]]) -> None:
    """Fail unless every row is still there, with what it held in the columns both schemas have."""
    for name, held in before.items():
        if name not in after or not held:
            continue
        assert len(after[name]) == len(held), name
        common = set(held[0]) & set(after[name][0]) - {"role"}
        for old, new in zip(held, after[name], strict=True):
            assert {key: new[key] for key in common} == {key: old[key] for key in common}, name


def differences(engine: Engine) -> list[Any]:
    """Return how the schema differs from that of the tables, as Alembic sees it."""

    def include(_object: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
        if kind == "table" and reflected and other is None:
            return name in Base.metadata.tables
        return not (kind == "index" and (name or "").startswith(("ix_site_location", PREFIX)))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": include})
        return list(compare_metadata(context, Base.metadata))


def check_sound(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        backup.check_sqlite(Path(engine.url.database or ""))


def revisions() -> list[str]:
    """Return the revisions from the oldest to the present one."""
    script = ScriptDirectory.from_config(migration_config())
    return [one.revision for one in script.walk_revisions()][::-1]


def test_rows_of_an_old_schema_go_up_down_and_up_again(empty: Engine) -> None:
    migrate(empty, OLDEST)
    fill(empty)
    old = rows(empty)
    migrate(empty)
    up = rows(empty)
    check_kept(old, up)
    check_sound(empty)
    downgrade(empty, OLDEST)
    check_kept(old, rows(empty))
    assert set(rows(empty)) == set(old)
    check_sound(empty)
    migrate(empty)
    check_kept(old, rows(empty))
    check_sound(empty)
    assert differences(empty) == []


def test_each_step_down_and_up_keeps_the_rows_of_every_table(empty: Engine) -> None:
    migrate(empty, OLDEST)
    fill(empty)
    steps = revisions()
    for revision in steps[steps.index(OLDEST) + 1 :]:
        before = rows(empty)
        migrate(empty, revision)
        check_kept(before, rows(empty))
        downgrade(empty, "-1")
        check_kept(before, rows(empty))
        migrate(empty, revision)
        check_kept(before, rows(empty))
    check_sound(empty)
    assert is_current(empty)


def test_a_migration_cut_in_the_middle_changes_nothing_and_is_done_the_next_time(empty: Engine) -> None:
    migrate(empty, OLDEST)
    fill(empty)
    before, tables = rows(empty), set(inspect(empty).get_table_names())
    url = empty.url.render_as_string(hide_password=False)
    empty.dispose()
    places = [8, 30] if share(1, 0) else list(range(2, 400, 7))
    cuts = 0
    for place in places:
        done = subprocess.run(
            [sys.executable, "-m", "tests.trust.migration_kill", url, str(place)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.stderr
        cuts += 1
        check_sound(empty)
        assert set(inspect(empty).get_table_names()) == tables
        assert rows(empty) == before
        with empty.connect() as connection:
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == OLDEST
        empty.dispose()
    assert cuts
    migrate(empty)
    check_kept(before, rows(empty))
    assert is_current(empty)
    told(f"{empty.dialect.name}: cut at {cuts} places, nothing changed, then done")
