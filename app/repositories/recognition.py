"""Who holds a key or a web session, with all that tells what they may enter: one statement a request.

These statements name tables, not mapped classes: only the program may ask them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, or_, select

from app.db.engine import Database
from app.db.prepared import Prepared
from app.db.principal import STAFF
from app.db.tables import ApiKey, Company, Membership, User, WebSession
from app.repositories.accounts import Seat

_key, _user, _seat = ApiKey.__table__.c, User.__table__.c, Membership.__table__.c
_web, _company = WebSession.__table__.c, Company.__table__.c
_AT = bindparam("at", datetime.min, type_=_web.expires_at.type)


class KeyHolder(NamedTuple):
    """A key that holds, and the person it belongs to, if any."""

    key_id: str
    name: str
    role: str
    scopes: str
    last_used_at: datetime | None
    user_id: str | None
    user_role: str | None
    disabled: bool | None


class Person(NamedTuple):
    """Somebody who is signed in."""

    user_id: str
    email: str
    role: str


class Places(NamedTuple):
    """The seats of a holder, and the companies of their territories that withhold their flows from staff."""

    seats: list[Seat]
    withheld: frozenset[str]


def _not_over(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(column.is_(None), column > _AT)


# As many rows as seats times companies that withhold: of either there are few.
_PLACES = (_seat.territory_id, _seat.role.label("seat"), _seat.company_id, _company.id.label("withheld"))
_WITHHOLDS = (_company.territory_id == _seat.territory_id) & _company.withheld & _seat.role.in_(sorted(STAFF))
_OF_KEY = (
    select(
        _key.id, _key.name, _key.role, _key.scopes, _key.last_used_at, _key.user_id,
        _user.role.label("user_role"), _user.disabled, *_PLACES,
    )
    .select_from(
        ApiKey.__table__.outerjoin(User.__table__, _user.id == _key.user_id)
        .outerjoin(
            Membership.__table__,
            or_(_seat.api_key_id == _key.id, _seat.user_id == _user.id) & _not_over(_seat.expires_at),
        )
        .outerjoin(Company.__table__, _WITHHOLDS)
    )
    .where(_key.key_hash == bindparam("hashed", ""), _key.revoked_at.is_(None), _not_over(_key.expires_at))
)  # fmt: skip
_OF_SESSION = (
    select(_user.id, _user.email, _user.role, *_PLACES)
    .select_from(
        WebSession.__table__.join(User.__table__, _user.id == _web.user_id)
        .outerjoin(Membership.__table__, (_seat.user_id == _user.id) & _not_over(_seat.expires_at))
        .outerjoin(Company.__table__, _WITHHOLDS)
    )
    .where(
        _web.token_hash == bindparam("hashed", ""),
        _web.expires_at > _AT,
        _web.pending.is_(False),
        _user.disabled.is_(False),
    )
)
_KEYS, _SESSIONS = Prepared(lambda _dialect: _OF_KEY), Prepared(lambda _dialect: _OF_SESSION)


def key_holder(database: Database, key_hash: str, at: datetime) -> tuple[KeyHolder, Places] | None:
    """Return who holds a key that is good ``at`` that moment, and their places; None when there is none."""
    found = _KEYS.rows_for_program(database.reading_engine, hashed=key_hash, at=at)
    return (KeyHolder(*found[0][:8]), _places(found)) if found else None


def person_signed_in(database: Database, token_hash: str, at: datetime) -> tuple[Person, Places] | None:
    """Return whose web session it is ``at`` that moment, and their places; None when it opens nothing."""
    found = _SESSIONS.rows_for_program(database.reading_engine, hashed=token_hash, at=at)
    return (Person(*found[0][:3]), _places(found)) if found else None


def _places(found: Iterable[Any]) -> Places:
    last = [tuple(row[-4:]) for row in found]
    seats = dict.fromkeys(Seat(*row[:3]) for row in last if row[0] is not None)
    return Places(list(seats), frozenset(row[3] for row in last if row[3] is not None))
