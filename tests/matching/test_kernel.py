"""The compiled search finds what scoring every pair finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.projections import earth_centred_km
from matching.candidates import candidate_pairs
from matching.engine import default_engine
from matching.kernel.best import pair_columns, prepare
from matching.model import Direction, Flow, Kind, Quantity, Range, Site
from matching.parameters import MatchParameters, constant
from matching.scoring import ScoredPairs, score_pairs
from matching.substitution import best_rows, link_rows

# In one process: each other one would compile the search anew.
pytestmark = pytest.mark.xdist_group("kernel")

# Labels that meet each other in every way: alike, by rule, by words alone, by what one side excludes.
LABELS = (
    *((label, Kind.PACKAGING) for label in ("palettes bois perdues", "palettes", "palettes hors consignées")),
    *((label, Kind.PACKAGING) for label in ("cartons", "cartons souillés")),
    *((label, Kind.ENERGY) for label in ("chaleur fatale", "vapeur", "eau chaude de process", "eau glacée")),
    *((label, Kind.MATERIAL) for label in ("drêches de brasserie", "aliment pour bétail", "sciure de bois")),
    *((label, Kind.MATERIAL) for label in ("litière", "acide chlorhydrique usé", "acide chlorhydrique")),
    *((label, Kind.TRANSPORT) for label in ("transport Marseille", "retour à vide Lyon")),
    *((label, Kind.MATERIAL) for label in ("zorglub bleu", "zorglub vert", "granulats sauf plâtre")),
    *((label, Kind.MATERIAL) for label in ("gravats avec plâtre", "béton concassé")),
    ("cariste", Kind.SKILL),
    ("entrepôt froid", Kind.SPACE),
)
UNITS = {Kind.ENERGY: "MWh", Kind.SKILL: "ETP", Kind.TRANSPORT: "trajet", Kind.SPACE: "m2"}
AROUND = ((5.37, 43.3), (4.83, 45.76), (179.99, 0.2), (-179.99, 0.1), (2.0, 89.9), (-178.0, 89.95))
ranges = st.none() | st.tuples(st.integers(0, 120), st.integers(0, 40)).map(
    lambda r: Range(r[0], r[0] + r[1])
)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Return a flow near one of a few places, some at the pole or astride the 180th meridian."""
    label, kind = draw(st.sampled_from(LABELS))
    lon, lat = draw(st.sampled_from(AROUND))
    number = draw(st.integers(0, 5))
    placed = draw(st.integers(0, 9)) > 0
    site = Site(
        name=f"site {number} {lon}",
        lon=max(-180.0, min(180.0, lon + number / 30)) if placed else None,
        lat=min(90.0, lat + number / 50) if placed else None,
        activity_code=draw(st.sampled_from(("", "01.50Z", "16.24Z", "1105"))),
    )
    quantity = draw(st.none() | st.sampled_from((0.0, 0.5, 1.0, 12.0, 400.0, 90_000.0)))
    return Flow(
        site=site,
        direction=draw(st.sampled_from(list(Direction))),
        kind=kind,
        label=label,
        quantity=None if quantity is None else Quantity(Range.of(quantity), UNITS.get(kind, "t")),
        months=draw(st.sampled_from((frozenset(), frozenset({1, 2, 3}), frozenset({3, 4}), frozenset({7})))),
        temperature_c=draw(ranges),
        concentration_pct=draw(ranges.map(lambda r: r and Range(min(r.low, 100), min(r.high, 100)))),
        moisture_pct=draw(ranges.map(lambda r: r and Range(min(r.low, 100), min(r.high, 100)))),
    )


Row = tuple[int, int, float, str, str, float]


