"""The queue of stored plans: one thread a process takes them up one by one and computes them."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from platform import node
from threading import Event, Thread
from typing import Any

from app.db.base import new_id, now
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Plan
from app.repositories import plans
from app.services.plan_reading import StoredRequest
from app.services.planning_apart import NoLongerWantedError, planner_apart
from app.services.stored_plans import failure, outcome
from matching.messages import N_, Message

log = logging.getLogger(__name__)

# How soon a process sees what another one has put in the queue; its own requests wake it at once.
POLL_S = 2.0
# A process that has not been heard of for so long is taken for dead; it speaks eight times as often.
SILENT_S = 120.0
BEAT_S = SILENT_S / 8
STOP_S = 5.0
MOST_ATTEMPTS = 2
UNEXPECTED = N_("The plan could not be computed: tell whoever runs this server.")
LOST = N_("The server stopped twice while it computed this plan: ask for less (a park, one resource).")


class PlanQueue:
    """Computes the queued plans of a database, one at a time, until stopped.

    Any number of processes may have one: a plan belongs to whoever claimed it first.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._runner = f"{node()[:20]}:{os.getpid()}:{new_id()[:8]}"
        self._woken = Event()
        self._stopping = Event()
        self._thread: Thread | None = None
        self._current: str | None = None

    def start(self) -> None:
        """Begin to compute, in the background."""
        self._thread = Thread(target=self._work, daemon=True, name="plans")
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue now: a plan has just been put there."""
        self._woken.set()

    def stop(self) -> None:
        """Stop after the problem under way; a plan that is not finished goes back to the queue."""
        self._stopping.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(STOP_S)
        if self._current is not None:
            self._give_back(self._current)

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                busy = self._compute_next()
            except Exception:
                # The database may be away for a while: the queue outlives it.
                log.exception("The queue of plans could not be read")
                busy = False
            if not busy:
                self._woken.wait(POLL_S)
                self._woken.clear()

    def _compute_next(self) -> bool:
        """Compute the plan that has waited longest; False when none waits."""
        with self._database.reading(SYSTEM) as session:
            silent = plans.silent_since(session, now() - timedelta(seconds=SILENT_S))
            waiting = plans.next_queued(session)
        for lost in silent:
            self._recover(lost)
        if waiting is None:
            return bool(silent)
        with self._database.writing(SYSTEM) as session:
            row = plans.claim(session, waiting, self._runner, now())
        if row is not None:
            self._current = row.id
            self._compute(row)
            self._current = None
        return True

    def _recover(self, row: Plan) -> None:
        """Queue a plan whose process has died; give it up when that happens again."""
        if row.attempts < MOST_ATTEMPTS:
            values: dict[str, Any] = {"status": plans.QUEUED, "runner": ""}
        else:
            values = failure(Message(LOST), [])
        with self._database.writing(SYSTEM) as session:
            plans.finish(session, row.id, row.runner, values)

    def _compute(self, row: Plan) -> None:
        try:
            with self._beating(row.id) as ours:
                values = self._values(row, ours)
        except NoLongerWantedError:
            if self._stopping.is_set():
                self._give_back(row.id)
            return
        with self._database.writing(SYSTEM) as session:
            plans.finish(session, row.id, self._runner, values)

    def _values(self, row: Plan, ours: Event) -> dict[str, Any]:
        """Return what became of a plan, as columns."""

        def is_wanted() -> bool:
            return not self._stopping.is_set() and ours.is_set() and self._is_ours(row.id)

        asked = StoredRequest(self._database.settings, row.territory_id, row.actor, row.request)
        try:
            found = planner_apart().frozen_plans(row.planner, asked, is_wanted)
            read = {"flows_read": found.flows_read}
            if found.documents:
                return read | outcome(row.planner, found.documents, found.refused)
            return read | failure(found.why_nothing, found.refused)
        except NoLongerWantedError:
            raise
        except Exception:
            log.exception("Plan %s failed", row.id)
            return failure(Message(UNEXPECTED), [])

    def _is_ours(self, plan_id: str) -> bool:
        with self._database.reading(SYSTEM) as session:
            return plans.is_computed_by(session, plan_id, self._runner)

    @contextmanager
    def _beating(self, plan_id: str) -> Iterator[Event]:
        """Say regularly that the plan is being computed; the event is cleared when it is no longer ours."""
        ours, done = Event(), Event()
        ours.set()

        def beat() -> None:
            while not done.wait(BEAT_S):
                try:
                    with self._database.writing(SYSTEM) as session:
                        if not plans.beat(session, plan_id, self._runner, now()):
                            ours.clear()
                except Exception:
                    log.exception("Plan %s could not say that it is being computed", plan_id)

        Thread(target=beat, daemon=True, name="plans-beat").start()
        try:
            yield ours
        finally:
            done.set()

    def _give_back(self, plan_id: str) -> None:
        """Queue a plan again that this process will not finish, as if it had not been taken up."""
        values = {"status": plans.QUEUED, "runner": "", "attempts": 0}
        with self._database.writing(SYSTEM) as session:
            plans.finish(session, plan_id, self._runner, values)
