"""The receivers that may be among the best of an output, compiled: from its own cell outwards, by blocks.

What may enter is held block by block; each time enough more are held, what the best of them reach raises the
aim, and blocks below it are let go.
"""

from __future__ import annotations

from math import asin, atan2, isnan, sqrt
from typing import Any, NamedTuple

import numpy as np

from matching.kernel.choosing import lanes_above, lowest_lane, raised, sift, split
from matching.kernel.compiling import compiled, inlined
from matching.kernel.judging import material_by, pair_score
from matching.kernel.lanes import LANES, ZERO, Question, near_enough, rough_scores
from matching.kernel.merging import Merged
from matching.kernel.ranking import AIMS, LINK_BITS, LOGS, RANK_BITS, key_of
from matching.kernel.sieve import reach_km
from matching.kernel.tables import Local, Problem
from matching.kernel.window import STEPS_OF_OWN_ROW, cell_of, row_at, window

# Blocks more that are held before the aim is raised (measured: the sooner, the less is scored).
MANY = 6
# A longer row of cells is read from the output's own cell outwards (own estimate).
WHOLE_ROW = 256


class Wanted(NamedTuple):
    """What a search for one output looks for.

    ``by_reading`` is the logarithm of its own reading, weighted; ``slack`` twice what a rough score may be
    too high by; ``least`` the score from which a receiver counts.
    """

    row: int
    top: int
    least: float
    by_reading: float
    slack: float


class Held(NamedTuple):
    """How many blocks and judged receivers may be among the best, what they must reach.

    ``blocks`` is -1 when there are too many to hold; ``split`` is where the best are told from the others.
    """

    blocks: int
    judged: int
    aim: float
    split: float


@compiled
def judged(problem: Problem, row: int, posting: int, number: int, least: float) -> int:
    """Return the key of a pair by its full score, -1 where it does not count."""
    o, seen, t = problem.flows[row], problem.postings.met[posting], problem.terms[0]
    reading, b = problem.readings[o.reading_start], problem.bases[number]
    by_link = t.material * min(b.log_strength + 0.5 * reading.log_certainty, 0.0)
    log_material = material_by(problem, o, seen, number, by_link + 0.5 * t.material * seen.log_certainty)
    met = problem.flows[seen.flow]
    if log_material > 0 or met.site == o.site:
        return -1
    score = pair_score(problem, o, met, number, log_material)
    return int(key_of(score, met.rank, number)) if score >= least else -1


@inlined
def _scan(
    q: Question, sure: Any, local: Local, first: int, last: int, held: int, aim: Any, sieved: bool
) -> int:
    """Hold the blocks from ``first`` to ``last`` in which a receiver reaches ``aim``; return how many.

    ``sieved`` tells whether place and material, from ``sure`` down, are likely to leave out whole blocks.
    """
    for block in range(first >> 4, ((last - 1) >> 4) + 1):
        if sieved and near_enough(q, sure, local.numbers, block, aim) == ZERO:
            continue
        within = (np.int32(first - block * LANES), np.int32(last - block * LANES))
        at = held * LANES
        found = rough_scores(q, local.numbers, local.codes, block, within, local.scores, at, aim)
        local.held[held] = block
        held += found > ZERO
        if held == len(local.held):
            return -1
    return held


@inlined
def _judge_intricate(problem: Problem, want: Wanted, local: Local, now: Held) -> int:
    """Score in full what only the full score can tell; return how many are judged, -1 when too many."""
    count = now.judged
    for n in range(now.blocks):
        first = np.uint64(n * LANES)
        mask = lanes_above(local.scores, n * LANES, np.float32(now.aim))
        while mask != ZERO:
            lane = lowest_lane(mask)
            mask = np.int32(mask & (mask - 1))
            place = local.held[n] * LANES + lane
            if local.link[place] >= 0:
                continue
            local.scores[first + np.uint64(lane)] = -np.inf
            key = judged(problem, want.row, local.source[place], -1 - local.link[place], want.least)
            if key >= 0:
                if count == len(local.judged) - LANES:
                    return -1
                local.keys[count], local.judged[count] = key, LOGS[key >> (LINK_BITS + RANK_BITS)]
                count += 1
    for n in range(count, (count + LANES - 1) // LANES * LANES):
        local.judged[n] = -np.inf
    return count


@inlined
def _raise(problem: Problem, want: Wanted, merged: Merged, local: Local, now: Held, to_go_on: bool) -> Held:
    """Raise the aim to what the best of what is held ask, and let go of blocks below it if more will come."""
    count = now.judged
    if merged.intricate > 0:
        count = _judge_intricate(problem, want, local, now)
        if count < 0:
            return Held(-1, 0, now.aim, now.split)
    bound = split(local, now.blocks, count, want.top, now.aim, now.split)
    if bound <= now.aim:
        return Held(now.blocks, count, now.aim, bound)
    aim = raised(bound, now.aim, want.slack)
    blocks = sift(local, now.blocks, np.float32(aim)) if to_go_on else now.blocks
    return Held(blocks, count, aim, bound)


@inlined
def _run_at(step: int, own: int, column: int, whole: bool, around: Any, grid: Any, local: Local) -> Any:
    """Return the first and last receiver of a step, the same where there is none."""
    line, west, east = row_at(step, own, column, around)
    if step == 0:
        cells = grid.rows * grid.columns
        return local.start[cells], local.start[cells + 1]
    if whole and step < STEPS_OF_OWN_ROW:
        west, east = around[2], (around[3] if step == 1 else -1)
    if west > east or line < around[0] or line > around[1]:
        return local.start[0], local.start[0]
    return local.start[line * grid.columns + west], local.start[line * grid.columns + east + 1]


@inlined
def gather(problem: Problem, q: Question, want: Wanted, merged: Merged, local: Local, guess: float) -> Held:
    """Hold the receivers that may be among the best; ``guess`` is where the split may be."""
    o, grid, t = problem.flows[want.row], problem.grid[0], problem.terms[0]
    rest = t.quantity * t.log_unknown_quantity if isnan(o.value) else 0.0
    place = (asin(o.z / sqrt(o.x**2 + o.y**2 + o.z**2)), atan2(o.y, o.x))
    columns = grid.columns
    own = cell_of(place[0], grid.south, grid.height, grid.rows)
    column = cell_of(place[1], grid.west, grid.width, columns)
    whole = local.start[(own + 1) * columns] - local.start[own * columns] <= WHOLE_ROW
    least, seen, before, around = AIMS[int(want.least * 10)], np.inf, 0, (own, own, 0, columns - 1)
    now, over = Held(0, 0, least, guess), False
    for step in range(STEPS_OF_OWN_ROW + 2 * grid.rows + 1):
        if now.aim != seen:
            seen = now.aim
            reached = reach_km(merged, t, want.by_reading + rest + merged.material, seen)
            over = reached < 0
            around = window(grid, place, max(reached, 0.0))
        out = (step - STEPS_OF_OWN_ROW) // 2 + 1
        over = over or (own - out < around[0] and own + out > around[1])
        first, last = _run_at(step, own, column, whole, around, grid, local)
        if first < last and not over:
            sure, sieved = q.base + np.float32(rest), now.aim > least
            blocks = _scan(q, sure, local, first, last, now.blocks, np.float32(now.aim), sieved)
            now = Held(blocks, now.judged, now.aim, now.split)
        # At the end too, so that this is compiled once.
        if now.blocks >= 0 and (over or now.blocks >= MANY + before or (step == 1 and not whole)):
            now = _raise(problem, want, merged, local, now, not over)
            before = now.blocks
        if over or now.blocks < 0:
            break
    return now
