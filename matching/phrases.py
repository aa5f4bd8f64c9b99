"""Many phrases looked for in many lines: only those whose first word a line holds are compared with it."""

from __future__ import annotations

from collections.abc import Iterable


class PhraseIndex:
    """Phrases of stems, each with the place that it has among them.

    Parameters
    ----------
    phrases
        Stems between blanks, one before the first and one after the last, as in the lines to look in.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[int, str]]] = {}
        for place, phrase in enumerate(phrases):
            words = phrase.split()
            if words:
                self._by_first.setdefault(words[0], []).append((place, phrase))

    def told(self, line: str) -> set[int]:
        """Return the places of the phrases that stand in a line."""
        known = self._by_first
        return {
            place
            for word in dict.fromkeys(line.split())
            if word in known
            for place, phrase in known[word]
            if phrase in line
        }
