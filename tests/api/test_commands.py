"""The commands that run a server: territories, keys, files in and out, copies, the demonstration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from app.commands import accounts, data, server
from app.db.engine import open_database
from app.services.accounts import principal_of_key, sign_in
from app.services.demo import DEMO_EMAIL
from app.settings import Database, Web
from tests.api.conftest import ROWS, table


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a runner of commands on a database of their own, in the user's folder and language."""
    monkeypatch.setenv("ENTREFLUX_WEB_PASSWORD_MEMORY_KIB", "32")
    monkeypatch.setenv("ENTREFLUX_WEB_PASSWORD_PASSES", "1")
    monkeypatch.setenv("ENTREFLUX_DATABASE_URL", f"sqlite:///{tmp_path / 'own.sqlite'}")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    command = typer.Typer()
    for module in (accounts, data, server):
        module.register(command)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(command, arguments)

    return call


def test_a_file_goes_in_and_its_synergies_come_out(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "flux.csv"
    file.write_bytes(table())
    assert run("territory", "add", "Port").exit_code == 0
    told = run("import", str(file), "--territory", "Port")
    assert told.exit_code == 0, told.output
    assert f"créés : {len(ROWS)}" in told.stderr.replace("\u00a0", " ")
    out = tmp_path / "synergies.json"
    assert run("export", "--territory", "Port", "--format", "json", "--out", str(out)).exit_code == 0
    assert {row["kind"] for row in json.loads(out.read_text())["synergies"]} >= {"substitution"}


def test_errors_are_told_one_a_line_and_end_with_1(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "flux.csv"
    file.write_bytes(table(ROWS[0].replace("output", "sideways")))
    run("territory", "add", "Port")
    told = run("import", str(file))
    assert told.exit_code == 1
    sheet, row, field, message = told.stderr.splitlines()[0].split("\t")
    assert (sheet, row, field) == ("", "2", "direction")
    assert message
    assert run("import", str(file), "--territory", "Nulle part").exit_code == 1
    assert run("import", str(tmp_path / "absent.csv")).exit_code == 2


def test_keys_and_accounts_open_what_they_say(run: Any) -> None:
    run("territory", "add", "Port")
    member = run("key", "add", "--role", "member", "--territory", "Port").stdout.strip()
    operator = run("key", "add", "--role", "operator").stdout.strip()
    assert run("key", "add", "--role", "member").exit_code == 1
    password = run("user", "add", "anne@exemple.fr", "--territory", "Port").stdout.split()[-1]
    assert run("user", "add", "anne@exemple.fr").exit_code == 1
    database = open_database(Database())
    assert len(principal_of_key(database, member).territory_ids) == 1
    assert not principal_of_key(database, member).is_operator
    assert principal_of_key(database, operator).is_operator
    assert sign_in(database, Web(), "anne@exemple.fr", password)
    database.close()


def test_a_copy_is_made_and_put_back(run: Any, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.sqlite")
    run("territory", "add", "Port")
    assert run("backup", copy).exit_code == 0
    run("territory", "add", "Autre")
    restored = run("restore", copy, "--verify")
    assert restored.exit_code == 0, restored.output
    assert "territory 1" in restored.stderr
    assert run("restore", str(tmp_path / "absent"), "--verify").exit_code == 1


def test_the_demonstration_has_its_own_database_and_lets_one_in(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENTREFLUX_DATABASE_URL")
    first = run("demo", "--no-serve")
    assert first.exit_code == 0, first.output
    assert "http://127.0.0.1:8000" in first.stdout
    again = run("demo", "--no-serve", "--lang", "en")
    password = next(line.split(": ")[1] for line in again.stdout.splitlines() if line.startswith("Password"))
    monkeypatch.setenv(
        "ENTREFLUX_DATABASE_URL", f"sqlite:///{tmp_path / 'home' / 'entreflux' / 'demo.sqlite'}"
    )
    database = open_database(Database())
    assert sign_in(database, Web(), DEMO_EMAIL, password)
    database.close()
    # Sizes are told in the same words both times: nothing was loaded twice.
    assert first.stdout.split("(")[1].split()[0] == again.stdout.split("(")[1].split()[0]


def test_settings_hide_passwords(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREFLUX_DATABASE_URL", "postgresql+psycopg://me:secret@localhost/x")
    told = run("settings").stdout
    assert "ENTREFLUX_DATABASE_URL=postgresql+psycopg://me:••••••@localhost/x" in told
    assert "secret" not in told
    assert all(line.startswith("ENTREFLUX_") for line in told.splitlines())
