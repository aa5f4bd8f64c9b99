"""The known word that an unknown one was probably meant to be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

# Own estimate, to be refitted on labelled cases: rapidfuzz's ratio, 100 for the same word.
CUTOFF = 86.0
ROUNDING = 1e-9  # A word just at the cutoff must not be lost to the last digit.
LETTERS, DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"


class NearWords:
    """Finds the most alike of a fixed list of words, comparing few of them.

    The ratio is one minus the letters to add and remove over those of both words. A letter that one word has
    and the other has not must be added or removed, wherever it stands, and so must a second one of a letter:
    comparing which letters there are, of all words at once, leaves few to compare in earnest and misses none.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._lengths = np.array([len(word) for word in words], dtype=np.int64)
        self._signs = np.array([_signs(word) for word in words], dtype=np.uint64)

    def nearest(self, word: str) -> int | None:
        """Return the place of the most alike word, the first of equals; None when none is alike enough."""
        allowed = (1 - CUTOFF / 100) * (self._lengths + len(word)) + ROUNDING
        apart = np.bitwise_count(self._signs ^ np.uint64(_signs(word)))
        longer = np.abs(self._lengths - len(word))
        likely = np.flatnonzero((apart <= allowed) & (longer <= allowed)).tolist()
        choices = [self._words[place] for place in likely]
        near = process.extractOne(word, choices, scorer=fuzz.ratio, score_cutoff=CUTOFF)
        return likely[near[2]] if near else None


def _signs(word: str) -> int:
    """Return a bit for each letter, one more if it comes again, one for each digit, one for the rest."""
    once = twice = 0
    for sign in word:
        bit = BITS.get(sign, OTHER)
        twice |= once & bit
        once |= bit
    return once | (twice & ALL_LETTERS) << len(BITS) + 1


BITS = {sign: 1 << place for place, sign in enumerate(LETTERS + DIGITS)}
OTHER = 1 << len(BITS)
ALL_LETTERS = (1 << len(LETTERS)) - 1
