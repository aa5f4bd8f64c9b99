"""The log tells of each request under its number, and of nothing that people sent."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api.log_lines import JsonLines, NotTwice, TextLines
from tests.conftest import Asker

SECRET = "motdepassetressecret"
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Return what the log holds, as machines read it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    handler.addFilter(NotTwice())
    # The tests' own client tells what it asks for.
    handler.addFilter(lambda record: not record.name.startswith("httpx"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_each_request_is_one_line_under_the_number_of_its_answer(
    client: TestClient, lines: io.StringIO
) -> None:
    answer = client.get("/health/live", params={"q": SECRET})
    (line,) = [line for line in read(lines) if line["logger"] == "entreflux.requests"]
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/health/live", 200)
    assert line["ms"] >= 0
    assert SECRET not in lines.getvalue()


@pytest.mark.parametrize(("given", "kept"), [
    ("proxy-0123456789", True),
    ("a" * 65, False),
    ("short", False),
    ('x"\\injected', False),
])  # fmt: skip
def test_the_number_a_proxy_gave_is_kept_when_it_cannot_break_a_line(
    client: TestClient, given: str, kept: bool
) -> None:
    answer = client.get("/health/live", headers={"X-Request-ID": given})
    assert (answer.headers["x-request-id"] == given) is kept


def test_no_body_no_query_no_key_and_no_address_reach_the_log(operator: Asker, lines: io.StringIO) -> None:
    operator.post("/territories", {"name": SECRET})
    operator.post("/territories", {"name": SECRET, "language": SECRET})
    operator.get("/sites", params={"q": SECRET})
    operator.get(f"/sites/{SECRET}")
    operator.client.post("/connexion", data={"email": f"{SECRET}@x.fr", "password": SECRET})
    operator.client.get(f"/{SECRET}")
    told = lines.getvalue()
    assert "entreflux.requests" in told
    assert SECRET not in told
    assert operator.token not in told


def test_an_unforeseen_error_is_told_once_without_what_it_quotes(
    operator: Asker, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr("app.api.territories.created", fail)
    client = TestClient(operator.client.app, raise_server_exceptions=False)
    answer = Asker(client, operator.token).post("/territories", {"name": "Port"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    errors = [line for line in read(lines) if "error" in line]
    assert [line["error"][0] for line in errors] == ["ValueError"]
    assert errors[0]["request_id"] == answer.headers["x-request-id"]
    assert any("test_logs" in place for place in errors[0]["where"])
    assert SECRET not in lines.getvalue() + answer.text


def test_an_error_of_the_database_does_not_quote_the_row(database: Any) -> None:
    from sqlalchemy.exc import IntegrityError

    from app.db.principal import SYSTEM
    from app.db.tables import Territory

    with pytest.raises(IntegrityError) as caught, database.writing(SYSTEM) as session:  # noqa: PT012
        for _ in range(2):
            session.add(Territory(id="same", name=SECRET))
            session.flush()
            session.expunge_all()
    record = logging.LogRecord("x", logging.ERROR, "", 0, "Unexpected error", None, caught._excinfo)
    assert SECRET not in str(caught.value)
    for formatter in (JsonLines(), TextLines()):
        line = formatter.format(record)
        assert SECRET not in line
        assert "IntegrityError" in line


def test_the_counters_stay_few_whatever_methods_people_invent(client: TestClient) -> None:
    for number in range(20):
        client.request(f"BREW{number}", "/health/live")
    assert "BREW" not in client.get("/metrics").text


def test_a_server_without_room_left_is_not_ready(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/health/ready").status_code == 200
    assert "entreflux_disk_free_bytes " in client.get("/metrics").text
    monkeypatch.setattr("app.db.room.LEAST_FREE_BYTES", 2**70)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "disk"})
    assert client.get("/health/live").status_code == 200
