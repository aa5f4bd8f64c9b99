"""Outlets: the activities that take an output come first, each division once."""

from __future__ import annotations

import re

import pytest

from matching.catalogue.loader import load_catalogue
from matching.catalogue.tables import read_rows
from matching.classify import default_classifier
from matching.outlets import Outlet, find_outlets
from matching.receivers import neighbour_factor, receiver_shares, resource_shares


def outlets(text: str, code: str = "", donor: str = "", top: int = 10) -> tuple[Outlet, ...]:
    return find_outlets(default_classifier(), text, code, donor, top)


def divisions(text: str, code: str = "", donor: str = "", top: int = 10) -> list[str]:
    return [outlet.activity_code[:2] for outlet in outlets(text, code, donor, top)]


@pytest.mark.parametrize(
    ("text", "division"),
    [
        ("granulated blast furnace slag", "23"),
        ("vieux papiers", "17"),
        ("chutes d'acier", "24"),
        ("lisier de porc", "01"),
        ("soufre liquide de raffinerie", "20"),
        ("boue de désencrage", "23"),
        ("chaleur fatale", "35"),
        ("wood waste", "35"),
        ("drêches de brasserie", "01"),
        ("marc de raisin", "11"),
        ("oak barrels", "11"),
        ("paper machine white water", "17"),
        ("chutes de cuir", "15"),
        ("déchets plastiques", "22"),
        ("enrobés bitumineux", "42"),
        ("chutes de liège", "16"),
        ("suif", "20"),
        ("refus de pulpeur", "35"),
        ("dégrillage de station d'épuration", "38"),
    ],
)
def test_the_industry_that_usually_takes_it_comes_first(text: str, division: str) -> None:
    assert divisions(text)[0] == division


@pytest.mark.parametrize(
    ("text", "donor", "expected"),
    [
        ("steam", "3511", {"20", "19", "17"}),
        ("electricity", "3511", {"20", "24"}),
        ("carbon dioxide", "2015", {"01", "11", "20"}),
        ("treated wastewater", "3700", {"35", "01"}),
        ("ethylene", "1920", {"20"}),
        ("petroleum coke", "1920", {"23", "24"}),
    ],
)
def test_large_neighbours_of_a_process_plant_are_among_the_first_five(
    text: str, donor: str, expected: set[str]
) -> None:
    assert expected <= set(divisions(text, donor=donor, top=5))


def test_what_is_known_of_a_material_comes_before_the_general_habit() -> None:
    """Farms and chemists take much from others, but oak barrels go to those who age drinks in them."""
    assert receiver_shares("all", "")["01"] > receiver_shares("all", "")["11"]
    assert divisions("oak barrels").index("11") < divisions("oak barrels").index("01")


def test_a_resource_without_shares_has_those_of_its_nearest_ancestor() -> None:
    """A precise resource inherits the usual receivers of its family until it has its own."""
    catalogue = load_catalogue()
    assert resource_shares("textile-wool", catalogue) == resource_shares("textiles", catalogue)
    assert resource_shares("clothing-used", catalogue) != resource_shares("textiles", catalogue)


def test_the_trade_that_gives_moves_its_usual_neighbours_up() -> None:
    """A steelworks' unspecified dust goes to mineral works more surely than an unknown firm's."""
    unknown = {o.activity_code[:2]: o.score for o in outlets("poussières de filtre", top=50)}
    steel = {o.activity_code[:2]: o.score for o in outlets("poussières de filtre", donor="24", top=50)}
    assert neighbour_factor("24", "23") > 1 > neighbour_factor("24", "01")
    assert steel["23"] / steel["01"] > unknown["23"] / unknown["01"]


def test_a_firm_of_the_givers_own_trade_is_a_little_less_likely() -> None:
    """Plastics works take plastics; one that gives some seldom gives them to another, so others move up."""
    assert neighbour_factor("22", "22") == neighbour_factor("22", "23") == 1
    unknown = {o.activity_code[:2]: o.score for o in outlets("granulés de polypropylène", top=50)}
    own = {o.activity_code[:2]: o.score for o in outlets("granulés de polypropylène", donor="22", top=50)}
    assert own["22"] / own["23"] < unknown["22"] / unknown["23"]
    assert divisions("granulés de polypropylène", donor="22")[0] == "22"


