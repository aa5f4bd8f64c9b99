"""Passwords and other secrets: argon2 for what people choose, plain hashes for long random tokens."""

from __future__ import annotations

import hashlib
import secrets

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.settings import Web

MINIMUM_LENGTH = 12  # CNIL's recommendation of 2022 for a password that stands alone
MAXIMUM_LENGTH = 256  # beyond what anybody types; a form may not send a book to hash
TOKEN_BYTES = 32


def hasher(settings: Web) -> PasswordHash:
    """Return the argon2 hasher of the settings."""
    return PasswordHash(
        [Argon2Hasher(memory_cost=settings.password_memory_kib, time_cost=settings.password_passes)]
    )


def new_token(prefix: str = "") -> str:
    """Return a fresh secret that nobody can guess."""
    return prefix + secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> str:
    """Return what is stored of a token: enough to recognise it, not to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(session_token: str) -> str:
    """Return the token that our own pages send with each change, derived from the session's."""
    return hashlib.sha256(b"csrf:" + session_token.encode()).hexdigest()
