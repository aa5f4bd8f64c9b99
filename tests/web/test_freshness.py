"""Flows that nobody has confirmed for two years say so wherever they are shown, until somebody does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.db.base import now
from app.db.bulk import mark_rows
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Flow
from app.repositories.records import find
from app.services.freshness import confirmed_within
from tests.api.conftest import ROWS, table
from tests.web.conftest import Visitor, with_plain_spaces


@pytest.fixture
def stale(member: Visitor, database: Database) -> str:
    """Return the address of a flow that nobody has confirmed for long."""
    address = member.first("/flux?q=dr%C3%AAches", "flux")
    with database.writing(SYSTEM) as session:
        flow = find(session, Flow, address.rsplit("/", 1)[1])
        past = {"confirmed_at": now() - confirmed_within() - timedelta(days=1)}
        mark_rows(session, Flow, flow.territory_id, [flow.id], past)
    return address


def test_an_old_flow_says_so_on_its_page_in_the_list_and_at_home(member: Visitor, stale: str) -> None:
    assert "Personne n’a confirmé ce flux depuis le" in member.page(stale)
    assert "1 flux à confirmer" in with_plain_spaces(member.page("/"))
    narrowed = member.page("/flux?a_confirmer=1")
    assert stale in narrowed
    assert narrowed.count('<td class="title">') == 1
    assert member.page("/flux").count('<span class="tag stopped">À confirmer</span>') == 1


def test_a_synergy_asks_whether_its_old_flow_still_holds(member: Visitor, stale: str) -> None:
    synergy = member.first(stale, "synergies")
    assert "est-il toujours vrai" in member.page(synergy)


def test_one_button_confirms_a_flow_and_changes_nothing_else(member: Visitor, stale: str) -> None:
    before = member.page(stale).split('name="version" value="')[1][:3]
    assert member.send(f"{stale}/confirmer").headers["location"] == f"{stale}?fait=confirme"
    after = member.page(f"{stale}?fait=confirme")
    assert "Confirmé." in after
    assert "Personne n’a confirmé" not in after
    assert after.split('name="version" value="')[1][:3] == before
    assert "à confirmer" not in with_plain_spaces(member.page("/"))


def test_a_file_that_tells_it_again_confirms_it_and_undoing_takes_that_back(
    member: Visitor, stale: str
) -> None:
    sent = member.send("/imports/essai", "/imports", files={"file": ("flux.csv", table(ROWS[0]))})
    stored = member.send(f"{sent.headers['location']}/enregistrer", "/imports")
    assert "Personne n’a confirmé" not in member.page(stale)
    assert member.send(f"{stored.headers['location'].split('?')[0]}/annuler").status_code == 303
    assert "Personne n’a confirmé" in member.page(stale)
