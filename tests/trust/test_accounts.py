"""Accounts: second factors, invitations, new passwords, keys and their scopes, secrets from files."""

from __future__ import annotations

import base64
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.db.base import now
from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole, Principal, Role
from app.db.tables import ApiKey, OneTimeLink, RecoveryCode, SecondFactor, Territory, User, WebSession
from app.errors import (
    ConflictError,
    InvalidInputError,
    MissingError,
    NotPermittedError,
    NotSignedInError,
    TooManyTriesError,
)
from app.repositories.records import add, change, find
from app.services import accounts, invitations, keys, resets, second_factor, sessions
from app.services.accounts import create_user, principal_of_key, principal_of_session
from app.services.second_factor import STEP_S, code_at
from app.services.sessions import Caller
from app.settings import Mail, Settings, Web
from app.settings_shown import described

EMAIL, PASSWORD, NEW = "anne@exemple.fr", "un long mot de passe", "un autre mot de passe"
HERE = Caller("203.0.113.1", "Firefox, Linux")
# RFC 6238, appendix B: the moments and the codes of eight digits for SHA-1.
VECTORS = (
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
)
# RFC 4226, appendix D: the codes of the first counters.
COUNTED = ("755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489")


@pytest.fixture
def port(database: Database) -> Territory:
    with database.writing(SYSTEM) as session:
        return add(session, Territory(name="Port"))


@pytest.fixture
def anne(database: Database, settings: Settings, port: Territory) -> User:
    """Return a coordinator of the port."""
    with database.writing(SYSTEM) as session:
        return create_user(session, settings.web, EMAIL, PASSWORD, territory=port)


def principal(
    database: Database, settings: Settings, email: str = EMAIL, password: str = PASSWORD
) -> Principal:
    return principal_of_session(database, accounts.sign_in(database, settings.web, email, password))


