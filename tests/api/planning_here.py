"""A planner in the test's own process, so that a test can put its own planners in the place of real ones."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

from app.services import planning
from app.services.planners import PlanRequest
from app.services.planning_apart import Found, NoLongerWantedError

LOOK_S = 0.02


class PlannerHere:
    """Answers as ``PlannerApart`` does."""

    def frozen_plans(self, planner: str, request: PlanRequest, is_wanted: Callable[[], bool]) -> Found:
        with ThreadPoolExecutor(1) as pool:
            work = pool.submit(planning.frozen_plans, planner, request)
            while not wait([work], LOOK_S).done:
                if not is_wanted():
                    raise NoLongerWantedError
            found = work.result()
        return Found(found.documents, [error.message for error in found.refused], found.why_nothing)
