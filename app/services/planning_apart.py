"""Plans computed in a process of their own: a solver beside them would hold up every other request.

The process runs at the lowest priority, starts with the first plan and ends when none has come for a while.
It is killed when its plan is no longer wanted, and leaves with the process that started it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Lock, Timer

from app.exports.document import Document
from app.low_priority import LOWEST, low_process
from app.services import planning
from app.services.plan_reading import StoredRequest
from app.services.planners import PlanRequest
from matching.errors import MatchingError
from matching.messages import Message
from matching.sharing import leave_with_parent

log = logging.getLogger(__name__)
# How often to look whether the plan is still wanted.
LOOK_S = 0.5
# A process that waits holds the catalogue in memory: some hundreds of megabytes (own estimate).
IDLE_S = 300.0


class NoLongerWantedError(Exception):
    """The plan was withdrawn while it was computed."""


class PlannerLostError(Exception):
    """The process ended, or failed, before it had an answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a planner found, as it travels: documents in no language, and why other plans do not exist."""

    documents: list[Document]
    refused: list[Message]
    why_nothing: Message
    flows_read: int


class PlannerApart:
    """One process that computes plans, one at a time; a lost one is replaced by the next plan."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: SpawnProcess | None = None
        self._line: Connection | None = None
        self._rest: Timer | None = None

    def frozen_plans(
        self, planner: str, request: PlanRequest | StoredRequest, is_wanted: Callable[[], bool]
    ) -> Found:
        """Return what ``planning.frozen_plans`` finds, computed by the other process.

        Parameters
        ----------
        request
            With its flows, or with the database where the other process reads them.
        is_wanted
            Asked while the plan is computed; the process is killed once it is not.

        Raises
        ------
        NoLongerWantedError
            When the plan was not wanted any more.
        PlannerLostError
            When the process ended or failed; the log of this process or its own tells why.
        """
        with self._lock:
            line = self._started()
            try:
                line.send((planner, request))
                while not line.poll(LOOK_S):
                    if not is_wanted():
                        raise NoLongerWantedError
                answer = line.recv()
            except (EOFError, OSError) as error:
                self._end()
                raise PlannerLostError from error
            except BaseException:
                self._end()
                raise
            self._rest = _later(self.end)
        if isinstance(answer, Found):
            return answer
        raise PlannerLostError(answer)

    def end(self) -> None:
        """End the process, once it computes nothing."""
        with self._lock:
            self._end()

    def _started(self) -> Connection:
        if self._rest is not None:
            self._rest.cancel()
        if self._process is None or not self._process.is_alive() or self._line is None:
            self._end()
            self._line, theirs = Pipe()
            self._process = low_process(LOWEST, serve, theirs, name="planner", daemon=True)
            self._process.start()
            theirs.close()
        return self._line

    def _end(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._line is not None:
            self._line.close()
        self._process = self._line = self._rest = None


def _later(end: Callable[[], None]) -> Timer:
    timer = Timer(IDLE_S, end)
    timer.daemon = True
    timer.start()
    return timer


def serve(line: Connection) -> None:
    """Compute plans until nobody asks any more; runs in the other process."""
    leave_with_parent()
    while True:
        try:
            planner, request = line.recv()
        except EOFError:
            return
        line.send(_answer(planner, request))


def _answer(planner: str, request: PlanRequest | StoredRequest) -> Found | str:
    try:
        return found_here(planner, request)
    except Exception as error:
        log.exception("A plan failed")
        return repr(error)


def found_here(planner: str, request: PlanRequest | StoredRequest) -> Found:
    """Return what a planner finds, computed here; of a request that cannot be planned, why."""
    flows = request.flows() if isinstance(request, StoredRequest) else request.flows
    try:
        asked = request.among(flows) if isinstance(request, StoredRequest) else request
        found = planning.frozen_plans(planner, asked)
    except MatchingError as error:
        return Found([], [], error.message, len(flows))
    refused = [error.message for error in found.refused]
    return Found(found.documents, refused, found.why_nothing, len(flows))


@lru_cache(maxsize=1)
def planner_apart() -> PlannerApart:
    """Return the planner of this process."""
    return PlannerApart()
