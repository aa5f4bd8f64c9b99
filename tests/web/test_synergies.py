"""The list, its filters, its files, one synergy and its moves, the map's data."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import openpyxl
import pytest

from tests.web.conftest import Visitor


def ids(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="/synergies/([0-9a-f-]{36})"', text)))


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_filters_narrow_the_list(member: Visitor) -> None:
    every = ids(member.page("/synergies"))
    substitutions = ids(member.page("/synergies?kind=substitution"))
    pools = ids(member.page("/synergies?kind=mutualisation"))
    assert substitutions
    assert pools
    assert set(substitutions) | set(pools) == set(every)
    assert not set(substitutions) & set(pools)
    assert ids(member.page("/synergies?q=brasserie+dreches")) == substitutions
    assert ids(member.page("/synergies?q=introuvable")) == []
    assert ids(member.page("/synergies?min_score=100")) == []
    assert ids(member.page("/synergies?max_km=1")) == pools
    assert ids(member.page("/synergies?status=running")) == []
    assert ids(member.page("/synergies?form=joint_collection")) == pools


@pytest.mark.parametrize("query", ["kind=x", "min_score=beaucoup", "sort=drop", "max_km=-3", "min_score=nan"])
def test_a_filter_that_means_nothing_is_left_out(member: Visitor, query: str) -> None:
    assert ids(member.page(f"/synergies?{query}")) == ids(member.page("/synergies"))


def test_a_fragment_is_the_list_alone_with_a_clean_address(member: Visitor) -> None:
    answer = member.fragment("/synergies?q=&kind=substitution&min_score=")
    assert "<html" not in answer.text
    assert answer.headers["hx-push-url"] == "/synergies?kind=substitution"
    assert ids(answer.text) == ids(member.page("/synergies?kind=substitution"))


@pytest.mark.parametrize("path", ["/synergies", "/carte", "/flux"])
def test_every_list_answers_htmx_with_a_part(member: Visitor, path: str) -> None:
    answer = member.fragment(path)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="results"')


def test_pages_of_a_list_hold_each_synergy_once(member: Visitor, application: Any) -> None:
    from app.db.principal import SYSTEM
    from app.repositories.territories import territory_named
    from app.web.search import Wanted, find_page

    with application.state.database.reading(SYSTEM) as session:
        territory = territory_named(session, "Étang de Berre")
        assert territory is not None
        for wanted in (Wanted(), Wanted(q="t"), Wanted(sort="distance_km")):
            whole = [row.id for row in find_page(session, territory.id, wanted, size=1000).rows]
            assert len(whole) > 1
            pages, after = [], ""
            while True:
                found = find_page(session, territory.id, wanted, after, size=1)
                pages += [row.id for row in found.rows]
                if found.next is None:
                    break
                after = found.next
            assert pages == whole


def test_files_hold_what_the_filters_leave(member: Visitor) -> None:
    query = "kind=substitution&max_km=50"
    wanted = ids(member.page(f"/synergies?{query}"))
    book = openpyxl.load_workbook(io.BytesIO(member.get(f"/synergies/export.xlsx?{query}").content))
    assert "Brasserie du Port" in str([cell.value for row in book.worksheets[0].iter_rows() for cell in row])
    features = json.loads(member.get(f"/synergies/export.geojson?{query}").content)["features"]
    assert [feature["id"] for feature in features] == wanted
    assert len(member.get(f"/synergies/export.csv?{query}").text.splitlines()) == 1 + len(wanted)
    assert member.get(f"/synergies/export.pdf?{query}").content.startswith(b"%PDF")
    assert member.get("/synergies/export.exe").status_code == 404


def test_a_synergy_tells_why_it_holds_what_it_is_worth_and_what_comes_next(member: Visitor) -> None:
    page = member.page("/synergies/" + ids(member.page("/synergies?kind=substitution"))[0])
    assert page.count('role="img" aria-label=') == 5
    for heading in (
        "Prochaine étape",
        "Ce qui a été déclaré",
        "Pourquoi elle tient",
        "Ce que cela vaut",
        "Suivi",
    ):
        assert heading in page
    assert "Drêches de brasserie" in page
    assert "Ferme des Salins" in page


def test_a_move_is_kept_in_the_history(member: Visitor) -> None:
    address = member.first("/synergies", "synergies")
    answer = member.send(
        f"{address}/statut", address, version="1", status="contacted", comment="Appelé <b>Paul</b>"
    )
    assert answer.status_code == 303, answer.text
    page = member.page(address)
    assert "Appelé &lt;b&gt;Paul&lt;/b&gt;" in page
    assert "membre@port.example" in page
    assert "Identifiée" in page
    assert address in member.page("/synergies?status=contacted")


def test_a_stop_asks_for_its_obstacle_beside_the_field_and_keeps_what_was_typed(member: Visitor) -> None:
    address = member.first("/synergies", "synergies")
    typed = {"version": version(member.page(address)), "status": "paused", "comment": "Plus de place"}
    answer = member.send(f"{address}/statut", address, **typed)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "Plus de place</textarea>" in answer.text
    assert "Personne ne s’en est encore occupé." in member.page(address)
    assert member.send(f"{address}/statut", address, **typed, obstacle="no_land").status_code == 303
    assert "Manque de place ou de foncier" in member.page(address)


def test_a_move_of_what_somebody_moved_meanwhile_is_refused(member: Visitor) -> None:
    address = member.first("/synergies", "synergies")
    assert member.send(f"{address}/statut", version="1", status="contacted").status_code == 303
    again = member.send(f"{address}/statut", version="1", status="study")
    assert again.status_code == 409
    assert 'aria-invalid="true"' in again.text


@pytest.mark.parametrize("fields", [{"status": "x", "version": "1"}, {"status": "study", "version": "un"}])
def test_a_move_that_means_nothing_moves_nothing(member: Visitor, fields: dict[str, str]) -> None:
    address = member.first("/synergies", "synergies")
    assert member.send(f"{address}/statut", **fields).status_code == 422
    assert "Personne ne s’en est encore occupé." in member.page(address)


def test_a_refused_pair_is_explained(member: Visitor) -> None:
    told = member.page("/pourquoi-pas?emetteur-dit=garage&receveur-dit=salins")
    assert "Cette paire n’est pas proposée" in told
    assert "Compris comme" in told


def test_words_that_several_flows_hold_are_asked_again_and_words_that_none_holds_are_told(
    member: Visitor,
) -> None:
    page = member.page("/pourquoi-pas?emetteur-dit=cartons&receveur-dit=introuvable")
    assert "Lequel" in page
    assert "Aucun flux ne porte ces mots" in page
    options = member.fragment("/pourquoi-pas/flux/emetteur?emetteur-dit=DRECHES").text
    assert options.count("<li") == 1
    assert "Brasserie du Port" in options


def test_a_pair_that_is_proposed_leads_to_its_synergy(member: Visitor) -> None:
    address = member.first("/synergies?kind=substitution", "synergies")
    told = member.page("/pourquoi-pas?emetteur-dit=dreches&receveur-dit=salins")
    assert "Cette paire est une synergie de la liste" in told
    assert address in told


def test_the_map_draws_the_list_and_sizes_sites_by_worth(member: Visitor) -> None:
    data = member.get("/carte/donnees?kind=substitution").json()
    assert [f["properties"]["id"] for f in data["synergies"]["features"]] == ids(
        member.page("/synergies?kind=substitution")
    )
    assert {f["geometry"]["type"] for f in data["synergies"]["features"]} == {"LineString"}
    names = {f["properties"]["name"] for f in data["sites"]["features"]}
    assert names == {"Brasserie du Port", "Ferme des Salins", "Garage Central", "Atelier Mistral"}
    assert all(f["properties"]["worth"] >= 0 for f in data["sites"]["features"])
    assert "Martigues" in {f["properties"]["name"] for f in data["communes"]["features"]}


def test_choosing_a_site_shows_its_flows_and_only_its_synergies(member: Visitor) -> None:
    sites = member.get("/carte/donnees").json()["sites"]["features"]
    brewery = next(f["properties"]["id"] for f in sites if f["properties"]["name"] == "Brasserie du Port")
    answer = member.fragment(f"/carte?site={brewery}")
    assert "Drêches de brasserie" in answer.text
    assert ids(answer.text) == ids(member.page("/synergies?kind=substitution"))


def test_the_calls_of_the_day_are_those_worth_most_each_flow_once() -> None:
    from app.repositories.synergies import Promising
    from app.web.cards import most_worth_a_call

    rows = [Promising(name, 80.0, 0.5, worth) for name, worth in (("a", 100.0), ("b", 900.0), ("c", None))]
    flows = {"a": {"1", "2"}, "b": {"1", "3"}, "c": {"4"}}
    assert [one.id for one in most_worth_a_call(rows, flows, 5)] == ["b", "c"]


def test_the_home_page_calls_only_for_what_nobody_has_started_on(member: Visitor) -> None:
    first = member.first("/", "synergies")
    page = member.page(first)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    answer = member.send(f"{first}/statut", first, status="contacted", version=version[1])
    assert answer.status_code == 303, answer.text
    assert first not in member.page("/")
