"""What a need refuses by what it is for or by asking for the opposite, and how a few marks are read."""

from __future__ import annotations

from typing import Any

import pytest

from matching.catalogue.loader import load_catalogue
from matching.engine import default_engine
from matching.facts import Facts, facts_of
from matching.model import Kind
from matching.refusals import Refusal, why_not
from matching.words import stems
from tests.matching.builders import flow, positions, site

CATALOGUE = load_catalogue()


def said(label: str, direction: str = "input", **fields: Any) -> Facts:
    return facts_of(flow(site("A"), direction, label, **fields), CATALOGUE)


def judge(given: str, wanted: str, **fields: Any) -> Refusal:
    one = flow(site("A"), "output", given, 10, comment=fields.pop("given_comment", ""), **fields)
    other = flow(site("B", 1), "input", wanted, 10, comment=fields.pop("wanted_comment", ""))
    return why_not(default_engine(), one, other, positions([one, other]))


@pytest.mark.parametrize(
    ("label", "refused"),
    [
        ("Amendement pour limons", "heavy_metals"),
        ("Cendres pour épandage", "toxic"),
        ("Ration de 140 laitières", "unfit_animals"),
        ("Feed for our pigs", "unfit_animals"),
        ("Matière végétale à composter", "plastic"),
    ],
)
def test_what_a_need_is_for_tells_what_it_refuses(label: str, refused: str) -> None:
    assert refused in said(label).refuses
    assert refused not in said(label, "output").refuses


def test_a_use_that_is_denied_refuses_nothing() -> None:
    assert "heavy_metals" not in said("Remblai, pas d'épandage").refuses


@pytest.mark.parametrize(
    ("given", "wanted", "refused"),
    [
        ("Bâches PVC souple", "PVC rigide à broyer", True),
        ("Profilés PVC rigide", "PVC souple à broyer", True),
        ("Flexible PVC sheets", "Rigid PVC to grind", True),
        ("Profilés PVC rigide", "PVC rigide à broyer", False),
        ("Bâches PVC souple", "PVC rigide ou souple à broyer", False),
    ],
)
def test_what_is_asked_for_rigid_is_not_bendable(given: str, wanted: str, refused: bool) -> None:
    gates = {gate.name: gate.verdict for gate in judge(given, wanted).gates}
    assert (gates.get("exclusions") == "fail") is refused


@pytest.mark.parametrize("label", ["Presse pliante", "Microscope pour collégiens"])
def test_who_needs_a_machine_needs_one_that_works(label: str) -> None:
    assert "broken" in said(label, kind=Kind.EQUIPMENT).refuses
    assert "broken" not in said(f"{label} HS à retaper", kind=Kind.EQUIPMENT).refuses
    assert "broken" not in said(label).refuses


def test_what_is_torn_is_broken() -> None:
    assert "broken" in said("Géotextile déchiré", "output").has
    assert "broken" not in said("Géotextile", "output").has


@pytest.mark.parametrize(
    "label", ["Voile déchiré par endroits", "Tarpaulin torn in places", "Sac en partie déchiré"]
)
def test_what_is_torn_here_and_there_is_whole_elsewhere(label: str) -> None:
    has = said(label, "output").has
    assert "torn" in has
    assert "broken" not in has


@pytest.mark.parametrize("text", ["As et Ni au-dessus des seuils", "Boues (Cr, Ni, Zn)", "Batteries Ni-Cd"])
def test_nickel_denies_nothing(text: str) -> None:
    assert "nickel" in stems(text)
    assert not said(text, "output").refuses


def test_nickel_above_limits_is_a_heavy_metal() -> None:
    assert "heavy_metals" in said("Cendres, As et Ni au-dessus des seuils", "output").has


@pytest.mark.parametrize("text", ["Palettes, ni peintes ni cassées", "Ni peintes, ni cassées : palettes"])
def test_ni_still_denies_where_no_metal_is_meant(text: str) -> None:
    assert {"painted", "broken"} <= said(text).refuses


@pytest.mark.parametrize("mark", ["cat. 3", "cat 3", "Cat.3", "catégorie 3"])
def test_a_mark_keeps_its_number_with_or_without_a_full_stop(mark: str) -> None:
    assert any(stem.endswith("3") and stem != "3" for stem in stems(f"R489 {mark}"))


def test_a_sentence_that_ends_before_a_number_gives_no_mark() -> None:
    assert "cat3" not in stems("Un chat. 3 palettes")


def test_a_need_more_precise_than_a_rule_keeps_its_own_refusals() -> None:
    """A rule that washes soiled drums for who reuses containers was not written for watering vegetables."""
    rinsed = flow(site("A"), "output", "cubitainers", 10, "unité", resource="ibc-soiled", kind=Kind.PACKAGING)
    plain, precise = (
        flow(site("B", 1), "input", "cuves", 10, "unité", resource=resource, kind=Kind.PACKAGING)
        for resource in ("reusable-container-need", "rainwater-tank-need")
    )
    found = [why_not(default_engine(), rinsed, one, positions([rinsed, one])) for one in (plain, precise)]
    assert [{g.name: g.verdict for g in one.gates}.get("properties") == "fail" for one in found] == [
        False,
        True,
    ]
