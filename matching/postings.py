"""Weighted sums of a few rows of a large sparse matrix, at the price of these rows alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import local

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Indexes = NDArray[np.int64]

AddUp = Callable[[Indexes, Indexes, Floats, Indexes, Floats, Floats], None]
WeighRuns = Callable[[Floats, float, Indexes, Floats], None]
AddToSome = Callable[[Indexes, Indexes, Floats, Indexes, Floats, Floats, Indexes], int]
_add_up: AddUp | None = None
_add_to_some: AddToSome | None = None
_weigh_runs: WeighRuns | None = None


def compile_sums() -> None:
    """Make sums by machine code from now on: the same ones, sooner; loading it takes a second, once."""
    global _add_up, _add_to_some, _weigh_runs
    if _add_up is None:
        from matching.kernel.adding import add_to_some, add_up, weigh_runs

        _add_up, _add_to_some, _weigh_runs = add_up, add_to_some, weigh_runs


class _Rooms(local):
    """For each width, a sum and a place for each document, of one thread; sums are zero between uses."""

    def __init__(self) -> None:
        self._by_width: dict[int, tuple[Floats, Indexes]] = {}

    def of(self, width: int) -> tuple[Floats, Indexes]:
        found = self._by_width.get(width)
        if found is None:
            found = self._by_width[width] = np.zeros(width), np.empty(width, dtype=np.int64)
        return found


_rooms = _Rooms()


class Postings:
    """What each term (a row) weighs in each document (a column).

    Sums run over the terms in the order given, whatever the document: equal documents get equal sums.
    """

    def __init__(self, matrix: csr_matrix) -> None:
        matrix.sort_indices()
        self._starts: list[int] = matrix.indptr.tolist()
        self._bounds = matrix.indptr.astype(np.int64)
        self._lengths = np.diff(self._bounds)
        self._documents = matrix.indices.astype(np.int64)
        self._weights = matrix.data
        self._width: int = matrix.shape[1]

    def total(self, terms: Sequence[int], weights: Floats) -> Floats:
        """Return for each document the sum over ``terms`` of its weight in the term times the term's."""
        if _add_up is not None:
            found = np.zeros(self._width)
            _add_up(
                self._bounds, self._documents, self._weights, np.array(terms, dtype=np.int64), weights, found
            )
            return found
        documents, brought = self._entries(terms, weights)
        return np.bincount(documents, brought, self._width).astype(np.float64, copy=False)

    def some(self, terms: Sequence[int], weights: Floats) -> tuple[Indexes, Floats]:
        """Return only the documents that hold one of the terms, in growing order, and likewise their sums.

        Weights are positive.
        """
        if _add_to_some is not None and len(terms) > 1:
            sums, places = _rooms.of(self._width)
            rows = np.array(terms, dtype=np.int64)
            count = _add_to_some(self._bounds, self._documents, self._weights, rows, weights, sums, places)
            met = np.sort(places[:count])
            found = sums[met]
            sums[met] = 0.0
            return met, found
        documents, brought = self._entries(terms, weights)
        if len(terms) < 2:
            return documents, brought
        met, places = np.unique(documents, return_inverse=True)
        return met, np.bincount(places, brought).astype(np.float64, copy=False)

    def _entries(self, terms: Sequence[int], weights: Floats) -> tuple[Indexes, Floats]:
        if not terms:
            return np.empty(0, dtype=np.int64), np.empty(0)
        runs = [slice(self._starts[term], self._starts[term + 1]) for term in terms]
        brought = np.concatenate([self._weights[run] for run in runs])
        brought *= np.repeat(weights, self._lengths[list(terms)])
        return np.concatenate([self._documents[run] for run in runs]), brought


def best_of_runs(values: Floats, share: float, starts: Indexes) -> Floats:
    """Multiply ``values`` by a share, in place, and return the highest of each run of them.

    Parameters
    ----------
    starts
        Where each run starts, the first one at 0; no run is empty.
    """
    if _weigh_runs is None:
        values *= share
        return np.maximum.reduceat(values, starts)
    best = np.empty(len(starts))
    _weigh_runs(values, share, starts, best)
    return best


def highest(scores: Floats, count: int) -> Indexes:
    """Return the places of the ``count`` highest scores, best first, the first of equals first."""
    if count >= len(scores):
        return np.argsort(-scores, kind="stable")
    least = np.partition(scores, len(scores) - count)[len(scores) - count]
    some = np.flatnonzero(scores >= least)
    return some[np.argsort(-scores[some], kind="stable")][:count]
