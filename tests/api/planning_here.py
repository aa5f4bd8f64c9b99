"""A planner in the test's own process, so that a test can put its own planners in the place of real ones."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

from app.services.plan_reading import StoredRequest
from app.services.planning_apart import Found, NoLongerWantedError, found_here

LOOK_S = 0.02


class PlannerHere:
    """Answers as ``PlannerApart`` does."""

    def frozen_plans(self, planner: str, request: StoredRequest, is_wanted: Callable[[], bool]) -> Found:
        with ThreadPoolExecutor(1) as pool:
            work = pool.submit(found_here, planner, request)
            while not wait([work], LOOK_S).done:
                if not is_wanted():
                    raise NoLongerWantedError
            return work.result()