def turn_on(database: Database, user: User) -> tuple[str, list[str]]:
    """Turn a second factor on; returns its secret and the recovery codes."""
    with database.writing(SYSTEM) as session:
        secret = second_factor.begin(session, user.id)
    step = int(time.time() // STEP_S)
    # An older step than the present one leaves that one to use.
    return secret, second_factor.confirm(database, user.id, code_at(base64.b32decode(secret), step - 1))


def present_code(secret: str, ahead: int = 0) -> str:
    return code_at(base64.b32decode(secret), int(time.time() // STEP_S) + ahead)


@pytest.mark.parametrize(("at_s", "code"), VECTORS)
def test_codes_are_those_of_the_standard(at_s: int, code: str) -> None:
    assert code_at(b"12345678901234567890", at_s // STEP_S, digits=8) == code


def test_codes_of_counters_are_those_of_the_standard() -> None:
    assert tuple(code_at(b"12345678901234567890", step) for step in range(10)) == COUNTED


def test_a_code_holds_for_its_half_minute_and_the_ones_beside_it() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    at, code = 1111111109, code_at(b"12345678901234567890", 1111111109 // STEP_S)
    assert second_factor.step_of(secret, code, at, 0) is not None
    assert second_factor.step_of(secret, code, at + STEP_S, 0) is not None
    assert second_factor.step_of(secret, code, at + 3 * STEP_S, 0) is None
    assert second_factor.step_of(secret, "", at, 0) is None
    assert second_factor.step_of(secret, "é" * 6, at, 0) is None


def test_with_a_second_factor_the_password_alone_opens_nothing(
    database: Database, settings: Settings, anne: User
) -> None:
    secret, codes = turn_on(database, anne)
    entered = sessions.with_password(database, settings.web, EMAIL, PASSWORD, HERE)
    assert entered.pending
    with pytest.raises(NotSignedInError):
        principal_of_session(database, entered.token)
    with pytest.raises(InvalidInputError):
        second_factor.check(database, anne.id, "000000")
    second_factor.check(database, anne.id, present_code(secret))
    whole = sessions.finish(database, settings.web, entered.token, HERE)
    assert principal_of_session(database, whole.token).name == EMAIL
    # Neither the pending session nor the code serves twice.
    with pytest.raises(NotSignedInError):
        sessions.finish(database, settings.web, entered.token, HERE)
    with pytest.raises(InvalidInputError):
        second_factor.check(database, anne.id, present_code(secret))
    second_factor.check(database, anne.id, codes[0].upper())
    with pytest.raises(InvalidInputError):
        second_factor.check(database, anne.id, codes[0])


def test_the_eleventh_code_waits_right_or_wrong(database: Database, settings: Settings, anne: User) -> None:
    secret, _ = turn_on(database, anne)
    for _ in range(10):
        with pytest.raises(InvalidInputError):
            second_factor.check(database, anne.id, "000000")
    with pytest.raises(TooManyTriesError):
        second_factor.check(database, anne.id, present_code(secret))


@pytest.mark.parametrize(
    ("account", "seat", "due"),
    [
        (AccountRole.OPERATOR, None, True),
        (AccountRole.MEMBER, Role.COORDINATOR, True),
        (AccountRole.MEMBER, Role.FACILITATOR, False),
        (AccountRole.MEMBER, Role.OBSERVER, False),
    ],
)
def test_where_required_coordinators_and_operators_set_up_a_second_factor(
    database: Database,
    settings: Settings,
    port: Territory,
    account: AccountRole,
    seat: Role | None,
    due: bool,
) -> None:
    with database.writing(SYSTEM) as session:
        user = create_user(session, settings.web, "x@exemple.fr", PASSWORD, account)
        if seat is not None:
            accounts.join(session, port, user, seat)
    strict = settings.web.model_copy(update={"second_factor_required": True})
    assert sessions.with_password(database, strict, "x@exemple.fr", PASSWORD, HERE).pending is due
    assert bool(second_factor.secret_to_show(database, user.id)) is due
    assert not sessions.with_password(database, settings.web, "x@exemple.fr", PASSWORD, HERE).pending


def test_secrets_are_stored_as_hashes_but_for_the_one_that_must_be_read(
    database: Database, settings: Settings, anne: User, port: Territory
) -> None:
    secret, codes = turn_on(database, anne)
    with database.writing(SYSTEM) as session:
        key = accounts.create_key(session, "k", AccountRole.OPERATOR)
        invited = invitations.invite(session, port, "b@exemple.fr", Role.OBSERVER)
        link = resets.make_link(session, EMAIL)
    entered = sessions.with_password(database, settings.web, EMAIL, PASSWORD, HERE)
    with database.reading(SYSTEM) as session:
        stored = [
            str(vars(row))
            for cls in (User, ApiKey, WebSession, RecoveryCode, OneTimeLink, SecondFactor)
            for row in session.scalars(select(cls))
        ]
    text = " ".join(stored)
    for told in (PASSWORD, key, invited, link, entered.token, codes[0], codes[0].replace("-", "")):
        assert told not in text
    assert secret in text
    assert "$argon2id$" in text


def test_an_invitation_opens_one_territory_once_in_one_role(
    database: Database, settings: Settings, anne: User, port: Territory
) -> None:
    coordinator = principal(database, settings)
    with database.writing(coordinator) as session:
        token = invitations.invite(
            session, find(session, Territory, port.id), " Bruno@Exemple.fr", Role.FACILITATOR
        )
    told = invitations.read(database, token, HERE)
    assert (told.email, told.territory, told.role, told.has_account) == (
        "bruno@exemple.fr", "Port", Role.FACILITATOR, False,
    )  # fmt: skip
    with pytest.raises(InvalidInputError):
        invitations.accept(database, settings.web, token, "Bruno", "court")
    invitations.accept(database, settings.web, token, "Bruno", NEW)
    bruno = principal(database, settings, "bruno@exemple.fr", NEW)
    assert bruno.territory_ids == {port.id}
    assert bruno.coordinated == frozenset()
    for use in (lambda: invitations.read(database, token, HERE),
                lambda: invitations.accept(database, settings.web, token, "Autre", NEW)):  # fmt: skip
        with pytest.raises(MissingError):
            use()
    # A facilitator decides nothing about who enters.
    with pytest.raises(NotPermittedError), database.writing(bruno) as session:
        invitations.invite(session, find(session, Territory, port.id), "c@exemple.fr", Role.OBSERVER)


def test_an_invitation_ends_when_withdrawn_replaced_or_a_week_old(
    database: Database, settings: Settings, port: Territory
) -> None:
    def invite() -> str:
        with database.writing(SYSTEM) as session:
            return invitations.invite(session, port, "b@exemple.fr", Role.OBSERVER)

    def row() -> OneTimeLink:
        with database.reading(SYSTEM) as session:
            return session.scalars(select(OneTimeLink).where(OneTimeLink.used_at.is_(None))).one()

    first, second = invite(), invite()
    with pytest.raises(MissingError):
        invitations.read(database, first, HERE)
    with database.writing(SYSTEM) as session:
        invitations.withdraw(session, port, row().id)
    with pytest.raises(MissingError):
        invitations.read(database, second, HERE)
    third = invite()
    held = row()
    assert timedelta(days=6.9) < held.expires_at - now() < timedelta(days=7.1)
    with database.writing(SYSTEM) as session:
        change(session, find(session, OneTimeLink, held.id), {"expires_at": now() - timedelta(seconds=1)})
    with pytest.raises(MissingError):
        invitations.accept(database, settings.web, third, "", NEW)


def test_somebody_with_an_account_accepts_once_signed_in_and_nobody_else_can(
    database: Database, settings: Settings, anne: User
) -> None:
    with database.writing(SYSTEM) as session:
        away = add(session, Territory(name="Ailleurs"))
        other = create_user(session, settings.web, "c@exemple.fr", PASSWORD)
        token = invitations.invite(session, away, EMAIL, Role.FACILITATOR)
    with pytest.raises(ConflictError):
        invitations.accept(database, settings.web, token, "", NEW)
    with pytest.raises(MissingError):
        invitations.accept_signed_in(database, token, other.id)
    invitations.accept_signed_in(database, token, anne.id)
    assert away.id in principal(database, settings).territory_ids


def test_a_new_password_ends_every_session_and_its_link_serves_once(
    database: Database, settings: Settings, anne: User
) -> None:
    entered = sessions.with_password(database, settings.web, EMAIL, PASSWORD, HERE)
    with database.writing(SYSTEM) as session:
        void = resets.make_link(session, EMAIL)
        link = resets.make_link(session, EMAIL)
    assert resets.email_of(database, link, HERE) == EMAIL
    with pytest.raises(MissingError):
        resets.email_of(database, void, HERE)
    with pytest.raises(InvalidInputError):
        resets.use(database, settings.web, link, "court")
    assert resets.use(database, settings.web, link, NEW) == EMAIL
    with pytest.raises(NotSignedInError):
        principal_of_session(database, entered.token)
    with pytest.raises(NotSignedInError):
        accounts.sign_in(database, settings.web, EMAIL, PASSWORD)
    assert accounts.sign_in(database, settings.web, EMAIL, NEW)
    with pytest.raises(MissingError):
        resets.use(database, settings.web, link, PASSWORD)
    # A link to set a password is no invitation, and the other way round.
    with pytest.raises(MissingError):
        invitations.read(database, link, HERE)


def test_a_key_does_what_its_scopes_and_its_person_may(
    database: Database, settings: Settings, anne: User, port: Territory, client: Any
) -> None:
    coordinator = principal(database, settings)

    def make(*scopes: str) -> str:
        with database.writing(coordinator) as session:
            return keys.create_own_key(session, anne.id, "essai", scopes, 30)

    def ask(token: str, method: str, path: str, **options: Any) -> int:
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        return int(client.request(method, f"/api/v1{path}", headers=headers, **options).status_code)

    reading, writing, whole = make("read"), make("write"), make("read", "write", "admin")
    zone, renamed = {"name": "Zone"}, {"json": {"name": "Autre"}, "headers": {"If-Match": '"1"'}}
    assert [ask(token, "GET", "/sites") for token in (reading, writing, whole)] == [200, 200, 200]
    assert ask(reading, "POST", "/parks", json=zone) == 403
    assert ask(writing, "POST", "/parks", json=zone) == 201
    # Only the last one coordinates, as its person does.
    assert principal_of_key(database, reading).coordinated == frozenset()
    assert principal_of_key(database, whole).coordinated == {port.id}
    assert ask(writing, "PATCH", f"/territories/{port.id}", **renamed) in (403, 404)
    with database.reading(SYSTEM) as session:
        used = session.scalars(select(ApiKey)).all()
    assert all(key.last_used_at is not None for key in used)
    with database.writing(coordinator) as session:
        keys.revoke_own_key(session, anne.id, next(key.id for key in used if key.scopes == "read"))
    assert ask(reading, "GET", "/sites") == 401
    with database.writing(SYSTEM) as session:
        change(session, find(session, User, anne.id), {"disabled": True})
    assert ask(whole, "GET", "/sites") == 401


@pytest.mark.parametrize(
    ("name", "scopes", "days", "field"),
    [
        ("", ["read"], 30, "name"),
        ("k", [], 30, "scopes"),
        ("k", ["root"], 30, "scopes"),
        ("k", ["read"], 999, "days"),
    ],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_key_without_purpose_scope_or_end_is_refused(
    database: Database, settings: Settings, anne: User, name: str, scopes: list[str], days: int, field: str
) -> None:
    coordinator = principal(database, settings)
    with pytest.raises(InvalidInputError) as refused, database.writing(coordinator) as session:
        keys.create_own_key(session, anne.id, name, scopes, days)
    assert refused.value.errors[0].field == field


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_read_with_a_key_does_not_wait_for_somebody_who_writes(database: Database) -> None:
    with database.writing(SYSTEM) as session:
        token = accounts.create_key(session, "k", AccountRole.OPERATOR)
    with database.writing(SYSTEM) as session:
        add(session, Territory(name="long import"))
        start = time.monotonic()
        assert principal_of_key(database, token).is_operator
        assert time.monotonic() - start < 5.0


def test_no_account_exists_before_somebody_makes_one(database: Database) -> None:
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(User)).all() == []
        assert session.scalars(select(ApiKey)).all() == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_password_is_hashed_anew_when_the_settings_ask_for_more(
    database: Database, settings: Settings, anne: User
) -> None:
    stronger = settings.web.model_copy(update={"password_memory_kib": 64})
    assert accounts.sign_in(database, stronger, EMAIL, PASSWORD)
    with database.reading(SYSTEM) as session:
        assert "m=64," in find(session, User, anne.id).password_hash


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_somebody_without_a_password_does_not_sign_in_with_an_empty_one(
    database: Database, settings: Settings
) -> None:
    with database.writing(SYSTEM) as session:
        add(session, User(email=EMAIL, password_hash=""))
    for password in ("", PASSWORD):
        with pytest.raises(NotSignedInError):
            accounts.sign_in(database, settings.web, EMAIL, password)


def test_a_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, url = tmp_path / "secret", tmp_path / "url"
    secret.write_text("s3cr3t\n")
    url.write_text("postgresql+psycopg://me:hidden@localhost/x\n")
    monkeypatch.setenv("ENTREFLUX_MAIL_PASSWORD_FILE", str(secret))
    monkeypatch.setenv("ENTREFLUX_DATABASE_URL_FILE", str(url))
    monkeypatch.delenv("ENTREFLUX_DATABASE_URL", raising=False)
    settings = Settings()
    assert settings.mail.password == "s3cr3t"
    assert settings.database.url.endswith("@localhost/x")
    told = " ".join(line.value for line in described(settings))
    assert "s3cr3t" not in told
    assert "hidden" not in told
    assert "s3cr3t" not in repr(settings)
    assert Mail(password="given").password == "given"


def test_a_file_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ENTREFLUX_MAIL_PASSWORD_FILE", str(tmp_path / "absent"))
    with pytest.raises(FileNotFoundError):
        Mail()


def test_the_defaults_ask_for_nothing_that_a_demonstration_lacks() -> None:
    web = Web()
    assert not web.second_factor_required
    assert web.trusted_proxies == ""
