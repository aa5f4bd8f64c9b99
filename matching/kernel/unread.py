"""Flows that no resource explains, by their words, kept up to date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from matching.columns import Reading
from matching.model import Flow
from matching.parameters import constant
from matching.similarity import cosine


class Unread:
    """Inverted index of the flows whose label was hardly recognised."""

    def __init__(self) -> None:
        self._said: dict[int, tuple[Mapping[str, float], Flow, tuple[Reading, ...]]] = {}
        self._rows: dict[str, set[int]] = defaultdict(set)

    def add(self, row: int, said: Mapping[str, float], flow: Flow, readings: tuple[Reading, ...]) -> None:
        """Add a flow with its stems and how telling each is."""
        self._said[row] = said, flow, readings
        for word in said:
            self._rows[word].add(row)

    def drop(self, row: int) -> None:
        """Take a flow out, if it is there."""
        entry = self._said.pop(row, None)
        for word in entry[0] if entry else ():
            self._rows[word].discard(row)

    def readings(self, row: int) -> tuple[Reading, ...]:
        """Return what a flow may be all the same."""
        return self._said[row][2]

    def like(self, row: int) -> list[tuple[int, float]]:
        """Return the rows of the other side that share telling words with ``row``, with their strength."""
        if row not in self._said:
            return []
        said, flow, _ = self._said[row]
        found = []
        for other in sorted({other for word in said for other in self._rows[word]}):
            words, met, _ = self._said[other]
            if met.is_output is flow.is_output or met.kind is not flow.kind:
                continue
            likeness = cosine(*((said, words) if flow.is_output else (words, said)))
            if likeness >= constant("least_similarity"):
                found.append((other, constant("words_alone") * likeness))
        return found
