"""Phrases of the catalogue as sparse matrices: how much of each phrase a text says, and the reverse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from scipy.sparse import csr_matrix

from matching.characters import CharacterIndex
from matching.words import Token, plain, stems

Floats = NDArray[np.float64]
# Our own estimates, to be refitted on labelled cases.
FUZZY_CUTOFF = 86.0
FUZZY_WEIGHT = 0.8
FUZZY_MIN_LENGTH = 5
COVERAGE_POWER = 1.5
PRECISION_FLOOR = 0.45
CHARACTER_SHARE = 0.25
BAG_SHARE = 0.3
# A word that no phrase of the catalogue holds (often a place or a brand) tells little for or against.
UNKNOWN_WORD_SHARE = 0.3


class Lexicon:
    """An index of (owner, phrase) pairs that scores texts against their owners.

    Parameters
    ----------
    phrases
        Pairs of an owner's index and one of its wordings, owners in growing order.
    owners
        Number of owners.
    """

    def __init__(self, phrases: Iterable[tuple[int, str]], owners: int) -> None:
        self._owners = owners
        kept = [
            (owner, text, found) for owner, text in phrases if (found := tuple(dict.fromkeys(stems(text))))
        ]
        self._owner_of = np.array([owner for owner, _, _ in kept], dtype=np.int64)
        self._owners_met, self._starts = np.unique(self._owner_of, return_index=True)
        self._ends = np.append(self._starts[1:], len(kept))
        self._texts = [text for _, text, _ in kept]
        holders: dict[str, set[int]] = {}
        for owner, _, found in kept:
            for word in found:
                holders.setdefault(word, set()).add(owner)
        self._vocabulary = {word: column for column, word in enumerate(sorted(holders))}
        self._words = sorted(holders)
        self._idf = np.array([np.log(1 + owners / len(holders[word])) for word in self._words])
        self._unknown_idf = UNKNOWN_WORD_SHARE * float(np.log(1 + owners))
        self._matrix = self._phrase_matrix([found for _, _, found in kept])
        self._bag = self._owner_matrix([found for _, _, found in kept])
        self._phrase_weight = np.asarray(self._matrix.sum(axis=1)).ravel()
        self._characters = CharacterIndex([plain(text) for text in self._texts])

    def _phrase_matrix(self, phrases: Sequence[tuple[str, ...]]) -> csr_matrix:
        rows: list[int] = []
        columns: list[int] = []
        for row, phrase in enumerate(phrases):
            rows.extend([row] * len(phrase))
            columns.extend(self._vocabulary[word] for word in phrase)
        return csr_matrix((self._idf[columns], (rows, columns)), shape=(len(phrases), len(self._words)))

    def _owner_matrix(self, phrases: Sequence[tuple[str, ...]]) -> csr_matrix:
        """Return which stems each owner uses in any of its phrases."""
        used = {
            (int(self._owner_of[row]), self._vocabulary[word])
            for row, phrase in enumerate(phrases)
            for word in phrase
        }
        rows, columns = zip(*sorted(used), strict=True)
        return csr_matrix((self._idf[list(columns)], (rows, columns)), shape=(self._owners, len(self._words)))

    def idf(self, word: str) -> float:
        """Return how telling a stem is: rare stems weigh more; unknown ones little."""
        column = self._vocabulary.get(word)
        return self._unknown_idf if column is None else float(self._idf[column])

    def knows(self, word: str) -> bool:
        """Tell whether some phrase holds this stem."""
        return word in self._vocabulary

    def scores(self, found: Sequence[Token], text: str) -> tuple[Floats, Floats]:
        """Score every owner for a text.

        Returns
        -------
        tuple
            The score of each owner and the score of each phrase, both in [0, 1].
        """
        weights, total = self._text_weights(found)
        said = np.zeros(len(self._words))
        for column, weight in weights.items():
            said[column] = weight
        phrase_score = CHARACTER_SHARE * self._characters.likeness(plain(text))
        matched = self._matrix @ said
        some = np.flatnonzero(matched)
        if len(some):
            coverage = matched[some] / self._phrase_weight[some]
            precision = np.minimum(matched[some] / total, 1)
            lexical = coverage**COVERAGE_POWER * (PRECISION_FLOOR + (1 - PRECISION_FLOOR) * precision)
            phrase_score[some] += (1 - CHARACTER_SHARE) * lexical
        best = np.zeros(self._owners)
        best[self._owners_met] = np.maximum.reduceat(phrase_score, self._starts)
        explained = np.asarray(self._bag @ said).ravel() / total if total > 0 else np.zeros(self._owners)
        return (1 - BAG_SHARE) * best + BAG_SHARE * np.minimum(explained, 1) * (best > 0), phrase_score

    def _text_weights(self, found: Sequence[Token]) -> tuple[dict[int, float], float]:
        weights: dict[int, float] = {}
        total = 0.0
        seen: Counter[str] = Counter()
        for token in found:
            if token.negated or seen[token.stem]:
                continue
            seen[token.stem] += 1
            column, quality = self._column(token.stem)
            total += token.weight * self.idf(token.stem)
            if column is not None:
                weights[column] = max(weights.get(column, 0.0), token.weight * quality)
        return weights, total

    @lru_cache(maxsize=100_000)  # noqa: B019 - one lexicon lives as long as the process
    def _column(self, word: str) -> tuple[int | None, float]:
        column = self._vocabulary.get(word)
        if column is not None:
            return column, 1.0
        if len(word) < FUZZY_MIN_LENGTH or word[0].isdigit():
            return None, 0.0
        near = process.extractOne(word, self._words, scorer=fuzz.ratio, score_cutoff=FUZZY_CUTOFF)
        return (self._vocabulary[near[0]], FUZZY_WEIGHT) if near else (None, 0.0)

    def best_phrase(self, owner: int, phrase_score: Floats) -> str:
        """Return the wording of an owner that scored best, from the second array of ``scores``."""
        place = int(np.searchsorted(self._owners_met, owner))
        if place == len(self._owners_met) or self._owners_met[place] != owner:
            return ""
        start, end = int(self._starts[place]), int(self._ends[place])
        return self._texts[start + int(np.argmax(phrase_score[start:end]))]
