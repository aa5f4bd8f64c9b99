"""A territory kept ready: flows are put, taken away and asked about at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from matching.candidates import Basis, best_resource
from matching.columns import Floats
from matching.compatibility import Link
from matching.engine import Engine
from matching.kernel.building import Numbering
from matching.kernel.network import Network
from matching.kernel.placing import postings_of
from matching.kernel.ranking import unpacked
from matching.kernel.rooms import room
from matching.kernel.search import search
from matching.kernel.tables import COUNT, WORD, Longs, Postings, Problem, Records
from matching.kernel.territory import Rows
from matching.kernel.unread import Unread
from matching.model import Flow
from matching.parameters import MatchParameters, constant

# Flows put since the postings were built are read whole, until there are so many (own estimate).
MOST_RECENT = 4096
RECENT_SHARE = 0.05
Side = tuple[Postings, Records]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A flow that answers the one asked about, by its key, with the score of the pair in [0, 100]."""

    key: str
    score: float


class Resident:
    """Flows by key, ready to be asked about; safe to share between threads.

    It answers what a match of all its flows would say of one: the receivers of an output, the providers of
    an input. Ties go by the order in which flows were put.
    """

    def __init__(self, engine: Engine, parameters: MatchParameters | None = None) -> None:
        self._engine = engine
        self._network = Network(engine.catalogue, engine.compatibility, parameters or MatchParameters())
        self._rows = Rows(Numbering(dict(self._network.resources), {}, {}))
        self._unread = Unread()
        self._keys: list[str] = []
        self._row_of: dict[str, int] = {}
        self._sides: dict[bool, list[Side]] = {}
        self._settled = 0
        self._fresh = False
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._row_of)

    def __contains__(self, key: str) -> bool:
        return key in self._row_of

    def put(
        self,
        keys: Sequence[str],
        flows: Sequence[Flow],
        positions_km: Floats,
        destinations_km: Floats | None = None,
    ) -> None:
        """Add flows, in place of those of the same keys."""
        with self._lock:
            self._forget(keys)
            for key, row in zip(keys, self._append(flows, positions_km, destinations_km), strict=True):
                self._row_of[key] = row
            self._keys.extend(self._by_row(keys))

    def _by_row(self, keys: Sequence[str]) -> list[str]:
        return sorted(dict.fromkeys(keys), key=self._row_of.__getitem__)

    def remove(self, keys: Iterable[str]) -> None:
        """Take flows away; those that are not there are passed over."""
        with self._lock:
            self._forget(keys)

    def _forget(self, keys: Iterable[str]) -> None:
        for key in keys:
            row = self._row_of.pop(key, None)
            if row is not None:
                self._rows.flows.rows["months"][row] = 0
                self._unread.drop(row)
                self._fresh = False

    def _append(
        self, flows: Sequence[Flow], positions_km: Floats, destinations_km: Floats | None
    ) -> list[int]:
        """Add flows at the end; return the row of each."""
        columns, amounts = self._engine.columns(flows, positions_km, destinations_km)
        rows = self._rows.append(columns, amounts)
        self._rows.flows.rows["rank"][rows] = rows
        self._network.learn(self._rows.numbering.activities)
        for place, said in columns.unread.items():
            self._unread.add(int(rows[place]), said, columns.flows[place], columns.readings[place])
        self._fresh = False
        row_of = {id(flow): int(row) for flow, row in zip(columns.flows, rows, strict=True)}
        return [row_of[id(flow)] for flow in flows]

    def matches(self, key: str, top: int = 20, least: float | None = None) -> list[Neighbour]:
        """Return at most ``top`` flows that answer a resident one, best first.

        Raises
        ------
        KeyError
            When it is not there.
        """
        with self._lock:
            return self._ask(self._row_of[key], top, least)

    def preview(
        self,
        flow: Flow,
        position_km: Floats,
        destination_km: Floats | None = None,
        top: int = 20,
        least: float | None = None,
    ) -> list[Neighbour]:
        """Return likewise those that answer a flow that stays outside; positions have shape (1, 3)."""
        with self._lock:
            self._settle()
            mark = self._rows.mark()
            (row,) = self._append([flow], position_km, destination_km)
            self._fresh = True
            try:
                return self._ask(row, top, least)
            finally:
                self._unread.drop(row)
                self._rows.back_to(mark)

    def alike(
        self, resources: Iterable[str], position_km: Floats, *, gives: bool, within_km: float, most: int
    ) -> list[str]:
        """Return the keys of the ``most`` nearest flows of one side that may be one of ``resources``.

        Parameters
        ----------
        position_km
            Where from, shape (1, 3); unplaced flows are left out.
        within_km
            Straight line in km.
        """
        numbers = [self._network.resources[name] for name in resources]
        with self._lock:
            flows = self._rows.flows.rows
            said = np.flatnonzero(np.isin(self._rows.readings.rows["resource"], numbers))
            rows = np.unique(np.searchsorted(flows["reading_stop"], said, side="right"))
            rows = rows[(flows["months"][rows] != 0) & (self._rows.is_output.rows[rows] == gives)]
            place = np.stack([flows[axis][rows] for axis in "xyz"], axis=1)
            distance = np.sqrt(((place - position_km) ** 2).sum(axis=1))
            near = np.flatnonzero(distance <= within_km)
            nearest = near[np.argsort(distance[near], kind="stable")][:most]
            return [self._keys[row] for row in rows[nearest].tolist()]

    def _ask(self, row: int, top: int, least: float | None) -> list[Neighbour]:
        self._settle()
        gives = bool(self._rows.is_output.rows[row])
        words = self._words(row)
        flows = self._rows.flows.rows
        flows["word_start"][row], flows["word_stop"][row] = 0, len(words)
        found: dict[int, float] = {}
        for postings, grid in self._sides[gives]:
            found |= self._search(self._problem(gives, words, postings, grid), row, top, least)
        best = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:top]
        return [Neighbour(self._keys[met], score) for met, score in best]

    def _search(self, problem: Problem, row: int, top: int, least: float | None) -> dict[int, float]:
        keys, state = np.empty((1, top), dtype=np.int64), np.zeros((1, 2))
        sites = np.empty((1, top), dtype=np.int32)
        lowest = constant("minimum_score") if least is None else least
        search(problem, np.array([row]), lowest, False, keys, sites, state, room())
        scores, ranks, _ = unpacked(keys[0, : int(state[0, COUNT])])
        return dict(zip(ranks.tolist(), scores.tolist(), strict=True))

    def _problem(self, gives: bool, words: Records, postings: Postings, grid: Records) -> Problem:
        network = self._network
        return Problem(
            self._rows.flows.rows,
            network.bases(gives),
            self._rows.readings.rows,
            words,
            self._rows.wordings,
            network.links(gives),
            postings,
            grid,
            network.terms(gives),
        )

    def _words(self, row: int) -> Records:
        """Return the flows that words alone bring to ``row``."""
        found = np.zeros(0, dtype=WORD)
        near = self._unread.like(row)
        if near:
            gives = bool(self._rows.is_output.rows[row])
            found = np.zeros(len(near), dtype=WORD)
            for n, (other, strength) in enumerate(near):
                ends = (row, other) if gives else (other, row)
                read = [best_resource(self._unread.readings(end)) for end in ends]
                basis = Basis(read[0], read[1], Link(strength, "words"))
                found[n] = strength, other, self._network.spoken(basis)
        return found

    def _settle(self) -> None:
        """Bring the postings up to the rows: the recent ones each time, all of them once they are many."""
        if self._fresh:
            return
        size = len(self._rows.flows)
        if not self._sides or size - self._settled > max(MOST_RECENT, RECENT_SHARE * self._settled):
            self._settled = size
            self._sides = {side: [self._postings(side, 0)] for side in (True, False)}
        for side, built in self._sides.items():
            self._sides[side] = [built[0], self._postings(side, self._settled)]
        self._fresh = True

    def _postings(self, gives: bool, first: int) -> Side:
        """Return where the flows that answer an output (or an input) are found, from row ``first`` on."""
        flows = self._rows.flows.rows
        alive: Longs = first + np.flatnonzero(
            (self._rows.is_output.rows[first:] != gives) & (flows["months"][first:] != 0)
        )
        return postings_of(flows, self._rows.readings.rows, alive, len(self._network.resources))
