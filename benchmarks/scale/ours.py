"""The engine's search on a territory of columns."""

from __future__ import annotations

import numpy as np

from benchmarks.scale.filling import flows_of
from benchmarks.scale.rules import TOP, Found
from benchmarks.scale.territory import QUALITIES, REACH_KM, RESOURCES, Ints, Territory
from matching.kernel.best import Best, run
from matching.kernel.building import numbered_links, starts, terms_of
from matching.kernel.placing import postings_of
from matching.kernel.tables import BASIS, CONDITION, WORD, Problem, Wordings
from matching.parameters import MatchParameters


def problem_of(rows: Territory) -> tuple[Problem, np.ndarray]:
    """Return the engine's tables of a territory, and its outputs."""
    flows, readings = flows_of(rows)
    givers, takers = np.nonzero(rows.links > 0)
    bases = np.zeros(len(givers), dtype=BASIS)
    bases["strength"], bases["met"] = rows.links[givers, takers], takers
    bases["log_strength"] = np.log(bases["strength"])
    bases["full_km"], bases["half_km"], bases["cut_km"] = REACH_KM
    bases["fit_row"] = -1
    none = np.zeros(0, dtype=np.int32)
    links = numbered_links(
        bases, givers, RESOURCES, np.zeros((0, 1), dtype=np.uint8), np.zeros(0, dtype=CONDITION)
    )
    outputs = np.arange(int(rows.is_output.sum()))
    postings, grid = postings_of(flows, readings, np.arange(len(outputs), len(rows)), RESOURCES)
    wordings = Wordings(starts([]), none, none)
    terms = terms_of(MatchParameters())
    terms["asked_qualities"], terms["default_refused"] = (1 << QUALITIES) - 1, 0
    problem = Problem(flows, bases, readings, np.zeros(0, dtype=WORD), wordings, links, postings, grid, terms)
    return problem, outputs


def best(problem: Problem, outputs: np.ndarray, top: int, threads: int | None = None) -> Best:
    """Return the best receivers of each output, of any score."""
    return run(problem, outputs, top, 0.1, threads=threads)


class Search:
    """A territory in the engine's tables."""

    def __init__(self, rows: Territory, _server: object = None) -> None:
        self.problem, self.outputs = problem_of(rows)
        # Where each row of the territory stands in the tables, to be asked for by its row.
        self.place = np.empty(len(rows), dtype=np.int64)
        self.place[self.problem.flows["rank"]] = np.arange(len(rows))

    def __call__(self, outputs: Ints) -> Found:
        """Return the best receivers of ``outputs``, on every core."""
        found = best(self.problem, self.place[outputs], TOP)
        return Found(found.giver, found.taker, found.score)

    def answer(self, output: int) -> Best:
        """Return the best receivers of one output against the tables as they stand, on one core."""
        return best(self.problem, self.place[output : output + 1], TOP, threads=1)

    def nbytes(self) -> int:
        """Return the size of the tables in bytes."""
        parts = (self.problem.flows, self.problem.readings, *self.problem.links, *self.problem.postings)
        return sum(part.nbytes for part in parts)
