"""What every planner answers with: the plan, how good it is, and what it took for granted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from matching.errors import MatchingError
from matching.messages import Message
from matching.results import Warning_

Content = Mapping[str, object]


class InfeasiblePlanError(MatchingError):
    """No plan exists: the message names the constraint and what to relax."""


class OversizedPlanError(MatchingError):
    """The problem is larger than the planner takes: the message says what to cut down."""


@dataclass(frozen=True, slots=True)
class Unserved:
    """A flow, need or person that the plan leaves out, and why."""

    name: str
    why: Message


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer of a planner.

    Attributes
    ----------
    planner
        Name of the planner, as in ``entreflux plan NAME``.
    problem, plan
        Plain data (numbers, strings, lists, mappings, ``Message`` and ``LocalName``): what was asked and
        what is proposed.
    objective, bound
        Value reached and proven bound, in ``unit``; ``bound`` None where nothing is proven.
    minimised
        Whether a smaller objective is better.
    """

    planner: str
    problem: Content
    plan: Content
    objective: float | None
    bound: float | None
    unit: str
    minimised: bool
    unserved: tuple[Unserved, ...] = ()
    assumptions: tuple[Message, ...] = ()
    warnings: tuple[Warning_, ...] = ()

    @property
    def gap(self) -> float | None:
        """Share of the objective that might still be gained, at least 0; None where nothing is proven."""
        if self.objective is None or self.bound is None:
            return None
        if self.objective == self.bound:
            return 0.0
        missing = self.objective - self.bound if self.minimised else self.bound - self.objective
        return max(0.0, missing / abs(self.objective)) if self.objective else inf
