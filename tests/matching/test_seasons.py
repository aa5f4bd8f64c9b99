"""Gangs of hands whose seasons follow each other, whatever their trades."""

from __future__ import annotations

from collections.abc import Iterable

from matching.model import Flow, Kind
from matching.mutualisation.seasons import MOST_IN_CHAIN
from matching.results import Synergy, SynergyKind
from tests.matching.builders import flow, site
from tests.matching.territories import match


def gang(name: str, label: str, months: Iterable[int], posts: float = 10, km: float = 1.0) -> Flow:
    place = site(name, km)
    return flow(place, "input", label, posts, "ETP", kind=Kind.SKILL, months=frozenset(months))


def chains(*rows: Flow) -> list[Synergy]:
    """Return the shared jobs of these needs."""
    return [s for s in match(rows, kinds=(SynergyKind.MUTUALISATION.value,)).synergies]


def names(*rows: Flow) -> list[list[str]]:
    return sorted([member.flow.site.name for member in pool.members] for pool in chains(*rows))


SPRING = gang("A", "Repiqueurs de salades", (3, 4, 5))
SUMMER = gang("B", "Plagistes", (6, 7, 8), km=3)
WINTER = gang("C", "Emballeurs d'huîtres", (11, 12), km=5)


def test_seasons_that_follow_each_other_make_a_chain_of_any_trades() -> None:
    assert names(SPRING, SUMMER, WINTER) == [["A", "B", "C"]]


def test_a_chain_of_trades_is_told_as_a_guess_to_ask_about() -> None:
    (pool,) = chains(SPRING, SUMMER, WINTER)
    assert "each asks for" in str(pool.missing[0])


def test_seasons_that_overlap_are_not_chained() -> None:
    assert names(SPRING, gang("B", "Plagistes", (5, 6, 7, 8, 9))) == []


def test_a_post_is_no_gang() -> None:
    cook = gang("A", "Pâtissier", (1, 2, 3, 4), posts=1)
    guide = gang("B", "Plagistes", (6, 7, 8, 9), posts=1)
    assert names(cook, guide) == []


def test_seasons_too_short_together_are_no_living() -> None:
    assert names(SPRING, gang("B", "Plagistes", (7, 8))) == []


def test_hands_of_one_site_or_out_of_reach_are_not_chained() -> None:
    assert names(SPRING, gang("A", "Plagistes", (6, 7, 8, 9))) == []
    assert names(SPRING, gang("B", "Plagistes", (6, 7, 8, 9), km=80)) == []


def test_hands_asked_for_all_year_are_no_season() -> None:
    assert names(SPRING, gang("B", "Plagistes", ())) == []


def test_each_gang_stands_in_one_chain_and_the_fullest_comes_first() -> None:
    autumn = gang("D", "Vendeurs de jouets", (9, 10), km=2)
    found = names(SPRING, SUMMER, WINTER, autumn)
    assert found == [["A", "B", "C", "D"]]
    assert len(found[0]) <= MOST_IN_CHAIN


def test_the_order_of_the_table_changes_no_chain() -> None:
    assert names(WINTER, SPRING, SUMMER) == names(SPRING, SUMMER, WINTER)
