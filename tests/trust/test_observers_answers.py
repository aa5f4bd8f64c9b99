"""What each address answers to an observer: no figure, or one that the rule of disclosure lets be told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.db.principal import SYSTEM, AccountRole, Role
from app.db.tables import Company, Flow, Site, Synergy, Territory
from app.dependencies import SESSION_COOKIE
from app.repositories.records import add, find, rows_of
from app.services.accounts import create_key, create_user, join, sign_in
from app.services.gate import access_to, endpoints_of, operation_of, table
from app.services.matches import refresh_matches
from tests.trust.test_who_sees_what import texts_of

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from app.db.engine import Database
    from app.settings import Settings

PASSWORD = "un mot de passe"
LABELS = ("palettes bois EUR", "bidons plastiques vides", "fûts métalliques usagés")
# What differs from one answer to the next whatever is told.
NONCE = re.compile(
    r"nonce-[\w=-]+|nonce=\"[^\"]+\"|csrf[^>]+>|x-request-id: \S+|set-cookie: .*|date: .*|"
    r"content-length: \d+|\d{4}-\d\d-\d\dT[\d:]+Z",
    re.IGNORECASE,
)
# What every observer may read, and why no figure of a territory's companies is in it.
WITHOUT_FIGURES = {
    "api.territories": "names of territories",
    "api.reference": "the catalogue",
    "api.consent.charters": "the text of the charter",
    "api.accounts": "one's own keys",
    "web.pages.signing": "who one is",
    "web.pages.second_factor": "who one is",
    "web.pages.passwords": "who one is",
    "web.pages.invitations": "an invitation of one's own",
    "web.pages.account": "one's own account",
    "web.pages.home.home": "sends to the indicators",
    "web.pages.consents.show": "the text of the charter",
}


def test_what_an_observer_reads_has_no_figures_or_asks_the_one_rule() -> None:
    readable = [name for name, access in table().items() if "observer" in access.roles]
    others = [name for name in readable if not name.startswith(tuple(WITHOUT_FIGURES))]
    assert sorted(others) == [
        "api.indicators.read",
        "web.pages.indicators.export",
        "web.pages.indicators.show",
    ]


@pytest.mark.parametrize("companies", [2, 4])
def test_no_answer_to_an_observer_changes_with_what_may_not_be_told(
    client: TestClient, application: FastAPI, database: Database, settings: Settings, companies: int
) -> None:
    """Two companies, then four of which one holds nearly all: every address an observer reads."""
    territory_id, flow_ids = _territory(database, companies)
    with database.writing(SYSTEM) as session:
        home = find(session, Territory, territory_id)
        key = create_key(session, "observer", AccountRole.MEMBER, home, None, Role.OBSERVER)
        user = create_user(session, settings.web, "observer@x.example", PASSWORD)
        join(session, home, user, Role.OBSERVER)
    told = []
    for quantity in (700.0, 900.0):
        with database.writing(SYSTEM) as session:
            for flow_id in flow_ids:
                flow = find(session, Flow, flow_id)
                flow.quantity_low = flow.quantity_high = quantity
            session.flush()
            refresh_matches(session, territory_id)
        told.append(_answers(client, application, database, settings, key, territory_id))
    assert any("/indicators" in address for address, _ in told[0])
    assert told[0] == told[1]


def _territory(database: Database, companies: int) -> tuple[str, list[str]]:
    """Return a territory whose first company is in every synergy, and that company's flows."""
    amount = {
        "quantity_low": 800.0,
        "quantity_high": 800.0,
        "unit": "t",
        "period": "year",
        "kind": "packaging",
        "unit_cost_eur_low": 300.0,
        "unit_cost_eur_high": 300.0,
    }
    with database.writing(SYSTEM) as session:
        home = add(session, Territory(name="Ville"))
        owner = {"territory_id": home.id}
        hub = []
        for number in range(companies):
            company = add(session, Company(**owner, name=f"Secret {number}"))
            place = {"lon": 5.0 + number / 100, "lat": 43.4, "precision": "point"}
            site = add(session, Site(**owner, company_id=company.id, name=f"Secret {number}", **place))
            direction = "input" if number == 0 else "output"
            for label in LABELS if number == 0 else LABELS[number - 1 : number]:
                flow = Flow(**owner, site_id=site.id, direction=direction, label=label, **amount)
                stored = add(session, flow).id
                hub += [stored] if number == 0 else []
        refresh_matches(session, home.id)
        assert len(rows_of(session, Synergy, territory_id=home.id)) >= companies - 1
        return home.id, hub


def _answers(
    client: TestClient,
    application: FastAPI,
    database: Database,
    settings: Settings,
    key: str,
    territory_id: str,
) -> list[tuple[str, str]]:
    cookie = sign_in(database, settings.web, "observer@x.example", PASSWORD)
    found = []
    for method, path, endpoint in endpoints_of(application):
        if method != "GET" or "observer" not in access_to(endpoint).roles or "invitation" in path:
            continue
        if operation_of(endpoint).startswith(("api.reference", "web.pages.account", "web.pages.signing")):
            continue
        for form in ("csv", "xlsx") if "{form}" in path else ("",):
            address = path.replace("{territory_id}", territory_id).replace("{form}", form)
            headers = {"Cookie": f"{SESSION_COOKIE}={cookie}"}
            if path.startswith("/api/"):
                headers = {"Authorization": f"Bearer {key}"}
            answer = client.get(address, headers=headers, follow_redirects=False)
            text = NONCE.sub("", texts_of(answer).split("\n\n", 1)[-1])
            found.append((address, text))
    return found
