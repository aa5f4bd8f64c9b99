"""Copies made while others write are good ones: put back, they hold all that was acknowledged before them."""

from __future__ import annotations

import re
import shutil
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.cli import app as command_line
from app.db import backup, sealing
from app.db.engine import Database, open_database
from app.db.migrate import downgrade, is_current, migrate
from app.db.principal import SYSTEM
from app.db.tables import Flow, Site, Territory
from app.db.upgrade import upgrade
from app.repositories.records import add
from app.settings import Backup, Settings
from app.settings import Database as DatabaseSettings
from tests.conftest import PostgisServer
from tests.house.conftest import ROOT
from tests.trust.shares import share, told

WRITERS = 3
OpenOther = Callable[[], Database]


@pytest.fixture(autouse=True)
def cheap_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "COST", 2**10)


@pytest.fixture(autouse=True)
def own_programs(database_kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if database_kind == "postgis":
        server: PostgisServer = request.getfixturevalue("postgis_server")
        monkeypatch.setenv("PATH", f"{server.binaries}:/usr/bin:/bin")


@pytest.fixture
def other(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenOther]:
    """Return a maker of databases with nothing in them, where a copy can be put back."""
    opened: list[Database] = []
    server: PostgisServer | None = (
        request.getfixturevalue("postgis_server") if database_kind == "postgis" else None
    )

    def make() -> Database:
        name = f"other{len(opened)}"
        url = f"sqlite:///{tmp_path / name}.sqlite"
        if server is not None:
            server.run("createdb", name)
            url = server.url(name)
        database = open_database(DatabaseSettings(url=url))
        backup.ensure_postgis(database.engine)
        opened.append(database)
        return database

    yield make
    for number, database in enumerate(opened):
        database.close()
        if server is not None:
            server.run("dropdb", f"other{number}")


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


@contextmanager
def writing(database: Database, territory_id: str) -> Iterator[list[str]]:
    """Store a site and its flow in one transaction, again and again; yield the names acknowledged so far."""
    acknowledged: list[str] = []
    stopped = threading.Event()

    def work(writer: int) -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            name = f"{writer}-{number}"
            with database.writing(SYSTEM) as session:
                site = add(session, Site(territory_id=territory_id, name=name))
                add(session, flow_at(site))
            acknowledged.append(name)

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield acknowledged
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def flow_at(site: Site) -> Flow:
    return Flow(
        territory_id=site.territory_id, site_id=site.id, direction="input", kind="water", label=site.name
    )


def names(database: Database, column: Any) -> set[str]:
    with database.reading(SYSTEM) as session:
        return set(session.scalars(select(column)))


@pytest.fixture
def territory(database: Database) -> str:
    with database.writing(SYSTEM) as session:
        return add(session, Territory(name="Port")).id


def test_every_copy_made_during_writes_is_good(
    database: Database, territory: str, other: OpenOther, tmp_path: Path, database_kind: str
) -> None:
    count = share(3, 20)
    known: list[set[str]] = []
    deadline = time.monotonic() + share(120, 1200)
    with writing(database, territory) as acknowledged:
        for number in range(count):
            while len(acknowledged) < 5 * (number + 1):
                assert time.monotonic() < deadline, "the writers have stopped"
                time.sleep(0.01)
            known.append(set(acknowledged))
            backup.backup(url_of(database), tmp_path / f"copy{number}")
    target = other()
    for number, before in enumerate(known):
        backup.restore(url_of(target), tmp_path / f"copy{number}")
        counts = backup.verify(target.engine, tmp_path / f"copy{number}")
        assert counts["site"] == counts["flow"]
        assert names(target, Site.name) == names(target, Flow.label) >= before
    told(f"{database_kind}: {count} copies among {len(acknowledged)} writes, {count} good")


def test_a_copy_is_for_its_owner_alone_and_sealed_for_who_knows_the_passphrase(
    database: Database, territory: str, other: OpenOther, tmp_path: Path
) -> None:
    plain, sealed = tmp_path / "plain", tmp_path / "sealed"
    backup.backup(url_of(database), plain)
    backup.backup(url_of(database), sealed, "un secret")
    for file in (plain, sealed):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sealing.is_sealed(sealed)
    assert not sealing.is_sealed(plain)
    assert b"alembic_version" not in sealed.read_bytes()
    with backup.opened(sealed, "un secret") as copy:
        backup.restore(url_of(target := other()), copy)
        assert backup.verify(target.engine, copy)["territory"] == 1
    with pytest.raises(backup.BackupError), backup.opened(sealed, "un autre"):
        pass


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_sealed_copy_that_was_cut_changed_or_reordered_does_not_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "PIECE_BYTES", 64)
    plain, sealed, back = tmp_path / "plain", tmp_path / "sealed", tmp_path / "back"
    head, piece = len(sealing.MAGIC) + sealing.SALT_BYTES + sealing.PREFIX_BYTES, 64 + sealing.TAG_BYTES
    for size in (0, 1, 64, 65, 640):
        plain.write_bytes(bytes(range(256)) * 3)
        plain.write_bytes(plain.read_bytes()[:size])
        sealing.seal(plain, sealed, "p")
        sealing.unseal(sealed, back, "p")
        assert back.read_bytes() == plain.read_bytes()
    good = sealed.read_bytes()
    swapped = good[:head] + good[head + piece : head + 2 * piece] + good[head : head + piece]
    for bad in (
        good[:-1],
        good[:-piece],
        good[: head + piece],
        good[:head],
        good[: head - 1],
        b"",
        swapped + good[head + 2 * piece :],
        good[:-1] + bytes([good[-1] ^ 1]),
        good[: head - 1] + bytes([good[head - 1] ^ 1]) + good[head:],
        good + b"x",
    ):
        sealed.write_bytes(bad)
        with pytest.raises(sealing.SealError):
            sealing.unseal(sealed, back, "p")


