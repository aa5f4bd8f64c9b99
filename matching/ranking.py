"""Synergies of all kinds, best first, drawn up only as they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from typing import overload

import numpy as np

from matching.briefs import Brief, briefs_of
from matching.drafting import Drafts, Rows
from matching.results import Synergy

# So many are drawn up together by an iteration: a few MB.
CHUNK = 4096


class RankedSynergies(Sequence[Synergy]):
    """Substitutions still in columns among synergies already drawn up, in their common order.

    Reading one makes it anew: two readings are equal, not the same object.
    """

    def __init__(self, drafts: Drafts | None, rows: Rows, others: Sequence[Synergy]) -> None:
        self._drafts = drafts
        self._others = tuple(others)
        scores = [synergy.score for synergy in others]
        ids = [synergy.synergy_id for synergy in others]
        # A row of the drafts, or below zero the place of another synergy.
        places = -1 - np.arange(len(others))
        if drafts is not None:
            places = np.concatenate([rows, places])
            scores = [*drafts.scores(rows).tolist(), *scores]
            ids = [*drafts.ids(rows), *ids]
        order = np.lexsort((np.array(ids, dtype=np.str_), -np.array(scores, dtype=np.float64)))
        self._places: Rows = np.asarray(places[order], dtype=np.int64)
        self._ids = _numbered([ids[place] for place in order.tolist()])

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> Synergy: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Synergy, ...]: ...
    def __getitem__(self, index: int | slice) -> Synergy | tuple[Synergy, ...]:
        """Return one synergy, or those of a slice as a tuple."""
        if isinstance(index, slice):
            return tuple(self._drawn(index))
        place = range(len(self))[index]
        return next(self._drawn(slice(place, place + 1)))

    def __iter__(self) -> Iterator[Synergy]:
        for first in range(0, len(self), CHUNK):
            yield from self._drawn(slice(first, first + CHUNK))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return NotImplemented if not isinstance(other, Sequence) else False
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def part(self, part: slice) -> RankedSynergies:
        """Return some of them, still to be drawn up."""
        found = copy(self)
        found._places, found._ids = self._places[part], self._ids[part]
        return found

    def briefs(self) -> Iterator[Brief]:
        """Yield what a table prints of each."""
        for first in range(0, len(self), CHUNK):
            part = self.part(slice(first, first + CHUNK))
            drawn = iter(()) if self._drafts is None else self._drafts.briefs(*part._drafted())
            others = briefs_of(part._others_drawn())
            for place in part._places.tolist():
                yield next(drawn if place >= 0 else others)

    def _drawn(self, part: slice) -> Iterator[Synergy]:
        some = self.part(part)
        drawn = iter(()) if self._drafts is None else self._drafts.draw_all(*some._drafted())
        others = some._others_drawn()
        for place in some._places.tolist():
            yield next(drawn if place >= 0 else others)

    def _drafted(self) -> tuple[Rows, list[str]]:
        """Return the rows of the drafts with their ids."""
        drafted = self._places >= 0
        return self._places[drafted], [self._ids[number] for number in np.flatnonzero(drafted).tolist()]

    def _others_drawn(self) -> Iterator[Synergy]:
        for place, synergy_id in zip(self._places.tolist(), self._ids, strict=True):
            if place < 0:
                other = self._others[-1 - place]
                yield other if other.synergy_id == synergy_id else replace(other, synergy_id=synergy_id)


def _numbered(ids: Sequence[str]) -> list[str]:
    """Tell apart the synergies of twin flows, declared twice in the same words, by a number in their ids."""
    times: Counter[str] = Counter()
    found = []
    for synergy_id in ids:
        times[synergy_id] += 1
        number = times[synergy_id]
        found.append(synergy_id if number == 1 else f"{synergy_id}-{number}")
    return found
