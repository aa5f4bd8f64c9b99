"""Who enters a territory, who is invited, and the keys of a person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.db.principal import Role
from app.schemas.common import Given, Id, Name, Shown
from app.services.keys import LONGEST_DAYS

Scope = Literal["read", "write", "admin"]
CompanyId = Annotated[
    Id | None, Field(description="L’entreprise pour laquelle ce compte parle ; rôle « company » seulement")
]


class PersonShown(Shown):
    """Somebody with a place in a territory; ``id`` names the place."""

    id: str
    email: str
    name: str
    role: str
    company_id: str | None
    until: datetime | None = Field(description="Fin de la place, si elle en a une")
    disabled: bool


class SeatGiven(Given):
    """What somebody becomes in a territory."""

    role: Role
    company_id: CompanyId = None


class InvitationGiven(SeatGiven):
    """Whom to invite."""

    email: Annotated[str, Field(min_length=3, max_length=254)]


class InvitationShown(Shown):
    """An invitation that nobody has accepted yet."""

    id: str
    email: str
    role: str
    company_id: str | None
    author: str
    created_at: datetime
    expires_at: datetime


class InvitationMade(InvitationShown):
    """An invitation with its link, told this once."""

    link: str = Field(description="À remettre à la personne : il ouvre une fois, pendant une semaine")


class KeyGiven(Given):
    """What a key is for, what it may do and how long."""

    name: Name
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=3)]
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] = 90


class KeyShown(Shown):
    """A key of one's own."""

    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class KeyMade(KeyShown):
    """A key with its secret, told this once."""

    key: str = Field(description="À garder en lieu sûr : elle ne se relit pas")
