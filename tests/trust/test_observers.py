"""What observers are told of figures: nothing that too few companies make up, or nearly one alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.db.principal import SYSTEM, AccountRole, Principal
from app.db.tables import Company, Flow, Site, Territory
from app.repositories.indicators import Part, Stored
from app.repositories.records import add
from app.services.disclosure import may_tell
from app.services.indicators import overview
from app.services.indicators_choice import Stage
from app.services.indicators_observed import (
    Makers,
    hidden_activity,
    hidden_counts,
    hidden_reuse,
    hidden_worths,
    kept_of,
)

if TYPE_CHECKING:
    from app.db.engine import Database

NOW = datetime(2026, 1, 1, tzinfo=UTC)
COMPANIES = {"a": "A", "b": "B", "c": "C", "a2": "A"}


def row(name: str, status: str = "identified", eur: float | None = 100.0) -> Stored:
    return Stored(name, "substitution", "direct", None, status, False, 50.0, 0.5, 10.0, "t", eur, None, NOW)


def makers(**sites: str) -> Makers:
    """Return who makes up synergies, each with the sites of its flows in a word such as ``ab``."""
    parts = {
        name: [Part(f"{name}{site}", site, "provider") for site in told.split()]
        for name, told in sites.items()
    }
    return Makers(COMPANIES, parts)


def test_a_sum_of_two_companies_is_left_out_and_one_of_three_is_told() -> None:
    rows = [row("one"), row("two"), row("three")]
    assert kept_of(rows, makers(one="a b", two="a b", three="a b")) == []
    assert kept_of(rows, makers(one="a b", two="a2 b", three="a b")) == [], "two sites are one company"
    assert kept_of(rows, makers(one="a b", two="b c", three="a c")) == rows


def test_a_sum_that_one_company_nearly_makes_up_is_left_out() -> None:
    rows = [row("one"), row("two"), row("three")]
    assert kept_of(rows, makers(one="a b", two="a c", three="a b")) == [], "a is in all of it"
    by = makers(one="a b", two="b c", three="a c")
    worths = [row("one", eur=5000.0), row("two", eur=10.0), row("three", eur=5000.0)]
    assert kept_of(worths, by) == [], "a has more than 85 % of the money"
    losses = [row("one", eur=-5000.0), row("two", eur=10.0), row("three", eur=-5000.0)]
    assert kept_of(losses, by) == []


def test_85_percent_is_told_and_more_is_not() -> None:
    def alone(*sizes: float) -> list[tuple[set[str], float]]:
        return [({str(number)}, size) for number, size in enumerate(sizes)]

    assert may_tell(alone(85.0, 10.0, 5.0))
    assert not may_tell(alone(86.0, 10.0, 5.0))
    assert not may_tell(alone(50.0, 50.0))


def test_a_figure_that_one_pair_alone_has_takes_its_whole_group_out() -> None:
    rows = [row("one"), row("two", eur=None), row("three", eur=None)]
    assert kept_of(rows, makers(one="a b", two="b c", three="a c")) == []


def test_a_stage_without_anything_to_tell_has_no_sum_rather_than_zero() -> None:
    rows = [row("one"), row("two"), row("three"), row("four", "running")]
    kept = kept_of(rows, makers(one="a b", two="b c", three="a c", four="a b"))
    assert set(hidden_worths(rows, kept)) == {"savings_achieved", "greenhouse_gas_achieved"}


def test_tonnes_of_two_companies_or_nearly_of_one_are_not_told() -> None:
    codes = {"material_reused": ("material", "t")}
    rows = [row("one"), row("two"), row("three")]
    for told, hidden in (
        (("a b", "a b", "a b"), ["material_reused_potential"]),
        (("a b", "a c", "a c"), ["material_reused_potential"]),
        (("a b", "b c", "a c"), []),
    ):
        by = makers(**dict(zip(("one", "two", "three"), told, strict=True)))
        kinds = {part.flow_id: "packaging" for parts in by.parts.values() for part in parts}
        reused = {(Stage.POTENTIAL, "material", "t"): 10.0}
        assert list(hidden_reuse(rows, kinds, reused, codes, by)) == hidden


def test_counts_of_two_companies_are_not_told() -> None:
    rows = [row("one"), row("two"), row("three"), row("four", "running")]
    by = makers(one="a b", two="b c", three="a c", four="a b")
    found = set(hidden_counts(rows, frozenset({"four"}), frozenset(), {}, by))
    assert found == {"contacted", "implemented", "running"}


def test_no_difference_of_two_counts_tells_of_too_few() -> None:
    three = {"one": "a b", "two": "b c", "three": "a c"}
    running = [row(name, "running") for name in three]
    by = makers(**three, four="a b")
    assert set(hidden_counts([*running, row("four", "implemented")], frozenset(), frozenset(), {}, by)) == {
        "running"
    }
    given_up = [row(name, "abandoned") for name in three]
    why = {"price": frozenset(three), "law": frozenset({"four"})}
    found = set(hidden_counts([*given_up, row("four", "abandoned")], frozenset(), frozenset(), why, by))
    assert found == {"abandoned", "abandoned_for_law"}


def test_flows_and_sites_nearly_all_of_one_company_are_not_counted() -> None:
    assert list(hidden_activity(["a", "b", "c"], makers())) == []
    assert list(hidden_activity(["a"] * 20 + ["b", "c"], makers())) == ["flows_recorded"]
    sites = [f"a{number}" for number in range(20)]
    many = Makers({**COMPANIES, **dict.fromkeys(sites, "A")}, {})
    assert list(hidden_activity([*sites, "b", "c"], many)) == ["flows_recorded", "sites_diagnosed"]


def test_a_territory_of_two_companies_tells_an_observer_nothing(database: Database) -> None:
    told = {}
    for count in (2, 3):
        with database.writing(SYSTEM) as session:
            home = add(session, Territory(name=f"Ville {count}"))
            for number in range(count):
                company = add(session, Company(territory_id=home.id, name=f"C{number}"))
                site = add(session, Site(territory_id=home.id, company_id=company.id, name=f"S{number}"))
                flow = Flow(
                    territory_id=home.id, site_id=site.id, direction="output", kind="material", label="x"
                )
                add(session, flow)
            home_id = home.id
        observer = Principal("user:x", "x", AccountRole.MEMBER, observed=frozenset({home_id}))
        with database.reading(observer) as session:
            told[count] = overview(session, home_id).activity["flows_recorded"]
    assert told == {2: 0, 3: 3}
