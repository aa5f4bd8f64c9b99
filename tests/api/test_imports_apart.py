"""A long import in a process of its own stores what one in the server stores, or nothing."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from dataclasses import replace
from typing import Any

import pytest

from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Flow, Synergy, SynergyMember, Territory
from app.repositories import flows
from app.repositories.records import add, rows_of
from app.services import import_apart, import_queue, match_storage, matches
from app.services import renewals as renewing
from app.services.matching import match_flows
from app.services.renewals import Renewals
from app.settings import Database as DatabaseSettings
from app.settings import Settings, Web
from matching.results import MatchResult
from tests.api.conftest import HEADER, ROWS, table, upload
from tests.conftest import Asker
from tests.patience import tries

WORDS = (
    "output,material,Drêches de brasserie,020704",
    "input,material,Aliment pour bétail,",
    "output,packaging,Palettes usagées,",
    "input,packaging,Palettes,",
    "output,material,Cartons d'emballage,150101",
    "input,skill,Comptable,",
)


# Another process loads the engine anew: seconds on a machine at rest, a minute on a busy one.
PATIENCE_S = 300.0


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Return settings for which every file is large."""
    web = Web(password_memory_kib=32, password_passes=1, large_upload_bytes=1)
    return Settings(database=DatabaseSettings(url=database_url), web=web)


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every file imported by another process."""
    monkeypatch.setattr(import_apart, "is_worth", lambda _content: True)


def _done(asker: Asker, answer: Any) -> Any:
    """Return the import once it no longer runs."""
    assert answer.status_code == 202, answer.text
    for _ in tries(PATIENCE_S):
        shown = asker.get(answer.headers["location"].removeprefix("/api/v1")).json()
        if shown["status"] != "running":
            break
    return shown


def _many(count: int) -> bytes:
    dice = random.Random(3)
    lines = [
        f"Site {n % 40},Firme {n % 40},,13110,Port-de-Bouc,{4.9 + n % 40 / 400},43.4,,"
        f"{dice.choice(WORDS)},{dice.randrange(1, 90)},t,year,"
        for n in range(count)
    ]
    return "\n".join([HEADER, *lines]).encode()


def _stored(database: Database, territory_id: str) -> dict[str, tuple[Any, ...]]:
    """Return the synergies of a territory with their members, by what makes them the same."""
    with database.reading(SYSTEM) as session:
        members: dict[str, list[tuple[Any, ...]]] = {}
        for row in rows_of(session, SynergyMember, territory_id=territory_id):
            members.setdefault(row.synergy_id, []).append((row.position, row.flow_id, row.site_id, row.role))
        return {
            row.signature: (
                row.kind, row.form, row.resource, row.rule, row.score, row.confidence, row.distance_km,
                row.quantity_per_year, row.unit, row.saving_eur_per_year, row.saving_tco2e_per_year,
                row.status, row.stale, row.version, row.document, row.content, row.parameters,
                sorted(members[row.id]),
            )
            for row in rows_of(session, Synergy, territory_id=territory_id)
        }  # fmt: skip


@pytest.mark.usefixtures("apart")
def test_after_an_import_in_another_process_the_server_finds_the_same_and_computes_no_whole_again(
    member: Asker, territory: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt = Renewals()
    monkeypatch.setattr(import_queue, "renewals", lambda: learnt)
    done = _done(member, upload(member, table()))
    assert (done["status"], done["report"]["done"]["flows_created"]) == ("stored", len(ROWS))
    found = _stored(database, territory)
    assert found
    ends = time.monotonic() + PATIENCE_S
    while territory not in learnt._kept and time.monotonic() < ends:
        time.sleep(0.02)
    for here in (learnt, Renewals()):
        monkeypatch.setattr(matches, "renewals", lambda here=here: here)
        with monkeypatch.context() as patched, database.writing(SYSTEM) as session:
            if here is learnt:
                patched.setattr(renewing, "_computed", lambda *_args: pytest.fail("the whole"))
            matches.refresh_matches(session, territory)
        assert _stored(database, territory) == found


@pytest.mark.usefixtures("apart")
def test_a_process_that_is_killed_leaves_nothing_but_a_record_of_its_failure(
    member: Asker, territory: str, database: Database
) -> None:
    answer = upload(member, _many(3_000))
    # A planner of tests before this one may be there too.
    for _ in tries(PATIENCE_S, 0.05):
        if numbers := [one.pid for one in multiprocessing.active_children() if one.name == "import"]:
            break
    for number in numbers:
        assert number is not None
        os.kill(number, 9)
    done = _done(member, answer)
    assert done["status"] == "failed"
    assert "Nothing was stored" in done["failure"]
    with database.reading(SYSTEM) as session:
        assert rows_of(session, Flow, territory_id=territory) == []


def test_synergies_written_out_by_several_processes_are_those_that_one_writes_out(
    member: Asker, territory: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_storage, "BLOCK", 100)
    monkeypatch.setattr(match_storage, "CHUNK", 350)
    _done(member, upload(member, _many(300)))
    alone = _stored(database, territory)
    assert len(alone) > 5 * match_storage.BLOCK
    with database.writing(SYSTEM) as session:
        result = match_flows(flows.of_territory(session, territory))
        match_storage.store_matches(session, territory, replace(result, synergies=()))
        assert rows_of(session, Synergy, territory_id=territory) == []
        # What is proposed twice is one synergy, within a block and beyond it.
        first = result.synergies[:150]
        twice = replace(result, synergies=[*first, *first, *result.synergies[150:]])
        match_storage.store_matches(session, territory, twice, processes=2)
    assert _stored(database, territory) == alone
    _changed_are_stored_by_several(database, territory, twice)


def _changed_are_stored_by_several(database: Database, territory_id: str, result: MatchResult) -> None:
    with database.writing(SYSTEM) as session:
        rows = rows_of(session, Synergy, territory_id=territory_id)
        before = {row.signature: row.id for row in rows}
        for row in rows[:5]:
            row.content, row.score = "", 0.0
        session.delete(rows[5])
    with database.writing(SYSTEM) as session:
        match_storage.store_matches(session, territory_id, result, processes=2)
    with database.reading(SYSTEM) as session:
        after = {row.signature: row for row in rows_of(session, Synergy, territory_id=territory_id)}
    assert after.keys() == before.keys()
    assert {signature for signature, row in after.items() if row.id != before[signature]} == {
        rows[5].signature
    }
    assert all(row.score > 0 for row in after.values())


def test_a_territory_that_changes_while_it_is_learnt_is_not_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing(SYSTEM) as session:
        territory_id = add(session, Territory(name="Ville")).id
    numbers = iter((4, 5))
    monkeypatch.setattr("app.repositories.revisions.revision_of", lambda *_args: next(numbers))
    here = Renewals()
    with database.reading(SYSTEM) as session:
        here.learn(session, territory_id)
    assert here._kept == {}
