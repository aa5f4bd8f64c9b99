"""Loops of three to five sites."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from matching.model import Flow, Kind
from matching.results import Synergy, SynergyKind
from tests.matching.builders import flow, site
from tests.matching.territories import match

# Resources that only answer themselves here, one for each link of a ring.
RING = (
    ("glass-cullet", "t", Kind.MATERIAL),
    ("cardboard", "t", Kind.MATERIAL),
    ("hydrochloric-acid", "t", Kind.MATERIAL),
    ("steel-offcuts", "t", Kind.MATERIAL),
    ("wood-sawdust", "t", Kind.MATERIAL),
    ("pallet-eur", "palette", Kind.PACKAGING),
)


def ring(size: int, gap_km: float = 1.0, amounts: Sequence[float] = ()) -> list[Flow]:
    """Return ``size`` sites, each giving the next one what it needs."""
    places = [site(f"S{number}", gap_km * number) for number in range(size)]
    rows = []
    for number, (resource, unit, kind) in enumerate(RING[:size]):
        amount = amounts[number] if amounts else 100
        after = places[(number + 1) % size]
        rows.append(flow(places[number], "output", resource, 100, unit, resource=resource, kind=kind))
        rows.append(flow(after, "input", resource, amount, unit, resource=resource, kind=kind))
    return rows


def loops(rows: Sequence[Flow], **parameters: float) -> list[Synergy]:
    return [s for s in match(rows, **parameters).synergies if s.kind is SynergyKind.LOOP]


@pytest.mark.parametrize(("size", "count"), [(2, 0), (3, 1), (4, 1), (5, 1), (6, 0)])
def test_a_loop_has_three_to_five_sites(size: int, count: int) -> None:
    assert len(loops(ring(size))) == count


def test_a_loop_is_as_good_as_its_weakest_link_and_as_long_as_all_of_them() -> None:
    rows = ring(4, amounts=(100, 100, 10, 100))
    links = [s for s in match(rows).synergies if s.kind is SynergyKind.SUBSTITUTION]
    (loop,) = loops(rows)
    assert loop.score == min(link.score for link in links) < max(link.score for link in links)
    assert loop.confidence == min(link.confidence for link in links)
    assert loop.distance_km == pytest.approx(sum(link.distance_km or 0 for link in links))
    assert loop.quantity_per_year is None


def test_the_members_stand_in_the_order_of_the_flow() -> None:
    (loop,) = loops(ring(3))
    assert [m.flow.site.name for m in loop.members] == ["S0", "S1", "S1", "S2", "S2", "S0"]
    assert [m.flow.direction.value for m in loop.members] == ["output", "input"] * 3


def test_a_loop_reads_the_same_whichever_site_comes_first() -> None:
    rows = ring(3)
    seen = {str(loops(rows[start:] + rows[:start])) for start in range(len(rows))}
    assert len(seen) == 1


def test_a_broken_ring_is_no_loop() -> None:
    assert loops(ring(3)[:-1]) == []


def test_max_km_caps_the_whole_loop() -> None:
    total = loops(ring(3))[0].distance_km
    assert total is not None
    assert loops(ring(3), max_km=total - 0.1) == []
    assert len(loops(ring(3), max_km=total)) == 1


def test_a_loop_may_rest_on_the_second_best_exchange_between_two_sites() -> None:
    """Another need of the next site answers less well: both loops are told, the better one first."""
    rows = ring(3)
    need = next(row for row in rows if not row.is_output and row.site.name == "S1")
    other = flow(need.site, "input", "another glass-cullet", 20, "t", resource="glass-cullet")
    best, second = loops([*rows, other])
    assert best.score > second.score
    asked = [{m.flow.label for m in one.members if not m.flow.is_output} for one in (best, second)]
    assert [one & {need.label, other.label} for one in asked] == [{need.label}, {other.label}]


def test_a_loop_does_not_depend_on_how_many_receivers_are_listed() -> None:
    rival = flow(site("Rival", 0.1), "input", "glass-cullet", 100, resource="glass-cullet")
    rows = [*ring(3), rival]
    assert [loop.synergy_id for loop in loops(rows, top=1)] == [
        loop.synergy_id for loop in loops(rows, top=50)
    ]
    assert len(loops(rows, top=1)) == 1


def test_of_two_loops_made_of_the_same_flows_one_is_kept() -> None:
    """Three sites that all give and need pallets could go round either way."""
    rows = [
        flow(site(f"S{i}", i), way, "palettes", 100, "palette", kind=Kind.PACKAGING, resource="pallet-eur")
        for i in range(3)
        for way in ("output", "input")
    ]
    found = loops(rows)
    assert len({loop.synergy_id for loop in found}) == len(found) == 1


def test_savings_of_a_loop_add_up() -> None:
    rows = ring(3)
    links = [s for s in match(rows).synergies if s.kind is SynergyKind.SUBSTITUTION]
    worths = [link.saving_eur.middle for link in links if link.saving_eur is not None]
    (loop,) = loops(rows)
    assert (loop.saving_eur.middle if loop.saving_eur else None) == (
        pytest.approx(sum(worths)) if worths else None
    )
