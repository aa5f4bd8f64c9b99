"""The pages of plans and groups: asked, awaited, read, printed, cancelled, seen by one territory alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.patience import tries
from tests.web.conftest import NEWCOMER, STRANGER, MakeVisitor, Visitor, with_plain_spaces

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.db.engine import Database

HEADER = "site,lon,lat,park,direction,kind,label,resource,quantity,unit,period,months,unit_cost_eur"
BUYERS = (
    "Alpha,5.06,43.40,Nord,input,energy,Électricité,electricity,900,MWh,year,,180",
    "Bêta,5.07,43.41,Nord,input,energy,Électricité,electricity,700,MWh,year,1-6,175",
    "Gamma,5.08,43.42,Nord,input,energy,Électricité,electricity,400,MWh,year,,190",
)
PATIENCE_S = 60.0


@pytest.fixture
def asleep(application: FastAPI, database: Database) -> None:
    """Give the pages a queue that takes nothing up: what is asked keeps waiting."""
    from app.services.plan_queue import PlanQueue

    application.state.plan_queue = PlanQueue(database)


@pytest.fixture
def awake(asleep: None, application: FastAPI) -> Iterator[None]:
    """Compute what is asked."""
    application.state.plan_queue.start()
    yield
    application.state.plan_queue.stop()


@pytest.fixture
def buyer(asleep: None, database: Database, visitor_of: MakeVisitor) -> Visitor:
    """Return a visitor whose territory has three sites that buy electricity."""
    from app.db.principal import SYSTEM
    from app.repositories.territories import territory_named
    from app.services.imports import import_table

    with database.writing(SYSTEM) as session:
        territory = territory_named(session, "Nouveau port")
        assert territory is not None
        import_table(session, territory, "\n".join([HEADER, *BUYERS]).encode(), "achats.csv")
    return visitor_of(NEWCOMER)


def started(visitor: Visitor, **typed: str) -> str:
    answer = visitor.send("/plans", "/plans", **{"planner": "purchase", "start": "2027-01-04", **typed})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def finished(visitor: Visitor, address: str) -> str:
    """Return the page of a plan once it no longer asks for itself."""
    for _ in tries(PATIENCE_S):
        shown = visitor.fragment(address).text
        if 'id="plan-waits"' not in shown:
            break
    return with_plain_spaces(visitor.page(address))


def pool_of(visitor: Visitor) -> str:
    """Return the address of the page of the pool of buyers."""
    return visitor.first("/synergies?kind=mutualisation&form=joint_purchase", "synergies")


def test_the_page_says_what_each_planner_answers(buyer: Visitor) -> None:
    """Every planner that the form can ask stands there with one sentence, in the visitor's language."""
    from app.translations import french
    from app.web.plan_form import offered
    from app.web.plan_words import PLANNERS

    page = buyer.page("/plans").replace("&#39;", "'")
    assert len(offered()) >= 9
    for planner in offered():
        assert f'value="{planner}"' in page
        assert french()[PLANNERS[planner].answers] in page
    assert ">Nord</option>" in page
    assert PLANNERS["purchase"].answers in buyer.speak("en").page("/plans")


def test_an_address_fills_in_the_form(buyer: Visitor) -> None:
    """A link such as a group's starts the fitting planner with its settings, the sites named."""
    sites = re.findall(r'<option value="([0-9a-f-]{36})">(?:Alpha|Bêta)', buyer.page("/plans"))
    page = buyer.page(f"/plans?planner=purchase&max_km=12&sites={','.join(sites)}")
    assert re.search(r'value="purchase" required checked', page)
    assert 'value="12"' in page
    assert "Seulement ces 2 sites : Alpha, Bêta." in with_plain_spaces(page)


def test_a_plan_is_awaited_on_its_page_which_then_shows_who_saves_what(buyer: Visitor, awake: None) -> None:
    """The page of a plan refreshes itself until it is ready; then each member has its saving."""
    address = started(buyer)
    page = finished(buyer, address)
    assert "<h1" in page
    for site in ("Alpha", "Bêta", "Gamma"):
        assert re.search(rf'<th scope="row" class="title">{site}', page)
    savings = re.findall(r'data-name="Économie par an">([\d ]+) €', page)
    assert len(savings) == 3
    assert all(int(text.replace(" ", "")) > 0 for text in savings)
    assert "à imprimer (PDF)" in page
    card = with_plain_spaces(buyer.fragment(f"{address}/ligne").text)
    assert "1 achat groupé" in card
    assert "hx-get" not in card


def test_a_result_has_its_paper_its_data_and_its_map(buyer: Visitor, awake: None) -> None:
    """What the page offers to take away is there, and the map draws the members where they are."""
    address = started(buyer)
    finished(buyer, address)
    assert buyer.get(f"{address}/fiche.pdf?resultat=1").content.startswith(b"%PDF")
    assert buyer.get(f"{address}/plan.xlsx").content.startswith(b"PK")
    data = buyer.get(f"{address}/plan.json").json()
    assert {member["site"] for member in data["documents"][0]["plan"]["members"]} == {
        "Alpha",
        "Bêta",
        "Gamma",
    }
    drawn = buyer.get(f"{address}/carte?resultat=1").json()
    assert {site["properties"]["name"] for site in drawn["sites"]["features"]} == {"Alpha", "Bêta", "Gamma"}
    assert [shape["properties"]["kind"] for shape in drawn["synergies"]["features"]] == ["mutualisation"]
    assert buyer.get(f"{address}?resultat=7").status_code == 404


