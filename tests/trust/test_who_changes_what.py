"""Nobody changes what is not theirs: each unsafe route is asked by those it is not for, and nothing moves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from app.services.gate import access_to, endpoints_of
from tests.trust.test_who_sees_what import PARAMETER
from tests.trust.town import PASSWORD, Town, build, synergies_of

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from app.db.engine import Database
    from app.settings import Settings

TERRITORY = "/api/v1/territories/{territory_id}"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
TABLES = (
    "territory",
    "park",
    "company",
    "site",
    "contact",
    "flow",
    "diagnostic",
    "import",
    "mandate",
    "flow_grant",
)
# A body that each operation understands, as far as one serves many.
BODY = {
    "name": "volé",
    "status": "abandoned",
    "obstacle": "closure",
    "comment": "volé",
    "note": "volé",
    "body": "volé",
    "level": "public",
    "label": "volé",
    "direction": "output",
    "kind": "material",
    "planner": "groups",
    "flows": [{"direction": "output", "kind": "material", "label": "volé"}],
}


@pytest.fixture
def town(database: Database, settings: Settings) -> Town:
    made = build(database, settings.web)
    made.ids["synergy"] = next(synergies_of(database, made.ids["territory"]))
    return made


def _stored(database: Database) -> dict[str, list[Any]]:
    """Return every row but those of the one company that may be changed."""
    with database.engine.connect() as connection:
        return {
            table: sorted(map(str, connection.execute(text(f'SELECT * FROM "{table}"')).all()))  # noqa: S608
            for table in TABLES
        }


def _targets(town: Town) -> dict[str, list[str]]:
    others = ("granted", "other", "withheld", "far")
    named = {
        f"{kind}_id": [town.ids[f"{owner}:{kind}"] for owner in others]
        for kind in ("company", "site", "contact", "diagnostic", "import")
    }
    flows = [value for name, value in town.ids.items() if ":flow:" in name and not name.startswith("own")]
    return named | {
        "flow_id": flows,
        "row_id": named["company_id"],
        "territory_id": [town.ids["territory"], town.ids["away"]],
        "park_id": [town.ids["park"]],
        "synergy_id": [town.ids["synergy"]],
    }


def _names(town: Town) -> dict[str, str]:
    """Return what a body names of others."""
    return {
        "site_id": town.ids["other:site"],
        "company_id": town.ids["other:company"],
        "to_company_id": town.ids["own:company"],
        "territory_id": town.ids["territory"],
        "flow_id": town.ids["other:flow:private:output"],
        "other_flow_id": town.ids["granted:flow:private:output"],
    }


def _body(application: FastAPI, method: str, path: str, town: Town) -> dict[str, Any]:
    """Return a body that an operation understands: the fields of its schema that have a value here."""
    document = application.openapi()
    operation = document["paths"].get(path, {}).get(method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "/").rsplit("/", 1)[1]
    schema = document["components"]["schemas"].get(name, {})
    known = BODY | _names(town)
    return {field: known[field] for field in schema.get("properties", {}) if field in known}


@pytest.mark.parametrize("actor", ["anonymous", "operator", "company", "observer", "foreign"])
def test_no_route_of_the_api_lets_an_actor_change_what_is_not_theirs(
    client: TestClient, application: FastAPI, database: Database, town: Town, actor: str
) -> None:
    key = town.keys.get(actor)
    headers = {"If-Match": '"1"'} | ({"Authorization": f"Bearer {key}"} if key else {})
    before, wrong, asked = _stored(database), [], 0
    for method, path, endpoint in endpoints_of(application):
        if method not in UNSAFE or not path.startswith("/api/") or access_to(endpoint).anonymous:
            continue
        names = PARAMETER.findall(path)
        body = _body(application, method, path, town)
        if path == "/api/v1/territories" or (actor == "operator" and path == TERRITORY):
            continue  # An operator creates, renames and removes territories: that is its work.
        for value in _targets(town).get(names[0], ["x"]) if names else [""]:
            asked += 1
            answer = client.request(method, PARAMETER.sub(value, path), headers=headers, json=body)
            if answer.status_code >= 500 or (actor == "anonymous" and answer.status_code != 401):
                wrong.append((method, path, answer.status_code))
    assert wrong == []
    assert asked > 50
    changed = _changes(before, _stored(database), town, actor)
    assert changed == []


def _changes(before: dict[str, list[Any]], after: dict[str, list[Any]], town: Town, actor: str) -> list[str]:
    own = {"company": "own", "foreign": "far"}.get(actor)
    mine = [town.ids[f"{own}:company"], town.ids[f"{own}:site"]] if own else []
    return [
        f"{table}: {row}"
        for table in TABLES
        for row in {*after[table]} ^ {*before[table]}
        if not any(one in row for one in mine)
    ]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("actor", ["operator", "company", "observer", "foreign"])
def test_no_form_of_the_pages_lets_an_actor_change_what_is_not_theirs(
    client: TestClient, application: FastAPI, database: Database, town: Town, actor: str
) -> None:
    def token() -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', client.get("/connexion").text)
        assert found is not None
        return found[1]

    fields = {"csrf": token(), "email": f"{actor}@x.example", "password": PASSWORD}
    assert client.post("/connexion", data=fields, follow_redirects=False).status_code == 303
    own_page = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    before, wrong = _stored(database), []
    plain = {name: value for name, value in BODY.items() if isinstance(value, str)} | {"version": "1"}
    for method, path, endpoint in endpoints_of(application):
        if method not in UNSAFE or path.startswith("/api/") or access_to(endpoint).anonymous:
            continue
        names = PARAMETER.findall(path)
        for value in _targets(town).get(names[0], ["x"]) if names else [""]:
            answer = client.request(
                method, PARAMETER.sub(value, path), headers=own_page, data=plain, follow_redirects=False
            )
            if answer.status_code >= 500:
                wrong.append((method, path, answer.status_code))
    assert wrong == []
    assert _changes(before, _stored(database), town, actor) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_bodies_sent_are_understood(client: TestClient, application: FastAPI, town: Town) -> None:
    headers = {"If-Match": '"1"', "Authorization": f"Bearer {town.keys['coordinator']}"}
    done = []
    for method, path, _ in endpoints_of(application):
        names = PARAMETER.findall(path)
        if method == "PATCH" and names and path.startswith("/api/v1/"):
            body = _body(application, method, path, town)
            for value in _targets(town).get(names[0], []):
                answer = client.request(method, PARAMETER.sub(value, path), headers=headers, json=body)
                done.append((path, answer.status_code))
    changed = {path for path, status in done if status == 200}
    assert len(changed) >= 5, done
