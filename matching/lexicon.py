"""Phrases of the catalogue as sparse matrices: how much of each phrase a text says, and the reverse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy.sparse import csr_matrix

from matching.characters import CharacterIndex
from matching.postings import Floats, Indexes, Postings, best_of_runs
from matching.typos import NearWords
from matching.words import Token, plain, stems

# Own estimates, but for PRECISION_FLOOR and BAG_SHARE, fitted on territories i, j and k (docs/quality.md).
FUZZY_WEIGHT = 0.8
FUZZY_MIN_LENGTH = 5
COVERAGE_POWER = 1.5
PRECISION_FLOOR = 0.25
CHARACTER_SHARE = 0.25
BAG_SHARE = 0.5
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
        ends = [*self._starts[1:].tolist(), len(kept)]
        runs = zip(self._starts.tolist(), ends, strict=True)
        self._runs = dict(zip(self._owners_met.tolist(), runs, strict=True))
        self._texts = [text for _, text, _ in kept]
        holders: dict[str, set[int]] = {}
        for owner, _, found in kept:
            for word in found:
                holders.setdefault(word, set()).add(owner)
        self._words = sorted(holders)
        self._vocabulary = {word: column for column, word in enumerate(self._words)}
        self._typos = NearWords(self._words)
        self._idf = np.array([np.log(1 + owners / len(holders[word])) for word in self._words])
        self._unknown_idf = UNKNOWN_WORD_SHARE * float(np.log(1 + owners))
        matrix = self._phrase_matrix([found for _, _, found in kept])
        self._phrase_weight = np.asarray(matrix.sum(axis=1)).ravel()
        self._phrases_with = Postings(matrix.T.tocsr())
        self._owners_with = Postings(self._owner_matrix(holders).T.tocsr())
        self._characters = CharacterIndex([plain(text) for text in self._texts])

    def _phrase_matrix(self, phrases: Sequence[tuple[str, ...]]) -> csr_matrix:
        rows: list[int] = []
        columns: list[int] = []
        for row, phrase in enumerate(phrases):
            rows.extend([row] * len(phrase))
            columns.extend(self._vocabulary[word] for word in phrase)
        return csr_matrix((self._idf[columns], (rows, columns)), shape=(len(phrases), len(self._words)))

    def _owner_matrix(self, holders: Mapping[str, Collection[int]]) -> csr_matrix:
        """Return which stems each owner uses in any of its phrases."""
        rows = [owner for word in self._words for owner in holders[word]]
        columns = np.repeat(np.arange(len(self._words)), [len(holders[word]) for word in self._words])
        return csr_matrix((self._idf[columns], (rows, columns)), shape=(self._owners, len(self._words)))

    def idf(self, word: str) -> float:
        """Return how telling a stem is: rare stems weigh more; unknown ones little."""
        column = self._vocabulary.get(word)
        return self._unknown_idf if column is None else float(self._idf[column])

    def knows(self, word: str) -> bool:
        """Tell whether some phrase holds this stem."""
        return word in self._vocabulary

    def scores(self, found: Sequence[Token], text: str) -> tuple[Floats, PhraseScores]:
        """Score every owner for a text.

        Returns
        -------
        tuple
            The score of each owner and the scores of the phrases, all in [0, 1].
        """
        weights, total = self._text_weights(found)
        columns = sorted(weights)
        said = np.array([weights[column] for column in columns])
        by_characters, best = self._by_characters(plain(text))
        some, matched = self._phrases_with.some(columns, said)
        coverage = matched / self._phrase_weight[some]
        precision = np.minimum(matched / (total or 1), 1)
        lexical = coverage**COVERAGE_POWER * (PRECISION_FLOOR + (1 - PRECISION_FLOOR) * precision)
        both = by_characters[some] + (1 - CHARACTER_SHARE) * lexical
        best = best.copy()
        np.maximum.at(best, self._owner_of[some], both)
        scores = (1 - BAG_SHARE) * best
        users, explained = self._owners_with.some(columns, said)
        scores[users] += BAG_SHARE * np.minimum(explained / (total or 1), 1) * (best[users] > 0)
        return scores, PhraseScores(by_characters, some, both)

    # Few, for they are large: labels that differ by their comments alone come one after the other.
    @lru_cache(maxsize=32)  # noqa: B019 - one lexicon lives as long as the process
    def _by_characters(self, text: str) -> tuple[Floats, Floats]:
        """Return the part of each phrase's score that characters make, and the best of each owner's."""
        parts = self._characters.likeness(text)
        best = np.zeros(self._owners)
        best[self._owners_met] = best_of_runs(parts, CHARACTER_SHARE, self._starts)
        parts.setflags(write=False)
        return parts, best

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
        near = self._typos.nearest(word)
        return (near, FUZZY_WEIGHT) if near is not None else (None, 0.0)

    def best_phrase(self, owner: int, scores: PhraseScores) -> str:
        """Return the wording of an owner that scored best, from the second result of ``scores``."""
        if owner not in scores.told:
            start, end = self._runs.get(owner, (0, 0))
            best = start + int(scores.between(start, end).argmax()) if end else -1
            scores.told[owner] = self._texts[best] if end else ""
        return scores.told[owner]


@dataclass(frozen=True, slots=True)
class PhraseScores:
    """The score of each phrase: its part by characters, all of it for the phrases that share a word.

    ``told`` remembers the best wording of the owners that were asked for.
    """

    by_characters: Floats
    places: Indexes
    scores: Floats
    told: dict[int, str] = field(default_factory=dict)

    def between(self, start: int, end: int) -> Floats:
        """Return the scores of the phrases from ``start`` to ``end``, the latter left out."""
        found = self.by_characters[start:end].copy()
        first, last = self.places.searchsorted((start, end))
        found[self.places[first:last] - start] = self.scores[first:last]
        return found
