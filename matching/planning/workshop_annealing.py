"""Annealing by swaps of two people at one turn: a swap is judged from two sums kept for each person."""

from __future__ import annotations

from time import monotonic

import numpy as np
from numpy.typing import NDArray

from matching.planning.constants import constant

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
# Swaps tried at one turn before the next turn has its go, per person (own estimate, from trials).
TRIES_PER_PERSON = 12
# Full coolings, each a share of the swaps: a short one first, so that a late answer is a good one.
COOLINGS = (0.05, 0.25, 0.7)


def anneal(
    score: Floats,
    apart: NDArray[np.bool_],
    start: Integers,
    fixed: NDArray[np.bool_],
    iterations: int,
    repeat_penalty: float,
    seed: int,
    time_limit_s: float,
    enough: float,
) -> tuple[Integers, bool]:
    """Return the best seating found, and whether time ran out before the swaps did.

    Parameters
    ----------
    score
        What it is worth that two people meet at least once, shape (n, n), symmetric, zero diagonal.
    apart
        Who may never share a table, shape (n, n), symmetric.
    start
        A seating that respects ``apart``: the table of each person at each turn, shape (turns, n).
    fixed
        Who does not move (hosts), shape (n,).
    repeat_penalty
        What each meeting after a pair's first costs, in the unit of ``score``.
    enough
        A score that no seating beats: who reaches it stops.
    """
    deadline = monotonic() + time_limit_s
    dice = np.random.default_rng(seed)
    movable = np.flatnonzero(~fixed)
    best, best_worth = start, worth(score, start, repeat_penalty)
    if len(movable) < 2 or start.max(initial=0) == 0:
        return best, False
    for share in COOLINGS:
        seating = start.copy()
        cut = _cool(seating, score, apart, movable, int(share * iterations), repeat_penalty, dice, deadline)
        found = worth(score, seating, repeat_penalty)
        if found > best_worth:
            best, best_worth = seating, found
        if cut:
            return best, True
        if worth(score, best) >= enough:
            break
    return best, False


def meetings(seating: Integers) -> Integers:
    """Return how many times each two people share a table, shape (n, n), zero diagonal."""
    count = (seating[:, :, None] == seating[:, None, :]).sum(axis=0)
    np.fill_diagonal(count, 0)
    return np.asarray(count, dtype=np.int64)


def worth(score: Floats, seating: Integers, repeat_penalty: float = 0.0) -> float:
    """Return the score of the pairs that meet, less ``repeat_penalty`` for each meeting after the first."""
    met = meetings(seating)
    repeats = np.maximum(met - 1, 0).sum() / 2
    return float(score[met > 0].sum() / 2 - repeat_penalty * repeats)


def _cool(
    seating: Integers,
    score: Floats,
    apart: NDArray[np.bool_],
    movable: Integers,
    iterations: int,
    repeat_penalty: float,
    dice: np.random.Generator,
    deadline: float,
) -> bool:
    """Anneal ``seating`` in place, then take every swap that gains; return whether time ran out."""
    turns = len(seating)
    tries = TRIES_PER_PERSON * seating.shape[1]
    chunks = max(1, iterations // tries)
    positive = score[score > 0]
    scale = float(positive.mean()) if len(positive) else 1.0
    hot, cold = constant("workshop", "hot_share"), constant("workshop", "cold_share")
    cut = False
    for chunk in range(chunks):
        heat = scale * hot * (cold / hot) ** (chunk / chunks)
        turn = chunk % turns
        value = _value(seating, turn, score, apart, repeat_penalty)
        picked = dice.choice(movable, size=(2, tries))
        limits = heat * np.log(dice.random(tries))
        _sweep(seating[turn], value, picked, limits)
        if monotonic() > deadline:
            cut = True
            break
    _climb(seating, score, apart, movable, repeat_penalty)
    return cut


def _value(
    seating: Integers, turn: int, score: Floats, apart: NDArray[np.bool_], repeat_penalty: float
) -> Floats:
    """Return what each pair brings by sharing a table at this turn, the other turns being as they are."""
    already = meetings(np.delete(seating, turn, axis=0)) > 0
    value = np.where(already, -repeat_penalty, score)
    np.fill_diagonal(value, 0.0)
    return np.where(apart, -_forbidding(score), value)


def _forbidding(score: Floats) -> float:
    return 1e6 * (float(score.max(initial=0.0)) + 1.0)


def _sums(table: Integers, value: Floats) -> Floats:
    return np.asarray(value @ (table[:, None] == np.arange(table.max() + 1)).astype(float))


def _sweep(table: Integers, value: Floats, picked: Integers, limits: Floats) -> None:
    """Try swaps at one turn and take those that gain more than their (negative) limit."""
    where, pairs, sums = table.tolist(), value.tolist(), _sums(table, value).tolist()
    for a, b, limit in zip(*picked.tolist(), limits.tolist(), strict=True):
        here, there = where[a], where[b]
        if here == there:
            continue
        of_a, of_b, with_a = sums[a], sums[b], pairs[a]
        if of_a[there] + of_b[here] - of_a[here] - of_b[there] - 2 * with_a[b] < limit:
            continue
        where[a], where[b] = there, here
        for row, old, new in zip(sums, with_a, pairs[b], strict=True):
            if old != new:
                row[here] += new - old
                row[there] += old - new
    table[:] = where


def _climb(
    seating: Integers, score: Floats, apart: NDArray[np.bool_], movable: Integers, repeat_penalty: float
) -> None:
    """Take the best swap of each turn until none gains."""
    turn, idle = 0, 0
    while idle < len(seating):
        table = seating[turn]
        value = _value(seating, turn, score, apart, repeat_penalty)
        gain = _swap_gains(table, value)[np.ix_(movable, movable)]
        a, b = np.unravel_index(int(gain.argmax()), gain.shape)
        if gain[a, b] > 1e-9 * (1 + float(score.max(initial=0.0))):
            first, second = movable[a], movable[b]
            table[first], table[second] = table[second], table[first]
            idle = 0
        else:
            idle += 1
            turn = (turn + 1) % len(seating)


def _swap_gains(table: Integers, value: Floats) -> Floats:
    sums = _sums(table, value)
    cross = sums[:, table]
    own = np.diag(cross)
    gain = cross + cross.T - own[:, None] - own[None, :] - 2 * value
    return np.where(table[:, None] == table[None, :], 0.0, gain)