def test_what_is_no_copy_of_ours_is_refused_and_the_database_stays(
    database: Database, territory: str, tmp_path: Path, database_kind: str
) -> None:
    good, cut, foreign = tmp_path / "good", tmp_path / "cut", tmp_path / "foreign"
    backup.backup(url_of(database), good)
    cut.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    if database_kind == "sqlite":
        later = tmp_path / "later"
        shutil.copy(good, later)
        _sql(later, "UPDATE alembic_version SET version_num = '9999'")
        _sql(foreign, "CREATE TABLE song (name TEXT)")
        files = [cut, foreign, later, tmp_path / "missing"]
    else:
        foreign.write_bytes(b"not an archive" * 100)
        files = [cut, foreign, tmp_path / "missing"]
    for file in files:
        with pytest.raises(backup.BackupError):
            backup.restore(url_of(database), file)
    assert names(database, Territory.name) == {"Port"}


def _sql(file: Path, statement: str) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


def test_a_copy_that_fails_leaves_the_one_before_it(
    database: Database, territory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy"
    backup.backup(url_of(database), target)
    before = target.read_bytes()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_keep", full)
    with pytest.raises(backup.BackupError):
        backup.backup(url_of(database), target)
    assert target.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".backup-")] == []


def test_a_database_is_copied_before_its_schema_changes_and_the_copy_goes_back(
    other: OpenOther, tmp_path: Path
) -> None:
    database, settings = other(), Backup(folder=str(tmp_path / "copies"), keep=2)
    assert upgrade(database.engine, settings) is None
    with database.writing(SYSTEM) as session:
        add(session, Territory(name="Port"))
    assert upgrade(database.engine, settings) is None
    database.close()
    copies: list[Path] = []
    for _ in range(3):
        downgrade(database.engine, "0006")
        copy = upgrade(database.engine, settings)
        assert copy is not None
        copies.append(copy.rename(copy.with_name(f"{copy.stem}-{len(copies)}.copy")))
    assert is_current(database.engine)
    kept = sorted((tmp_path / "copies").iterdir())
    assert kept == sorted(copies[1:])
    # Put back over the later schema, it is what it was: nothing later stays in its way.
    backup.restore(url_of(database), copies[-1])
    assert backup.verify(database.engine, copies[-1])["territory"] == 1
    assert not is_current(database.engine)
    migrate(database.engine)
    assert names(database, Territory.name) == {"Port"}


def test_without_a_copy_the_schema_does_not_change(
    other: OpenOther, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = other()
    migrate(database.engine, "0006")
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(backup.BackupError):
        upgrade(database.engine, Backup(folder=str(tmp_path / "file")))
    assert not is_current(database.engine)
    assert upgrade(database.engine, Backup(folder=str(tmp_path / "file"), before_migration=False)) is None
    assert is_current(database.engine)


def test_a_drill_from_the_readme_alone_brings_the_rows_back(
    database: Database, territory: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    copy_line, restore_line = re.findall(r"^entreflux (?:backup|restore) .*$", readme, re.MULTILINE)
    monkeypatch.setenv("ENTREFLUX_DATABASE_URL", settings.database.url)
    monkeypatch.chdir(tmp_path)
    _typed(copy_line)
    with database.writing(SYSTEM) as session:
        session.delete(session.get_one(Territory, territory))
    database.close()
    answer = _typed(restore_line)
    assert "territory 1" in answer
    assert names(database, Territory.name) == {"Port"}


def _typed(line: str) -> str:
    """Run a line of the documents as somebody types it."""
    done = CliRunner().invoke(command_line, line.split()[1:])
    assert done.exit_code == 0, done.stderr
    return done.stderr
