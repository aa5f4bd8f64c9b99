"""What a newcomer, a closure and a plant change, worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from matching.engine import default_engine
from matching.errors import InvalidParametersError
from matching.model import Flow, Range
from matching.planning.plan import Plan
from matching.planning.what_if import what_if
from matching.planning.what_if_change import Change, Plant
from tests.matching.builders import flow, positions, site

PALLETS = "Palettes Europe d'occasion"


def asked(flows: list[Flow], change: Change) -> Plan:
    return what_if(default_engine(), flows, positions(flows), change)


def gives(name: str, amount: float, km: float = 0.0, **fields: Any) -> Flow:
    return flow(site(name, km), "output", PALLETS, amount, "palette", **fields)


def takes(name: str, amount: float, km: float = 1.0, **fields: Any) -> Flow:
    fields.setdefault("unit_cost_eur", Range.of(6))
    return flow(site(name, km), "input", PALLETS, amount, "palette", **fields)


def names(links: Any) -> set[tuple[str, str]]:
    return {(link["provider"], link["receiver"]) for link in links}


def test_a_newcomer_takes_what_was_left() -> None:
    added = (takes("Usine", 500),)
    found = asked([gives("Dépôt", 900), takes("Négoce", 400)], Change(added, positions(added)))
    assert names(found.plan["new_links"]) == {("Dépôt", "Usine")}
    assert found.plan["lost_links"] == []
    assert found.objective == pytest.approx(500 * 6)
    gains = {row["site"]: row["eur"] for row in found.plan["sites"]}  # type: ignore[attr-defined]
    assert gains["Usine"] == pytest.approx(1500)
    assert {row["site"] for row in found.plan["flows"]} == {"Dépôt", "Usine"}  # type: ignore[attr-defined]


def test_a_closure_loses_its_links_and_moves_what_it_took() -> None:
    poorer = takes("Usine", 400, unit_cost_eur=Range.of(5))
    flows = [gives("Dépôt", 400), takes("Négoce", 400), poorer]
    assert asked(flows, Change()).objective == 0
    found = asked(flows, Change(closed=frozenset({"Négoce"})))
    assert names(found.plan["lost_links"]) == {("Dépôt", "Négoce")}
    assert names(found.plan["new_links"]) == {("Dépôt", "Usine")}
    assert found.objective == pytest.approx(400 * 5 - 400 * 6)


def test_the_closure_of_the_only_giver_leaves_nothing() -> None:
    flows = [gives("Dépôt", 400), takes("Négoce", 400)]
    found = asked(flows, Change(closed=frozenset({"Dépôt"})))
    after, before = found.plan["after"], found.plan["before"]
    assert isinstance(after, dict)
    assert isinstance(before, dict)
    assert after["links"] == 0
    assert found.objective == pytest.approx(-before["eur"])
    with pytest.raises(InvalidParametersError, match="cannot close"):
        asked(flows, Change(closed=frozenset({"Nobody"})))


@pytest.mark.parametrize(("share", "built"), [(0.9, True), (1.1, False)])
def test_a_shared_plant_is_built_when_what_it_takes_pays_for_it(share: float, built: bool) -> None:
    added = (takes("Atelier commun", 1000),)
    places = positions(added)
    flows = [gives("Dépôt", 400), gives("Entrepôt", 300, 0.5)]
    free = asked(flows, Change(added, places, plant=Plant("Atelier commun")))
    assert free.objective is not None
    assert free.objective == pytest.approx(700 * 6)
    cost = share * free.objective
    found = asked(flows, Change(added, places, plant=Plant("Atelier commun", yearly_eur=cost)))
    plant = found.plan["plant"]
    assert isinstance(plant, dict)
    assert plant["built"] is built
    assert plant["share_used"] == pytest.approx(0.7 if built else 0)
    assert found.objective == pytest.approx(free.objective - cost if built else 0, abs=1)
    assert [w.code for w in found.warnings if w.code == "plant_not_built"] == (
        [] if built else ["plant_not_built"]
    )


def test_a_plant_makes_in_proportion_to_what_it_takes() -> None:
    label = "Broyats de bois propre"
    added = (
        takes("Atelier commun", 1000),
        flow(site("Atelier commun", 1), "output", label, 100, "t"),
    )
    flows = [
        gives("Dépôt", 400),
        flow(site("Chaufferie", 2), "input", label, 500, "t", unit_cost_eur=Range.of(60)),
    ]
    found = asked(flows, Change(added, positions(added), plant=Plant("Atelier commun")))
    used = {row["label"]: row["after"] for row in found.plan["flows"]}  # type: ignore[attr-defined]
    assert used[PALLETS] == pytest.approx(400)
    assert used[label] == pytest.approx(40)


def test_a_plant_without_an_input_is_refused() -> None:
    added = (gives("Atelier commun", 10),)
    with pytest.raises(InvalidParametersError, match="at least one input"):
        Change(added, positions(added), plant=Plant("Atelier commun"))
