"""Likeness by runs of characters: forgives typing errors, endings and glued words.

TF-IDF over character 3- to 5-grams inside word boundaries, cosine similarity (Salton and Buckley, 1988).
Written on scipy alone because importing scikit-learn costs more than a whole small match.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

SHORTEST, LONGEST = 3, 5


def grams(text: str) -> Iterator[str]:
    """Yield the character n-grams of each word of a plain text, with a blank at both ends of the word."""
    for word in text.split():
        padded = f" {word} "
        for size in range(SHORTEST, LONGEST + 1):
            for start in range(max(1, len(padded) - size + 1)):
                yield padded[start : start + size]


class CharacterIndex:
    """Cosine similarity of a text with each of a fixed list of plain texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        vocabulary: dict[str, int] = {}
        rows: list[int] = []
        columns: list[int] = []
        counts: list[int] = []
        for row, text in enumerate(texts):
            for gram, count in Counter(grams(text)).items():
                rows.append(row)
                columns.append(vocabulary.setdefault(gram, len(vocabulary)))
                counts.append(count)
        self._vocabulary = vocabulary
        documents = np.bincount(columns, minlength=len(vocabulary))
        self._idf = np.log((1 + len(texts)) / (1 + documents)) + 1
        values = (1 + np.log(counts)) * self._idf[columns]
        norms = np.sqrt(np.bincount(rows, weights=values**2, minlength=len(texts)))
        shape = (len(vocabulary), len(texts))
        self._by_gram = csr_matrix((values / norms[rows], (columns, rows)), shape=shape)

    def likeness(self, text: str) -> NDArray[np.float64]:
        """Return the cosine similarity in [0, 1] of a plain text with each indexed text."""
        counts = Counter(grams(text))
        known = [
            (self._vocabulary[gram], count) for gram, count in counts.items() if gram in self._vocabulary
        ]
        scores = np.zeros(self._by_gram.shape[1])
        if not known:
            return scores
        weights = {column: (1 + np.log(count)) * self._idf[column] for column, count in known}
        norm = np.sqrt(sum(w**2 for w in weights.values()))
        indptr, indices, data = self._by_gram.indptr, self._by_gram.indices, self._by_gram.data
        for column, weight in weights.items():
            run = slice(indptr[column], indptr[column + 1])
            scores[indices[run]] += data[run] * (weight / norm)
        return scores
