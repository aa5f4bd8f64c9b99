"""A small territory with people to sign in as, copied for each test."""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import table

if TYPE_CHECKING:
    from fastapi import FastAPI
    from playwright.sync_api import Browser

    from app.settings import Settings

PASSWORD = "un mot de passe"
MEMBER, STRANGER, NEWCOMER, TRAVELLER = (
    f"{name}@port.example" for name in ("membre", "voisin", "nouveau", "deux")
)

REQUIRE_BROWSER = "ENTREFLUX_TEST_REQUIRE_BROWSER"
VENDOR = Path(__file__).parents[2] / "app" / "web" / "static" / "vendor" / "maplibre-gl.mjs"


def with_plain_spaces(text: str) -> str:
    """Return a text whose no-break spaces are plain, easier to compare."""
    return re.sub("[\u00a0\u202f]", " ", text)


def cheap_settings(url: str) -> Settings:
    from app.settings import Database, Settings, Web

    return Settings(database=Database(url=url), web=Web(password_memory_kib=32, password_passes=1))


@pytest.fixture
def database_kind() -> str:
    """Run on SQLite alone: pages reach the database through what the API's tests cover on both."""
    return "sqlite"


@pytest.fixture(scope="session")
def populated(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with three territories: one with matching flows, a stranger's, an empty one."""
    from app.db.engine import open_database
    from app.db.principal import SYSTEM
    from app.db.tables import Territory
    from app.repositories.records import add
    from app.services.accounts import create_user, join
    from app.services.imports import import_table

    file = tmp_path_factory.mktemp("populated") / "entreflux.sqlite"
    shutil.copy(sqlite_template, file)
    settings = cheap_settings(f"sqlite:///{file}")
    database = open_database(settings.database)
    with database.writing(SYSTEM) as session:
        port, away, empty = (
            add(session, Territory(name=name)) for name in ("Étang de Berre", "Ailleurs", "Nouveau port")
        )
        for email, territory in ((MEMBER, port), (STRANGER, away), (NEWCOMER, empty), (TRAVELLER, port)):
            user = create_user(session, settings.web, email, PASSWORD, territory=territory)
        join(session, away, user)
        import_table(session, port, table(), "flux.csv")
    database.close()
    return file


@pytest.fixture
def database_url(populated: Path, tmp_path: Path) -> str:
    file = tmp_path / "entreflux.sqlite"
    for suffix in ("", "-wal", "-shm"):
        part = Path(f"{populated}{suffix}")
        if part.exists():
            shutil.copy(part, f"{file}{suffix}")
    return f"sqlite:///{file}"


@dataclass
class Visitor:
    """A browser without scripts: it follows links and fills in forms."""

    client: TestClient

    def get(self, path: str, **options: Any) -> Any:
        options.setdefault("headers", {"Accept": "text/html"})
        return self.client.get(path, **options)

    def page(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return str(answer.text)

    def send(self, path: str, page: str | None = None, files: Any = None, **fields: str) -> Any:
        """Send a form with the token of ``page`` (the home page when none is named)."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.page(page or "/"))
        assert token is not None
        data = {"csrf": token[1], **fields}
        return self.client.post(path, data=data, files=files, follow_redirects=False)

    def fragment(self, path: str) -> Any:
        return self.client.get(path, headers={"HX-Request": "true"})

    def first(self, path: str, kind: str) -> str:
        """Return the first address of a page that leads to one ``kind`` of thing."""
        found = re.search(rf'href="(/{kind}/[0-9a-f-]{{36}})"', self.page(path))
        assert found is not None
        return found[1]

    def sign_in(self, email: str, password: str = PASSWORD, **fields: str) -> Any:
        return self.send("/connexion", "/connexion", email=email, password=password, **fields)

    def speak(self, language: str) -> Visitor:
        self.client.cookies.set("entreflux_lang", language)
        return self


MakeVisitor = Callable[[str], Visitor]


@pytest.fixture
def visitor_of(application: FastAPI) -> Iterator[MakeVisitor]:
    """Return a maker of signed-in visitors, by their e-mail address; none for an empty one."""
    opened: list[TestClient] = []

    def make(email: str) -> Visitor:
        client = TestClient(application)
        opened.append(client)
        visitor = Visitor(client)
        if email:
            answer = visitor.sign_in(email)
            assert answer.status_code == 303, answer.text
        return visitor

    yield make
    for client in opened:
        client.close()


@pytest.fixture
def member(visitor_of: MakeVisitor) -> Visitor:
    return visitor_of(MEMBER)


@pytest.fixture
def stranger(visitor_of: MakeVisitor) -> Visitor:
    return visitor_of(STRANGER)


def _missing(reason: str) -> None:
    pytest.fail(reason) if os.environ.get(REQUIRE_BROWSER) else pytest.skip(reason)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium, once for all journeys; skip where it, or the front-end files, are missing.

    The shell is the same engine without windows, tabs and menus around the page, which nobody sees here: it
    takes less than half the processor time.
    """
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if chromium is None:
        _missing("chromium is not installed")
    if not VENDOR.is_file():
        _missing("the front-end files are not there: make setup brings them")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """Serve the application in a thread; yield its address."""
    import uvicorn

    from app.main import create_app

    running = uvicorn.Server(uvicorn.Config(create_app(settings), port=0, log_level="warning"))
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join()


@pytest.fixture
def server(database_url: str) -> Iterator[str]:
    """Serve the application on the test's database."""
    with served(cheap_settings(database_url)) as address:
        yield address
