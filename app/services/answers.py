"""Repeated requests: the answer already given is given again, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from app.db.base import now
from app.db.tables import IdempotencyKey
from app.db.visibility import VisibleSession, principal_of
from app.errors import ConflictError
from app.repositories import answers
from app.repositories.records import add
from matching.messages import N_, Message

KEPT = timedelta(hours=24)
# Answers are kept up to so much longer: to look for old ones each time takes longer than to add one.
FORGOTTEN_EVERY_S = 3600.0
_forgetting = {"due_s": 0.0}


@dataclass(frozen=True, slots=True)
class Asked:
    """The key a client sent with a request, and the digest of what it asked."""

    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was sent."""

    status: int
    headers: Mapping[str, str]
    body: str


class AnsweredError(Exception):
    """The request was answered before: ``answer`` is to be sent again."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def check_not_answered(session: VisibleSession, asked: Asked) -> None:
    """Raise ``AnsweredError`` when the request was answered, ``ConflictError`` when its key is another's."""
    subject = principal_of(session).subject
    answers.take_turn(session, subject, asked.key)
    given = answers.answer_of(session, subject, asked.key)
    if given is None:
        return
    if given.request_digest != asked.digest:
        raise ConflictError(Message(N_("This Idempotency-Key was used for another request: take a new one.")))
    headers = {str(name): str(value) for name, value in given.headers.items()}
    raise AnsweredError(Answer(given.status, headers, given.body))


def remember_answer(session: VisibleSession, asked: Asked, answer: Answer) -> None:
    """Keep an answer, in the transaction that did what it tells."""
    _forget_old(session)
    row = IdempotencyKey(
        subject=principal_of(session).subject,
        key=asked.key,
        request_digest=asked.digest,
        status=answer.status,
        headers=dict(answer.headers),
        body=answer.body,
    )
    add(session, row)


def _forget_old(session: VisibleSession) -> None:
    if monotonic() >= _forgetting["due_s"]:
        _forgetting["due_s"] = monotonic() + FORGOTTEN_EVERY_S
        answers.forget_before(session, now() - KEPT)
