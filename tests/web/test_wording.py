"""The words and figures of the interface."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import extract_from_ast

from app.services.statuses import Status, obstacles
from app.translations import french
from app.web import wording
from app.web.figures import Figures
from app.web.rendering import environment, with_query
from matching import model

CALLED = ("_", "plural")
FRENCH = Path(__file__).parents[2] / "app" / "translations" / "fr"


def said_in_templates() -> set[str]:
    found: set[str] = set()
    templates = environment("en")
    for name in templates.list_templates():
        assert templates.loader is not None
        source = templates.loader.get_source(templates, name)[0]
        for _, _, messages in extract_from_ast(templates.parse(source), CALLED):
            found |= {text for text in (messages if isinstance(messages, tuple) else (messages,)) if text}
    return found


def test_every_sentence_of_the_pages_is_said_in_french() -> None:
    said = said_in_templates()
    assert len(said) > 100
    assert {text for text in said if text not in french()} == set()


def test_no_page_says_a_shared_sentence_otherwise_than_the_rest_of_the_application() -> None:
    by_domain: dict[str, dict[str, str]] = {}
    for file in FRENCH.glob("*.po"):
        with file.open("rb") as handle:
            for entry in read_po(handle, locale="fr"):
                if isinstance(entry.id, str) and entry.id:
                    by_domain.setdefault(entry.id, {})[file.stem] = str(entry.string)
    mine = {text: told for text, told in by_domain.items() if "web" in told}
    assert {text: told for text, told in mine.items() if len(set(told.values())) > 1} == {}


def test_every_code_of_the_core_has_its_words() -> None:
    assert set(wording.STATUSES) == set(Status)
    assert set(wording.NEXT_STATUS.values()) <= set(Status)
    assert set(wording.FLOW_KINDS) == set(model.Kind)
    assert set(wording.DIRECTIONS) == set(model.Direction)
    assert set(wording.PERIODS) == set(model.Period)
    assert set(wording.RELIABILITIES) == set(model.Reliability)
    assert set(wording.LEGAL_STATUSES) == set(model.LegalStatus)
    assert set(wording.PRECISIONS) == set(model.Precision)
    assert obstacles()


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("fr", 537_975, "environ 540 000 €"),
        ("en", 537_975, "about 540,000 €"),
        ("fr", 0.0537, "environ 0,054 €"),
    ],
)
def test_an_estimate_has_two_significant_figures_and_says_so(language: str, value: float, shown: str) -> None:
    assert re.sub(r"\s", " ", Figures(language).about(value, "€")) == shown


def test_an_estimate_that_is_not_known_is_left_out() -> None:
    assert Figures("fr").about(None, "€") == ""


def test_a_level_is_not_said_a_year() -> None:
    floor = model.Quantity(model.Range.of(400), "m2")
    cartons = model.Quantity(model.Range(100, 150), "palette", model.Period.MONTH)
    assert Figures("fr").declared(floor) == "400\u00a0m²"
    assert Figures("fr").declared(cartons) == "100 – 150\u00a0palettes par mois"
    assert Figures("en").declared(cartons) == "100 – 150\u00a0pallets a month"


def test_french_counts_none_and_one_and_a_half_in_the_singular() -> None:
    assert [Figures("fr").quantity(n, "unité") for n in (0, 1.5, 2)] == [
        "0\u00a0unité",
        "1,5\u00a0unité",
        "2\u00a0unités",
    ]
    assert [Figures("en").quantity(n, "unité") for n in (0, 1, 2)] == [
        "0\u00a0units",
        "1\u00a0unit",
        "2\u00a0units",
    ]


def test_months_and_moments_are_written_as_people_do() -> None:
    assert Figures("fr").months(frozenset({3, 4, 5, 9})) == "mars – mai, sept."
    assert Figures("en").moment(datetime(2026, 3, 1, 9, 5, tzinfo=UTC)) == "1 Mar 2026, 09:05"


def test_an_address_leaves_out_what_is_empty() -> None:
    assert (
        with_query("/synergies", {"q": "bois & eau", "kind": ""}, status=None) == "/synergies?q=bois+%26+eau"
    )
    assert with_query("/synergies", {"kind": "loop"}, kind="") == "/synergies"
