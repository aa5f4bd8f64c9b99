"""Requests drawn from the API's own description: never an error of the server, every refusal documented."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from sqlalchemy import select
from starlette.testclient import TestClient

from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole, Role
from app.db.tables import Company, Flow, Park, Site, Synergy, Territory
from app.readers import read_table
from app.repositories.records import add
from app.services.accounts import create_key
from app.services.imports import import_table
from tests.api.conftest import table
from tests.trust.shares import share, told

ROLES = ("operator", "coordinator", "company")
LEAK = re.compile(
    r"Traceback|File \"|\.py\b|sqlalchemy|psycopg|sqlite3|site-packages|"
    r"\bSELECT\b.*\bFROM\b|INSERT INTO|\bUPDATE \w+ SET"
)
# What one in several requests names, so that more than the refusal of an unknown row is tried.
KNOWN_SHARE = 0.7
BODY_LIKE = ("json", "files", "data")
EXAMPLES = share(4, 12)
QUIET = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def prepared(
    database: Database, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> tuple[Mapping[str, str], Mapping[str, list[str]]]:
    """Return a key for each role, and identifiers of rows by the names that operations give them."""
    monkeypatch.setattr("app.services.imports.read_untrusted", read_table)
    with database.writing(SYSTEM) as session:
        territory = add(session, Territory(name="Port"))
        import_table(session, territory, table(), "flux.csv")
        company = add(session, Company(territory_id=territory.id, name="Brasserie"))
        keys = {
            "operator": create_key(session, "o", AccountRole.OPERATOR),
            "coordinator": create_key(session, "c", AccountRole.MEMBER, territory),
            "company": create_key(
                session, "e", AccountRole.MEMBER, territory, seat=Role.COMPANY, company=company
            ),
        }
        known = {
            name: list(session.scalars(select(kind)))
            for name, kind in {
                "territory": Territory.id, "company": Company.id, "site": Site.id, "flow": Flow.id,
                "park": Park.id, "synergy": Synergy.id,
            }.items()
        }  # fmt: skip
    return keys, known


def known_for(name: str, known: Mapping[str, list[str]], dice: random.Random) -> str | None:
    """Return an identifier that exists for a parameter such as ``site_id`` or ``territory``."""
    rows = known.get(name.removesuffix("_id"), [])
    return dice.choice(rows) if rows and dice.random() < KNOWN_SHARE else None


def request_of(case: Any, known: Mapping[str, list[str]], dice: random.Random) -> dict[str, Any]:
    """Return a case as a request, some of its names those of rows that exist."""
    for place in (case.path_parameters, case.query, case.body):
        if isinstance(place, dict):
            place.update({name: found for name in place if (found := known_for(str(name), known, dice))})
    given = case.as_transport_kwargs(base_url="http://testserver")
    sent = {"params": given.get("params")} | {name: given[name] for name in BODY_LIKE if given.get(name)}
    sent |= {"method": given["method"], "url": given["url"]}
    if "json" in sent:
        sent["content"] = json.dumps(sent.pop("json")).encode("utf-8", "surrogatepass")
    elif isinstance(sent.get("data"), str | bytes):
        sent["content"] = sent.pop("data")
    headers = {str(name): str(value) for name, value in (case.headers or {}).items()}
    if case.media_type and "content" in sent:
        headers["Content-Type"] = case.media_type
    if dice.random() < KNOWN_SHARE:
        headers["If-Match"] = '"1"'
    sent["headers"] = {
        name: value
        for name, value in headers.items()
        if value.isascii() and value.isprintable() and name.lower() not in ("authorization", "cookie", "host")
    }
    return sent


def fault_of(answer: Any, documented: set[str]) -> str | None:
    """Return what is wrong with an answer."""
    if answer.status_code >= 500:
        return "an error of the server"
    if answer.status_code < 400:
        return None
    if answer.headers["content-type"] != "application/problem+json":
        return "not a problem"
    problem = answer.json()
    if problem["status"] != answer.status_code or not {"type", "title", "detail"} <= set(problem):
        return "not a whole problem"
    # What anybody may meet at any address: too large, wrong method, a body of another kind.
    if str(answer.status_code) not in documented | {"405", "413", "415"}:
        return f"{answer.status_code} is not documented"
    return "a leak" if LEAK.search(json.dumps(problem | {"instance": ""}, ensure_ascii=False)) else None


@dataclass
class Trial:
    """Requests of one role, and what was wrong with their answers."""

    client: TestClient
    key: str
    known: Mapping[str, list[str]]
    faults: dict[str, str] = field(default_factory=dict)
    codes: Counter[int] = field(default_factory=Counter)

    def of(self, operation: Any) -> None:
        """Ask one operation for what it describes, and for what it does not."""
        documented = {str(code) for code in operation.definition.raw["responses"]}

        def ask(case: Any, dice: random.Random) -> None:
            self._ask(case, dice, documented)

        for mode in GenerationMode:
            drawn = operation.as_strategy(generation_mode=mode)
            # An operation without parameters has nothing wrong to be asked.
            with suppress(Unsatisfiable):
                QUIET(given(case=drawn, dice=st.randoms(use_true_random=False))(ask))()

    def _ask(self, case: Any, dice: random.Random, documented: set[str]) -> None:
        sent = request_of(case, self.known, dice)
        sent["headers"] |= {"Authorization": f"Bearer {self.key}"}
        answer = self.client.request(**sent)
        self.codes[answer.status_code] += 1
        fault = fault_of(answer, documented)
        if fault is not None:
            self.faults.setdefault(f"{case.method} {case.path}: {fault}", f"{sent} -> {answer.text[:300]}")


@pytest.mark.parametrize("role", ROLES)
def test_no_request_makes_an_error_and_every_refusal_is_documented(
    client: TestClient,
    prepared: tuple[Mapping[str, str], Mapping[str, list[str]]],
    role: str,
    database_kind: str,
) -> None:
    keys, known = prepared
    trial = Trial(TestClient(client.app, raise_server_exceptions=False), keys[role], known)
    schema = schemathesis.openapi.from_dict(client.app.openapi())  # type: ignore[attr-defined]
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
    # In a quick run some operations, others for each database and role.
    step = share(6, 1)
    offset = ROLES.index(role) + len(ROLES) * (database_kind == "postgis")
    for operation in operations[offset % step :: step]:
        trial.of(operation)
    count = f"{trial.codes.total()} requests, {dict(trial.codes)}, {len(trial.faults)} faults"
    told(f"{database_kind} {role}: {count}")
    assert trial.faults == {}, "\n".join(f"{label}\n  {sent}" for label, sent in trial.faults.items())
