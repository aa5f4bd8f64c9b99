"""The rules behind the indicators: what counts, how long steps take, where flows go, how it is drawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.repositories.indicators import Moved, Part, Ranges, Stored
from app.services.indicators_choice import STAGE_OF, Stage, chosen
from app.services.indicators_exchanges import COLLECTED, NOWHERE, exchanges_of
from app.services.indicators_funnel import funnel_of
from app.services.indicators_listed import definitions
from app.services.indicators_network import network_of
from app.services.indicators_worth import total, worths
from app.services.statuses import Status
from app.web import charts_network, charts_sankey
from app.web.charts import shortened
from app.web.charts_worth import worth_rows
from matching.model import Direction, Flow, Kind, Quantity, Range, Site

TODAY = datetime(2026, 6, 1, tzinfo=UTC)


def stored(name: str, status: str = "identified", kind: str = "substitution", **more: object) -> Stored:
    plain: dict[str, object] = {
        "form": None, "resource": None, "stale": False, "score": 80.0, "confidence": 1.0,
        "quantity_per_year": None, "unit": None, "eur": 1000.0, "tco2e": None,
        "created_at": TODAY - timedelta(days=400),
    }  # fmt: skip
    return Stored(id=name, kind=kind, status=status, **(plain | more))  # type: ignore[arg-type]


def pair(giver: str, taker: str) -> list[Part]:
    return [Part(f"{giver}-out", giver, "provider"), Part(f"{taker}-in", taker, "receiver")]


def moved(days_ago: int, before: str, after: str, obstacle: str = "") -> Moved:
    return Moved(TODAY - timedelta(days=days_ago), before, after, obstacle)


def test_every_status_but_abandoned_has_a_stage() -> None:
    """What is abandoned is worth nothing any more."""
    assert set(Status) - set(STAGE_OF) == {Status.ABANDONED}


def test_each_flow_counts_in_one_synergy_and_what_is_done_comes_first() -> None:
    """A running synergy keeps its flow against a better idea; of two ideas the better one counts."""
    rows = [
        stored("idea", eur=9000.0),
        stored("running", "running", eur=100.0),
        stored("better", eur=500.0),
        stored("worse", eur=400.0),
        stored("given up", "abandoned", eur=9999.0),
        stored("forgotten", stale=True),
        stored("costly", eur=-5.0),
    ]
    parts = {
        "idea": pair("a", "b"), "running": pair("a", "c"), "better": pair("d", "e"), "worse": pair("f", "e"),
        "given up": pair("g", "h"), "forgotten": pair("i", "j"), "costly": pair("k", "l"),
    }  # fmt: skip
    assert [row.id for row in chosen(rows, parts)] == ["running", "better"]


def test_the_range_of_a_sum_adds_all_lows_and_all_highs() -> None:
    """A synergy without a figure counts as one, and adds nothing."""
    rows = [stored("a"), stored("b"), stored("c", eur=None), stored("d", "running")]
    ranges = {name: Ranges(500.0, 2000.0, None, None) for name in "ab"}
    found = worths(rows, ranges, lambda row: row.kind)
    eur, tco2e = total(found, Stage.POTENTIAL)
    assert (eur.middle, eur.low, eur.high, eur.count, tco2e.count) == (2000.0, 1000.0, 4000.0, 2, 0)
    (bar,) = worth_rows(found, "eur")
    assert (bar.count, bar.all.middle, bar.all.high) == (4, 3000.0, 5000.0)
    assert [(part.stage, round(part.width)) for part in bar.segments] == [("achieved", 20), ("potential", 40)]
    assert worth_rows(found, "tco2e") == []


def test_the_funnel_counts_the_furthest_step_and_the_days_spent_at_each() -> None:
    """What was abandoned still came as far as it came; steps that were skipped were passed."""
    rows = [stored("new"), stored("far", "study"), stored("lost", "abandoned"), stored("runs", "running")]
    moves = {
        "far": [moved(300, "identified", "contacted"), moved(290, "contacted", "study")],
        "lost": [moved(360, "identified", "contacted"), moved(330, "contacted", "abandoned", "price")],
        "runs": [moved(10, "identified", "running")],
    }
    found = funnel_of(rows, moves, TODAY)
    steps = {step.status: step for step in found.steps}
    assert [steps[name].reached for name in ("identified", "contacted", "study", "running")] == [4, 3, 2, 1]
    assert steps["contacted"].median_days == 20.0
    assert steps["identified"].median_days == 100.0
    assert steps["study"].median_days is None
    assert found.abandoned == {"price": 1}
    assert [(one.synergy_id, one.days) for one in found.still] == [("far", 290)]


def test_what_moved_within_six_months_or_runs_does_not_stand_still() -> None:
    """183 days to the day; an idea nobody has started on is not a delay."""
    rows = [
        stored("at", "contacted"),
        stored("before", "contacted"),
        stored("idea"),
        stored("runs", "running"),
    ]
    moves = {
        "at": [moved(183, "identified", "contacted")],
        "before": [moved(182, "identified", "contacted")],
        "runs": [moved(400, "identified", "running")],
    }
    assert [one.synergy_id for one in funnel_of(rows, moves, TODAY).still] == ["at"]


def flow(name: str, side: Direction, label: str, tonnes: float) -> Flow:
    suffix = "out" if side is Direction.OUTPUT else "in"
    return Flow(
        Site(name, site_id=name), side, Kind.MATERIAL, label, quantity=Quantity(Range.of(tonnes), "t"),
        flow_id=f"{name}-{suffix}",
    )  # fmt: skip


@pytest.fixture(scope="module")
def flows() -> list[Flow]:
    return [
        flow("brewery", Direction.OUTPUT, "Drêches de brasserie", 120),
        flow("farm", Direction.INPUT, "Aliment pour bétail", 80),
        flow("garage", Direction.OUTPUT, "Cartons d'emballage", 8),
        flow("shop", Direction.OUTPUT, "Sciures de bois", 3),
    ]


def test_what_leaves_the_sites_is_what_arrives_somewhere(flows: list[Flow]) -> None:
    """The farm takes what it needs, the cartons are collected, the rest has no receiver: nothing is lost."""
    rows = [
        stored("feed", resource="spent-grain", quantity_per_year=80.0, unit="t"),
        stored("pool", kind="mutualisation", resource="cardboard"),
    ]
    parts = {"feed": pair("brewery", "farm"), "pool": [Part("garage-out", "garage", "member")]}
    (found,) = (one for one in exchanges_of(flows, rows, parts) if one.unit == "t")
    by_target: dict[str, float] = {}
    for link in found.links:
        by_target[link.target] = by_target.get(link.target, 0.0) + link.amount
    assert by_target == {"farm": 80.0, COLLECTED: 8.0, NOWHERE: 43.0}
    assert found.share_placed() == pytest.approx(88 / 131)


def test_a_loop_gives_no_more_than_the_next_site_needs(flows: list[Flow]) -> None:
    """A loop has no quantity of its own: the need of the receiver bounds each of its exchanges."""
    found = exchanges_of(flows, [stored("round", kind="loop")], {"round": pair("brewery", "farm")})
    assert {link.amount for one in found for link in one.links if link.target == "farm"} == {80.0}


def test_bands_are_drawn_to_scale_and_stay_within_their_boxes(flows: list[Flow]) -> None:
    """Both sides add up to the same height, save for labels and the thinnest lines."""
    rows = [stored("feed", resource="spent-grain", quantity_per_year=80.0, unit="t")]
    found = exchanges_of(flows, rows, {"feed": pair("brewery", "farm")})
    bands = charts_sankey.bands_of(next(one for one in found if one.unit == "t"))
    for frame in (charts_sankey.DESK, charts_sankey.PHONE):
        picture = charts_sankey.drawn(bands, frame)
        scale = frame.height / 131
        farm = next(box for box in picture.right if box.key == "farm")
        assert farm.height == pytest.approx(80 * scale)
        for box in (*picture.left, *picture.right):
            assert box.taken == pytest.approx(box.amount * scale)
            assert box.y >= 0
            assert box.y + box.height <= picture.height
        assert picture.right[-1].key == NOWHERE


def network_rows() -> tuple[list[Stored], dict[str, list[Part]]]:
    loop = [*pair("a", "b"), *pair("b", "c"), *pair("c", "a")]
    parts = {
        "loop": loop,
        "ab": pair("a", "d"),
        "pool": [Part(f"{name}-pool", name, "member") for name in "bde"],
    }
    rows = [stored("loop", kind="loop"), stored("ab"), stored("pool", kind="mutualisation")]
    return rows, parts


def test_the_network_shows_the_loop_and_links_the_members_of_a_pool_through_it() -> None:
    """Partners are counted through the pool, which stands between its members."""
    rows, parts = network_rows()
    found = network_of(rows, rows[1:], parts)
    nodes = {node.id: node for node in found.nodes}
    assert [loop.sites for loop in found.loops] == [("a", "b", "c")]
    assert {name for name, node in nodes.items() if node.in_loop} == {"a", "b", "c"}
    assert nodes["pool"].is_pool
    assert {name: nodes[name].partners for name in "abcde"} == {"a": 3, "b": 4, "c": 2, "d": 3, "e": 2}
    assert {(link.first, link.second) for link in found.links if link.in_loop} == {
        ("a", "b"), ("a", "c"), ("b", "c"),
    }  # fmt: skip
    names = {name: name.upper() for name in "abcde"}
    assert charts_network.neighbours(found, names)["e"] == ["B", "D"]


def test_the_same_network_falls_in_the_same_places_and_labels_do_not_cover_each_other() -> None:
    """Circles stay inside the frame, on a desk and on a phone."""
    rows, parts = network_rows()
    found = network_of(rows, rows[1:], parts)
    assert found == network_of(rows[::-1], rows[:0:-1], parts)
    names = {name: f"Société {name}" for name in "abcde"}
    for frame in (charts_network.DESK, charts_network.PHONE):
        picture = charts_network.drawn(found, names, frame)
        assert all(0 < dot.x < frame.width and 0 < dot.y < frame.height for dot in picture.dots)
        labelled = [(dot.label_x, dot.label_y) for dot in picture.dots if dot.label]
        assert len(labelled) == len(set(labelled)) > 0


def test_without_a_link_there_is_no_network() -> None:
    """An empty territory draws nothing."""
    found = network_of([], [], {})
    assert (found.nodes, found.links, found.loops, found.left_out) == ((), (), (), 0)


def test_a_label_too_long_is_cut_where_it_reads_well() -> None:
    """No space is left before the three dots."""
    assert shortened("Boues organiques d'épuration", 18) == "Boues organiques…"
    assert shortened("Compost", 18) == "Compost"


def test_every_indicator_is_defined_in_both_languages() -> None:
    """Names, definitions and methods are never empty, and codes are different."""
    for one in definitions():
        for name in (one.name, one.definition, one.method):
            assert name.fr
            assert name.en
    assert len({one.code for one in definitions()}) == len(definitions())
