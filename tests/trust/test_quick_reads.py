"""Quick reads answer as the framework does: the same words to the same actor, and the same refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import routing

from app.api.quick.answering import QuickRead
from app.api.quick.door import Table
from tests.trust.test_who_sees_what import addresses
from tests.trust.town import ACTORS, Town, build_with_synergies

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from app.db.engine import Database
    from app.settings import Settings

# Each reading adds to it.
AUDIT = "/api/v1/audit"
# What is drawn anew for each answer.
DRAWN = {"x-request-id", "content-security-policy"}
ASKED_MOST = (
    "/api/v1/synergies",
    "/api/v1/synergies/{synergy}",
    "/api/v1/flows/{own:flow:private:output}",
    "/api/v1/flows/{own:flow:private:output}/matches",
    "/api/v1/sites/{own:site}",
)
QUERIES = (
    "limit=2",
    "limit=0",
    "limit=two",
    "cursor=nonsense",
    "sort=-score&min_score=10",
    "sort=best",
    "bbox=0,40,10,50",
    "bbox=0,40,10",
    "near=5.4,43.3&within_km=50",
    "near=5.4,99",
    "kind=substitution&kind=loop",
    "status=&q=",
    "q=%00",
    "unknown=1",
    "format=csv",
)


@pytest.fixture
def town(database: Database, settings: Settings) -> Town:
    return build_with_synergies(database, settings.web)


@contextmanager
def by_the_framework(application: FastAPI) -> Iterator[None]:
    """Have the framework answer all: it alone knows of functions put in the place of others."""
    application.dependency_overrides[by_the_framework] = by_the_framework
    try:
        yield
    finally:
        application.dependency_overrides.clear()


def told(client: TestClient, address: str, headers: Any) -> tuple[int, dict[str, str], bytes]:
    answer = client.get(address, headers=headers)
    kept = {name: value for name, value in answer.headers.items() if name not in DRAWN}
    return answer.status_code, kept, answer.content


@pytest.mark.parametrize("form", ASKED_MOST)
def test_what_is_asked_most_is_answered_without_the_framework(
    client: TestClient, town: Town, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def solve(**_arguments: Any) -> Any:
        raise AssertionError("the framework was asked")

    monkeypatch.setattr(routing, "solve_dependencies", solve)
    headers = {"Authorization": f"Bearer {town.keys['coordinator']}"}
    # Another one may name a company that withholds its mandate.
    seen = client.get("/api/v1/synergies", headers=headers).json()["items"][0]["id"]
    address = re.sub(r"\{(.*?)\}", lambda named: {**town.ids, "synergy": seen}[named[1]], form)
    assert told(client, address, headers)[0] == 200


def test_what_goes_wrong_in_a_quick_read_alone_is_answered_all_the_same_and_logged(
    client: TestClient, town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: Any) -> Any:
        raise KeyError("unforeseen")

    monkeypatch.setattr(QuickRead, "answer", fail)
    headers = {"Authorization": f"Bearer {town.keys['coordinator']}"}
    assert told(client, "/api/v1/sites", headers)[0] == 200
    assert [record.levelname for record in caplog.records if "quick answer" in record.message] == ["WARNING"]


@pytest.mark.parametrize("database_kind", ["sqlite", pytest.param("postgis", marks=pytest.mark.postgis)])
@pytest.mark.parametrize("actor", ACTORS)
def test_a_quick_read_says_what_the_framework_says(
    client: TestClient, application: FastAPI, town: Town, actor: str
) -> None:
    key = town.keys.get(actor)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    table = Table(application)
    asked = [
        address
        for address, _ in addresses(application, town)
        if address != AUDIT and address.startswith("/api/v1/")
        if table.find({"method": "GET", "path": address, "query_string": b""})
    ]
    assert len(asked) > 50
    quick = {address: told(client, address, headers) for address in asked}
    with by_the_framework(application):
        for address, answer in quick.items():
            assert told(client, address, headers) == answer, address


@pytest.mark.parametrize("collection", ["synergies", "flows", "sites"])
def test_a_query_is_read_and_refused_alike(
    client: TestClient, application: FastAPI, town: Town, collection: str
) -> None:
    headers = {"Authorization": f"Bearer {town.keys['coordinator']}", "Accept-Language": "en"}
    asked = [f"/api/v1/{collection}?{query}" for query in QUERIES]
    quick = {address: told(client, address, headers) for address in asked}
    assert {answer[0] for answer in quick.values()} >= {200, 422}
    with by_the_framework(application):
        for address, answer in quick.items():
            assert told(client, address, headers) == answer, address


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer ", "Basic eDp5", "bearer {key}", "Bearer wrong"])
def test_a_key_is_recognised_and_refused_alike(
    client: TestClient, application: FastAPI, town: Town, said: str
) -> None:
    headers = {"Authorization": said.replace("{key}", town.keys["company"])}
    quick = told(client, "/api/v1/flows", headers)
    with by_the_framework(application):
        assert told(client, "/api/v1/flows", headers) == quick
