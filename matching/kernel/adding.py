"""Weighted sums of rows of a sparse matrix, compiled: as ``matching.postings`` makes them, sooner."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.kernel.compiling import compiled

Floats = NDArray[np.float64]
Indexes = NDArray[np.int64]


@compiled
def add_up(
    starts: Indexes, documents: Indexes, weights: Floats, terms: Indexes, times: Floats, total: Floats
) -> None:
    """Add to ``total`` what each of ``terms`` brings to each document, in the order of the terms.

    Parameters
    ----------
    starts, documents, weights
        A matrix by compressed rows: where each term's entries start, their documents and weights.
    terms, times
        The rows to add, and what the weights of each are multiplied by.
    total
        A sum for each document, changed in place.
    """
    for place in range(len(terms)):
        first, last = starts[terms[place]], starts[terms[place] + 1]
        for entry in range(first, last):
            total[documents[entry]] += weights[entry] * times[place]


@compiled
def add_to_some(
    starts: Indexes,
    documents: Indexes,
    weights: Floats,
    terms: Indexes,
    times: Floats,
    total: Floats,
    met: Indexes,
) -> int:
    """Do likewise where all that is added is positive, and note each document as it is first met.

    Parameters
    ----------
    total
        Zero for each document.
    met
        Room for each document.

    Returns
    -------
    int
        How many were met: the first of ``met``.
    """
    count = 0
    for place in range(len(terms)):
        first, last = starts[terms[place]], starts[terms[place] + 1]
        for entry in range(first, last):
            document, brought = documents[entry], weights[entry] * times[place]
            if total[document] == 0.0 and brought > 0.0:
                met[count] = document
                count += 1
            total[document] += brought
    return count


@compiled
def weigh_runs(values: Floats, share: float, starts: Indexes, best: Floats) -> None:
    """Multiply ``values`` by a share, in place, and fill ``best`` with the highest of each run of them.

    Parameters
    ----------
    starts
        Where each run starts; the last one ends with the values. No run is empty.
    """
    for run in range(len(starts)):
        last = starts[run + 1] if run + 1 < len(starts) else len(values)
        highest = -np.inf
        for place in range(starts[run], last):
            values[place] *= share
            highest = max(highest, values[place])
        best[run] = highest
