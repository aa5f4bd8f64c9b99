"""Who sees what: each actor asks every reading of the API, the pages and the files, about each row."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from app.services.gate import ROLES, access_to, endpoints_of, operation_of, table
from tests.trust.shares import share, told
from tests.trust.town import ACTORS, PASSWORD, SYNERGIES, Town, build_with_synergies

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from app.db.engine import Database
    from app.settings import Settings

PARAMETER = re.compile(r"\{([a-z_]+)(?::[a-z]+)?\}")
NOWHERE = "00000000-0000-4000-8000-000000000000"
OWNERS = ("own", "granted", "other", "withheld", "far")
# What stands for each parameter of an address, by the kind of thing it names.
KINDS = {
    "territory_id": ["territory", "away"],
    "park_id": ["park"],
    "company_id": [f"{owner}:company" for owner in OWNERS],
    "site_id": [f"{owner}:site" for owner in OWNERS],
    "row_id": [f"{owner}:company" for owner in OWNERS],
    "contact_id": [f"{owner}:contact" for owner in OWNERS],
    "diagnostic_id": [f"{owner}:diagnostic" for owner in OWNERS],
    "import_id": [f"{owner}:import" for owner in OWNERS],
    "flow_id": [
        *(f"{owner}:flow:private:{way}" for owner in OWNERS for way in ("output", "input")),
        *(f"granted:flow:{level}:output" for level in ("teaser", "territory", "public")),
    ],
    "synergy_id": list(SYNERGIES),
    "form": ["=csv", "=xlsx", "=geojson", "=pdf", "=gpkg"],
    "collection_id": ["=sites", "=flows", "=synergies"],
    "feature_id": ["granted:flow:private:output", "own:site", *SYNERGIES],
}


@pytest.fixture
def town(database: Database, settings: Settings) -> Town:
    return build_with_synergies(database, settings.web)


def addresses(application: FastAPI, town: Town) -> Iterator[tuple[str, Any]]:
    """Yield every address to read, with its function; parameters without a kind name nothing."""
    for method, path, endpoint in endpoints_of(application):
        if method != "GET":
            continue
        names = PARAMETER.findall(path)
        kinds = KINDS.get(names[0], [f"={NOWHERE}"]) if names else [""]
        for kind in kinds:
            value = kind[1:] if kind.startswith("=") else town.ids.get(kind, "")
            filled = PARAMETER.sub(value, path, count=1)
            for more in names[1:]:
                second = KINDS.get(more, [f"={NOWHERE}"])[0]
                filled = PARAMETER.sub(second[1:] if second[0] == "=" else town.ids[second], filled, count=1)
            yield filled, endpoint


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_every_route_has_a_row_of_its_own_in_the_table_of_access(application: FastAPI) -> None:
    routes = {operation_of(endpoint) for _, _, endpoint in endpoints_of(application)}
    missing = sorted(routes - table().keys())
    assert missing == [], f"say in app/services/access.csv who may use {missing}"
    assert sorted(table().keys() - routes) == [], "these rows name no route"


def texts_of(answer: Any) -> str:
    """Return everything an answer says, headers and the inside of archives included."""
    said = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    content = answer.content
    if content.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        return said + "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if content.startswith(b"%PDF"):
        from pypdf import PdfReader

        return said + "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return said + str(content.decode("utf-8", "replace"))


def leaks(town: Town, actor: str, text: str) -> list[tuple[str, str, str]]:
    """Return the secrets in a text that an actor may not read."""
    return [about for word, about in town.canaries.items() if word in text and not town.may_see(actor, word)]


def ask_all(client: TestClient, application: FastAPI, town: Town, actor: str, headers: Any) -> list[str]:
    """Return what is wrong with the answers to every reading of an actor."""
    wrong = []
    for address, endpoint in addresses(application, town):
        answer = client.get(address, headers=headers, follow_redirects=False)
        access = access_to(endpoint)
        if answer.status_code >= 500 and answer.status_code != 503:
            wrong.append(f"{address}: {answer.status_code}")
        permitted = access.anonymous or (actor in ROLES and actor in access.roles)
        permitted = permitted or (actor == "foreign" and "company" in access.roles)
        if not permitted and answer.status_code < 300:
            wrong.append(f"{address}: answered {answer.status_code} to a role that the table keeps out")
        wrong += [f"{address}: {found}" for found in leaks(town, actor, texts_of(answer))]
    return wrong


@pytest.mark.parametrize("actor", ACTORS)
def test_no_answer_of_the_api_tells_an_actor_what_it_may_not_see(
    client: TestClient, application: FastAPI, town: Town, actor: str
) -> None:
    key = town.keys.get(actor)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    assert ask_all(client, application, town, actor, headers) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("actor", ACTORS[1:])
def test_no_page_tells_an_actor_what_it_may_not_see(
    client: TestClient, application: FastAPI, town: Town, actor: str
) -> None:
    form = client.get("/connexion").text
    token = re.search(r'name="csrf" value="([^"]+)"', form)
    assert token is not None
    fields = {"csrf": token[1], "email": f"{actor}@x.example", "password": PASSWORD}
    assert client.post("/connexion", data=fields, follow_redirects=False).status_code == 303
    assert ask_all(client, application, town, actor, {"Accept": "text/html"}) == []


@pytest.mark.parametrize("actor", ["company", "observer", "operator", "facilitator"])
def test_a_foreign_row_and_a_missing_one_look_the_same(
    client: TestClient, application: FastAPI, town: Town, actor: str
) -> None:
    headers = {"Authorization": f"Bearer {town.keys[actor]}"}
    for method, path, _ in endpoints_of(application):
        names = PARAMETER.findall(path)
        if method != "GET" or len(names) != 1 or not path.startswith("/api/"):
            continue
        if actor == "operator" and names == ["territory_id"]:
            continue  # An operator knows every territory, by its name alone.
        foreign = [kind for kind in KINDS.get(names[0], []) if kind.startswith(("far:", "away"))]
        for kind in foreign:
            answers = [
                client.get(PARAMETER.sub(value, path), headers=headers) for value in (town.ids[kind], NOWHERE)
            ]
            statuses = [answer.status_code for answer in answers]
            assert statuses[0] == statuses[1], (path, statuses)
            bodies = [answer.json() | {"instance": ""} for answer in answers if answer.status_code != 200]
            assert all(body == bodies[0] for body in bodies), path


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_town_has_a_canary_in_every_secret_and_the_staff_read_them(
    client: TestClient, application: FastAPI, town: Town
) -> None:
    headers = {"Authorization": f"Bearer {town.keys['coordinator']}"}
    seen = "".join(
        texts_of(client.get(address, headers=headers))
        for address, _ in addresses(application, town)
        if address.startswith("/api/")
    )
    expected = {word for word in town.canaries if town.may_see("coordinator", word)}
    unseen = sorted(town.canaries[word] for word in expected if word not in seen)
    assert unseen == [], "a canary that nobody could read proves nothing"
    told(f"{len(town.canaries)} canaries, {len(ACTORS)} actors, {share(1, 1)} town")