def test_errors_stand_beside_their_field_and_keep_what_was_typed(buyer: Visitor) -> None:
    """A wrong distance is refused without losing the rest of the form."""
    answer = buyer.send("/plans", "/plans", planner="groups", max_km="loin", start="2027-01-04")
    assert answer.status_code == 422
    assert re.search(r'id="max_km"[^>]* value="loin" aria-invalid="true"', answer.text)
    assert re.search(r'value="groups" required checked', answer.text)
    assert 'value="2027-01-04"' in answer.text


def test_too_many_plans_at_once_are_refused_in_words(buyer: Visitor) -> None:
    """The page says why another plan must wait, and keeps the form."""
    for _ in range(5):
        started(buyer)
    answer = buyer.send("/plans", "/plans", planner="jobs")
    assert answer.status_code == 429
    assert re.search(r'role="alert".*\d', answer.text)
    assert re.search(r'value="jobs" required checked', answer.text)


def test_a_waiting_plan_is_cancelled_once_and_deleted(buyer: Visitor) -> None:
    """Cancelling is refused with a sentence once there is nothing left to cancel."""
    address = started(buyer)
    assert "Annuler ce plan" in buyer.page(address)
    assert buyer.send(f"{address}/annuler").status_code == 303
    assert "Ce plan a été annulé" in buyer.page(address)
    assert buyer.send(f"{address}/supprimer").status_code == 303
    assert buyer.get(address).status_code == 404


def test_a_finished_plan_cannot_be_cancelled(buyer: Visitor, awake: None) -> None:
    """The page stays, with the reason."""
    address = started(buyer)
    finished(buyer, address)
    answer = buyer.send(f"{address}/annuler")
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text


def test_a_plan_without_an_answer_says_why_and_offers_to_start_again(buyer: Visitor, awake: None) -> None:
    """A table with nothing to plan gives a sentence, not an empty page."""
    page = finished(buyer, started(buyer, planner="jobs", max_km="12"))
    assert "Pas de plan possible" in page
    assert "/plans?planner=jobs&amp;max_km=12" in page


def test_another_territory_sees_nothing_of_a_plan_nor_of_a_group(
    buyer: Visitor, visitor_of: MakeVisitor
) -> None:
    """A stranger gets the answer of what does not exist, whatever he asks."""
    address, pool = started(buyer), pool_of(buyer).replace("synergies", "groupes")
    stranger = visitor_of(STRANGER)
    for path in ("", "/ligne", "/carte", "/fiche.pdf", "/plan.json", "/plan.xlsx"):
        assert stranger.get(address + path).status_code == 404, path
    assert stranger.send(f"{address}/supprimer").status_code == 404
    assert stranger.get(pool).status_code == 404
    assert buyer.get(address).status_code == 200


def test_a_pool_is_shown_as_a_group_with_its_calendar_and_the_plan_to_make(buyer: Visitor) -> None:
    """Its page has the members, the months and a link to the planner for its sites alone."""
    pool = pool_of(buyer)
    group = pool.replace("synergies", "groupes")
    assert f'href="{group}"' in buyer.page(pool)
    page = with_plain_spaces(buyer.page(group))
    assert "janv. – juin" in page
    assert page.count('<td class="on">') == 12 + 6 + 12
    assert "Ce que chacun économise se calcule avec un plan" in page
    link = re.search(r'href="(/plans\?planner=purchase[^"]*)"', page)
    assert link is not None
    form = with_plain_spaces(buyer.page(link[1].replace("&amp;", "&")))
    assert "Seulement ces 3 sites : Alpha, Bêta, Gamma." in form


def test_a_group_shows_what_the_plan_made_saves_each_member(buyer: Visitor, awake: None) -> None:
    """Once a purchase was planned, its savings stand on the group's page, with the way to the plan."""
    address = started(buyer)
    finished(buyer, address)
    page = with_plain_spaces(buyer.page(pool_of(buyer).replace("synergies", "groupes")))
    assert len(re.findall(r'data-name="Économie par an">environ [\d ]+ €', page)) == 3
    assert f'href="{address}?resultat=1"' in page


def test_a_plan_of_many_results_is_read_page_by_page(buyer: Visitor, database: Any, awake: None) -> None:
    """Each page numbers its results on from the last, and the last one leads no further."""
    from app.db.principal import SYSTEM
    from app.db.tables import Plan
    from app.repositories.records import change, rows_of

    address = started(buyer)
    finished(buyer, address)
    with database.writing(SYSTEM) as session:
        plan = next(row for row in rows_of(session, Plan) if row.id in address)
        change(session, plan, {"documents": [plan.documents[0]] * 60})
    numbers, here = [], f"{address}?apres=0"
    while here:
        page = buyer.page(here)
        numbers += [int(one) for one in re.findall(rf'href="{address}\?resultat=(\d+)"', page)]
        further = re.search(r'href="([^"]*)" rel="next"', page)
        here = further[1] if further else ""
    assert numbers == list(range(1, 61))


def test_a_synergy_that_is_no_pool_has_no_group_page(member: Visitor) -> None:
    """A substitution has two sides, not members."""
    one = member.first("/synergies?kind=substitution", "synergies")
    assert member.get(one.replace("synergies", "groupes")).status_code == 404


def test_a_name_in_a_file_is_never_read_as_markup(buyer: Visitor, database: Any) -> None:
    """A site called like a tag is shown as text in the form and in the results."""
    from app.db.principal import SYSTEM
    from app.db.tables import Site
    from app.repositories.records import change, rows_of

    with database.writing(SYSTEM) as session:
        site = next(row for row in rows_of(session, Site, name="Alpha"))
        change(session, site, {"name": "<b>Alpha</b>"})
    page = buyer.page("/plans")
    assert "&lt;b&gt;Alpha" in page
    assert "<b>Alpha" not in page
