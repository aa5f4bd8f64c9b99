"""Rows sent in one COPY are the rows an ordinary statement would have stored, value for value."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import orjson
import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db import copying
from app.db.base import new_id
from app.db.bulk import insert_rows
from app.db.principal import SYSTEM
from app.db.tables import Flow, Import
from tests.db.test_visibility import Two, two

__all__ = ["two"]

AGES = (date(1899, 12, 31), date(1999, 12, 31), date(2000, 1, 1), date(2040, 2, 29), None)
MOMENTS = (
    datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 7, 1, 12, 0, 0, 1, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    datetime(2000, 1, 1, tzinfo=UTC),
)
NUMBERS = (0.1, -273.15, 1e300, 5e-324, float(np.float64(2) / 3), 0.0, None)
TEXTS = ("", "é\t\\N\n\\.\r", "𝄞 quatre octets", "NULL", "x" * 70_000)


def _flows(two: Two) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "territory_id": two.ours,
            "site_id": two.our_site,
            "direction": "input",
            "kind": "water",
            "label": TEXTS[n % len(TEXTS)],
            "sheet": None if n % 2 else "Feuille",
            "temperature_c_low": NUMBERS[n % len(NUMBERS)],
            "hazardous": (None, True, False)[n % 3],
            "row": (None, -1, 2_000_000_000)[n % 3],
            "due_date": AGES[n % len(AGES)],
            "confirmed_at": MOMENTS[n % len(MOMENTS)],
            "created_at": MOMENTS[n % len(MOMENTS)],
            "updated_at": MOMENTS[0],
        }
        for n in range(420)
    ]


def _read(two: Two, cls: Any, ids: list[str]) -> list[tuple[Any, ...]]:
    columns = [column for column in cls.__table__.columns if column.name != "id"]
    found = []
    with two.database.reading(SYSTEM) as session:
        for row_id in ids:
            found.append(tuple(session.execute(select(*columns).where(cls.id == row_id)).one()))
    return found


def test_values_of_every_type_come_back_as_an_ordinary_statement_stores_them(two: Two) -> None:
    packed, plain = _flows(two), _flows(two)
    with two.database.writing(SYSTEM) as session:
        insert_rows(session, Flow, packed)
        Session.connection(session).execute(insert(Flow), plain)
    assert _read(two, Flow, [row["id"] for row in packed]) == _read(two, Flow, [row["id"] for row in plain])


def test_documents_are_kept_whole_be_they_objects_pieces_of_json_or_nothing(two: Two) -> None:
    report = {"a": [1, None, 0.25, "é\u2028"], "n": np.float64(1.5), 3: {}}
    told: tuple[Any, ...] = (report, orjson.Fragment(b'{"ready":[1]}'), [], None)
    rows = [
        {"id": new_id(), "territory_id": two.ours, "file_name": "f", "digest": "d", "report": one}
        for one in told
    ]
    with two.database.writing(SYSTEM) as session:
        insert_rows(session, Import, rows)
        reports = {row.id: row.report for row in session.scalars(select(Import))}
    assert [reports[row["id"]] for row in rows] == [
        {"a": [1, None, 0.25, "é\u2028"], "n": 1.5, "3": {}},
        {"ready": [1]},
        [],
        None,
    ]


def test_rows_of_many_blocks_come_in_their_order_each_once(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "BLOCK_ROWS", 7)
    row = {"territory_id": two.ours, "site_id": two.our_site, "direction": "input", "kind": "water"}
    with two.database.writing(two.member) as session:
        insert_rows(session, Flow, [row | {"label": f"n{n}"} for n in range(50)])
        wanted = select(Flow.label).where(Flow.label.like("n%")).order_by(Flow.created_at, Flow.id)
        assert session.scalars(wanted).all() == [f"n{n}" for n in range(50)]


def test_a_text_that_the_database_cannot_hold_stores_nothing(two: Two) -> None:
    if two.database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite holds it")
    row = {"territory_id": two.ours, "site_id": two.our_site, "direction": "input", "kind": "water"}
    import psycopg

    with pytest.raises((DBAPIError, psycopg.DataError)), two.database.writing(two.member) as session:
        insert_rows(session, Flow, [row | {"label": "fine"}, row | {"label": "a\x00b"}])
    with two.database.reading(SYSTEM) as session:
        assert "fine" not in session.scalars(select(Flow.label)).all()


def test_rows_that_share_a_document_or_a_moment_keep_it_beside_rows_that_do_not(two: Two) -> None:
    shared = {"a": [1]}
    reports: list[Any] = [shared, shared, {"b": 2}, None, shared, None]
    moments = [MOMENTS[0], MOMENTS[0], MOMENTS[1], MOMENTS[2], MOMENTS[2], MOMENTS[0]]
    rows: list[dict[str, Any]] = [
        {"id": new_id(), "territory_id": two.ours, "file_name": "f", "digest": "d"}
        | {"report": report, "created_at": moment}
        for report, moment in zip(reports, moments, strict=True)
    ]
    del rows[-1]["created_at"]
    with two.database.writing(SYSTEM) as session:
        insert_rows(session, Import, rows)
    with two.database.reading(SYSTEM) as session:
        found = session.execute(select(Import.id, Import.report, Import.created_at)).all()
    stored = {row_id: (report, moment) for row_id, report, moment in found}
    assert [stored[row["id"]][0] for row in rows] == reports
    assert [stored[row["id"]][1] for row in rows[:-1]] == moments[:-1]
    # What says no moment came when it was sent.
    assert stored[rows[-1]["id"]][1] not in MOMENTS
