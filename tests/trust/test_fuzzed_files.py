"""Broken workbooks and tables: read or refused within bounds, no crash, no half of their rows stored."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Flow, Site
from app.readers import read_table, read_untrusted
from geo.geocoding import offline_geocoder
from tests.conftest import Asker, MakeMember
from tests.house.conftest import ROOT
from tests.trust.mutations import drawn
from tests.trust.shares import share, told

MOST_MEGABYTES = 512.0
MOST_SECONDS = 20.0
FILES = share(60, 2000)


def read_in_processes(first: int, last: int) -> list[dict[str, Any]]:
    """Return how the reading of each file ended, each in a process under the limits of the service."""
    command = [sys.executable, "-m", "tests.trust.fuzz_child", str(first), str(last)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_no_broken_file_crashes_its_reader_or_takes_more_than_its_share() -> None:
    lines = read_in_processes(0, FILES)
    assert len(lines) == FILES
    crashes = [line for line in lines if "crash" in line or line["status"] != 0]
    assert crashes == []
    most = {name: max(line[name] for line in lines) for name in ("megabytes", "seconds", "bytes")}
    refused = sum("refused" in line for line in lines)
    read = sum(bool(line.get("readable")) for line in lines)
    told(f"{FILES} broken files, 0 crashes, {read} readable, {refused} out of memory, at most {most}")
    assert most["megabytes"] < MOST_MEGABYTES
    assert most["seconds"] < MOST_SECONDS
    # Broken, not destroyed: else nothing beyond the first check was tried.
    assert read > FILES / 4


@pytest.mark.parametrize("number", range(share(2, 20)))
def test_the_service_answers_for_a_broken_file_as_its_reader_does(number: int) -> None:
    name, content = drawn(number)
    result = read_untrusted(content, name, offline_geocoder())
    assert result == read_table(content, name, offline_geocoder())


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_broken_file_is_stored_whole_or_not_at_all(
    operator: Asker, member_of: MakeMember, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.imports.read_untrusted", read_table)
    stored = 0
    for number in range(share(20, 400)):
        name, content = drawn(number)
        territory = str(operator.created("/territories", {"name": f"Port {number}"})["id"])
        member = member_of(territory)
        answer = member.post("/imports", files={"file": (name, content)})
        with database.reading(SYSTEM) as session:
            flows = session.scalar(select(func.count()).where(Flow.territory_id == territory)) or 0
            sites = session.scalar(select(func.count()).where(Site.territory_id == territory)) or 0
        if answer.status_code == 201:
            stored += 1
            assert flows == answer.json()["report"]["read"]["flows"], number
        else:
            assert answer.status_code in (413, 422), answer.text
            assert (flows, sites) == (0, 0), number
    told(f"{stored} broken files stored whole, the others not at all")
    assert stored
