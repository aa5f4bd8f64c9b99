"""The cycles loops are made of: all of them, as a plain search finds them."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from matching.loops import Link, _cycles

ENDS = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda ends: ends[0] != ends[1])


@given(st.dictionaries(ENDS, st.integers(50, 60), max_size=20))
def test_every_cycle_is_found_once_with_its_weakest_link_last(scores: dict[tuple[int, int], int]) -> None:
    """Adding links best first finds what a search of the whole graph finds."""
    links = [Link(a, b, row, float(score), 1.0) for row, ((a, b), score) in enumerate(scores.items())]
    found = list(_cycles(sorted(links, key=lambda link: -link.score)))
    expected = [c for c in nx.simple_cycles(nx.DiGraph(list(scores)), length_bound=5) if len(c) >= 3]
    assert len(found) == len(expected)
    edges = {frozenset(zip(c, [*c[1:], c[0]], strict=True)) for c in expected}
    assert {frozenset((link.giver, link.taker) for link in cycle) for cycle in found} == edges
    assert all(cycle[-1].score == min(link.score for link in cycle) for cycle in found)
