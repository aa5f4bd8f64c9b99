"""Quick changes do and say what the framework does and says, once, and leave nothing when they fail."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import routing
from sqlalchemy import event, func, select

from app.api.quick.changing import LONGEST_BODY, QuickChange
from app.db.principal import SYSTEM
from app.db.tables import AuditEntry, Site
from app.db.visibility import VisibleSession
from tests.trust.test_quick_reads import DRAWN, by_the_framework
from tests.trust.town import ACTORS, Town, build_with_synergies

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from app.db.engine import Database
    from app.settings import Settings

SITES = "/api/v1/sites"
NEW = {"name": "Quai nord", "lon": 5.0, "lat": 43.4}
JSON = {"Content-Type": "application/json"}
# What differs from one time to the next.
ANEW = {"id", "created_at", "updated_at", "version", "etag", "location", "content-length", "since"}


@pytest.fixture
def town(database: Database, settings: Settings) -> Town:
    return build_with_synergies(database, settings.web)


def key_of(town: Town, actor: str) -> dict[str, str]:
    key = town.keys.get(actor)
    return {"Authorization": f"Bearer {key}"} if key else {}


def told(answer: Any) -> tuple[int, Any, dict[str, str]]:
    """Return what an answer says, without what differs from one time to the next."""
    headers = {k: v for k, v in answer.headers.items() if k not in DRAWN | ANEW}
    said = answer.json() if answer.content else None
    if isinstance(said, dict):
        said = {name: value for name, value in said.items() if name not in ANEW | {"history"}}
    return answer.status_code, said, headers


def both_ways(application: FastAPI, ask: Callable[[], Any]) -> tuple[Any, Any]:
    quick = told(ask())
    with by_the_framework(application):
        return quick, told(ask())


def forbid_the_framework(monkeypatch: pytest.MonkeyPatch) -> None:
    def solve(**_arguments: Any) -> Any:
        raise AssertionError("the framework was asked")

    monkeypatch.setattr(routing, "solve_dependencies", solve)


def keyed() -> dict[str, str]:
    """Return the header that lets a POST be done once, whoever repeats it."""
    return {"Idempotency-Key": uuid.uuid4().hex}


def counted(database: Database, cls: type[Any]) -> int:
    with database.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(cls)) or 0


def version_of(client: TestClient, address: str, headers: dict[str, str]) -> dict[str, str]:
    return {"If-Match": client.get(address, headers=headers).headers["ETag"]}


def test_usual_changes_are_answered_without_the_framework(
    client: TestClient, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = key_of(town, "coordinator")
    synergy = client.get("/api/v1/synergies", headers=headers).json()["items"][0]["id"]
    changes = {
        f"{SITES}/{town.ids['own:site']}": {"employees": 12},
        f"/api/v1/synergies/{synergy}": {"status": "contacted"},
    }
    forbid_the_framework(monkeypatch)
    for address, body in changes.items():
        named = version_of(client, address, headers)
        assert client.patch(address, json=body, headers=headers | named).status_code == 200
    assert client.post(SITES, json=NEW, headers=headers | {"Idempotency-Key": "one"}).status_code == 201


@pytest.mark.parametrize("database_kind", ["sqlite", pytest.param("postgis", marks=pytest.mark.postgis)])
@pytest.mark.parametrize("actor", ACTORS)
def test_a_quick_change_says_what_the_framework_says(
    client: TestClient, application: FastAPI, town: Town, actor: str
) -> None:
    headers = key_of(town, actor)
    coordinator = key_of(town, "coordinator")

    def change(address: str, body: dict[str, Any]) -> Any:
        named = version_of(client, address, coordinator)
        return client.patch(address, json=body, headers=headers | named)

    site, flow = f"{SITES}/{town.ids['own:site']}", f"/api/v1/flows/{town.ids['own:flow:private:output']}"
    for address, body in ((site, {"employees": 3}), (flow, {"comment": "Relu"}), (flow, {"quantity": -1})):
        quick, slow = both_ways(application, lambda a=address, b=body: change(a, b))  # type: ignore[misc]
        assert quick == slow, address
    quick, slow = both_ways(application, lambda: client.post(SITES, json=NEW, headers=headers | keyed()))
    assert quick == slow


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (b"{", JSON),
        (b"", JSON),
        (b"null", JSON),
        (b"[]", JSON),
        (b"{}", JSON),
        (b'{"name": 3}', JSON),
        (b'{"name": "\xff"}', JSON),
        (b'{"name": "Quai", "unknown": 1}', JSON),
        (b'{"name": "Quai"}', {"Content-Type": "text/plain"}),
        (b'{"name": "Quai"}', {}),
        (b'{"name": "%s"}' % (b"a" * LONGEST_BODY), JSON),
        (b'{"name": "Quai"}', JSON | {"Idempotency-Key": ""}),
        (b'{"name": "Quai"}', JSON | {"Idempotency-Key": "a" * 300}),
    ],
)
def test_a_wrong_body_is_refused_alike(
    client: TestClient, application: FastAPI, town: Town, body: bytes, more: dict[str, str]
) -> None:
    headers = key_of(town, "coordinator") | keyed() | more
    quick, slow = both_ways(application, lambda: client.post(SITES, content=body, headers=headers))
    assert quick == slow


def test_a_version_that_is_missing_or_passed_is_refused_alike(
    client: TestClient, application: FastAPI, town: Town
) -> None:
    address = f"{SITES}/{town.ids['own:site']}"
    for named, status in (({}, 428), ({"If-Match": '"99"'}, 412), ({"If-Match": "*"}, 412)):
        headers = key_of(town, "coordinator") | named
        ask = lambda h=headers: client.patch(address, json={"employees": 3}, headers=h)  # noqa: E731
        quick, slow = both_ways(application, ask)
        assert quick == slow
        assert quick[0] == status


def test_a_quick_change_is_noted_once_and_a_repeated_one_is_not_done_again(
    client: TestClient, database: Database, town: Town
) -> None:
    headers = key_of(town, "coordinator") | {"Idempotency-Key": "twice"}
    sites, notes = counted(database, Site), counted(database, AuditEntry)
    first = client.post(SITES, json=NEW, headers=headers)
    again = client.post(SITES, json=NEW, headers=headers)
    other = client.post(SITES, json=NEW | {"name": "Autre"}, headers=headers)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert counted(database, Site) == sites + 1
    assert counted(database, AuditEntry) == notes + 1


def test_what_goes_wrong_in_a_quick_change_alone_is_undone_then_done_once_by_the_framework(
    client: TestClient,
    database: Database,
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    content = QuickChange.content

    def fail_late(self: QuickChange, asking: Any) -> Any:
        content(self, asking)
        raise KeyError("unforeseen")

    monkeypatch.setattr(QuickChange, "content", fail_late)
    sites, notes = counted(database, Site), counted(database, AuditEntry)
    headers = key_of(town, "coordinator") | {"Idempotency-Key": "late"}
    assert client.post(SITES, json=NEW, headers=headers).status_code == 201
    assert counted(database, Site) == sites + 1
    assert counted(database, AuditEntry) == notes + 1
    assert [record.levelname for record in caplog.records if "quick answer" in record.message] == ["WARNING"]


@pytest.mark.parametrize("database_kind", ["sqlite", pytest.param("postgis", marks=pytest.mark.postgis)])
def test_a_commit_that_held_although_it_failed_is_not_done_twice(
    client: TestClient, database: Database, town: Town
) -> None:
    failed: list[Any] = []

    def lose(session: Any) -> None:
        if not failed:
            failed.append(session)
            raise ConnectionError("after the commit, before anybody was told")

    sites = counted(database, Site)
    event.listen(VisibleSession, "after_commit", lose)
    try:
        answer = client.post(SITES, json=NEW, headers=key_of(town, "coordinator") | keyed())
    finally:
        event.remove(VisibleSession, "after_commit", lose)
    assert failed
    assert answer.status_code == 201
    assert counted(database, Site) == sites + 1


def test_a_new_row_without_a_key_is_left_to_the_framework(
    client: TestClient, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(QuickChange, "content", lambda self, asking: asked.append(asking))
    assert client.post(SITES, json=NEW, headers=key_of(town, "coordinator")).status_code == 201
    assert not asked
