"""Territories kept in memory, in step with the database: a flow is answered without reading all others.

The database is the truth: each question first asks it how often the flows have changed. What changed is then
read, whoever changed it, in this process or another.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from threading import BoundedSemaphore, Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from app import garbage
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Territory
from app.db.visibility import VisibleSession, as_program
from app.errors import NotYetReadError
from app.repositories import flows, revisions
from app.repositories.paging import Slice, listed
from app.repositories.revisions import Version
from app.services.matching import destinations_km, positions_km
from matching.engine import default_engine
from matching.model import Direction, Flow, Kind, Site
from matching.parameters import MatchParameters

if TYPE_CHECKING:
    from matching.kernel.resident import Resident

logger = logging.getLogger(__name__)
# Territories kept at once; the one asked about least recently makes room.
MOST_KEPT = 16
# While a large territory is read for the first time, so few wait for it, and so long: each holds a turn that
# other requests need.
MOST_WAITING, LONGEST_WAIT_S = 2, 3.0
AGAIN_S = 10


@dataclass(slots=True)
class _Kept:
    resident: Resident
    parameters: dict[str, Any]
    revision: int = -1
    versions: dict[str, Version] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    waiting: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(MOST_WAITING))

    @contextmanager
    def turn_to_read(self) -> Iterator[None]:
        """Hold the lock; ``NotYetReadError`` while another reads for the first time, which may take long."""
        if not self.lock.acquire(blocking=self.revision >= 0):
            if not self.waiting.acquire(blocking=False):
                raise NotYetReadError(AGAIN_S)
            try:
                if not self.lock.acquire(timeout=LONGEST_WAIT_S):
                    raise NotYetReadError(AGAIN_S)
            finally:
                self.waiting.release()
        try:
            yield
        finally:
            self.lock.release()


class Residents:
    """The territories of one process.

    Parameters
    ----------
    view
        What is kept of each flow: the flow as it is, unless strangers are answered.
    """

    def __init__(self, view: Callable[[Flow], Flow] | None = None) -> None:
        self._view = view
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()
        self._compiled = Event()

    @property
    def is_ready(self) -> bool:
        """Whether the search is compiled, which takes seconds on a new machine."""
        return self._compiled.is_set()

    def warm_up(self, database: Database) -> Callable[[], None]:
        """Compile the search and read the territories in the background, the first visitor not waiting.

        Returns
        -------
        Callable
            Ends it: from then on the database is not used any more.
        """
        stopping = Event()
        thread = Thread(target=self._warm, args=(database, stopping), daemon=True, name="residents")
        thread.start()

        def stop() -> None:
            stopping.set()
            if self.is_ready:
                thread.join()

        return stop

    def _warm(self, database: Database, stopping: Event) -> None:
        # The compiler takes a second to load, which the first answers of a server need not wait for.
        from matching.kernel.compiling import one_at_a_time
        from matching.kernel.resident import Resident

        if not self.is_ready:
            one = Flow(Site("a", lon=0.0, lat=0.0), Direction.OUTPUT, Kind.PACKAGING, "palettes")
            # Processes of one server start together: one compiles, the others find it done.
            with one_at_a_time():
                alone = Resident(default_engine())
                alone.put(["a"], [one], positions_km([one]))
                alone.matches("a")
            self._compiled.set()
        # In this order: whoever stops either sees that the search is compiled and waits, or is seen here.
        if stopping.is_set():
            return
        try:
            with database.reading(SYSTEM) as session:
                for territory in listed(session, Territory, Slice(MOST_KEPT)).items:
                    if stopping.is_set():
                        return
                    self.of(session, territory)
            garbage.leave_out_what_stays()
        except Exception:
            # The database went away, or has no tables yet: a territory is read when somebody asks about it.
            logger.warning("Territories were not read ahead.", exc_info=True)

    def of(self, session: VisibleSession, territory: Territory) -> Resident:
        """Return the flows of a territory as the database has them."""
        from matching.kernel.resident import Resident

        with self._lock:
            kept = self._kept.get(territory.id)
            if kept is None or kept.parameters != territory.parameters:
                parameters = MatchParameters.from_mapping(territory.parameters)
                kept = _Kept(Resident(default_engine(), parameters), dict(territory.parameters))
                self._kept[territory.id] = kept
            self._kept.move_to_end(territory.id)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        # Who sees this number sees how far the territory has come; who does not has it read below.
        if revisions.revision_of(session, territory.id) != kept.revision:
            # Kept for everyone: read as the program, never as the one who happens to ask first.
            with kept.turn_to_read(), as_program(session):
                _follow(session, territory.id, kept, self._view)
        return kept.resident


def _follow(
    session: VisibleSession, territory_id: str, kept: _Kept, view: Callable[[Flow], Flow] | None
) -> None:
    """Bring what is kept up to the database."""
    # Asked first: what changes between the two readings is then read once more, never missed.
    revision = revisions.revision_of(session, territory_id)
    if revision == kept.revision:
        return
    present = revisions.versions_of(session, territory_id)
    changed = [flow_id for flow_id, version in present.items() if kept.versions.get(flow_id) != version]
    found = (
        flows.of_territory(session, territory_id)
        if len(changed) == len(present)
        else revisions.flows_named(session, changed)
    )
    if view is not None:
        found = [view(flow) for flow in found]
    kept.resident.remove(kept.versions.keys() - present.keys())
    if found:
        keys = [flow.flow_id for flow in found]
        kept.resident.put(keys, found, positions_km(found), destinations_km(found))
    kept.versions, kept.revision = present, revision


@lru_cache(maxsize=1)
def residents() -> Residents:
    """Return the territories of this process."""
    return Residents()
