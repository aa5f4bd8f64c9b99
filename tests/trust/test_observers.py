"""What observers are told of figures: nothing that fewer than three companies make up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.repositories.indicators import Part, Stored
from app.services.indicators_choice import Stage
from app.services.indicators_observed import (
    Makers,
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
    rows = [row("one"), row("two")]
    assert kept_of(rows, makers(one="a b", two="a b")) == []
    assert kept_of(rows, makers(one="a b", two="a2 b")) == [], "two sites are one company"
    assert kept_of(rows, makers(one="a b", two="b c")) == rows


def test_a_figure_that_one_pair_alone_has_takes_its_whole_group_out() -> None:
    rows = [row("one"), row("two", eur=None)]
    assert kept_of(rows, makers(one="a b", two="b c")) == []


def test_a_stage_without_anything_to_tell_has_no_sum_rather_than_zero() -> None:
    rows = [row("one"), row("two"), row("three", "running")]
    kept = kept_of(rows, makers(one="a b", two="b c", three="a b"))
    assert set(hidden_worths(rows, kept)) == {"savings_achieved", "greenhouse_gas_achieved"}


def test_tonnes_of_two_companies_are_not_told() -> None:
    codes = {"material_reused": ("material", "t")}
    for told, hidden in (("a b", ["material_reused_potential"]), ("a b c", [])):
        by = makers(one=told)
        kinds = {part.flow_id: "packaging" for part in by.parts["one"]}
        reused = {(Stage.POTENTIAL, "material", "t"): 10.0}
        assert list(hidden_reuse([row("one")], kinds, reused, codes, by)) == hidden


def test_counts_of_two_companies_are_not_told() -> None:
    rows = [row("one"), row("two"), row("three", "running")]
    by = makers(one="a b", two="b c", three="a b")
    found = set(hidden_counts(rows, frozenset({"three"}), frozenset(), {}, by))
    assert found == {"contacted", "implemented", "running"}


def test_a_territory_of_two_companies_tells_an_observer_nothing(database: Database) -> None:
    from app.db.principal import SYSTEM, AccountRole, Principal
    from app.db.tables import Company, Flow, Site, Territory
    from app.repositories.records import add
    from app.services.indicators import overview

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
