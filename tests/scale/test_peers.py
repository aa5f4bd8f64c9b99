"""The engine and every peer of the scale bench find the same rows."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.scale.peers import OURS, PEERS, Peer, peer_named
from benchmarks.scale.plain import every_pair
from benchmarks.scale.rules import Agreement, Found, agreement
from benchmarks.scale.territory import Ints, Territory, territory

FLOWS = 2_000


@pytest.fixture(scope="module")
def rows() -> Territory:
    return territory(FLOWS, seed=3)


@pytest.fixture(scope="module")
def expected(rows: Territory) -> Found:
    return every_pair(rows)


@pytest.fixture(scope="module")
def outputs(rows: Territory) -> Ints:
    return np.flatnonzero(rows.is_output)


def test_the_engine_finds_what_scoring_every_pair_finds(
    rows: Territory, expected: Found, outputs: Ints
) -> None:
    """Same receivers, same order, same scores, for every output."""
    found = peer_named(OURS).prepare(rows, None)(outputs)
    assert np.array_equal(found.output, expected.output)
    assert np.array_equal(found.input, expected.input)
    assert np.allclose(found.score, expected.score)
    assert len(found) > FLOWS


@pytest.mark.parametrize(
    "peer",
    [
        pytest.param(peer, id=peer.name, marks=[pytest.mark.postgis] if peer.has_server else [])
        for peer in PEERS
        if peer.name != OURS
    ],
)
def test_a_peer_finds_the_same_receivers(peer: Peer, rows: Territory, expected: Found, outputs: Ints) -> None:
    """Every tool that is compared does the same work, or its time would say nothing."""
    if not peer.installed:
        pytest.skip(f"{peer.title} is not installed")
    with peer.server() as server:
        found = peer.prepare(rows, server)(outputs)
    assert agreement(expected, found, outputs) == Agreement(len(outputs), len(outputs), len(outputs))


def test_an_answer_with_another_receiver_is_not_the_same(expected: Found, outputs: Ints) -> None:
    """The comparison tells a tie broken otherwise from another score."""
    first = np.zeros(len(expected), dtype=bool)
    first[0] = True
    tie = Found(expected.output, expected.input + first, expected.score)
    other = Found(expected.output, expected.input, expected.score - first)
    n = len(outputs)
    assert agreement(expected, tie, outputs) == Agreement(n, n - 1, n)
    assert agreement(expected, other, outputs) == Agreement(n, n - 1, n - 1)
