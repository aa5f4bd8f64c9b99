"""What was acknowledged is still there after the server was killed, or its disk was full."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole
from app.db.tables import Site, Territory
from app.repositories.records import add
from app.services.accounts import create_key
from app.settings import Settings
from tests.trust.serving import Served
from tests.trust.shares import share, told
from tests.trust.writers import Writer, started, stop

WRITERS = 4


@pytest.fixture
def token(database: Database) -> str:
    """Return the key of a coordinator."""
    with database.writing(SYSTEM) as session:
        territory = add(session, Territory(name="Port"))
        key = create_key(session, "writer", AccountRole.MEMBER, territory)
    database.close()
    return key


@pytest.fixture
def served(settings: Settings, tmp_path: Path, token: str) -> Iterator[Served]:
    server = Served(settings.database.url, tmp_path / "log")
    yield server
    server.kill()


def stored(database: Database) -> Counter[str]:
    with database.reading(SYSTEM) as session:
        return Counter(session.scalars(select(Site.name)))


def check_sound(url: str) -> None:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def check_nothing_lost(database: Database, writers: list[Writer]) -> int:
    """Return how many writes were acknowledged; each is there once, and nothing is there twice."""
    found = stored(database)
    acknowledged = [name for writer in writers for name in writer.acknowledged]
    assert [name for name in acknowledged if found[name] != 1] == []
    assert [name for name, count in found.items() if count > 1] == []
    return len(acknowledged)


def wait_for_one_more(writers: list[tuple[Writer, threading.Thread]]) -> None:
    def count() -> int:
        return sum(len(writer.acknowledged) for writer, _ in writers)

    before, deadline = count(), time.monotonic() + 60
    while count() == before:
        assert time.monotonic() < deadline, "nothing is written"
        time.sleep(0.01)


def test_a_killed_server_loses_no_write_it_acknowledged_and_does_none_twice(
    served: Served, token: str, database: Database, settings: Settings, database_kind: str
) -> None:
    kills = share(2, 100) if database_kind == "sqlite" else share(1, 100)
    dice = random.Random(1)
    served.start()
    writers = started(served, token, WRITERS)
    try:
        for _ in range(kills):
            # Mostly among writes, at times while the server comes up.
            if dice.random() < 0.8:
                wait_for_one_more(writers)
            time.sleep(dice.uniform(0, 0.5))
            served.kill()
            served.start()
        wait_for_one_more(writers)
    finally:
        stop(writers)
    served.kill()
    check_sound(settings.database.url)
    count = check_nothing_lost(database, [writer for writer, _ in writers])
    again = sum(writer.asked_again for writer, _ in writers)
    refused = sum((Counter(writer.refused) for writer, _ in writers), Counter[int]())
    told(f"{database_kind}: {kills} kills, {count} writes acknowledged, 0 lost, {again} asked again")
    assert count > kills
    assert not refused


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_full_disk_loses_no_write_it_acknowledged(
    settings: Settings, token: str, database: Database, tmp_path: Path
) -> None:
    file = Path(settings.database.url.removeprefix("sqlite:///"))
    # The journal grows until the limit is met; blocks of bash are of 1024 bytes.
    blocks = file.stat().st_size // 1024 + share(200, 2000)
    served = Served(settings.database.url, tmp_path / "log", file_blocks=blocks)
    served.start()
    writers = started(served, token, WRITERS)
    try:
        deadline = time.monotonic() + share(60, 300)
        while time.monotonic() < deadline and not any(writer.refused for writer, _ in writers):
            time.sleep(0.1)
        time.sleep(1)
        refused = sum((Counter(writer.refused) for writer, _ in writers), Counter[int]())
        status, problem = served.ask(
            "POST", "/api/v1/sites", {"name": "x"}, {"Authorization": f"Bearer {token}"}
        )
    finally:
        stop(writers)
        served.kill()
    assert refused, "the disk was never full"
    assert set(refused) <= {500, 503, 507}
    assert status in (201, 500, 503, 507)
    if status != 201:
        assert problem["status"] == status
        assert "disk" not in str(problem).lower()
    check_sound(settings.database.url)
    count = check_nothing_lost(database, [writer for writer, _ in writers])
    told(f"disk full: {count} writes acknowledged, 0 lost, {dict(refused)} refused")
    # With room again, the same file serves on.
    served.file_blocks = 0
    served.start()
    answer, _ = served.ask("POST", "/api/v1/sites", {"name": "y"}, {"Authorization": f"Bearer {token}"})
    served.kill()
    assert answer == 201
