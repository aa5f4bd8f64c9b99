"""Tries are counted per address and per account, whichever process answers and whatever headers claim."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.db.base import now
from app.db.engine import Database, open_database
from app.db.principal import SYSTEM
from app.errors import NotSignedInError, TooManyTriesError
from app.services import rate_limits, sessions
from app.services.accounts import create_user
from app.services.rate_limits import Limit, network
from app.services.sessions import Caller
from app.settings import Settings

EMAIL, PASSWORD = "anne@exemple.fr", "un long mot de passe"
ELSEWHERE = "2001:db8:9::1"
SMALL = Limit("small", 3, 60)


@pytest.fixture
def anne(database: Database, settings: Settings) -> str:
    with database.writing(SYSTEM) as session:
        return create_user(session, settings.web, EMAIL, PASSWORD).id


def knock(database: Database, settings: Settings, password: str, caller: Caller, email: str = EMAIL) -> Any:
    return sessions.with_password(database, settings.web, email, password, caller)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_address_counts_as_its_network(address: str, counted: str) -> None:
    assert network(address) == counted


def test_the_eleventh_wrong_password_for_an_account_waits_wherever_it_comes_from(
    database: Database, settings: Settings, anne: str
) -> None:
    for number in range(10):
        with pytest.raises(NotSignedInError):
            knock(database, settings, "faux, tout faux", Caller(f"203.0.113.{number}"))
    with pytest.raises(TooManyTriesError) as refused:
        knock(database, settings, PASSWORD, Caller(ELSEWHERE))
    assert 0 < refused.value.retry_after_s <= 15 * 60


def test_the_eleventh_wrong_password_from_a_network_waits_whatever_the_account(
    database: Database, settings: Settings, anne: str
) -> None:
    for number in range(10):
        with pytest.raises(NotSignedInError):
            knock(database, settings, "faux", Caller(f"2001:db8:1:2::{number}"), f"{number}@exemple.fr")
    with pytest.raises(TooManyTriesError):
        knock(database, settings, PASSWORD, Caller("2001:db8:1:2:ffff::1"))
    # The neighbouring network, the same account: nothing counts against them.
    assert knock(database, settings, PASSWORD, Caller("2001:db8:1:3::1")).token


def test_strangers_cannot_lock_somebody_out_of_a_browser_that_is_known(
    database: Database, settings: Settings, anne: str
) -> None:
    known = knock(database, settings, PASSWORD, Caller("203.0.113.1")).known
    assert known
    for number in range(10):
        with pytest.raises(NotSignedInError):
            knock(database, settings, "faux", Caller(f"198.51.100.{number}"))
    with pytest.raises(TooManyTriesError):
        knock(database, settings, PASSWORD, Caller("203.0.113.1"))
    assert knock(database, settings, PASSWORD, Caller("203.0.113.1", known=known)).token
    # The proof is the person's own: it opens no second set of tries for another account or for guesses.
    for _ in range(10):
        with pytest.raises(NotSignedInError):
            knock(database, settings, "faux", Caller("203.0.113.1", known=known))
    with pytest.raises(TooManyTriesError):
        knock(database, settings, PASSWORD, Caller("203.0.113.1", known=known))


def test_right_passwords_are_not_counted(database: Database, settings: Settings, anne: str) -> None:
    for _ in range(12):
        assert knock(database, settings, PASSWORD, Caller("203.0.113.1")).token


def test_a_window_slides_and_a_refused_try_does_not_lengthen_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, after = now(), 0.0
    monkeypatch.setattr(rate_limits, "now", lambda: start + timedelta(seconds=after))
    # Rows take the moment of the real clock, which stands still beside the one that is set here.
    rate_limits.take(database, {SMALL: "x"})
    for _ in range(2):
        rate_limits.take(database, {SMALL: "x"})
    for after in (1.0, 30.0, 58.0):
        with pytest.raises(TooManyTriesError) as refused:
            rate_limits.take(database, {SMALL: "x"})
        assert refused.value.retry_after_s == pytest.approx(60 - after, abs=2)
    after = 63.0
    rate_limits.take(database, {SMALL: "x"})
    rate_limits.take(database, {SMALL: "y"})


def test_tries_made_at_once_do_not_slip_through(database: Database, settings: Settings) -> None:
    """Twelve threads over two pools of connections, as two processes have."""
    other = open_database(settings.database)
    told: list[str] = []

    def run(which: Database) -> None:
        try:
            rate_limits.take(which, {SMALL: "x"})
            told.append("taken")
        except TooManyTriesError:
            told.append("refused")

    threads = [threading.Thread(target=run, args=(which,)) for which in (database, other) * 6]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert (told.count("taken"), told.count("refused")) == (3, 9)


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[str]:
    """Serve with two worker processes, as the command does."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "ENTREFLUX_DATABASE_URL": database_url,
        "ENTREFLUX_WEB_PASSWORD_MEMORY_KIB": "32",
        "ENTREFLUX_WEB_PASSWORD_PASSES": "1",
    }
    arguments = ["serve", "--port", str(port), "--workers", "2"]
    command = [sys.executable, "-c", "from app.cli import main; main()", *arguments]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            end = time.monotonic() + 120
            while not _answers(f"{address}/health/live"):
                assert time.monotonic() < end, (tmp_path / "log").read_text()
                time.sleep(0.2)
            yield address
        finally:
            process.terminate()
            process.wait(30)


def _answers(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=5).status_code == 200
    except httpx2.HTTPError:
        return False


def _try(address: str, forged: str) -> tuple[int, str]:
    """Send one wrong password over a connection of its own, with the address it pretends to come from."""
    headers = {"X-Forwarded-For": forged, "Forwarded": f"for={forged}", "X-Real-IP": forged}
    with httpx2.Client(base_url=address, timeout=30, headers=headers) as client:
        found = re.search(r'name="csrf" value="([^"]+)"', client.get("/connexion").text)
        assert found is not None
        fields = {"csrf": found[1], "email": f"{forged}@exemple.fr", "password": "faux"}
        answer = client.post("/connexion", data=fields)
        return answer.status_code, answer.headers.get("Retry-After", "")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_two_processes_count_together_and_no_header_makes_another_address(served: str) -> None:
    answers = [_try(served, f"203.0.113.{number}") for number in range(11)]
    assert [status for status, _ in answers] == [401] * 10 + [429]
    assert 0 < int(answers[-1][1]) <= 15 * 60
