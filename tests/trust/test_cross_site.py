"""No other site can have a browser change anything here: every route that changes something, one by one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from app.api.protection import content_policy
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Territory
from app.main import create_app
from app.repositories.records import add
from app.services.accounts import create_user, sign_in
from app.services.gate import endpoints_of
from app.services.passwords import csrf_token
from app.settings import Database as DatabaseSettings
from app.settings import Settings, Web
from app.web.rendering import environment

if TYPE_CHECKING:
    from fastapi import FastAPI

SAFE = ("GET", "HEAD", "OPTIONS")
EMAIL, PASSWORD = "anne@exemple.fr", "un long mot de passe"
# What browsers send from elsewhere: by a form, by a script, from a neighbouring host, from a file.
FOREIGN: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Origin": "https://ailleurs.example"},
    {"Origin": "http://testserver.ailleurs.example"},
    {"Origin": "http://testserver:8443"},
    {"Origin": "null"},
)


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def token(database: Database, settings: Settings) -> str:
    """Return the session of a coordinator."""
    with database.writing(SYSTEM) as session:
        where = add(session, Territory(name="Port"))
        create_user(session, settings.web, EMAIL, PASSWORD, territory=where)
    return sign_in(database, settings.web, EMAIL, PASSWORD)


def unsafe_routes(application: Any) -> list[tuple[str, str]]:
    """Return each method and path that may change something, with an identifier in the places of the path."""
    return sorted(
        {
            (method, re.sub(r"\{[^}]+\}", "00000000-0000-4000-8000-000000000000", path))
            for method, path, _ in endpoints_of(application)
            if method not in SAFE
        }
    )


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_every_route_that_changes_something_refuses_another_site(
    application: FastAPI, token: str, headers: dict[str, str]
) -> None:
    routes = unsafe_routes(application)
    assert len(routes) > 60
    # Even with the session's cookie and its token, as if another fault had given them away.
    proof = {**headers, "X-CSRF-Token": csrf_token(token)}
    with TestClient(application, cookies={"entreflux_session": token}) as client:
        answers = {
            (method, path): client.request(method, path, headers=proof, follow_redirects=False).status_code
            for method, path in routes
        }
    assert {route: status for route, status in answers.items() if status != 403} == {}


def test_without_any_header_a_session_still_needs_the_token_of_our_page(
    application: FastAPI, token: str
) -> None:
    # Signing in and links that open once are for people without a session: their forms have their own token.
    without = ("/connexion", "/mot-de-passe", "/second-facteur", "/invitation")
    routes = [route for route in unsafe_routes(application) if not route[1].startswith(without)]
    with TestClient(application, cookies={"entreflux_session": token}) as client:
        refused = {route: client.request(*route, follow_redirects=False).status_code for route in routes}
    assert {route: status for route, status in refused.items() if status not in (403, 422)} == {}


def test_our_own_page_and_programs_are_let_through(application: FastAPI, token: str) -> None:
    with TestClient(application, cookies={"entreflux_session": token}) as client:
        for headers in (
            {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"},
            {"Origin": "http://testserver", "X-CSRF-Token": csrf_token(token)},
            {"X-CSRF-Token": csrf_token(token)},
        ):
            assert client.post("/api/v1/parks", json={"name": "Zone"}, headers=headers).status_code == 201


def test_a_refusal_is_a_page_for_a_form_and_a_problem_for_a_program(application: FastAPI, token: str) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    with TestClient(application) as client:
        page = client.post("/deconnexion", data={"a": "b"}, headers=headers)
        problem = client.post("/api/v1/parks", json={}, headers=headers)
    assert page.headers["content-type"].startswith("text/html")
    assert problem.json()["type"] == "urn:entreflux:problem:forged-request"
    assert "default-src 'self'" in page.headers["content-security-policy"]


def test_scripts_run_by_the_nonce_of_their_answer_alone(application: FastAPI, token: str) -> None:
    seen = set()
    with TestClient(application, cookies={"entreflux_session": token}) as client:
        for path in ("/", "/connexion", "/carte", "/diagnostics/nouveau", "/nulle-part"):
            answer = client.get(path, headers={"Accept": "text/html"})
            policy = answer.headers["content-security-policy"]
            mark = re.search(r"script-src 'nonce-([\w-]+)' 'strict-dynamic'", policy)
            assert mark is not None
            assert "unsafe" not in policy
            seen.add(mark[1])
            scripts = re.findall(r"<script[^>]*>", answer.text)
            assert scripts, path
            assert all(f'nonce="{mark[1]}"' in script for script in scripts), path
    assert len(seen) == 5


def test_a_value_never_becomes_markup_nor_a_script_with_a_nonce() -> None:
    template = environment("fr").from_string("<p>{{ value }}</p>")
    assert template.render(value="<script>1</script>") == "<p>&lt;script&gt;1&lt;/script&gt;</p>"
    assert environment("fr").autoescape is True


def test_the_policy_names_no_other_origin_but_the_tiles() -> None:
    assert "http" not in content_policy()
    assert "https://tuiles.example" in content_policy("https://tuiles.example")


def test_a_server_that_knows_its_name_answers_to_no_other(database: Database) -> None:
    web = Web(
        password_memory_kib=32, password_passes=1, secure_cookies=True, public_url="https://flux.example"
    )
    application = create_app(Settings(database=DatabaseSettings(url="sqlite://"), web=web))
    application.state.database.close()
    application.state.database = database
    with TestClient(application, base_url="https://flux.example") as client:
        page = client.get("/connexion")
        assert page.status_code == 200
        assert page.headers["strict-transport-security"].startswith("max-age=")
        assert client.get("/connexion", headers={"Host": "ailleurs.example"}).status_code == 400
        assert client.get("/health/live", headers={"Host": "127.0.0.1:8000"}).status_code == 200
        # Behind a proxy the server sees another host than people do.
        headers = {"Host": "127.0.0.1:8000", "Origin": "https://flux.example"}
        assert client.post("/connexion", data={}, headers=headers).status_code == 403
        assert "Ce formulaire avait expiré" in client.post("/connexion", data={}, headers=headers).text


def test_over_https_cookies_carry_the_prefix_that_binds_them_to_the_host(
    database: Database, token: str
) -> None:
    web = Web(password_memory_kib=32, password_passes=1, secure_cookies=True)
    application = create_app(Settings(database=DatabaseSettings(url="sqlite://"), web=web))
    application.state.database.close()
    application.state.database = database
    with TestClient(application, base_url="https://flux.example") as client:
        page = client.get("/connexion").text
        form = re.search(r'name="csrf" value="([^"]+)"', page)
        assert form is not None
        fields = {"csrf": form[1], "email": EMAIL, "password": PASSWORD}
        answer = client.post("/connexion", data=fields, follow_redirects=False)
        assert answer.status_code == 303
        set_ones = answer.headers.get_list("set-cookie")
        session = next(line for line in set_ones if line.startswith("__Host-entreflux_session="))
        for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
            assert part in session
        assert "Domain" not in session
        assert client.get("/compte").status_code == 200
        # A neighbouring host could set the plain name: it opens nothing.
        client.cookies.clear()
        client.cookies.set("entreflux_session", token)
        assert client.get("/compte", follow_redirects=False).status_code == 303
