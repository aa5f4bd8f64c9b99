"""The best pairs of a territory: tables built, threads started, pairs handed back in the reference's form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import numpy as np

from matching.amounts import Amounts
from matching.candidates import Basis, PairColumns, best_resource
from matching.catalogue.model import Catalogue
from matching.columns import Floats, FlowColumns
from matching.compatibility import Compatibility, Link
from matching.kernel.building import Numbering, flow_records, link_tables, starts, terms_of
from matching.kernel.meeting import fill_materials
from matching.kernel.placing import in_row_order, in_turn, postings_of
from matching.kernel.ranking import hand_out, unpacked
from matching.kernel.rooms import local_room, room
from matching.kernel.search import search
from matching.kernel.sharing import in_parts
from matching.kernel.tables import COUNT, WORD, Ints, Local, Longs, Problem, Records
from matching.kernel.together import LEFT, search_together
from matching.parameters import MatchParameters
from matching.similarity import word_pairs

# Outputs at a time: few enough to share between threads evenly, enough to hide what a call costs.
CHUNK, TOGETHER = 512, 2048
# Fewer outputs are searched for one by one: a new machine would compile for longer than it ever saved. So
# are those of a resource that has fewer than one for so many receivers (own estimates).
FEW, WORTH = 2_000, 1_500


@dataclass(frozen=True, slots=True)
class Best:
    """Rows found, output by output: both flows, number of the link, score in [0, 100]."""

    giver: Ints
    taker: Ints
    link: Ints
    score: Floats

    @property
    def output(self) -> Longs:
        """The flows given, as indexes."""
        return self.giver.astype(np.int64)

    @property
    def input(self) -> Longs:
        """The flows that take them, as indexes."""
        return self.taker.astype(np.int64)

    @property
    def basis(self) -> Longs:
        """The links, as indexes."""
        return self.link.astype(np.int64)


@dataclass(frozen=True, slots=True)
class Search:
    """A problem ready to be searched.

    Attributes
    ----------
    order
        Rank (row of the territory's columns) of each flow of the problem, which has its outputs first.
    """

    problem: Problem
    order: Longs
    outputs: int
    bases: tuple[Basis, ...]

    def best(self, top: int, least: float, *, distinct: bool = False, threads: int | None = None) -> Best:
        """Return at most ``top`` receivers of each output from ``least`` points, best first.

        Parameters
        ----------
        distinct
            Whether only the best receiver of each site counts.
        """
        return run(self.problem, np.arange(self.outputs), top, least, distinct=distinct, threads=threads)


def prepare(
    columns: FlowColumns,
    catalogue: Catalogue,
    compatibility: Compatibility,
    amounts: Amounts,
    parameters: MatchParameters,
) -> Search:
    """Return the tables of a search for substitutions among ``columns``."""
    numbering = Numbering()
    flows, readings, wordings = flow_records(columns, amounts, numbering)
    gives = np.array([flow.is_output for flow in columns.flows], dtype=bool)
    linked = resource_bases(columns, compatibility)
    words, spoken = _word_links(columns, flows, len(linked))
    bases = (*linked, *spoken)
    resources, activities = numbering.resources, numbering.activities
    table, links = link_tables(bases, len(linked), resources, activities, catalogue, parameters)
    order = in_turn(flows, readings, gives)
    flows, words["flow"] = flows[order], np.argsort(order)[words["flow"]]
    outputs = int(gives.sum())
    postings, grid = postings_of(flows, readings, np.arange(outputs, len(flows)), len(resources))
    problem = Problem(flows, table, readings, words, wordings, links, postings, grid, terms_of(parameters))
    return Search(problem, order, outputs, bases)


def resource_bases(columns: FlowColumns, compatibility: Compatibility) -> list[Basis]:
    """Return the links between resources read in the territory, in the reference's order."""
    given: set[str] = set()
    wanted: set[str] = set()
    for flow, found in zip(columns.flows, columns.readings, strict=True):
        (given if flow.is_output else wanted).update(reading.resource for reading in found)
    return [
        Basis(resource, other, links[other])
        for resource in sorted(given)
        for links in [compatibility.links_from(resource)]
        for other in sorted(links.keys() & wanted)
    ]


def _word_links(columns: FlowColumns, flows: Records, linked: int) -> tuple[Records, list[Basis]]:
    """Return the receivers that words alone bring, output by output, and the links that stand for them."""
    numbers: dict[tuple[str, str], int] = {}
    bases: list[Basis] = []
    found: list[tuple[int, int, float, int]] = []
    for output, receiver, strength in word_pairs(columns):
        ends = best_resource(columns.readings[output]), best_resource(columns.readings[receiver])
        if ends not in numbers:
            numbers[ends] = linked + len(bases)
            bases.append(Basis(*ends, Link(strength, "words")))
        found.append((output, receiver, strength, numbers[ends]))
    found.sort()
    edges = starts(np.bincount([f[0] for f in found], minlength=len(columns)).tolist())
    flows["word_start"], flows["word_stop"] = edges[:-1], edges[1:]
    return np.array(
        [(strength, receiver, basis) for _, receiver, strength, basis in found], dtype=WORD
    ), bases


def run(
    problem: Problem,
    outputs: Longs,
    top: int,
    least: float,
    *,
    distinct: bool = False,
    threads: int | None = None,
) -> Best:
    """Search ``problem`` for receivers of its rows ``outputs``, on as many threads as cores by default.

    What is found comes in the order of ``outputs``.
    """
    if len(outputs) == 1:
        return _alone(problem, outputs, top, least, distinct)
    rows, where = in_row_order(outputs, len(problem.flows))
    keys, states = np.empty((len(rows), top), dtype=np.int64), np.empty((len(rows), 2))
    one_by_one = distinct or len(rows) < FEW
    spare: SimpleQueue[Local] = SimpleQueue()

    def part(begin: int, end: int) -> None:
        # From the end, where few outputs share what is put together for them: what takes long starts first.
        first, last = len(rows) - end, len(rows) - begin
        cut = slice(first, last)
        if one_by_one:
            _one_by_one(problem, rows[cut], least, distinct, keys[cut], states[cut])
            return
        try:
            local = spare.get_nowait()
        except Empty:
            local = local_room(problem)
        search_together(problem, rows[cut], least, WORTH, keys[cut], states[cut], local)
        spare.put(local)
        left = first + np.flatnonzero(states[cut, COUNT] == LEFT)
        if len(left):
            some, state = keys[left], states[left]
            _one_by_one(problem, rows[left], least, distinct, some, state)
            keys[left], states[left] = some, state

    in_parts(part, len(rows), CHUNK if one_by_one else TOGETHER, threads)
    return _handed_out(problem, rows, where, keys, states, threads)


def _alone(problem: Problem, outputs: Longs, top: int, least: float, distinct: bool) -> Best:
    """Search for one output; to hand out what was found as many are handed out would take as long again."""
    keys, states = np.empty((1, top), dtype=np.int64), np.empty((1, 2))
    _one_by_one(problem, outputs, least, distinct, keys, states)
    score, met, basis = unpacked(keys[0, : int(states[0, COUNT])])
    giver = np.full(len(score), problem.flows["rank"][outputs[0]], dtype=np.int32)
    return Best(giver, met.astype(np.int32), basis.astype(np.int32), score)


def _one_by_one(
    problem: Problem, rows: Longs, least: float, distinct: bool, keys: Longs, states: Floats
) -> None:
    sites = np.empty(keys.shape, dtype=np.int32)
    search(problem, rows, least, distinct, keys, sites, states, room())


def _handed_out(
    problem: Problem, rows: Longs, where: Longs, keys: Longs, states: Floats, threads: int | None
) -> Best:
    """Return what was found as columns, in the order in which it was asked for."""
    start = np.zeros(len(where) + 1, dtype=np.int64)
    np.cumsum(states[:, COUNT].astype(np.int64)[where], out=start[1:])
    total, top, runs = int(start[-1]), keys.shape[1], keys.ravel()
    giver, met, basis = (np.empty(total, dtype=np.int32) for _ in range(3))
    score = np.empty(total)

    def part(first: int, last: int) -> None:
        some, begin = where[first:last], start[first : last + 1]
        hand_out(problem.flows, rows, some, begin, runs, top, giver, met, basis, score)

    in_parts(part, len(where), TOGETHER, threads)
    return Best(giver, met, basis, score)


def pair_columns(found: Sequence[Best], prepared: Search) -> PairColumns:
    """Return the pairs of several searches once each, as the reference's candidates."""
    output = np.concatenate([best.output for best in found])
    receiver = np.concatenate([best.input for best in found])
    basis = np.concatenate([best.basis for best in found])
    order = np.lexsort((receiver, output))
    output, receiver, basis = output[order], receiver[order], basis[order]
    first = np.ones(len(output), dtype=bool)
    first[1:] = (output[1:] != output[:-1]) | (receiver[1:] != receiver[:-1])
    output, receiver, basis = output[first], receiver[first], basis[first]
    used, numbers = np.unique(basis, return_inverse=True)
    material, row = np.empty(len(output)), np.argsort(prepared.order)
    fill_materials(prepared.problem, row[output], row[receiver], basis, material)
    return PairColumns(output, receiver, material, numbers, tuple(prepared.bases[b] for b in used.tolist()))
