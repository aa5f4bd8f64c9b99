"""Likeness by runs of characters: forgives typing errors, endings and glued words.

TF-IDF over character 3- to 5-grams inside word boundaries, cosine similarity (Salton and Buckley, 1988).
Written on scipy alone because importing scikit-learn costs more than a whole small match.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from matching.postings import Postings

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
        self._texts = len(texts)
        self._vocabulary: dict[str, int] = {}
        counts = self._counts(texts)
        rows = np.repeat(np.arange(len(texts)), np.diff(counts.indptr))[::-1]
        columns, times = counts.indices[::-1], counts.data[::-1]
        documents = np.bincount(columns, minlength=len(self._vocabulary))
        self._idf = np.log((1 + len(texts)) / (1 + documents)) + 1
        values = (1 + np.log(times)) * self._idf[columns]
        norms = np.sqrt(np.bincount(rows, weights=values**2, minlength=len(texts)))
        shape = (len(self._vocabulary), len(texts))
        self._by_gram = Postings(csr_matrix((values / norms[rows], (columns, rows)), shape=shape))

    def _counts(self, texts: Sequence[str]) -> csr_matrix:
        """Return how often each text holds each gram: its words' grams, each distinct word cut once."""
        words: dict[str, int] = {}
        said = [[words.setdefault(word, len(words)) for word in text.split()] for text in texts]
        cut = [
            [self._vocabulary.setdefault(gram, len(self._vocabulary)) for gram in grams(word)]
            for word in words
        ]
        return _ones(said, len(words)) @ _ones(cut, len(self._vocabulary))

    @lru_cache(maxsize=100_000)  # noqa: B019 - one index lives as long as the process
    def _known_grams(self, word: str) -> tuple[int, ...]:
        known = self._vocabulary
        return tuple(known[gram] for gram in grams(word) if gram in known)

    def likeness(self, text: str) -> NDArray[np.float64]:
        """Return the cosine similarity in [0, 1] of a plain text with each indexed text."""
        counts = Counter([gram for word in text.split() for gram in self._known_grams(word)])
        if not counts:
            return np.zeros(self._texts)
        columns = list(counts)
        times = np.fromiter(counts.values(), dtype=np.int64, count=len(counts))
        weights = (1 + np.log(times)) * self._idf[columns]
        norm = np.sqrt(sum((weights**2).tolist()))
        return self._by_gram.total(columns, weights / norm)


def _ones(rows: Sequence[Sequence[int]], width: int) -> csr_matrix:
    """Return the matrix that holds how often each row names each column, columns in the order met."""
    lengths = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
    columns = np.fromiter((column for row in rows for column in row), dtype=np.int64, count=lengths.sum())
    starts = np.concatenate(([0], np.cumsum(lengths)))
    return csr_matrix((np.ones(len(columns), dtype=np.int64), columns, starts), shape=(len(rows), width))
