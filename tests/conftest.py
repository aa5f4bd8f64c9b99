"""What all tests share: both databases, the application, people who ask."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from app.db.engine import Database
    from app.settings import Settings

REQUIRE_POSTGIS = "ENTREFLUX_TEST_REQUIRE_POSTGIS"
# Read by pytest: where its temporary folders are made.
TEMPORARY_ROOT = "PYTEST_DEBUG_TEMPROOT"
# A folder of Linux in memory; containers at times leave it 64 MB, too few for a hundred databases at once.
IN_MEMORY, MEMORY_NEEDED_BYTES = Path("/dev/shm"), 2 * 1024**3  # noqa: S108 - pytest makes its own in there
# Nothing here outlives the tests: no write waits for the disk, and none is written twice in case it was cut.
HASTY = ("fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")
DATABASES = ("sqlite", pytest.param("postgis", marks=pytest.mark.postgis))


def pytest_configure() -> None:
    """Keep databases in memory where there is room: each commit to a disk waits some milliseconds for it."""
    if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > MEMORY_NEEDED_BYTES:
        os.environ.setdefault(TEMPORARY_ROOT, str(IN_MEMORY))


def pytest_collection_finish() -> None:
    """Search for garbage as the server does: elsewhere that takes a sixth of the time of the tests."""
    from app import garbage

    garbage.search_seldom()
    garbage.leave_out_what_stays()


@dataclass(frozen=True)
class PostgisServer:
    """A server of the tests' own."""

    port: int
    binaries: Path

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def run(self, tool: str, *arguments: str) -> None:
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        subprocess.run([self.binaries / tool, *address, *arguments], check=True, capture_output=True)


def _binaries() -> Path | None:
    found = [
        initdb
        for initdb in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if Path("/usr/share/postgresql", initdb.parts[-3], "extension", "postgis.control").exists()
    ]
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgis_server() -> Iterator[PostgisServer]:
    """Start a PostGIS cluster in a temporary folder; skip where its binaries are missing."""
    binaries = _binaries()
    if binaries is None:
        reason = "no PostgreSQL under /usr/lib/postgresql, or without PostGIS"
        if os.environ.get(REQUIRE_POSTGIS):
            pytest.fail(reason)
        pytest.skip(reason)
    # PostgreSQL refuses to run as root, and pytest's folders are root's alone.
    folder = Path(tempfile.mkdtemp(prefix="entreflux-postgis-"))
    become: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        become = ["runuser", "-u", "postgres", "--"]
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    data = str(folder / "data")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    options += "".join(f" -c {setting}" for setting in HASTY)
    control = [*become, str(binaries / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log")]
    # fmt: off
    initdb = [
        *become, str(binaries / "initdb"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync",
        "-D", data,
    ]
    # fmt: on
    try:
        subprocess.run(initdb, check=True, capture_output=True)
        subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL)
        yield PostgisServer(port, binaries)
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgis_database(postgis_server: PostgisServer) -> Iterator[Database]:
    """Return a migrated database, emptied after each test that uses it."""
    from app.db.engine import open_database
    from app.settings import Database as DatabaseSettings

    postgis_server.run("createdb", "entreflux")
    _migrate(postgis_server.url("entreflux"))
    database = open_database(DatabaseSettings(url=postgis_server.url("entreflux")))
    yield database
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated file to copy."""
    file = tmp_path_factory.mktemp("template") / "entreflux.sqlite"
    _migrate(f"sqlite:///{file}")
    return file


def _migrate(url: str) -> None:
    from app.db.engine import open_database
    from app.db.migrate import migrate
    from app.settings import Database

    database = open_database(Database(url=url))
    migrate(database.engine)
    database.close()


@pytest.fixture(params=DATABASES)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Run the test once for each database."""
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a fresh, migrated database."""
    if database_kind == "sqlite":
        file = tmp_path / "entreflux.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    kept: Database = request.getfixturevalue("postgis_database")
    yield kept.engine.url.render_as_string(hide_password=False)
    _empty(kept)


def _empty(database: Database) -> None:
    from sqlalchemy import delete, text

    from app.db.tables import ApiKey, AuditEntry, IdempotencyKey, OneTimeLink, SignInTry, Territory, User

    # The rest goes with these; TRUNCATE would rewrite every file, which takes far longer.
    with database.engine.begin() as connection:
        for table in (Territory, User, ApiKey, IdempotencyKey, OneTimeLink, SignInTry):
            connection.execute(delete(table))
        # Its triggers let nobody empty the audit.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(delete(AuditEntry))


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Return settings with cheap passwords."""
    from app.settings import Database, Settings, Web

    return Settings(database=Database(url=database_url), web=Web(password_memory_kib=32, password_passes=1))


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """Return an open database."""
    from app.db.engine import open_database

    opened = open_database(settings.database)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def built_application() -> FastAPI:
    """Return an application, built once: only its database changes from test to test."""
    from app.main import create_app
    from app.settings import Database, Settings, Web

    cheap = Web(password_memory_kib=32, password_passes=1)
    return create_app(Settings(database=Database(url="sqlite://"), web=cheap))


@pytest.fixture
def application(built_application: FastAPI, settings: Settings, database: Database) -> FastAPI:
    """Return the application on the test's database."""
    built_application.state.settings = settings
    built_application.state.database = database
    return built_application


@pytest.fixture
def client(application: FastAPI) -> Iterator[TestClient]:
    """Return a client without credentials."""
    from starlette.testclient import TestClient

    with TestClient(application) as opened:
        yield opened


@dataclass(frozen=True)
class Asker:
    """A client that always sends the same key, and reads English."""

    client: TestClient
    token: str

    def __call__(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"} | options.pop(
            "headers", {}
        )
        return self.client.request(method, f"/api/v1{path}", headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        return self("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self("POST", path, **options, **({} if body is None else {"json": body}))

    def created(self, path: str, body: Any) -> Any:
        answer = self.post(path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def change(self, path: str, body: Any, version: int) -> Any:
        return self("PATCH", path, json=body, headers={"If-Match": f'"{version}"'})

    def delete(self, path: str, **options: Any) -> Any:
        return self("DELETE", path, **options)


@pytest.fixture
def operator(client: TestClient, database: Database) -> Asker:
    """Return somebody who runs the server."""
    from app.db.principal import SYSTEM, AccountRole
    from app.services.accounts import create_key

    with database.writing(SYSTEM) as session:
        token = create_key(session, "operator", AccountRole.OPERATOR)
    return Asker(client, token)


MakeMember = Callable[[str], Asker]


@pytest.fixture
def member_of(client: TestClient, database: Database) -> MakeMember:
    """Return a maker of members of a territory, by its identifier."""
    from app.db.principal import SYSTEM, AccountRole
    from app.db.tables import Territory
    from app.repositories.records import find
    from app.services.accounts import create_key

    def make(territory_id: str) -> Asker:
        with database.writing(SYSTEM) as session:
            territory = find(session, Territory, territory_id)
            return Asker(
                client, create_key(session, f"member of {territory.name}", AccountRole.MEMBER, territory)
            )

    return make
