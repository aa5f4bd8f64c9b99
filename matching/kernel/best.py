"""The best pairs of a territory: tables built, threads started, pairs handed back in the reference's form."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from matching.amounts import Amounts
from matching.candidates import Basis, PairColumns, best_resource
from matching.catalogue.model import Catalogue
from matching.columns import Floats, FlowColumns
from matching.compatibility import Compatibility, Link
from matching.kernel.building import Numbering, flow_records, link_tables, starts, terms_of
from matching.kernel.meeting import fill_materials
from matching.kernel.placing import in_turn, postings_of
from matching.kernel.ranking import unpacked
from matching.kernel.search import search
from matching.kernel.tables import COUNT, WORD, Longs, Problem, Records, Singles
from matching.parameters import MatchParameters
from matching.similarity import word_pairs

# Small enough to share between threads evenly, large enough to hide what a call costs.
CHUNK = 512
# Distances worked out at once: as many as stay in the nearest cache.
ROOM = 256


@dataclass(frozen=True, slots=True)
class Best:
    """Rows found, output by output: flows, number of the link, score in [0, 100]."""

    output: Longs
    input: Longs
    basis: Longs
    score: Floats


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


def room() -> tuple[Singles, Longs]:
    """Return what a search works in."""
    return np.empty(ROOM, dtype=np.float32), np.empty(ROOM, dtype=np.int64)


def run(
    problem: Problem,
    outputs: Longs,
    top: int,
    least: float,
    *,
    distinct: bool = False,
    threads: int | None = None,
) -> Best:
    """Search ``problem`` for receivers of its rows ``outputs``, on as many threads as cores by default."""
    shape = (len(outputs), top)
    keys, states = np.empty(shape, dtype=np.int64), np.zeros((len(outputs), 2))
    sites = np.empty(shape, dtype=np.int32)

    def part(first: int) -> None:
        cut = slice(first, first + CHUNK)
        search(problem, outputs[cut], least, distinct, keys[cut], sites[cut], states[cut], room())

    work = range(0, len(outputs), CHUNK)
    workers = min(threads or os.cpu_count() or 1, len(work))
    if workers > 1:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(part, work))
    else:
        for first in work:
            part(first)
    found = states[:, COUNT].astype(np.int64)
    kept = np.arange(top) < found[:, None]
    giver = np.repeat(problem.flows["rank"][outputs].astype(np.int64), found)
    scores, ranks, links = unpacked(keys[kept])
    return Best(giver, ranks, links, scores)


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
