"""Every sentence of a synergy can be read in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import matching
from app.translations import LANGUAGES, french, translate
from matching.messages import Message
from matching.model import Flow, Kind, Period, Quantity, Range, Site
from matching.results import Synergy, SynergyKind
from tests.matching.builders import flow, site
from tests.matching.territories import match
from tests.matching.test_loops import ring

BRACES = ("{", "}")


def territory() -> list[Flow]:
    """Return rows that bring about most sentences: every kind, treated, hazardous, unplaced, one-off."""
    once = Quantity(Range.of(50), "t", Period.ONCE)
    rows = ring(3)
    for name, km in (("A", 0.0), ("B", 2.0)):
        place = site(name, km, company="Une seule SA")
        rows += [
            flow(place, "output", "cartons", 20, resource="cardboard", unit_cost_eur=Range.of(50)),
            flow(place, "input", "soudeur", 0.4, "ETP", kind=Kind.SKILL, resource="job-welder"),
            flow(
                place, "input", "covoiturage", 40, "trajet", kind=Kind.TRANSPORT, resource="transport-carpool"
            ),
            flow(place, "input", "chariot", resource="equip-forklift", kind=Kind.EQUIPMENT),
            flow(place, "input", "huile de colza xylobande", 10),
        ]
    rows += [
        flow(site("A"), "output", "sciure", quantity=once, resource="wood-sawdust", waste_code="030105"),
        flow(site("B", 2), "input", "granulés", 30, resource="pellet-mill-feedstock"),
        flow(
            site("A"),
            "output",
            "eau tiède",
            100,
            "MWh",
            kind=Kind.ENERGY,
            resource="hot-water",
            temperature_c=Range.of(45),
        ),
        flow(
            site("B", 0.1),
            "input",
            "eau chaude",
            100,
            "MWh",
            kind=Kind.ENERGY,
            resource="hot-water",
            temperature_c=Range.of(60),
        ),
        flow(site("A"), "output", "acide", 9, resource="hydrochloric-acid", hazardous=True),
        flow(Site(name="Ailleurs"), "input", "acide", 9, resource="hydrochloric-acid", hazardous=True),
    ]
    return rows


@pytest.fixture(scope="module")
def synergies() -> tuple[Synergy, ...]:
    return tuple(match(territory()).synergies)


def sentences(synergy: Synergy) -> Iterator[Message]:
    yield synergy.explanation
    yield synergy.next_step
    yield from synergy.assumptions
    yield from synergy.missing
    yield from (warning.message for warning in synergy.warnings)
    yield from (criterion.why for criterion in synergy.criteria.values())


def templates(message: Message) -> Iterator[str]:
    yield message.text
    yield from (
        text for inner in message.params.values() if isinstance(inner, Message) for text in templates(inner)
    )


def test_the_territory_holds_every_kind_and_several_forms(synergies: tuple[Synergy, ...]) -> None:
    assert {synergy.kind for synergy in synergies} == set(SynergyKind)
    assert {"direct", "treated", "joint_collection", "shared_job"} <= {synergy.form for synergy in synergies}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_complete(synergies: tuple[Synergy, ...], language: str) -> None:
    for synergy in synergies:
        for message in sentences(synergy):
            shown = translate(message, language)
            assert shown.strip()
            assert not any(brace in shown for brace in BRACES), shown
            assert "None" not in shown
            assert "nan" not in shown.split()


def test_every_sentence_has_its_french(synergies: tuple[Synergy, ...]) -> None:
    used = {text for synergy in synergies for message in sentences(synergy) for text in templates(message)}
    assert {text for text in used if text not in french() and text != "{question}"} == set()


def test_every_synergy_explains_itself_and_weighs_its_criteria(synergies: tuple[Synergy, ...]) -> None:
    for synergy in synergies:
        assert sum(criterion.weight for criterion in synergy.criteria.values()) == pytest.approx(1)
        assert len(synergy.criteria) == 5
        assert translate(synergy.explanation, "fr") != translate(synergy.explanation, "en")


def marked_for_translation() -> set[str]:
    """Return every template of the matching core that is marked with ``N_``."""
    files = Path(str(matching.__file__)).parent.rglob("*.py")
    calls = (
        node
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
    )
    marked = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "N_")
    return {str(call.args[0].value) for call in marked if isinstance(call.args[0], ast.Constant)}


def test_every_template_of_the_core_has_its_french_with_the_same_parameters() -> None:
    known: Mapping[str, str] = french()
    marked = marked_for_translation() - {"{question}"}
    assert len(marked) > 50
    assert sorted(text for text in marked if text not in known) == []
    for text in marked:
        assert parameters(known[text]) == parameters(text), text


def parameters(template: str) -> set[str]:
    return {part.split("}")[0] for part in template.split("{")[1:]}
