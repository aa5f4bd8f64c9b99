"""Signing in at an OpenID Connect provider, over real HTTP: who comes in, and everything that must not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from app.db.engine import Database
from app.db.principal import SYSTEM, Role
from app.db.tables import Territory, User
from app.repositories.accounts import user_by_email
from app.repositories.records import add, change, find
from app.services import invitations
from app.services.accounts import create_user
from app.settings import OpenId, Settings
from tests.trust.provider import CLIENT_ID, CLIENT_SECRET, Person, Provider, serve, with_query

if TYPE_CHECKING:
    from fastapi import FastAPI

EMAIL, PASSWORD = "anne@exemple.fr", "un long mot de passe"


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    # authlib's server refuses plain HTTP otherwise; its client leaves that to us.
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with serve(Provider()) as running:
        yield running


@dataclass
class Browser:
    """A browser between this server and the provider."""

    client: TestClient

    def leave(self) -> str:
        """Go to the provider and return the address it sends the browser back to."""
        answer = self.client.get("/connexion/openid?retour=/compte", follow_redirects=False)
        assert answer.status_code == 303, answer.text
        back = httpx2.get(answer.headers["location"])
        assert back.status_code == 302, back.text
        return str(back.headers["location"])

    def come_back(self, address: str) -> Any:
        return self.client.get(address, follow_redirects=False)


@pytest.fixture
def browser(application: FastAPI, settings: Settings, provider: Provider) -> Iterator[Browser]:
    openid = OpenId(
        issuer=provider.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, name="ProConnect"
    )
    application.state.settings = Settings(database=settings.database, web=settings.web, openid=openid)
    with TestClient(application) as client:
        yield Browser(client)


@pytest.fixture
def anne(database: Database, settings: Settings) -> User:
    with database.writing(SYSTEM) as session:
        where = add(session, Territory(name="Port"))
        return create_user(session, settings.web, EMAIL, PASSWORD, territory=where)


def test_somebody_known_comes_in_with_a_code_a_verifier_and_a_nonce(
    browser: Browser, provider: Provider, anne: User, database: Database
) -> None:
    assert "Se connecter avec ProConnect" in browser.client.get("/connexion").text
    first = browser.client.get("/connexion/openid", follow_redirects=False).headers["location"]
    asked = {name: held[0] for name, held in parse_qs(urlsplit(first).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    answer = browser.come_back(browser.leave())
    assert answer.status_code == 303
    assert answer.headers["location"] == "/compte"
    assert EMAIL in browser.client.get("/compte").text
    assert provider.asked[-2:] == ["POST /token", "GET /jwks"]
    # From now on the provider's own name for the person counts, whatever the address becomes.
    provider.person = Person(email="anne@ailleurs.example")
    assert browser.come_back(browser.leave()).status_code == 303
    with database.reading(SYSTEM) as session:
        user = user_by_email(session, EMAIL)
    assert user is not None
    assert user.openid_subject == f"{provider.issuer}|sub-anne"


def test_an_invitation_makes_the_account_of_whom_the_provider_vouches_for(
    browser: Browser, provider: Provider, database: Database
) -> None:
    provider.person = Person("sub-b", "b@exemple.fr")
    assert browser.come_back(browser.leave()).status_code == 403
    with database.writing(SYSTEM) as session:
        where = add(session, Territory(name="Port"))
        invitations.invite(session, where, "b@exemple.fr", Role.FACILITATOR)
    assert browser.come_back(browser.leave()).status_code == 303
    page = browser.client.get("/compte").text
    assert "b@exemple.fr" in page
    assert "Port" in page


def _unverified(provider: Provider) -> None:
    provider.person = Person(email_verified=False)


def _says_true(provider: Provider) -> None:
    provider.person = Person(told={"email_verified": "true"})


def _stranger(provider: Provider) -> None:
    provider.person = Person("sub-x", "x@exemple.fr")


@pytest.mark.parametrize("who", [_unverified, _says_true, _stranger])
def test_who_is_not_known_or_not_verified_stays_outside(
    browser: Browser, provider: Provider, anne: User, who: Callable[[Provider], None]
) -> None:
    who(provider)
    answer = browser.come_back(browser.leave())
    assert answer.status_code == 403
    assert "Demandez une invitation" in answer.text
    assert browser.client.get("/compte", follow_redirects=False).status_code == 303


def test_another_identity_with_the_same_address_does_not_take_an_account_over(
    browser: Browser, provider: Provider, anne: User
) -> None:
    assert browser.come_back(browser.leave()).status_code == 303
    browser.client.cookies.clear()
    provider.person = Person("sub-thief", EMAIL)
    assert browser.come_back(browser.leave()).status_code == 403


def test_a_closed_account_stays_closed(browser: Browser, anne: User, database: Database) -> None:
    with database.writing(SYSTEM) as session:
        change(session, find(session, User, anne.id), {"disabled": True})
    assert browser.come_back(browser.leave()).status_code == 403


def _wrong_claim(**told: Any) -> Callable[[Provider], None]:
    def spoil(provider: Provider) -> None:
        provider.person.told = told

    return spoil


def _other_key(provider: Provider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, parameters={"kid": str(provider.key.kid)})


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_wrong_claim(iss="http://ailleurs.example"), "'iss'"),
        (_wrong_claim(aud=["another-client"], azp=CLIENT_ID), "'aud'"),
        (_wrong_claim(nonce="another"), "'nonce'"),
        (_wrong_claim(exp=1), "expired"),
        (_wrong_claim(sub=""), "subject is empty"),
        (_other_key, "BadSignature"),
    ],
)
def test_a_token_of_which_anything_is_wrong_opens_nothing(
    browser: Browser,
    provider: Provider,
    anne: User,
    spoil: Callable[[Provider], None],
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    spoil(provider)
    answer = browser.come_back(browser.leave())
    assert answer.status_code == 502
    assert reason in caplog.text
    assert browser.client.get("/compte", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "another"},
        {"state": ""},
        {"code": "another"},
        {"code": "", "error": "access_denied"},
        {"iss": "http://ailleurs.example"},
    ],
    ids=str,
)
def test_an_answer_that_is_not_of_this_attempt_opens_nothing(
    browser: Browser, anne: User, changed: dict[str, str]
) -> None:
    assert browser.come_back(with_query(browser.leave(), **changed)).status_code == 502
    assert browser.client.get("/compte", follow_redirects=False).status_code == 303


def test_a_code_stolen_from_another_browser_opens_nothing_there(browser: Browser, anne: User) -> None:
    address = browser.leave()
    with TestClient(browser.client.app) as thief:
        assert thief.get(address, follow_redirects=False).status_code == 502
        # Nor with an attempt of the thief's own: state and verifier are others.
        Browser(thief).leave()
        assert thief.get(address, follow_redirects=False).status_code == 502


def test_a_code_serves_once(browser: Browser, anne: User) -> None:
    address = browser.leave()
    kept = {cookie.name: str(cookie.value) for cookie in browser.client.cookies.jar}
    assert browser.come_back(address).status_code == 303
    with TestClient(browser.client.app, cookies=kept) as again:
        assert again.get(address, follow_redirects=False).status_code == 502


def test_a_second_factor_is_asked_after_the_provider_too(
    browser: Browser, anne: User, application: FastAPI
) -> None:
    settings = application.state.settings
    strict = settings.web.model_copy(update={"second_factor_required": True})
    application.state.settings = Settings(database=settings.database, web=strict, openid=settings.openid)
    answer = browser.come_back(browser.leave())
    assert answer.headers["location"].startswith("/second-facteur")
    assert browser.client.get("/compte", follow_redirects=False).status_code == 303


def test_a_provider_that_does_not_answer_is_said_and_passwords_still_work(
    application: FastAPI, settings: Settings, anne: User
) -> None:
    silent = OpenId(issuer="http://127.0.0.1:9", client_id="x", timeout_s=1)
    application.state.settings = Settings(database=settings.database, web=settings.web, openid=silent)
    with TestClient(application) as client:
        answer = client.get("/connexion/openid", follow_redirects=False)
        assert answer.status_code == 502
        assert 'type="password"' in answer.text


def test_without_a_provider_there_is_no_such_page(client: TestClient) -> None:
    assert client.get("/connexion/openid").status_code == 404
    assert client.get("/connexion/openid/retour").status_code == 404
