"""The best pairs of one block: its own outputs, and every input that these can reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.amounts import Amounts
from matching.blocks.digits import significant
from matching.blocks.frame import Frame
from matching.blocks.rows import RANGES, Rows, matched_months, range_columns
from matching.candidates import PairColumns
from matching.columns import Floats, FlowColumns
from matching.kernel.best import Best, run
from matching.kernel.building import starts
from matching.kernel.meeting import fill_materials
from matching.kernel.placing import in_turn, postings_of
from matching.kernel.tables import WORD, Longs, Problem, Records
from matching.partitions import straight_km
from matching.units import STEADY_DIGITS

# Outputs whose pairs are scored and handed over at once: what they take stays far below a block's tables.
OUTPUTS_AT_ONCE = 8192


@dataclass(frozen=True, slots=True)
class Block:
    """Flows in canonical order with their places; every one is an output of the block or an input it sees."""

    rows: Rows
    site: Longs
    position_km: Floats

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Searched:
    """A block ready to be searched; ``place`` is where each of its flows stands in the problem."""

    block: Block
    problem: Problem
    place: Longs
    outputs: int
    value: Floats


def prepare_block(block: Block, frame: Frame) -> Searched:
    """Return the tables of a block."""
    flows = frame.records[block.rows["text"]]
    value = compared_values(block.rows, frame)
    flows["rank"], flows["value"], flows["site"] = np.arange(len(block)), value, block.site
    flows["months"] = matched_months(block.rows, frame.texts.columns)
    flows["active_months"] = np.bitwise_count(flows["months"].astype(np.uint16))
    flows["activity"] = block.rows["activity"]
    for axis, name in enumerate("xyz"):
        flows[name] = block.position_km[:, axis]
    gives = _gives(frame)[block.rows["text"]]
    for name in RANGES:
        short = name.rpartition("_")[0]
        ends = range_columns(block.rows, name, frame.texts.columns, gives)
        flows[f"{short}_low"], flows[f"{short}_high"] = ends.T
    order = in_turn(flows, frame.readings, gives)
    flows, place = flows[order], np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    outputs = int(gives.sum())
    words = _words(flows, block.rows["text"][order], outputs, frame)
    receivers = np.arange(outputs, len(flows))
    postings, grid = postings_of(flows, frame.readings, receivers, frame.resources)
    problem = Problem(
        flows,
        frame.table,
        frame.readings,
        words,
        frame.wordings,
        frame.links,
        postings,
        grid,
        frame.terms,
    )
    return Searched(block, problem, place, outputs, value)


def _gives(frame: Frame) -> NDArray[np.bool_]:
    """Tell which texts are outputs."""
    return np.array([flow.is_output for flow in frame.texts.columns.flows], dtype=bool)


def compared_values(rows: Rows, frame: Frame) -> Floats:
    """Return each flow's quantity in the unit it is compared in, as ``amounts.comparable`` does."""
    factor = frame.factor[rows["text"]]
    values = rows["value"].copy()
    other = np.flatnonzero(~np.isnan(factor))
    values[other] = significant(values[other] * factor[other], STEADY_DIGITS)
    return np.asarray(values)


def _words(flows: Records, text: Longs, outputs: int, frame: Frame) -> Records:
    """Return the receivers within reach that words alone bring, and cut the outputs' runs of them."""
    flows["word_start"], flows["word_stop"] = 0, 0
    if len(frame.words) == 0:
        return np.zeros(0, dtype=WORD)
    given, taken = _by_text(text[:outputs]), _by_text(text[outputs:])
    found = [
        _word(flows, given(output), taken(receiver) + outputs, frame, number)
        for number, (output, receiver) in enumerate(zip(frame.words.output, frame.words.input, strict=True))
    ]
    giver = np.concatenate([part[0] for part in found])
    words = np.concatenate([part[1] for part in found])
    order = np.lexsort((flows["rank"][words["flow"]], giver))
    edges = starts(np.bincount(giver, minlength=len(flows)).tolist())
    flows["word_start"], flows["word_stop"] = edges[:-1], edges[1:]
    return np.asarray(words[order])


def _by_text(text: Longs) -> Callable[[int], Longs]:
    """Return what finds the flows of a text."""
    order = np.argsort(text, kind="stable")
    ordered = text[order]
    return lambda number: order[slice(*np.searchsorted(ordered, (number, number + 1)))]


def _word(flows: Records, givers: Longs, takers: Longs, frame: Frame, number: int) -> tuple[Longs, Records]:
    """Return outputs and the receivers within reach of each, for one pair of texts."""
    basis = int(frame.words.basis[number])
    reach = straight_km(frame.table["cut_km"][basis : basis + 1], float(frame.terms["road_factor"][0]))[0]
    given: list[Longs] = [np.zeros(0, dtype=np.int64)]
    taken: list[Longs] = [np.zeros(0, dtype=np.int64)]
    for giver in givers.tolist():
        apart = sum((flows[axis][takers] - flows[axis][giver]) ** 2 for axis in "xyz")
        # Written so that unplaced flows, whose distances are not numbers, are near.
        near = takers[~(apart > reach**2)]
        given.append(np.full(len(near), giver, dtype=np.int64))
        taken.append(near)
    words = np.zeros(sum(map(len, taken)), dtype=WORD)
    words["strength"], words["basis"] = frame.words.strength[number], basis
    words["flow"] = np.concatenate(taken)
    return np.concatenate(given), words


def best_pairs(
    searched: Searched, frame: Frame, top: int, least: float, threads: int | None = None
) -> Iterator[tuple[PairColumns, Floats]]:
    """Yield pairs and their scores, some outputs at a time, each output's best first; flows by rank."""
    for first in range(0, searched.outputs, OUTPUTS_AT_ONCE):
        some = np.arange(first, min(first + OUTPUTS_AT_ONCE, searched.outputs))
        found = run(searched.problem, some, top, least, threads=threads)
        if len(found.output):
            yield _pairs(found, searched, frame), found.score


def _pairs(found: Best, searched: Searched, frame: Frame) -> PairColumns:
    material = np.empty(len(found.output))
    place = searched.place
    fill_materials(searched.problem, place[found.output], place[found.input], found.basis, material)
    used, number = np.unique(found.basis, return_inverse=True)
    return PairColumns(
        found.output, found.input, material, number, tuple(frame.bases[b] for b in used.tolist())
    )


def columns_of(rows: Longs, searched: Searched, frame: Frame) -> tuple[FlowColumns, Amounts]:
    """Return some flows of a block, in full, as the score's columns."""
    block = searched.block
    some, texts = block.rows[rows], frame.texts.columns
    text = some["text"]
    gives, numbers = _gives(frame)[text], text.tolist()
    columns = FlowColumns(
        flows=tuple(texts.flows[n] for n in numbers),
        site=block.site[rows],
        position_km=block.position_km[rows],
        destination_km=texts.destination_km[text],
        quantities=(),
        months=matched_months(some, texts),
        temperature_c=range_columns(some, "temperature_c", texts, gives),
        concentration_pct=range_columns(some, "concentration_pct", texts, gives),
        moisture_pct=range_columns(some, "moisture_pct", texts, gives),
        reliability=frame.reliability[some["reliability"]],
        facts=tuple(texts.facts[n] for n in numbers),
        has=texts.has[text],
        refuses=texts.refuses[text],
        readings=tuple(texts.readings[n] for n in numbers),
        unread={},
    )
    return columns, Amounts(searched.value[rows], frame.amounts.unit[text], frame.amounts.names)
