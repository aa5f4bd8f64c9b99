"""Clients that race: one row for one key, no update lost, and each refusal says which it is."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Site
from tests.conftest import Asker, MakeMember
from tests.trust.shares import share, told

PARALLEL = 50
RACERS = 10
# Those a server has (anyio).
THREADS = 40


@pytest.fixture
def member(operator: Asker, member_of: MakeMember) -> Asker:
    return member_of(str(operator.created("/territories", {"name": "Port"})["id"]))


def together(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Return what ``count`` threads got that began at the same moment."""
    barrier = Barrier(count)

    def begin(number: int) -> Any:
        barrier.wait(60)
        return work(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(begin, range(count)))


def of_thread(asker: Asker) -> Asker:
    """Return the same asker with a client of its own, as another browser would be."""
    return Asker(TestClient(asker.client.app, raise_server_exceptions=False), asker.token)


def test_more_requests_than_threads_are_all_answered(client: TestClient, member: Asker) -> None:
    """Writers and readers come at once, three for each thread of the server: each gets its turn."""
    asked = Asker(client, member.token)

    def ask(number: int) -> int:
        if number % 3:
            return int(asked.get("/sites").status_code)
        return int(asked.post("/sites", {"name": f"Site {number}"}).status_code)

    assert set(together(THREADS * 3, ask)) == {200, 201}


def test_posts_in_parallel_under_one_key_make_one_row(
    member: Asker, database: Database, database_kind: str
) -> None:
    def post(_number: int) -> Any:
        return of_thread(member).post("/sites", {"name": "Unique"}, headers={"Idempotency-Key": "one"})

    answers = together(PARALLEL, post)
    codes = Counter(answer.status_code for answer in answers)
    assert set(codes) == {201}, [answer.text for answer in answers if answer.status_code != 201][:2]
    assert len({answer.json()["id"] for answer in answers}) == 1
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Site)) == 1
    told(f"{database_kind}: {PARALLEL} posts under one key, 1 row")


def test_racing_updates_are_each_applied_once_or_refused(member: Asker, database_kind: str) -> None:
    site = member.created("/sites", {"name": "Disputé", "employees": 0})
    path, tries = f"/sites/{site['id']}", share(100, 1000)

    def race(racer: int) -> Counter[int]:
        asker, dice, codes = of_thread(member), random.Random(racer), Counter[int]()
        for _ in range(tries // RACERS):
            seen = asker.get(path)
            body = {"employees": seen.json()["employees"] + 1}
            headers = {} if dice.random() < 0.1 else {"If-Match": seen.headers["etag"]}
            codes[asker("PATCH", path, json=body, headers=headers).status_code] += 1
        return codes

    codes = sum(together(RACERS, race), Counter[int]())
    assert set(codes) <= {200, 412, 428}, codes
    assert codes.total() == tries
    now = member.get(path).json()
    # Each accepted update added one to what it had read: none overwrote another.
    assert now["employees"] == codes[200]
    assert now["version"] == site["version"] + codes[200]
    assert codes[428]
    told(f"{database_kind}: {tries} racing updates, {dict(codes)}, 0 lost")


def test_of_two_changes_that_read_the_same_version_one_is_told_to_read_again(member: Asker) -> None:
    site = member.created("/sites", {"name": "Disputé"})
    path, count = f"/sites/{site['id']}", 20

    def change(number: int) -> int:
        code: int = of_thread(member).change(path, {"city": f"V{number}"}, site["version"]).status_code
        return code

    codes = Counter(together(count, change))
    assert codes == {200: 1, 412: count - 1}


def test_deleting_and_changing_at_once_never_fails_unforeseen(member: Asker) -> None:
    for _ in range(share(3, 30)):
        site = member.created("/sites", {"name": "Passager"})
        path = f"/sites/{site['id']}"

        def act(number: int, path: str = path, version: int = site["version"]) -> int:
            asker = of_thread(member)
            headers = {"If-Match": f'"{version}"'}
            answer = (
                asker.delete(path, headers=headers)
                if number % 2
                else asker.change(path, {"city": "Fos"}, version)
            )
            code: int = answer.status_code
            return code

        assert set(together(8, act)) <= {200, 204, 404, 412}
