"""What an operator does for people from the command line, and which proxies the server believes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import app as command_line
from app.db.engine import Database as OpenDatabase
from app.db.engine import open_database
from app.errors import MissingError, NotSignedInError
from app.services import invitations, resets
from app.services.accounts import principal_of_key, sign_in
from app.services.sessions import Caller
from app.settings import Database, Web

EMAIL, NEW, HERE = "anne@exemple.fr", "un autre mot de passe", Caller("127.0.0.1")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a runner of commands on a database of their own."""
    monkeypatch.setenv("ENTREFLUX_WEB_PASSWORD_MEMORY_KIB", "32")
    monkeypatch.setenv("ENTREFLUX_WEB_PASSWORD_PASSES", "1")
    monkeypatch.setenv("ENTREFLUX_DATABASE_URL", f"sqlite:///{tmp_path / 'own.sqlite'}")
    monkeypatch.setenv("ENTREFLUX_WEB_PUBLIC_URL", "https://flux.example")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(command_line, arguments)

    return call


@pytest.fixture
def opened(run: Any) -> Any:
    run("territory", "add", "Port")
    database = open_database(Database())
    yield database
    database.close()


def token_in(told: Result, path: str) -> str:
    found = re.search(rf"https://flux\.example/{path}/(\S+)", told.stdout)
    assert found is not None, told.output
    return found[1]


def test_an_operator_hands_over_a_link_for_a_new_password(run: Any, opened: OpenDatabase) -> None:
    former = run("user", "add", EMAIL, "--territory", "Port").stdout.split()[-1]
    token = token_in(run("user", "reset", EMAIL, "--second-factor"), "mot-de-passe")
    assert resets.use(opened, Web(), token, NEW) == EMAIL
    assert sign_in(opened, Web(), EMAIL, NEW)
    with pytest.raises(NotSignedInError):
        sign_in(opened, Web(), EMAIL, former)
    assert run("user", "reset", "personne@exemple.fr").exit_code == 1


def test_an_operator_invites_the_first_coordinator(run: Any, opened: OpenDatabase) -> None:
    assert run("user", "invite", EMAIL, "--role", "coordinator").exit_code == 1
    told = run("user", "invite", EMAIL, "--territory", "Port", "--role", "coordinator")
    token = token_in(told, "invitation")
    assert invitations.read(opened, token, HERE).role == "coordinator"
    invitations.accept(opened, Web(), token, "Anne", NEW)
    with pytest.raises(MissingError):
        invitations.read(opened, token, HERE)
    assert run("user", "invite", "sans-arobase", "--territory", "Port").exit_code == 1


def test_an_account_is_closed_with_what_is_open(run: Any, opened: OpenDatabase) -> None:
    password = run("user", "add", EMAIL, "--territory", "Port").stdout.split()[-1]
    assert sign_in(opened, Web(), EMAIL, password)
    assert run("user", "close", EMAIL).exit_code == 0
    with pytest.raises(NotSignedInError):
        sign_in(opened, Web(), EMAIL, password)
    assert run("user", "reset", EMAIL).exit_code == 1
    assert run("user", "close", "personne@exemple.fr").exit_code == 1


def test_keys_are_listed_and_revoked(run: Any, opened: OpenDatabase) -> None:
    token = run("key", "add", "--role", "operator", "--name", "sauvegarde").stdout.strip()
    assert principal_of_key(opened, token).is_operator
    identifier, name, scopes, ends, used = run("key", "list").stdout.rstrip("\n").split("\t")
    assert (name, scopes, ends) == ("sauvegarde", "read write admin", "")
    assert used
    assert token not in run("key", "list").stdout
    assert run("key", "revoke", identifier).exit_code == 0
    with pytest.raises(NotSignedInError):
        principal_of_key(opened, token)
    assert run("key", "list").stdout == ""


@pytest.mark.parametrize(("proxies", "heard"), [("", False), ("10.0.0.0/8,192.0.2.1", True)])
def test_forwarding_headers_are_heard_from_named_proxies_alone(
    run: Any, monkeypatch: pytest.MonkeyPatch, proxies: str, heard: bool
) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setenv("ENTREFLUX_WEB_TRUSTED_PROXIES", proxies)
    monkeypatch.setattr("uvicorn.run", lambda _application, **options: asked.update(options))
    told = run("serve")
    assert told.exit_code == 0, told.output
    assert asked["proxy_headers"] is heard
    assert asked["forwarded_allow_ips"] == (proxies or None)


def test_a_named_proxy_tells_the_address_that_tries_count_under() -> None:
    import asyncio

    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    seen: list[Any] = []

    async def application(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["client"][0])

    guarded: Any = ProxyHeadersMiddleware(application, "10.0.0.0/8")
    for peer in ("10.1.2.3", "203.0.113.7"):
        headers = [(b"x-forwarded-for", b"198.51.100.66, 203.0.113.9, 10.9.9.9")]
        scope = {"type": "http", "client": (peer, 1), "scheme": "http", "headers": headers}
        asyncio.run(guarded(scope, None, None))
    # The last address that no trusted proxy added itself; what a visitor wrote before it counts for nothing.
    assert seen == ["203.0.113.9", "203.0.113.7"]
