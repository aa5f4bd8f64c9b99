"""Answers kept to be given again when a client repeats a POST."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from app.db.tables import IdempotencyKey
from app.db.turn_lock import wait_for_turn
from app.db.visibility import VisibleSession


def answer_of(session: VisibleSession, subject: str, key: str) -> IdempotencyKey | None:
    """Return the answer once given to this subject under this key."""
    statement = select(IdempotencyKey).where(IdempotencyKey.subject == subject, IdempotencyKey.key == key)
    return session.scalars(statement).first()


def take_turn(session: VisibleSession, subject: str, key: str) -> None:
    """Have requests of one key wait for each other until the transaction ends."""
    wait_for_turn(session, f"{subject} {key}")


def forget_before(session: VisibleSession, moment: datetime) -> None:
    """Drop the answers given before ``moment``."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < moment))
