"""Large files: taken with 202, imported afterwards, all or nothing, undone exactly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.base import now
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Import
from app.settings import Database as DatabaseSettings
from app.settings import Settings, Web
from tests.api.conftest import ROWS, table, upload
from tests.conftest import Asker
from tests.patience import tries

PATIENCE_S = 120.0


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Return settings for which every file is large."""
    web = Web(password_memory_kib=32, password_passes=1, large_upload_bytes=1)
    return Settings(database=DatabaseSettings(url=database_url), web=web)


def _done(asker: Asker, answer: Any) -> Any:
    """Return the import once it no longer runs."""
    for _ in tries(PATIENCE_S):
        shown = asker.get(answer.headers["location"].removeprefix("/api/v1")).json()
        if shown["status"] != "running":
            break
    return shown


def test_a_large_file_is_taken_imported_afterwards_and_undone(member: Asker) -> None:
    answer = upload(member, table())
    assert answer.status_code == 202, answer.text
    assert answer.json()["status"] == "running"
    assert answer.json()["progress"]["step"] == "waiting"
    done = _done(member, answer)
    assert (done["status"], done["progress"], done["failure"]) == ("stored", None, None)
    assert done["report"]["done"]["flows_created"] == len(ROWS)
    assert len(member.get("/flows").json()["items"]) == len(ROWS)
    assert member.get("/synergies").json()["items"] != []
    assert member.delete(f"/imports/{done['id']}").json()["status"] == "undone"
    for name in ("flows", "sites", "companies", "parks", "synergies"):
        assert member.get(f"/{name}").json()["items"] == [], name


def test_a_large_file_with_an_error_stores_nothing_and_its_report_names_the_row(member: Asker) -> None:
    done = _done(member, upload(member, table(ROWS[0], ROWS[1].replace("input", "sideways"))))
    assert done["status"] == "refused"
    errors = [one for one in done["report"]["findings"] if one["severity"] == "error"]
    assert [(one["row"], one["field"]) for one in errors] == [(3, "direction")]
    assert member.get("/sites").json()["items"] == []
    assert member.delete(f"/imports/{done['id']}").status_code == 409


def test_a_mapping_of_a_table_that_a_large_file_has_not_is_told_and_nothing_is_stored(member: Asker) -> None:
    done = _done(member, upload(member, table(), mapping='{"elsewhere": {"columns": {"A": "company"}}}'))
    assert done["status"] == "refused"
    assert [(one["field"], "elsewhere" in one["message"]) for one in done["report"]["findings"]] == [
        ("mapping.elsewhere", True)
    ]
    assert member.get("/flows").json()["items"] == []


def test_a_failure_on_the_way_leaves_nothing_but_its_record(
    member: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any) -> None:
        raise RuntimeError("the matching fails")

    monkeypatch.setattr("app.services.imports.refresh_matches", fail)
    done = _done(member, upload(member, table()))
    assert done["status"] == "failed"
    assert "Nothing was stored" in done["failure"]
    assert member.get("/sites").json()["items"] == []
    assert member.get("/flows").json()["items"] == []


def test_the_same_request_again_is_the_same_import(member: Asker) -> None:
    key = {"Idempotency-Key": "once"}
    files = {"file": ("flux.csv", table())}
    first = member.post("/imports", files=files, headers=key)
    again = member.post("/imports", files=files, headers=key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json() == first.json()
    _done(member, first)
    assert len(member.get("/imports").json()["items"]) == 1


def test_an_import_whose_server_stopped_is_told_to_have_failed(member: Asker, database: Database) -> None:
    done = _done(member, upload(member, table()))
    with database.writing(SYSTEM) as session:
        row = session.scalars(select(Import)).one()
        lost = {**row.report, "progress": {"step": "storing"}, "runner": 1}
        row.status, row.report = "running", lost
    assert member.delete(f"/imports/{done['id']}").status_code == 409
    assert member.get(f"/imports/{done['id']}").json()["progress"]["step"] == "storing"
    with database.writing(SYSTEM) as session:
        row = session.scalars(select(Import)).one()
        row.updated_at = now() - timedelta(days=1)
    shown = member.get(f"/imports/{done['id']}").json()
    assert (shown["status"], shown["progress"]) == ("failed", None)
    assert "server stopped" in shown["failure"]


def test_a_rehearsal_of_a_large_file_reports_and_stores_nothing(member: Asker) -> None:
    answer = upload(member, table(), dry_run="true")
    assert answer.status_code == 200
    assert answer.json()["report"]["done"]["flows_created"] == len(ROWS)
    assert member.get("/imports").json()["items"] == []


def test_a_stranger_sees_no_large_import(member: Asker, stranger: Asker) -> None:
    answer = upload(member, table())
    assert stranger.get(f"/imports/{answer.json()['id']}").status_code == 404
    _done(member, answer)
    assert stranger.get("/flows").json()["items"] == []
