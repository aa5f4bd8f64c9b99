"""Who may enter is kept between requests, and whoever may not any more is refused at the next one."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.db.access_clock import AccessClock, clock_of
from app.db.base import now
from app.db.engine import open_database
from app.db.principal import SYSTEM
from app.db.tables import ApiKey, Company, Membership
from app.errors import NotSignedInError
from app.repositories import recognition
from app.services import accounts
from app.services.passwords import hashed
from tests.trust.town import Town, build_with_synergies

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    from app.db.engine import Database
    from app.db.visibility import VisibleSession
    from app.settings import Settings

BOTH = ["sqlite", pytest.param("postgis", marks=pytest.mark.postgis)]
ELSEWHERE = """
import sys
from app.db.engine import open_database
from app.db.principal import SYSTEM
from app.db.tables import ApiKey
from app.services.passwords import hashed
from app.settings import Database
from sqlalchemy import select
from app.db.base import now
database = open_database(Database(url=sys.argv[1]))
with database.writing(SYSTEM) as session:
    key = session.scalars(select(ApiKey).where(ApiKey.key_hash == hashed(sys.argv[2]))).one()
    key.revoked_at = now()
database.close()
"""


@pytest.fixture
def town(database: Database, settings: Settings) -> Town:
    return build_with_synergies(database, settings.web)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the secrets that the database is asked about, as they come."""
    asked: list[str] = []
    holder = recognition.key_holder

    def count(database: Database, secret: str, at: Any) -> Any:
        asked.append(secret)
        return holder(database, secret, at)

    monkeypatch.setattr(recognition, "key_holder", count)
    return asked


def may_enter(database: Database, key: str) -> bool:
    try:
        accounts.principal_of_key(database, key)
    except NotSignedInError:
        return False
    return True


@pytest.mark.parametrize("database_kind", BOTH)
def test_the_database_is_asked_once_for_requests_that_follow_each_other(
    client: TestClient, town: Town, readings: list[str]
) -> None:
    headers = {"Authorization": f"Bearer {town.keys['coordinator']}"}
    for _ in range(5):
        assert client.get("/api/v1/sites?limit=1", headers=headers).status_code == 200
    assert len(readings) <= 2, "once, and once more should a second pass meanwhile"


def revoke(session: VisibleSession, key: ApiKey) -> None:
    key.revoked_at = now()


def expire(session: VisibleSession, key: ApiKey) -> None:
    key.expires_at = now() - timedelta(days=1)


def remove(session: VisibleSession, key: ApiKey) -> None:
    session.query(Membership).filter(Membership.api_key_id == key.id).delete()
    session.delete(key)


@pytest.mark.parametrize("database_kind", BOTH)
@pytest.mark.parametrize("end", [revoke, expire, remove])
def test_a_key_that_ends_opens_nothing_at_the_next_request(
    database: Database, town: Town, end: Callable[[VisibleSession, ApiKey], None]
) -> None:
    key = town.keys["facilitator"]
    assert may_enter(database, key)
    with database.writing(SYSTEM) as session:
        end(session, session.query(ApiKey).filter_by(key_hash=hashed(key)).one())
    assert not may_enter(database, key)


@pytest.mark.parametrize("database_kind", BOTH)
def test_a_key_revoked_by_another_process_opens_nothing_at_the_next_request(
    database: Database, town: Town
) -> None:
    key, other = town.keys["facilitator"], town.keys["coordinator"]
    url = database.engine.url.render_as_string(hide_password=False)
    assert may_enter(database, key)
    mark = clock_of(database.engine)
    assert mark is not None
    before = mark.mark()
    subprocess.run([sys.executable, "-c", ELSEWHERE, url, key], check=True, timeout=120)
    assert mark.mark() != before, "seen, whatever time has passed"
    assert not may_enter(database, key)
    assert may_enter(database, other)


@pytest.mark.parametrize("database_kind", BOTH)
def test_a_seat_taken_away_or_a_company_that_withholds_counts_at_once(database: Database, town: Town) -> None:
    key = town.keys["facilitator"]
    before = accounts.principal_of_key(database, key)
    with database.writing(SYSTEM) as session:
        company = session.query(Company).filter_by(withheld=False).first()
        assert company is not None
        company.withheld = True
        withheld = company.id
    assert withheld in accounts.principal_of_key(database, key).withheld - before.withheld
    with database.writing(SYSTEM) as session:
        session.query(Membership).delete()
    assert not accounts.principal_of_key(database, key).territory_ids


def change_and_fail(database: Database) -> None:
    with database.writing(SYSTEM) as session:
        session.query(ApiKey).first().revoked_at = now()  # type: ignore[union-attr]
        session.flush()
        raise ZeroDivisionError


def test_a_change_that_is_undone_is_not_told(database: Database, town: Town) -> None:
    clock = clock_of(database.engine)
    assert clock is not None
    before = clock.mark()
    with pytest.raises(ZeroDivisionError):
        change_and_fail(database)
    assert clock.mark() == before


def test_what_is_kept_ends_with_its_second(
    database: Database, town: Town, readings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = now()
    for after_s, asked in ((0.0, 1), (0.9, 1), (1.1, 2), (0.5, 3)):
        moment = start + timedelta(seconds=after_s)
        monkeypatch.setattr(accounts, "now", lambda moment=moment: moment)
        accounts.principal_of_key(database, town.keys["coordinator"])
        assert len(readings) == asked, f"after {after_s} s"


def test_where_no_file_can_be_shared_nothing_is_kept(
    database: Database, town: Town, readings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.recent_access.clock_of", lambda engine: None)
    for _ in range(3):
        accounts.principal_of_key(database, town.keys["coordinator"])
    assert len(readings) == 3


def test_another_database_has_holders_of_its_own(database: Database, town: Town) -> None:
    again = open_database(database.settings)
    try:
        assert may_enter(again, town.keys["coordinator"])
        assert not may_enter(again, "efx_unknown")
    finally:
        again.close()


def test_a_clock_that_is_let_go_closes_its_file(tmp_path: Path) -> None:
    opened = len(os.listdir("/proc/self/fd"))
    for number in range(5):
        AccessClock(tmp_path / str(number)).change()
    assert len(os.listdir("/proc/self/fd")) == opened
