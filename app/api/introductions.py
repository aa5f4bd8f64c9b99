"""Introductions: ask to meet the other side of a match, answer, end."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from app.api.common import CHANGING, CREATING, READING, new_router, refusals, tagged
from app.dependencies import SessionOf, VersionIfNamed
from app.errors import InvalidInputError
from app.schemas.trust import IntroductionAnswer, IntroductionGiven, IntroductionShown
from app.services import introductions
from app.services.introductions import Status
from matching.messages import N_, Message

router = new_router("/introductions", "Mises en relation")


@router.post(
    "",
    operation_id="request_introduction",
    summary="Demander une mise en relation",
    status_code=201,
    response_model=IntroductionShown,
    responses=CREATING | refusals(429),
)
def ask(session: SessionOf, response: Response, given: IntroductionGiven) -> Any:
    """Ask: a company by the token of a match, the staff by naming both flows."""
    if given.token is not None:
        row = introductions.ask(session, given.flow_id, given.token, given.fields, given.message)
    elif given.other_flow_id is not None:
        row = introductions.propose(session, given.flow_id, given.other_flow_id, given.fields, given.message)
    else:
        raise InvalidInputError.on("token", Message(N_("Name a match by its token.")))
    response.headers["Location"] = f"/api/v1/introductions/{row.id}"
    return introductions.shown(session, tagged(response, row))


@router.get(
    "",
    operation_id="list_introductions",
    summary="Lister ses mises en relation",
    response_model=list[IntroductionShown],
    responses=READING,
)
def read_all(session: SessionOf) -> Any:
    """Return those one is part of, the newest first."""
    return [introductions.shown(session, row) for row in introductions.visible_to(session)]


@router.get(
    "/{introduction_id}",
    operation_id="read_introduction",
    summary="Lire une mise en relation",
    response_model=IntroductionShown,
    responses=READING,
)
def read(session: SessionOf, response: Response, introduction_id: str) -> Any:
    """Return one, cut to what its reader may see."""
    return introductions.shown(session, tagged(response, introductions.read(session, introduction_id)))


@router.patch(
    "/{introduction_id}",
    operation_id="answer_introduction",
    summary="Accepter, refuser ou retirer une mise en relation",
    response_model=IntroductionShown,
    responses=CHANGING,
)
def answer(
    session: SessionOf,
    response: Response,
    introduction_id: str,
    version: VersionIfNamed,
    given: IntroductionAnswer,
) -> Any:
    """Answer as one of the two companies, or for it under mandate."""
    row = introductions.answer(session, introduction_id, Status(given.status), version)
    return introductions.shown(session, tagged(response, row))
