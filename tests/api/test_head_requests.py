"""``HEAD`` tells of any address what ``GET`` would, and sends nothing else."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tests.conftest import Asker

ALWAYS_NEW = {"x-request-id", "date", "content-security-policy", "server-timing"}


def _kept(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in ALWAYS_NEW}


@pytest.mark.parametrize("path", ["/flows", "/flows?q=palette", "/synergies?limit=5"])
def test_head_has_the_headers_of_get_and_no_body(member: Asker, imported: Any, path: str) -> None:
    read, asked = member.get(path), member("HEAD", path)
    assert (asked.status_code, asked.content) == (200, b"")
    assert _kept(asked.headers) == _kept(read.headers)
    assert int(asked.headers["content-length"]) == len(read.content) > 0


def test_head_shows_a_stranger_no_more_than_get(client: Any, member: Asker, stranger: Asker) -> None:
    site = member.created("/sites", {"name": "Scierie", "lon": 5.05, "lat": 43.4})
    assert client.head("/api/v1/flows").status_code == 401
    assert stranger("HEAD", f"/sites/{site['id']}").status_code == 404
    assert member("HEAD", f"/sites/{site['id']}").status_code == 200


def test_head_of_what_is_only_sent_to_is_refused(member: Asker) -> None:
    assert member("HEAD", "/matches/preview").status_code == 405


def test_the_log_tells_that_only_the_head_was_asked(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "entreflux.requests"):
        assert client.head("/health/live").status_code == 200
    line = next(record for record in caplog.records if record.name == "entreflux.requests")
    assert line.getMessage().startswith("HEAD /health/live 200")
