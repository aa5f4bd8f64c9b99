"""Answers kept to be given again when a client repeats a POST."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from app.db.prepared import Prepared, columns_of
from app.db.tables import IdempotencyKey
from app.db.turn_lock import wait_for_turn
from app.db.visibility import VisibleSession

_ANSWER = Prepared(
    lambda _dialect: select(*columns_of(IdempotencyKey)).where(
        IdempotencyKey.subject == bindparam("subject", ""), IdempotencyKey.key == bindparam("key", "")
    )
)


def answer_of(session: VisibleSession, subject: str, key: str) -> Any:
    """Return the columns of the answer once given to this subject under this key, None when there is none."""
    return next(iter(_ANSWER.rows(session, subject=subject, key=key)), None)


def take_turn(session: VisibleSession, subject: str, key: str) -> None:
    """Have requests of one key wait for each other until the transaction ends."""
    wait_for_turn(session, f"{subject} {key}")


def forget_before(session: VisibleSession, moment: datetime) -> None:
    """Drop the answers given before ``moment``."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < moment))
