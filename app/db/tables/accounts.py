"""People, keys and sessions. Secrets are stored hashed only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import ID_LENGTH, NAME_LENGTH, Account, Base, Identified, Personal

HASH_LENGTH = 64
BROWSER_LENGTH = 80


class User(Identified, Account, Base):
    """Somebody who signs in with an e-mail address and a password, or at an OpenID Connect provider.

    ``password_hash`` is empty for those who have no password; ``openid_subject`` is the address
    of the provider and its name for the person.
    """

    __tablename__ = "user"

    email: Mapped[str] = mapped_column(String(NAME_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    password_hash: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(20), default="member")
    disabled: Mapped[bool] = mapped_column(default=False)
    openid_subject: Mapped[str | None] = mapped_column(String(NAME_LENGTH), unique=True, index=True)


class ApiKey(Identified, Account, Base):
    """A key for programs: of the server, or of a person, whose rights it then has within its scopes."""

    __tablename__ = "api_key"

    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    key_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    role: Mapped[str] = mapped_column(String(20), default="member")
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    # No foreign key: SQLite could not drop the column again. A key whose person is gone opens nothing.
    user_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    scopes: Mapped[str] = mapped_column(String(60), default="read write admin")
    last_used_at: Mapped[datetime | None]


class Membership(Identified, Account, Base):
    """What a person or a key is in a territory, for a company or for all; until a moment, if one is set."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("territory_id", "user_id"),
        UniqueConstraint("territory_id", "api_key_id"),
        CheckConstraint("(user_id IS NULL) <> (api_key_id IS NULL)", name="one_holder"),
    )

    territory_id: Mapped[str] = mapped_column(ForeignKey("territory.id", ondelete="CASCADE"))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    api_key_id: Mapped[str | None] = mapped_column(ForeignKey("api_key.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20), default="coordinator")
    company_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    expires_at: Mapped[datetime | None]


class WebSession(Identified, Account, Base):
    """A signed-in browser: the cookie holds the token, the table its hash.

    ``pending``: the password was right, the second factor has not been given yet; it opens nothing else.
    """

    __tablename__ = "web_session"

    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    pending: Mapped[bool] = mapped_column(default=False)
    browser: Mapped[str] = mapped_column(String(BROWSER_LENGTH), default="")


class IdempotencyKey(Identified, Personal, Base):
    """The answer given to a POST, to give again when the client repeats it."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("subject", "key"),)

    key: Mapped[str] = mapped_column(String(200))
    request_digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    headers: Mapped[dict[str, Any]]
    body: Mapped[str] = mapped_column(Text)
