"""What each planner's page tells of the documents that planners really write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).parents[2] / "examples" / "demo.csv"
PLANNERS = (
    "groups", "collection", "purchase", "jobs", "training", "space", "transport", "allocation", "what-if",
    "heat", "water", "workshop",
)  # fmt: skip
SITES = ("site", "member", "provider", "receiver", "offer_site", "venue", "company")
TIME_S = 4.0


@cache
def flows() -> tuple[Any, ...]:
    from app.readers import read_table
    from geo.geocoding import offline_geocoder

    return tuple(read_table(DEMO.read_bytes(), DEMO.name, offline_geocoder()).flows)


@cache
def document(planner: str) -> Mapping[str, Any]:
    from app.services.planners import PlanRequest
    from app.services.planning import plans

    kept = flows()
    asked: dict[str, Any] = {"closed": (kept[0].site.name,)} if planner == "what-if" else {}
    request = PlanRequest(kept, date(2027, 1, 4), time_limit_s=TIME_S, **asked)
    return plans(planner, request, "fr").documents[0]


def sites_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from (value[name] for name in SITES if isinstance(value.get(name), str))
        for inner in value.values():
            yield from sites_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from sites_in(inner)


@pytest.mark.parametrize("planner", PLANNERS)
def test_a_planner_has_a_page_of_its_own_that_names_every_site_of_its_plan(planner: str) -> None:
    """No site of a plan is left out of its page, and no cell shows a value that was not written out."""
    from app.web import plan_words
    from app.web.plan_shown import VIEWS, result_of
    from app.web.plan_view import Teller
    from app.web.rendering import environment

    told = document(planner)
    assert VIEWS[planner](told, Teller("fr")).sections
    plan = {"id": "1", "planner": planner, "status": "done"}
    page = environment("fr").get_template("plan_result.html").render(
        result=result_of(planner, told, "fr"), plan=plan, number=1, printable=True, again={}, csrf="",
        words=plan_words, parts=environment("fr").get_template("parts.html").module,
        plan_parts=environment("fr").get_template("plan_parts.html").module,
    )  # fmt: skip
    text = page.replace("&#39;", "'").replace("&amp;", "&")
    missing = {name for name in sites_in(told["plan"]) if name not in text}
    assert missing == set()
    assert "None" not in text
    assert "{'" not in text


def test_a_plan_no_page_was_made_for_is_shown_by_its_shape() -> None:
    """Figures come first, each list becomes a table, and nothing nested is printed raw."""
    from app.web.plan_shown import view_of

    told = {
        "problem": {},
        "plan": {"trips": 3, "legs": [{"from": "Alpha", "km": 2.5, "via": ["Bêta", "Gamma"]}], "notes": {}},
    }
    view = view_of("ferry", told, "fr")
    assert [(fact.value, fact.about) for fact in view.facts] == [("3", "Trips")]
    assert view.sections[0].table is not None
    assert view.sections[0].table.rows == (("Alpha", "2,5", "Bêta, Gamma"),)


def test_a_planner_s_other_kind_of_answer_does_not_break_its_page() -> None:
    """A document without the fields a page expects is shown by its shape."""
    from app.web.plan_shown import view_of

    told = {"problem": {"resource": "bois"}, "plan": {"grown": [{"site": "Alpha", "saving": 12}]}}
    assert view_of("groups", told, "fr").sections[0].table is not None


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (0.0, "Le meilleur possible avec ces chiffres : c’est prouvé."),
        (8e-8, "Le meilleur possible avec ces chiffres : c’est prouvé."),
        (0.0072, "À 0,7 % au plus du meilleur possible."),
        (None, "Personne n’a prouvé à quelle distance il est du meilleur possible."),
    ],
)
def test_how_good_a_plan_is_stands_there_in_words(gap: float | None, words: str) -> None:
    """A bound is said as a distance from the best; rounding of the solvers is not a gap."""
    from app.web.plan_view import Teller, quality
    from tests.web.conftest import with_plain_spaces

    assert with_plain_spaces(quality({"gap": gap}, Teller("fr"))) == words


def test_days_and_months_are_written_as_people_do() -> None:
    """The first of a month, runs of weekdays and small prices follow the language."""
    from app.web.plan_view import Teller

    french, english = Teller("fr"), Teller("en")
    assert french.date("2027-03-01") == "1er mars 2027"
    assert french.date("2027-03-11") == "11 mars 2027"
    assert english.date("2027-03-01") == "1 March 2027"
    assert french.weekdays([1, 2, 3, 4, 5]) == "lun. – ven."
    assert french.weekdays([1, 2, 3, 4, 5, 6, 7]) == ""
    assert french.eur(0.7036) == "0,70\u00a0€"
    assert french.eur(1222.71).replace("\u202f", " ") == "1 223\u00a0€"


def test_a_column_that_says_nothing_is_left_out() -> None:
    """Only the first column stands without a value."""
    from app.web.plan_view import Teller, said

    table = Teller("en").table((("Site", said("a")), ("#Cost", said("b")), ("#Saves", said("c"))), [{"c": 1}])
    assert table.telling == (0, 2)
    assert table.numbers == {1, 2}


def test_every_planner_of_the_registry_has_its_words() -> None:
    """A new planner without a name and a sentence of its own would be a riddle in the form."""
    from app.services.planners import PLANNERS as KNOWN
    from app.web.plan_shown import VIEWS
    from app.web.plan_words import PLANNERS as WORDS

    assert set(KNOWN) <= set(WORDS)
    assert set(KNOWN) <= set(VIEWS)
