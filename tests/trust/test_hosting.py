"""The composition sets what is read, shows no secret, and gives the container no right it can lack."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pytest

from app.db.row_security import ROLE
from app.settings import Settings
from app.settings_shown import described
from benchmarks.service_cluster import INITIAL, OPTIONS
from tests.house.conftest import ROOT

SECRETS = "/run/secrets/"
TAKEN = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")
# Of the composition itself.
OWN = {"ENTREFLUX_PORT"}


def composition() -> dict[str, Any]:
    read: Any = import_module("yaml").safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return dict(read)


def environment() -> dict[str, str]:
    return dict(composition()["services"]["app"]["environment"])


def secret_settings() -> set[str]:
    found = set()
    groups = (getattr(Settings(), name) for name in Settings.__dataclass_fields__)
    for group in groups:
        prefix = str(group.model_config["env_prefix"])
        for name, info in type(group).model_fields.items():
            extra = info.json_schema_extra
            if isinstance(extra, dict) and extra.get("secret"):
                found.add(f"{prefix}{name}".upper())
    return found


def test_the_composition_names_settings_that_exist() -> None:
    settings = {line.variable for line in described(Settings())}
    assert {name.removesuffix("_FILE") for name in environment()} - settings == set()


@pytest.mark.parametrize("name", ["ENTREFLUX_WEB_TRUSTED_PROXIES", "ENTREFLUX_WEB_PUBLIC_URL"])
def test_who_hosts_it_says_which_proxy_is_believed_and_where_people_reach_it(name: str) -> None:
    assert environment()[name] == f"${{{name}:-}}"


def test_what_the_composition_passes_on_keeps_its_name_and_is_in_the_example() -> None:
    passed = {name: TAKEN.fullmatch(value) for name, value in environment().items() if "$" in value}
    assert [name for name, found in passed.items() if found is None or found[1] != name] == []
    example = re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(example) == set(passed) | OWN


def test_no_secret_stands_in_the_environment_or_in_the_example() -> None:
    secrets = secret_settings()
    assert {"ENTREFLUX_DATABASE_URL", "ENTREFLUX_MAIL_PASSWORD"} <= secrets
    assert secrets & set(environment()) == set(), "give the name of a file instead"
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert [name for name in secrets if re.search(rf"^{name}=", example, re.MULTILINE)] == []
    database = composition()["services"]["database"]["environment"]
    assert database["POSTGRES_PASSWORD_FILE"].startswith(SECRETS)
    assert "POSTGRES_PASSWORD" not in database
    assert "secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_benchmarks_measure_a_database_as_the_composition_sets_it() -> None:
    database = composition()["services"]["database"]
    program, *settings = database["command"]
    assert program == "postgres"
    assert set(settings[::2]) == {"-c"}
    assert set(OPTIONS) - set(settings[1::2]) == {"listen_addresses=127.0.0.1"}
    assert set(settings[1::2]) <= set(OPTIONS)
    assert set(database["environment"]["POSTGRES_INITDB_ARGS"].split()) <= set(INITIAL)
    told = (ROOT / "docs/hosting.md").read_text(encoding="utf-8")
    assert [one for one in settings[1::2] if f"`{one}`" not in told] == []


def test_a_file_that_is_not_named_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment().items():
        found = TAKEN.fullmatch(value)
        monkeypatch.setenv(name, (found[2] or "") if found else "")
    settings = Settings()
    assert (settings.mail.password, settings.openid.client_secret, settings.web.public_url) == ("", "", "")


def test_the_container_is_a_user_without_rights_who_writes_its_data_alone() -> None:
    app = composition()["services"]["app"]
    recipe = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    (user_id,) = re.findall(r"useradd --system --uid (\d+)", recipe)
    assert int(user_id) > 0
    assert re.findall(r"^USER (\w+)$", recipe, re.MULTILINE)[-1] == "entreflux"
    assert app["user"] == user_id
    assert app["read_only"] is True
    assert app["cap_drop"] == ["ALL"]
    assert app["tmpfs"] == ["/tmp"]  # noqa: S108 - in the container
    assert "no-new-privileges:true" in app["security_opt"]
    written = [volume.split(":")[1] for volume in app["volumes"] if not volume.endswith(":ro")]
    assert written == ["/data"]
    assert all(port.startswith("127.0.0.1:") for port in app["ports"])


def test_who_hosts_it_is_told_of_the_role_and_of_poolers() -> None:
    text = (ROOT / "docs/hosting.md").read_text(encoding="utf-8")
    assert f"CREATE ROLE {ROLE} NOLOGIN" in text
    assert f"GRANT {ROLE} TO" in text
    assert "pooler" in text
    for name in ("ENTREFLUX_WEB_TRUSTED_PROXIES", "ENTREFLUX_WEB_PUBLIC_URL"):
        assert name in text
