"""What surrounds signing in: second factors, links that open once, tries that are counted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import ID_LENGTH, NAME_LENGTH, Account, Base, Identified
from app.db.tables.accounts import HASH_LENGTH


class SecondFactor(Identified, Account, Base):
    """The secret that a person's telephone shares with us; unconfirmed until one code of it was right.

    It has to be read to check a code, so it is stored as it is. ``last_step`` is the last code's half minute:
    no code is accepted twice.
    """

    __tablename__ = "second_factor"

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    secret: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Identified, Account, Base):
    """One code, on paper, for whoever lost the telephone. It works once."""

    __tablename__ = "recovery_code"

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), index=True)


class OneTimeLink(Identified, Account, Base):
    """An invitation or a new password: the link holds the token, the table its hash. It works once."""

    __tablename__ = "one_time_link"
    __table_args__ = (CheckConstraint("purpose IN ('invitation', 'reset')", name="purpose"),)

    purpose: Mapped[str] = mapped_column(String(10))
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    email: Mapped[str] = mapped_column(String(NAME_LENGTH), index=True)
    territory_id: Mapped[str | None] = mapped_column(
        ForeignKey("territory.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[str] = mapped_column(String(20), default="")
    company_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    author: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class SignInTry(Identified, Account, Base):
    """One try counted against a limit; its bucket is the hash of the limit and of whom it is about."""

    __tablename__ = "sign_in_try"
    __table_args__ = (
        Index("ix_sign_in_try_bucket_created_at", "bucket", "created_at"),
        Index("ix_sign_in_try_created_at", "created_at"),
    )

    bucket: Mapped[str] = mapped_column(String(HASH_LENGTH))


class KnownBrowser(Identified, Account, Base):
    """A browser in which a person has signed in: strangers' tries do not count against it."""

    __tablename__ = "known_browser"

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
