"""The search, compiled: links strongest first, receivers within what can still enter the best ones."""

from __future__ import annotations

from math import asin, atan2, isnan, sqrt
from typing import Any

import numpy as np

from matching.kernel.compiling import compiled, inlined
from matching.kernel.judging import material_by, pair_score, weighted_log
from matching.kernel.meeting import strongest
from matching.kernel.ranking import drop_site, insert, key_of, start
from matching.kernel.sieve import fill_bounds, reach_km
from matching.kernel.tables import AIM, Kept, Problem
from matching.kernel.waiting import bound_of, entry_of, pile, place_of, take
from matching.kernel.window import STEPS_OF_OWN_ROW, cell_of, row_at, window

# Shorter lists of receivers are read whole (measured: no gain below).
SHORT_LIST = 48


@inlined
def _within(b: Any, t: Any, bound: float, aim: float) -> Any:
    """Return the square of ``reach_km``, negative when the link can no longer matter."""
    reached = reach_km(b, t, bound, aim)
    return np.float32(reached * reached) if reached >= 0 else np.float32(-1.0)


@inlined
def _rest(o: Any, t: Any) -> float:
    """Return the logarithm that the quantity takes away for sure."""
    return t.quantity * t.log_unknown_quantity if isnan(o.value) else 0.0


@inlined
def _enter(
    problem: Problem,
    asked: Any,
    met: Any,
    number: int,
    log_material: float,
    least: float,
    distinct: bool,
    kept: Kept,
) -> None:
    """Let the gates and the score decide."""
    score = pair_score(problem, asked, met, number, log_material)
    if score < least:
        return
    key = key_of(score, met.rank, number)
    if not distinct or drop_site(key, met.site, kept):
        insert(key, met.site, distinct, kept)


@inlined
def _scan(
    problem: Problem, o: Any, number: int, bound: float, run: Any, least: float, distinct: bool, kept: Kept
) -> None:
    """Read a run of receivers: near enough, then good enough but for the gates, then in full, best first."""
    b, t = problem.bases[number], problem.terms[0]
    by_link = bound - _rest(o, t)
    room = len(kept.heap)
    for first in range(run[0], run[1], room):
        last = min(first + room, run[1])
        within = _within(b, t, bound, kept.state[AIM])
        fill_bounds(o, b, t, by_link, within, problem.postings, first, last, kept.bounds)
        count, aim = 0, np.float32(kept.state[AIM])
        for p in range(last - first):
            if kept.bounds[p] >= aim:
                kept.heap[count] = entry_of(kept.bounds[p], p)
                count += 1
        pile(kept.heap, count)
        while count > 0:
            entry = take(kept.heap, count)
            count -= 1
            if bound_of(entry) < kept.state[AIM]:
                break
            met = problem.postings.met[first + place_of(entry)]
            if met.site != o.site:
                log_material = by_link + t.material * 0.5 * met.log_certainty
                _meet(problem, o, met, number, log_material, least, distinct, kept)


@inlined
def _meet(
    problem: Problem,
    o: Any,
    met: Any,
    number: int,
    log_material: float,
    least: float,
    distinct: bool,
    kept: Kept,
) -> None:
    """Score a receiver by the link met, if no other joins the two better."""
    log_material = material_by(problem, o, met, number, log_material)
    if log_material <= 0:
        _enter(problem, o, problem.flows[met.flow], number, log_material, least, distinct, kept)


@inlined
def _by_words(problem: Problem, asked: Any, least: float, distinct: bool, kept: Kept) -> None:
    """Read the flows that words alone bring, unless a resource says as much."""
    t = problem.terms[0]
    for w in range(asked.word_start, asked.word_stop):
        word = problem.words[w]
        met = problem.flows[word.flow]
        if asked.site == met.site:
            continue
        o, i = (met, asked) if t.backwards else (asked, met)
        _, material = strongest(o, i, problem.readings, problem.bases, problem.links, t.unfit_receiver)
        if material < word.strength:
            weighted = weighted_log(t, word.strength)
            _enter(problem, asked, met, word.basis, weighted, least, distinct, kept)


@inlined
def _by_link(
    problem: Problem, o: Any, number: int, bound: float, place: Any, least: float, distinct: bool, kept: Kept
) -> None:
    """Read the receivers of one link: a short list whole, a long one from the output's own cell outwards."""
    starts = problem.postings.start[problem.bases[number].met]
    cells = len(starts) - 2
    if starts[0] == starts[cells + 1]:
        return
    if isnan(o.x) or starts[cells + 1] - starts[0] <= SHORT_LIST:
        _scan(problem, o, number, bound, (starts[0], starts[cells + 1]), least, distinct, kept)
        return
    grid = problem.grid[0]
    own = cell_of(place[0], grid.south, grid.height, grid.rows)
    column = cell_of(place[1], grid.west, grid.width, grid.columns)
    around, aim = (own, own, column, column), np.inf
    for step in range(STEPS_OF_OWN_ROW + 2 * grid.rows):
        if kept.state[AIM] != aim:
            # The higher the aim, the nearer the cells that still matter.
            aim = kept.state[AIM]
            reached = reach_km(problem.bases[number], problem.terms[0], bound, aim)
            if reached < 0:
                return
            around = window(grid, place, reached)
        out = (step - STEPS_OF_OWN_ROW) // 2 + 1
        if own - out < around[0] and own + out > around[1]:
            return
        row, west, east = row_at(step, own, column, around)
        if around[0] <= row <= around[1] and west <= east:
            first, last = starts[row * grid.columns + west], starts[row * grid.columns + east + 1]
            if step == 0:
                first, last = starts[cells], starts[cells + 1]
            if first < last:
                _scan(problem, o, number, bound, (first, last), least, distinct, kept)


@inlined
def _receivers(problem: Problem, o: Any, least: float, distinct: bool, kept: Kept) -> None:
    """Fill the best receivers of one output."""
    t = problem.terms[0]
    start(kept, least)
    _by_words(problem, o, least, distinct, kept)
    rest = _rest(o, t)
    place = (asin(o.z / sqrt(o.x**2 + o.y**2 + o.z**2)), atan2(o.y, o.x))
    for p in range(o.reading_start, o.reading_stop):
        reading = problem.readings[p]
        starts = problem.links.start
        for n in range(starts[reading.resource], starts[reading.resource + 1]):
            number = problem.links.order[n]
            material = min(problem.bases[number].log_strength + 0.5 * reading.log_certainty, 0.0)
            bound = rest + t.material * material
            if bound < kept.state[AIM]:
                break
            _by_link(problem, o, number, bound, place, least, distinct, kept)


@compiled
def search(
    problem: Problem,
    outputs: Any,
    least: float,
    distinct: bool,
    keys: Any,
    sites: Any,
    states: Any,
    room: Any,
) -> None:
    """Fill the best receivers of each of ``outputs``: one row each of three tables (see ``Kept``).

    Parameters
    ----------
    least
        Score from which a receiver counts.
    distinct
        Whether only the best receiver of each site counts.
    room
        For some hundreds of distances and of entries, for this call alone: two arrays.
    """
    for n in range(len(outputs)):
        kept = Kept(keys[n], sites[n], states[n], room[0], room[1])
        _receivers(problem, problem.flows[outputs[n]], least, distinct, kept)
