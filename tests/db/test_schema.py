"""The schema: migrated up and down on both databases, in step with the tables, safe in use."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from alembic import command
from sqlalchemy import inspect, select, text

from app.db import backup, row_security
from app.db.engine import Database, open_database
from app.db.migrate import downgrade, is_current, migrate, migration_config
from app.db.principal import SYSTEM
from app.db.spatial import within_box
from app.db.tables import Flow, Park, Site, Territory
from app.settings import Database as DatabaseSettings


@pytest.fixture
def empty(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Return a database without any table."""
    if database_kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'new' / 'empty.sqlite'}"
    else:
        server: Any = request.getfixturevalue("postgis_server")
        server.run("createdb", "empty")
        url = server.url("empty")
    database = open_database(DatabaseSettings(url=url))
    yield database
    database.close()
    if database_kind == "postgis":
        server.run("dropdb", "--force", "empty")


def test_migrations_go_up_down_and_up_again_and_agree_with_the_tables(empty: Database) -> None:
    assert not is_current(empty.engine)
    migrate(empty.engine)
    assert is_current(empty.engine)
    with empty.engine.begin() as connection:
        command.check(migration_config(connection))
    downgrade(empty.engine, "base")
    assert set(inspect(empty.engine).get_table_names()) <= {"alembic_version", "spatial_ref_sys"}
    migrate(empty.engine)
    assert is_current(empty.engine)


def _territory(database: Database) -> str:
    with database.writing(SYSTEM) as session:
        territory = Territory(name="T")
        session.add(territory)
        session.flush()
        return territory.id


def test_boxes_find_the_sites_inside_as_they_come_move_and_go(database: Database) -> None:
    territory = _territory(database)

    def inside() -> list[str]:
        with database.reading(SYSTEM) as session:
            box = within_box(session, (5.0, 43.0, 5.2, 43.2))
            return list(session.scalars(select(Site.name).where(box).order_by(Site.name)))

    with database.writing(SYSTEM) as session:
        for name, lon in (("in", 5.1), ("edge", 5.2), ("out", 5.3), ("unplaced", None)):
            lat = None if lon is None else 43.1
            session.add(Site(territory_id=territory, name=name, lon=lon, lat=lat))
    assert inside() == ["edge", "in"]
    with database.writing(SYSTEM) as session:
        for site in session.scalars(select(Site)):
            site.lon, site.lat = (5.3, 43.1) if site.name == "in" else (5.1, 43.1)
    assert inside() == ["edge", "out", "unplaced"]
    with database.reading(SYSTEM) as session:
        moved = session.scalars(select(Site).where(Site.name == "unplaced")).one()
        assert moved.location == shapely.Point(5.1, 43.1)
    with database.writing(SYSTEM) as session:
        session.delete(session.get_one(Territory, territory))
    assert inside() == []


def test_a_polygon_is_kept_as_it_was(database: Database) -> None:
    outline = shapely.box(5, 43, 5.1, 43.1)
    territory = _territory(database)
    with database.writing(SYSTEM) as session:
        session.add(Park(territory_id=territory, name="P", outline=outline))
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Park)).one().outline == outline


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_sqlite_is_set_to_be_safe(database: Database) -> None:
    with database.engine.connect() as connection:
        values = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in
                  ("journal_mode", "foreign_keys", "synchronous")]  # fmt: skip
    assert values == ["wal", 1, 2]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_no_trace_of_removed_sites_stays_in_the_index(database: Database) -> None:
    territory = _territory(database)
    with database.writing(SYSTEM) as session:
        session.add(Site(territory_id=territory, name="S", lon=5, lat=43))
    with database.writing(SYSTEM) as session:
        session.delete(session.get_one(Territory, territory))
    with database.engine.connect() as connection:
        for table in ("site_index", "site_box"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0  # noqa: S608


def test_writers_take_turns_and_lose_nothing(database: Database) -> None:
    territory = _territory(database)
    with database.writing(SYSTEM) as session:
        site = Site(territory_id=territory, name="S", employees=0)
        session.add(site)
        session.flush()
        site_id = site.id
    failures: list[Exception] = []

    def hire() -> None:
        for _ in range(5):
            try:
                with database.writing(SYSTEM) as session:
                    statement = select(Site).where(Site.id == site_id).with_for_update()
                    row = session.scalars(statement).one()
                    row.employees = (row.employees or 0) + 1
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=hire) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading(SYSTEM) as session:
        assert session.get_one(Site, site_id).employees == 20


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    def half() -> None:
        with database.writing(SYSTEM) as session:
            session.add(Territory(name="half"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Territory)).all() == []


def test_a_copy_puts_everything_back(
    database: Database, settings: Any, tmp_path: Path, request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch, database_kind: str,
) -> None:  # fmt: skip
    if database_kind == "postgis":
        server = request.getfixturevalue("postgis_server")
        monkeypatch.setenv("PATH", f"{server.binaries}:/usr/bin:/bin")
    territory = _territory(database)
    copy = tmp_path / "copy"
    backup.backup(settings.database.url, copy)
    with database.writing(SYSTEM) as session:
        site = Site(territory_id=territory, name="S")
        session.add(site)
        session.flush()
        session.add(
            Flow(territory_id=territory, site_id=site.id, direction="input", kind="water", label="Eau")
        )
    database.close()
    aside = backup.restore(settings.database.url, copy)
    counts = backup.counts(database.engine)
    assert (counts["territory"], counts["site"], counts["flow"]) == (1, 0, 0)
    with database.engine.connect() as connection:
        assert row_security.is_on(connection) == (database_kind == "postgis")
    if aside is not None:
        assert backup.counts_of_file(aside)["flow"] == 1
        assert dict(backup.counts_of_file(copy)) == dict(counts)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_broken_copy_is_refused_and_the_database_stays(
    database: Database, settings: Any, tmp_path: Path
) -> None:
    _territory(database)
    broken = tmp_path / "broken"
    broken.write_bytes(b"not a database at all" * 100)
    for file in (broken, tmp_path / "missing"):
        with pytest.raises(backup.BackupError):
            backup.restore(settings.database.url, file)
    assert backup.counts(database.engine)["territory"] == 1
