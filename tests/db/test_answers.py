"""Answers kept for a client that repeats itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db.base import now
from app.db.engine import Database
from app.db.principal import AccountRole, Principal
from app.db.tables import IdempotencyKey
from app.services import answers

ASKER = Principal("key:a", "a", AccountRole.MEMBER)


def _answered(database: Database, key: str, *, days_ago: int = 0) -> None:
    with database.writing(ASKER) as session:
        asked = answers.Asked(key, "digest")
        answers.check_not_answered(session, asked)
        answers.remember_answer(session, asked, answers.Answer(201, {}, "{}"))
        row = session.scalars(select(IdempotencyKey).where(IdempotencyKey.key == key)).one()
        row.created_at = now() - timedelta(days=days_ago)


def _kept(database: Database) -> set[str]:
    with database.reading(ASKER) as session:
        return {row.key for row in session.scalars(select(IdempotencyKey))}


def test_answers_of_yesterday_are_forgotten_once_an_hour(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_forgetting", {"due_s": float("inf")})
    _answered(database, "old", days_ago=2)
    _answered(database, "new")
    assert _kept(database) == {"old", "new"}
    monkeypatch.setattr(answers, "_forgetting", {"due_s": 0.0})
    _answered(database, "newer")
    assert _kept(database) == {"new", "newer"}
    _answered(database, "older", days_ago=3)
    _answered(database, "newest")
    assert _kept(database) == {"new", "newer", "older", "newest"}


def test_a_repeated_request_gets_the_answer_that_was_given(database: Database) -> None:
    _answered(database, "once")
    with pytest.raises(answers.AnsweredError) as told:
        _answered(database, "once")
    assert told.value.answer == answers.Answer(201, {}, "{}")
