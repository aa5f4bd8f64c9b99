"""A person's own keys: what each may do, how long it holds, when it was used last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.db.base import now
from app.db.engine import Database
from app.db.principal import AccountRole, Principal
from app.db.tables import ApiKey
from app.db.uses import update_unless_busy
from app.db.visibility import VisibleSession, as_program, principal_of
from app.errors import InvalidInputError, MissingError, NotPermittedError
from app.repositories import accounts
from app.repositories import sign_in as rows
from app.repositories.records import add, change, find_or_none
from app.services.audit import record
from app.services.passwords import hashed, new_token
from matching.messages import N_, Message

KEY_PREFIX = "efx_"
READ, WRITE, ADMIN = "read", "write", "admin"
SCOPES = {
    READ: N_("Read"),
    WRITE: N_("Change"),
    ADMIN: N_("Coordinate and administer"),
}
LONGEST_DAYS = 366
# To know that a key lies unused, the day is enough.
NOTED_EVERY = timedelta(hours=12)


def check_scope(scopes: str, changes: bool) -> None:
    """Raise ``NotPermittedError`` unless the scopes of a key allow to read, or to change."""
    if (WRITE if changes else READ) not in scopes.split():
        raise NotPermittedError


def within_scopes(principal: Principal, scopes: str) -> Principal:
    """Return a principal without what needs the scope ``admin`` when it is not among the scopes."""
    if ADMIN in scopes.split():
        return principal
    return replace(principal, role=AccountRole.MEMBER, coordinated=frozenset())


def note_use(database: Database, key_id: str, last: datetime | None, at: datetime) -> None:
    """Note that a key is used, unless the database is busy: a read must not wait for somebody's import."""
    if last is None or at - last > NOTED_EVERY:
        update_unless_busy(database, ApiKey, key_id, {"last_used_at": at})


def create_own_key(
    session: VisibleSession, user_id: str, name: str, scopes: Collection[str], days: int
) -> str:
    """Create a key of a person, and return it: the only time it can be read.

    Parameters
    ----------
    scopes
        Some of ``SCOPES``; reading goes with changing.
    days
        How long it holds, a year at most.
    """
    if not name.strip():
        raise InvalidInputError.on("name", Message(N_("Say what the key is for.")))
    if not scopes or set(scopes) - set(SCOPES):
        raise InvalidInputError.on("scopes", Message(N_("Choose what the key may do.")))
    if not 1 <= days <= LONGEST_DAYS:
        text = N_("Give a number of days from 1 to {most}.")
        raise InvalidInputError.on("days", Message(text, {"most": LONGEST_DAYS}))
    token = new_token(KEY_PREFIX)
    held = " ".join(scope for scope in SCOPES if scope in scopes or (scope == READ and WRITE in scopes))
    with as_program(session):
        row = ApiKey(
            name=name.strip()[:100], key_hash=hashed(token), role=AccountRole.MEMBER.value, user_id=user_id,
            scopes=held, expires_at=now() + timedelta(days=days),
        )  # fmt: skip
        key = add(session, row)
    record(session, "key_created", None, object_kind="api_key", object_id=key.id)
    return token


def own_keys(session: VisibleSession) -> Sequence[ApiKey]:
    """Return the keys of the person who asks, signed in or by a key; ``MissingError`` for a server's key."""
    user_id, _ = _asker(session)
    with as_program(session):
        return rows.keys_of(session, user_id)


def create_key_of_asker(
    session: VisibleSession, name: str, scopes: Collection[str], days: int
) -> tuple[ApiKey, str]:
    """Create a key of the person who asks; who asks by a key gets none that may do more or lasts longer."""
    user_id, by = _asker(session)
    if by is not None:
        _check_no_more(by, scopes, days)
    token = create_own_key(session, user_id, name, scopes, days)
    with as_program(session):
        found = accounts.holder_of_key(session, hashed(token), now())
    if found is None:
        raise MissingError
    return found[0], token


def _check_no_more(by: ApiKey, scopes: Collection[str], days: int) -> None:
    """Raise unless a new key may do no more than the one that makes it: what was stolen renews nothing."""
    if set(scopes) - set(by.scopes.split()):
        text = N_("A key makes none that may do more than itself: sign in for that.")
        raise InvalidInputError.on("scopes", Message(text))
    if by.expires_at is not None and now() + timedelta(days=days) > by.expires_at:
        text = N_("A key makes none that holds longer than itself: sign in for that.")
        raise InvalidInputError.on("days", Message(text))


def revoke_key_of_asker(session: VisibleSession, key_id: str) -> None:
    """End a key of the person who asks; a key that may not administer ends itself alone."""
    user_id, by = _asker(session)
    if by is not None and by.id != key_id and ADMIN not in by.scopes.split():
        raise NotPermittedError
    revoke_own_key(session, user_id, key_id)


def _asker(session: VisibleSession) -> tuple[str, ApiKey | None]:
    """Return the person who asks, and the key it asks by."""
    kind, _, holder_id = principal_of(session).subject.partition(":")
    if kind == "user":
        return holder_id, None
    with as_program(session):
        key = find_or_none(session, ApiKey, holder_id) if kind == "key" else None
    if key is None or key.user_id is None:
        raise MissingError
    return key.user_id, key


def revoke_own_key(session: VisibleSession, user_id: str, key_id: str) -> None:
    """End a key of a person; ``MissingError`` when there is none."""
    with as_program(session):
        key = next((row for row in rows.keys_of(session, user_id) if row.id == key_id), None)
        if key is None:
            raise MissingError
        change(session, key, {"revoked_at": now()})
    record(session, "key_revoked", None, object_kind="api_key", object_id=key_id)