def test_an_unknown_trade_changes_nothing() -> None:
    """Without a donor, or with one the table ignores, no division is favoured."""
    assert neighbour_factor("", "23") == neighbour_factor("99", "23") == 1


@pytest.mark.parametrize("text", ["drêches", "ferraille", "chaleur fatale", "palettes cassées", "emballages"])
def test_trades_are_precise_and_of_the_outlets_division(text: str) -> None:
    """Sites are looked for by trades of three digits or more, all of the outlet's division."""
    for outlet in outlets(text, top=30):
        assert all(len(trade) >= 3 and trade[:2] == outlet.activity_code[:2] for trade in outlet.trades)
        if len(outlet.activity_code) >= 3:
            assert outlet.trades == (outlet.activity_code,)


def test_each_division_stands_once() -> None:
    found = divisions("déchets organiques", top=100)
    assert len(found) == len(set(found)) > 10


def test_waste_operators_stay_but_behind_an_industrial_user() -> None:
    found = divisions("waste plastic")
    assert found.index("22") < found.index("38")


def test_a_code_alone_gives_outlets() -> None:
    assert divisions("", code="10 01 02")[0] == "23"


def test_a_code_the_catalogue_ignores_falls_back_on_its_chapter() -> None:
    assert divisions("", code="030399")[0] in receiver_shares("waste", "0303")


def test_a_text_that_says_nothing_gives_none() -> None:
    assert outlets("zzqx") == ()


def test_the_first_of_several_codes_counts() -> None:
    assert outlets("cendres", "100102/190114", "20.12/20.30") == outlets("cendres", "100102", "2012")


@pytest.mark.parametrize("text", ["drêches", "calcin", "chaleur fatale", "palettes cassées", "sciure"])
def test_every_outlet_has_a_code_a_use_in_both_languages_and_a_source(text: str) -> None:
    found = outlets(text, top=30)
    assert all(re.fullmatch(r"\d{2,4}", outlet.activity_code) for outlet in found)
    assert all(outlet.source and outlet.use.fr and outlet.use.en for outlet in found)


@pytest.mark.parametrize("top", [1, 3])
def test_top_keeps_the_best(top: int) -> None:
    assert outlets("drêches", top=top) == outlets("drêches", top=30)[:top]


def test_a_donor_of_the_usual_trade_makes_an_outlet_a_little_surer() -> None:
    rule = next(
        rule
        for rule in load_catalogue().rules
        if rule.from_resource == "spent-grain" and rule.donor_activities
    )
    plain = {o.activity_code: o.score for o in outlets("drêches", top=30) if o.rule == rule.rule_id}
    donor = rule.donor_activities[0]
    helped = {o.activity_code: o.score for o in outlets("drêches", donor=donor, top=30)}
    assert plain.keys() <= helped.keys()
    assert plain
    assert all(helped[code] > plain[code] for code in plain)


def test_scores_fall_and_stay_between_0_and_1() -> None:
    scores = [outlet.score for outlet in outlets("coal fly ash", "100102", "3511", top=50)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_an_outlet_named_by_a_rule_cites_it() -> None:
    first = outlets("coal fly ash")[0]
    rules = {rule.rule_id: rule for rule in load_catalogue().rules}
    assert first.activity_code in rules[first.rule].receiver_activities
    assert first.source == rules[first.rule].source


def test_the_table_of_receivers_names_only_what_exists() -> None:
    catalogue = load_catalogue()
    known = {
        "all": {""},
        "resource": set(catalogue.resources),
        "reach": set(catalogue.reaches),
        "waste": {code[:digits] for code in catalogue.waste_codes for digits in (2, 4, 6)},
    }
    rows = read_rows("receiver_divisions.csv")
    assert not [row for row in rows if row["key"] not in known[row["scope"]]]
    keys = [(row["scope"], row["key"], row["division"]) for row in rows]
    assert len(keys) == len(set(keys))
    assert all(0 < float(row["weight"]) <= 1 and row["source"] for row in rows)


def test_the_table_of_neighbours_holds_moderate_sourced_factors() -> None:
    """A trade's neighbours are only nudged, once each, with a source."""
    rows = read_rows("donor_receivers.csv")
    keys = [(row["donor"], row["division"]) for row in rows]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"\d{2}", code) for key in keys for code in key)
    assert all(0.75 <= float(row["factor"]) <= 1.25 and row["source"] for row in rows)