def _rows(scored: ScoredPairs, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[Row]:
    pairs = scored.pairs
    return [
        (
            int(pairs.output[row]),
            int(pairs.input[row]),
            float(scored.score[row]),
            pairs.bases[int(pairs.basis[row])].output_resource,
            pairs.bases[int(pairs.basis[row])].input_resource,
            float(pairs.material[row]),
        )
        for row in rows.tolist()
    ]


def _both(declared: list[Flow], parameters: MatchParameters, least: float) -> tuple[list[Row], ...]:
    """Return the best rows and the links, by every pair and by the search."""
    lon = np.array([np.nan if f.site.lon is None else f.site.lon for f in declared], dtype=np.float64)
    lat = np.array([np.nan if f.site.lat is None else f.site.lat for f in declared], dtype=np.float64)
    goes = np.where(
        np.array([f.kind is Kind.TRANSPORT for f in declared])[:, None], earth_centred_km(lon, lat), np.nan
    )
    engine = default_engine()
    columns, amounts = engine.columns(declared, earth_centred_km(lon, lat), goes)
    rest = (engine.catalogue, amounts, parameters)
    every = score_pairs(candidate_pairs(columns, engine.compatibility), columns, *rest)
    prepared = prepare(columns, engine.catalogue, engine.compatibility, amounts, parameters)
    links = int(constant("loop_links_per_site"))
    searched = pair_columns(
        [
            prepared.best(parameters.top, least),
            prepared.best(links, constant("loop_minimum_score"), distinct=True),
        ],
        prepared,
    )
    some = score_pairs(searched, columns, *rest)
    return (
        _rows(every, best_rows(every, parameters.top)),
        _rows(some, best_rows(some, parameters.top)),
        _rows(every, link_rows(every, columns)),
        _rows(some, link_rows(some, columns)),
    )


@settings(max_examples=60, deadline=None)
@given(
    declared=st.lists(flows(), min_size=2, max_size=40),
    top=st.integers(1, 4),
    max_km=st.none() | st.sampled_from((3.0, 30.0, 20_000.0)),
    weights=st.sampled_from(({}, {"distance": 0.0}, {"quantity": 0.0, "timing": 0.0}, {"material": 0.05})),
)
def test_search_equals_scoring_every_pair(
    declared: list[Flow], top: int, max_km: float | None, weights: dict[str, float]
) -> None:
    """The same rows, scores, links and strengths, whatever the place, the quantities and the weights."""
    parameters = MatchParameters.from_mapping({"max_km": max_km, "top": top, "weights": weights})
    best, found, links, linked = _both(declared, parameters, constant("minimum_score"))
    assert found == best
    assert linked == links


def test_search_of_a_crowd_equals_scoring_every_pair() -> None:
    """Long lists, read cell by cell, give what short ones read whole give."""
    dice = np.random.default_rng(3)
    declared = []
    for n in range(900):
        label, kind = LABELS[int(dice.integers(12))]
        site = Site(name=f"s{n % 400}", lon=float(dice.uniform(3, 7)), lat=float(dice.uniform(43, 46)))
        quantity = Quantity(Range.of(float(dice.lognormal(3, 2))), UNITS.get(kind, "t"))
        direction = Direction.OUTPUT if dice.random() < 0.5 else Direction.INPUT
        declared.append(Flow(site=site, direction=direction, kind=kind, label=label, quantity=quantity))
    best, found, links, linked = _both(declared, MatchParameters(top=7), constant("minimum_score"))
    assert len(best) > 1000
    assert found == best
    assert linked == links


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_search_gives_the_same_rows_on_any_number_of_threads(threads: int) -> None:
    """Threads share the outputs and nothing else."""
    site = Site(name="a", lon=5.0, lat=45.0)
    declared = [
        Flow(
            site=replace(site, name=f"s{n}", lon=5 + n / 5000),
            direction=Direction.OUTPUT if n % 2 else Direction.INPUT,
            kind=Kind.PACKAGING,
            label="palettes",
        )
        for n in range(1500)
    ]
    lon = np.array([flow.site.lon for flow in declared], dtype=np.float64)
    engine = default_engine()
    columns, amounts = engine.columns(declared, earth_centred_km(lon, np.full(len(lon), 45.0)))
    prepared = prepare(columns, engine.catalogue, engine.compatibility, amounts, MatchParameters())
    alone = prepared.best(20, 50.0, threads=1)
    shared = prepared.best(20, 50.0, threads=threads)
    assert len(alone.output) == 750 * 20
    assert np.array_equal(alone.output, shared.output)
    assert np.array_equal(alone.input, shared.input)
    assert np.array_equal(alone.score, shared.score)
