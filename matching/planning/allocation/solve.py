"""Choose how to solve each part of an allocation, and never answer less than the greedy plan."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

import numpy as np

from matching.planning.allocation.flow import Solved, components, flow
from matching.planning.allocation.greedy import complete, greedy
from matching.planning.allocation.instance import Instance, Mask
from matching.planning.allocation.mixed import exact
from matching.planning.allocation.problem import AllocationParams, Floats
from matching.planning.allocation.search import easy_bound, relaxed, search
from matching.planning.constants import constant

# Share of the time left that one part may take when others follow.
PART_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """Quantities of the plan and of the greedy one, the proven bound, and whether time ran out."""

    x: Floats
    greedy: Floats
    bound: float
    late: bool


def solve(instance: Instance, params: AllocationParams, time_limit_s: float) -> Answer:
    """Return the best quantities found for an instance.

    Parts of the territory that share no flow are solved apart: those without fixed cost nor minimum all at
    once by min-cost flow, the others exactly when small, else by search.
    """
    deadline = monotonic() + time_limit_s
    first = greedy(instance)
    if not len(instance):
        return Answer(first, first, 0.0, False)
    x, bound, late = first.copy(), 0.0, False
    plain, parts = _parts(instance)
    jobs = ([plain] if plain.any() else []) + parts
    for number, rows in enumerate(jobs):
        part, start = instance.part(rows), first[rows]
        left_s = deadline - monotonic()
        if number + 1 < len(jobs):
            left_s *= PART_SHARE
        found, slow = _solve_part(part, start, params, max(left_s, 0.1))
        x[rows] = found.x
        bound += found.bound
        late |= slow
    return Answer(x, first, max(bound, instance.value(x)), late)


def _parts(instance: Instance) -> tuple[Mask, list[Mask]]:
    """Return the arcs of the parts without fixed cost nor minimum, and the arcs of each other part."""
    labels = components(instance)
    knotted = (instance.least > 0) | (instance.fixed > 0)
    knotted |= (instance.need_least > 0)[instance.input] | (instance.opening_eur > 0)[instance.input]
    hard = np.unique(labels[knotted])
    plain = ~np.isin(labels, hard)
    sizes = [(int((labels == label).sum()), int(label)) for label in hard.tolist()]
    return plain, [labels == label for _, label in sorted(sizes)]


def _solve_part(
    part: Instance, start: Floats, params: AllocationParams, time_limit_s: float
) -> tuple[Solved, bool]:
    if part.is_plain:
        found = flow(part, part.worth) or _plain_parts(part, time_limit_s)
        late = not np.isfinite(found.bound)
        bound = min(found.bound, easy_bound(part))
        return _better(part, Solved(found.x, bound), start), late
    if len(part) > constant("allocation", "exact_arcs"):
        found, late = search(part, start, params.iterations, time_limit_s)
        return _better(part, found, start), late
    proven, late = exact(part, time_limit_s, params.nodes)
    found = proven or Solved(start, easy_bound(part))
    if not part.feasible(found.x):
        found = Solved(start, found.bound)
    best = _better(part, _tidy(part, found), start)
    if best.bound > part.value(best.x) * (1 + 1e-6):
        again, _ = search(part, best.x, params.iterations, time_limit_s / 4)
        best = _better(part, Solved(again.x, min(best.bound, again.bound)), best.x)
    return best, late


def _plain_parts(part: Instance, time_limit_s: float) -> Solved:
    """Solve each connected part by itself: units keep most of them from being networks, not all."""
    labels = components(part)
    x, bound = np.zeros(len(part)), 0.0
    deadline = monotonic() + time_limit_s
    for label in np.unique(labels).tolist():
        rows = np.flatnonzero(labels == label)
        piece = part.part(rows)
        found = relaxed(piece, piece.worth, deadline - monotonic())
        if found is not None:
            x[rows] = found.x
        bound += np.inf if found is None else found.bound
    return Solved(complete(part, x), bound)


def _tidy(part: Instance, found: Solved) -> Solved:
    """Return the same open links with exact quantities in place of a solver's tolerances."""
    rows = np.flatnonzero(found.x > 0)
    if not len(rows):
        return found
    piece = part.part(rows)
    again = flow(piece, piece.worth, piece.least, piece.need_least)
    if again is None:
        return found
    x = np.zeros(len(part))
    x[rows] = again.x
    # A solver's answer may break a capacity by its tolerance: what cannot be beaten is still replaced.
    close = part.value(x) >= part.value(found.x) * (1 - 1e-6)
    return Solved(x, found.bound) if part.feasible(x) and close else found


def _better(part: Instance, found: Solved, start: Floats) -> Solved:
    x = found.x if part.feasible(found.x) and part.value(found.x) >= part.value(start) else start
    value = part.value(x)
    # A proof holds to the solver's tolerance.
    proven = abs(found.bound - value) <= 1e-6 * max(1.0, abs(value))
    return Solved(x, value if proven else max(found.bound, value))
