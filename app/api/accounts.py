"""Accounts: who enters a territory, who is invited, and one's own keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from fastapi import Request, Response

from app.api.common import CREATING, DELETING, READING, new_router, refusals
from app.db.tables import ApiKey, OneTimeLink, Territory
from app.dependencies import SessionOf, SettingsOf
from app.errors import InvalidInputError
from app.repositories.records import find
from app.schemas.accounts import (
    InvitationGiven,
    InvitationMade,
    InvitationShown,
    KeyGiven,
    KeyMade,
    KeyShown,
    PersonShown,
    SeatGiven,
)
from app.services import invitations, keys, people, seats

router = new_router("", "Comptes")
PEOPLE = "/territories/{territory_id}/people"
INVITATIONS = "/territories/{territory_id}/invitations"
KEYS = "/account/keys"


@contextmanager
def _company_named() -> Iterator[None]:
    """Have what is wrong with a company stand on the field that names it here."""
    try:
        yield
    except InvalidInputError as error:
        raise InvalidInputError(
            [replace(one, field="company_id") if one.field == "company" else one for one in error.errors]
        ) from None


def _secret(response: Response) -> None:
    # Neither a proxy nor a repeated request may tell it again.
    response.headers["Cache-Control"] = "no-store"


@router.get(
    PEOPLE,
    operation_id="list_people",
    summary="Lister qui entre dans un territoire (coordination)",
    response_model=list[PersonShown],
    responses=READING,
)
def read_people(session: SessionOf, territory_id: str) -> Any:
    """Return the people of a territory, by address."""
    territory = find(session, Territory, territory_id)
    invitations.check_may_invite(session, territory.id)
    return people.of_territory(session, territory.id)


@router.patch(
    PEOPLE + "/{seat_id}",
    operation_id="change_person",
    summary="Changer le rôle de quelqu’un (coordination)",
    response_model=PersonShown,
    responses=refusals(400, 401, 403, 404, 409, 422),
)
def change_person(session: SessionOf, territory_id: str, seat_id: str, given: SeatGiven) -> Any:
    """Give somebody another role; one coordinator stays."""
    territory = find(session, Territory, territory_id)
    with _company_named():
        seats.change_seat(session, territory, seat_id, given.role, given.company_id)
    return next(one for one in people.of_territory(session, territory.id) if one.id == seat_id)


@router.delete(
    PEOPLE + "/{seat_id}",
    operation_id="remove_person",
    summary="Retirer à quelqu’un sa place dans un territoire (coordination)",
    status_code=204,
    responses=DELETING,
)
def remove_person(session: SessionOf, territory_id: str, seat_id: str) -> Response:
    """Take somebody's place away; the account stays, and one coordinator."""
    seats.remove_seat(session, find(session, Territory, territory_id), seat_id)
    return Response(status_code=204)


@router.get(
    INVITATIONS,
    operation_id="list_invitations",
    summary="Lister les invitations en attente (coordination)",
    response_model=list[InvitationShown],
    responses=READING,
)
def read_invitations(session: SessionOf, territory_id: str) -> Any:
    """Return what nobody has accepted yet, the oldest first."""
    territory = find(session, Territory, territory_id)
    invitations.check_may_invite(session, territory.id)
    return people.invited(session, territory.id)


@router.post(
    INVITATIONS,
    operation_id="create_invitation",
    summary="Inviter quelqu’un dans un territoire (coordination)",
    status_code=201,
    response_model=InvitationMade,
    responses=CREATING,
)
def invite(
    session: SessionOf,
    settings: SettingsOf,
    request: Request,
    response: Response,
    territory_id: str,
    given: InvitationGiven,
) -> Any:
    """Return the link, this once: no mail leaves."""
    territory = find(session, Territory, territory_id)
    with _company_named():
        token = invitations.invite(session, territory, given.email, given.role, given.company_id)
    _secret(response)
    base = settings.web.public_url or str(request.base_url)
    link = f"{base.rstrip('/')}{invitations.path_of(token)}"
    return _invitation(invitations.made(session, token)) | {"link": link}


def _invitation(row: OneTimeLink) -> dict[str, Any]:
    return InvitationShown.model_validate(row).model_dump()


@router.delete(
    INVITATIONS + "/{invitation_id}",
    operation_id="withdraw_invitation",
    summary="Reprendre une invitation (coordination)",
    status_code=204,
    responses=DELETING,
)
def withdraw(session: SessionOf, territory_id: str, invitation_id: str) -> Response:
    """Take an invitation back: its link opens nothing any more."""
    invitations.withdraw(session, find(session, Territory, territory_id), invitation_id)
    return Response(status_code=204)


@router.get(
    KEYS,
    operation_id="list_keys",
    summary="Lister ses clés",
    response_model=list[KeyShown],
    responses=READING,
)
def read_keys(session: SessionOf) -> Any:
    """Return one's own keys, the newest first, without their secret."""
    return [_key(row) for row in keys.own_keys(session)]


@router.post(
    KEYS,
    operation_id="create_key",
    summary="Créer une clé à son nom",
    status_code=201,
    response_model=KeyMade,
    responses=CREATING,
)
def create_key(session: SessionOf, response: Response, given: KeyGiven) -> Any:
    """Return the key, this once."""
    row, token = keys.create_key_of_asker(session, given.name, given.scopes, given.days)
    _secret(response)
    return _key(row) | {"key": token}


def _key(row: ApiKey) -> dict[str, Any]:
    told = ("id", "name", "created_at", "expires_at", "last_used_at")
    return {name: getattr(row, name) for name in told} | {"scopes": row.scopes.split()}


@router.delete(
    KEYS + "/{key_id}",
    operation_id="revoke_key",
    summary="Mettre fin à une de ses clés",
    status_code=204,
    responses=DELETING,
)
def revoke_key(session: SessionOf, key_id: str) -> Response:
    """End a key at once."""
    keys.revoke_key_of_asker(session, key_id)
    return Response(status_code=204)
