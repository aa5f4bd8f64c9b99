"""The second factor: six digits that a telephone computes (RFC 6238), and codes on paper for a lost one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote

import segno

from app.db.base import now
from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole, Role
from app.db.tables import RecoveryCode, SecondFactor, User
from app.db.visibility import VisibleSession
from app.errors import InvalidInputError
from app.repositories import sign_in as rows
from app.repositories.records import add, change
from app.services import rate_limits
from app.services.passwords import hashed
from app.settings import Web
from matching.messages import N_, Message

STEP_S = 30  # RFC 6238, section 5.2
DIGITS = 6
SECRET_BYTES = 20  # RFC 4226, section 4: the length of the hash
# One step either way: for a slow reader and a clock that is off (RFC 6238, section 5.2).
DRIFT_STEPS = 1
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 bits: no table of their hashes can be made
ISSUER = "Entreflux"


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """Return the code of a half minute (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(secret: str, code: str, at_s: float, after: int) -> int | None:
    """Return the half minute of a code; None when it is wrong, too old or not ``after`` the last one."""
    key, present = base64.b32decode(secret), int(at_s // STEP_S)
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        if hmac.compare_digest(code_at(key, step).encode(), code.encode()) and step > after:
            return step
    return None


def is_required(session: VisibleSession, settings: Web, user: User) -> bool:
    """Tell whether the server asks this person for a second factor: it coordinates, or runs the server."""
    if not settings.second_factor_required:
        return False
    return user.role == AccountRole.OPERATOR or Role.COORDINATOR in rows.roles_of(session, user.id)


def begin(session: VisibleSession, user_id: str) -> str:
    """Return the secret to show to a person who wants a second factor; a confirmed one is left as it is."""
    row = rows.factor_of(session, user_id)
    if row is None:
        secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
        row = add(session, SecondFactor(user_id=user_id, secret=secret))
    return row.secret if row.confirmed_at is None else ""


def secret_to_show(database: Database, user_id: str) -> str:
    """Return the secret of a second factor that waits for its first code, empty otherwise."""
    with database.reading(SYSTEM) as session:
        row = rows.factor_of(session, user_id)
    return row.secret if row is not None and row.confirmed_at is None else ""


def confirm(database: Database, user_id: str, code: str) -> list[str]:
    """Turn the second factor on with a first right code, and return the recovery codes: readable once."""
    _check(database, user_id, code, confirmed=False)
    with database.writing(SYSTEM) as session:
        row = rows.factor_of(session, user_id, lock=True)
        if row is not None:
            change(session, row, {"confirmed_at": now()})
        return new_recovery_codes(session, user_id)


def new_recovery_codes(session: VisibleSession, user_id: str) -> list[str]:
    """Replace the recovery codes of a person."""
    rows.forget_recovery_codes(session, user_id)
    codes = []
    for _ in range(RECOVERY_CODES):
        codes.append(code := base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower())
        add(session, RecoveryCode(user_id=user_id, code_hash=hashed(code)))
    return ["-".join(code[place : place + 4] for place in range(0, len(code), 4)) for code in codes]


def check(database: Database, user_id: str, code: str) -> None:
    """Accept a code of the telephone or of the paper, once; ``InvalidInputError`` on ``code`` otherwise."""
    _check(database, user_id, code, confirmed=True)


def _check(database: Database, user_id: str, code: str, *, confirmed: bool) -> None:
    typed = "".join(sign for sign in code if sign.isalnum()).lower()
    taken = rate_limits.take(database, {rate_limits.CODE_OF_ACCOUNT: user_id})
    with database.writing(SYSTEM) as session:
        right = _is_right(session, user_id, typed, confirmed)
    if not right:
        text = N_("This code is not right, or has already been used. Wait for the next one and try again.")
        raise InvalidInputError.on("code", Message(text))
    rate_limits.give_back(database, taken)


def _is_right(session: VisibleSession, user_id: str, typed: str, confirmed: bool) -> bool:
    row = rows.factor_of(session, user_id, lock=True)
    if row is None or (row.confirmed_at is not None) != confirmed:
        return False
    step = step_of(row.secret, typed, now().timestamp(), row.last_step)
    if step is None:
        return confirmed and rows.use_recovery_code(session, user_id, hashed(typed))
    change(session, row, {"last_step": step})
    return True


def address(secret: str, email: str) -> str:
    """Return what a telephone's program reads: ``otpauth://totp/…``."""
    label = quote(f"{ISSUER}:{email}")
    return f"otpauth://totp/{label}?secret={secret}&issuer={ISSUER}&digits={DIGITS}&period={STEP_S}"


def picture(secret: str, email: str) -> str:
    """Return that address as a square to photograph, in SVG without any style."""
    drawn = segno.make(address(secret, email), micro=False)
    return str(drawn.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True))
