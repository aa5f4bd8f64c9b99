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
