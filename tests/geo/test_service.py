"""Services outside are asked at public addresses alone, whatever names and redirects say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import patch

import pytest

from geo.service import fetch, fetch_anywhere


class Answers(BaseHTTPRequestHandler):
    """Says what was asked of it."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing on the terminal."""


@pytest.fixture
def inside() -> Iterator[tuple[str, list[str]]]:
    """Serve something on this machine; yields its address and what was asked."""
    asked: list[str] = []
    handler = type("Inside", (Answers,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_service_on_this_machine_is_not_asked_unless_the_settings_say_so(
    inside: tuple[str, list[str]],
) -> None:
    address, asked = inside
    with pytest.raises(OSError, match="is not a public address"):
        fetch(f"{address}/search?q=x", 5.0)
    assert asked == []
    assert fetch_anywhere(f"{address}/search?q=x", 5.0) == b"{}"


def test_a_name_that_leads_inside_is_refused_and_no_proxy_gets_around_it(
    inside: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, asked = inside
    port = address.rpartition(":")[2]
    monkeypatch.setenv("http_proxy", address)
    with pytest.raises(OSError, match="is not a public address"):
        fetch(f"http://localhost:{port}/search", 5.0)
    assert asked == []


def test_a_redirect_inside_is_refused(inside: tuple[str, list[str]]) -> None:
    """The first step passes for public: only the second one is judged."""
    address, asked = inside

    class Redirects(Answers):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"{address}/secret")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Redirects)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    first = server.server_address[1]
    from geo import service

    judge = service._check_public
    try:
        with (
            patch.object(
                service, "_check_public", lambda s: None if s.getpeername()[1] == first else judge(s)
            ),
            pytest.raises(OSError, match="is not a public address"),
        ):
            fetch(f"http://127.0.0.1:{first}/search", 5.0)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == []
