"""What is kept of a territory in memory follows the database, whoever changes it."""

from __future__ import annotations

from typing import Any

import pytest

from app.schemas.synergies import Ranked
from app.services import matches, residents
from app.services.residents import Residents
from tests.api.conftest import FARM, table, upload
from tests.conftest import Asker

NEED = {"direction": "input", "kind": "material", "label": "Aliment pour bétail", "quantity": 60, "unit": "t"}


@pytest.fixture(autouse=True)
def process(monkeypatch: pytest.MonkeyPatch) -> Residents:
    """Return the residents of a process whose search is compiled."""
    ready = Residents()
    ready._compiled.set()
    monkeypatch.setattr(matches, "residents", lambda: ready)
    return ready


def answers(asker: Asker, flow_id: str) -> list[tuple[str, ...]]:
    """Return the kind and the sites of what a flow could do, best first."""
    items = asker.get(f"/flows/{flow_id}/matches").json()["items"]
    return [(item["kind"], *(member["site"] for member in item["members"])) for item in items]


def named(asker: Asker, words: str) -> Any:
    """Return the flow of these words."""
    return asker.get("/flows", params={"q": words}).json()["items"][0]


def test_a_flow_is_answered_by_what_was_just_declared_changed_and_deleted(
    member: Asker, imported: Any
) -> None:
    grain = named(member, "drêches")
    assert answers(member, grain["id"]) == [("substitution", "Brasserie du Port", "Ferme des Salins")]
    garage = named(member, "cartons")["site_id"]
    added = member.created("/flows", {**NEED, "site_id": garage})
    both = answers(member, grain["id"])
    assert len(both) == 2
    assert member.change(f"/flows/{added['id']}", {"label": "Acier"}, added["version"]).status_code == 200
    assert len(answers(member, grain["id"])) == 1
    version = member.get(f"/flows/{added['id']}").json()["version"]
    member.change(f"/flows/{added['id']}", {"label": "Aliment pour bétail"}, version)
    assert answers(member, grain["id"]) == both
    assert member.delete(f"/flows/{added['id']}").status_code == 204
    assert len(answers(member, grain["id"])) == 1


def test_another_process_sees_the_change(
    member: Asker, imported: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes share nothing but the database."""
    grain = named(member, "drêches")
    assert len(answers(member, grain["id"])) == 1
    other = Residents()
    other._compiled.set()
    with monkeypatch.context() as there:
        there.setattr(matches, "residents", lambda: other)
        assert upload(member, table(FARM + ",input,material,Drêches,,50,t,year,")).status_code == 201
        assert len(answers(member, grain["id"])) == 2
    assert len(answers(member, grain["id"])) == 2


def test_a_site_that_moves_away_answers_no_more(member: Asker, imported: Any) -> None:
    grain, feed = named(member, "drêches"), named(member, "bétail")
    site = member.get(f"/sites/{feed['site_id']}").json()
    assert len(answers(member, grain["id"])) == 1
    moved = member.change(f"/sites/{site['id']}", {"lon": -4.48, "lat": 48.39}, site["version"])
    assert moved.status_code == 200, moved.text
    assert answers(member, grain["id"]) == []


def test_a_group_stays_among_the_answers(member: Asker, imported: Any) -> None:
    kinds = {answer[0] for answer in answers(member, named(member, "cartons")["id"])}
    assert kinds == {"mutualisation"}


def test_the_answers_do_not_depend_on_the_search_being_compiled(
    member: Asker, imported: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first minute of a new machine gives what the others do."""
    paths = [f"/flows/{flow['id']}/matches" for flow in member.get("/flows").json()["items"]]
    asked = {"site_id": named(member, "cartons")["site_id"], **NEED}
    ready = [member.get(path).json() for path in paths]
    previewed = member.post("/matches/preview", json=asked).json()
    monkeypatch.setattr(matches, "residents", Residents)
    assert [member.get(path).json() for path in paths] == ready
    assert member.post("/matches/preview", json=asked).json() == previewed


def test_a_preview_leaves_no_trace(member: Asker, imported: Any) -> None:
    garage = named(member, "cartons")["site_id"]
    grain = named(member, "drêches")
    before = answers(member, grain["id"])
    shown = member.post("/matches/preview", json={"site_id": garage, **NEED}).json()["items"]
    assert ["Brasserie du Port", "Garage Central"] in [[m["site"] for m in item["members"]] for item in shown]
    assert answers(member, grain["id"]) == before


def test_a_flow_like_others_previews_their_group(member: Asker, imported: Any) -> None:
    brewery = named(member, "drêches")["site_id"]
    cartons = {"direction": "output", "kind": "material", "label": "Cartons", "quantity": 9, "unit": "t"}
    shown = member.post("/matches/preview", json={"site_id": brewery, **cartons}).json()["items"]
    groups = [item for item in shown if item["kind"] == "mutualisation"]
    assert {member["site"] for member in groups[0]["members"]} == {
        "Brasserie du Port",
        "Garage Central",
        "Atelier Mistral",
    }


def test_while_a_territory_is_read_for_the_first_time_few_wait_and_the_others_are_told(
    member: Asker, imported: Any, process: Residents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(residents, "LONGEST_WAIT_S", 0.2)
    grain = named(member, "drêches")
    fresh = Residents()
    fresh._compiled.set()
    monkeypatch.setattr(matches, "residents", lambda: fresh)
    kept = residents._Kept

    def held(*arguments: Any) -> Any:
        made = kept(*arguments)
        made.lock.acquire()
        return made

    monkeypatch.setattr(residents, "_Kept", held)
    refused = member.get(f"/flows/{grain['id']}/matches")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
    assert refused.json()["type"] == "urn:entreflux:problem:not-yet-read"
    next(iter(fresh._kept.values())).lock.release()
    assert len(answers(member, grain["id"])) == 1


def test_answers_have_the_shape_that_is_declared(member: Asker, imported: Any) -> None:
    for flow in member.get("/flows").json()["items"]:
        answer = member.get(f"/flows/{flow['id']}/matches").json()
        assert Ranked.model_validate(answer).model_dump(mode="json") == answer
