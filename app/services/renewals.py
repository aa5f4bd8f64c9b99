"""Stored synergies brought up to the flows of a territory, by what has changed of them where that is known.

What a process knows of a territory is what it left there itself: once another one has written, or more than a
few flows have changed, the whole is computed again. Either way the same synergies are stored.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from app.db.tables import Territory
from app.db.visibility import VisibleSession
from app.repositories import flows, revisions
from app.repositories.records import find
from app.repositories.revisions import State
from app.services import matching as engine
from app.services.match_storage import store_matches, store_renewed
from app.services.residents import residents
from matching.engine import default_engine
from matching.model import Flow
from matching.parameters import MatchParameters
from matching.renewing import Change, Standing
from matching.results import MatchResult
from matching.substitution import FEW_FLOWS

# Territories kept at once, and the flows of the largest: a few kB each (own estimates).
MOST_KEPT = 8
MOST_FLOWS = 50_000
# Beyond, to compute the whole takes no longer (own estimates).
MOST_CHANGED, CHANGED_SHARE = 20, 0.05
# Once the compiled search is loaded it is the faster one from so many flows on (own estimate).
COMPILED_FROM = 500


@dataclass(slots=True)
class _Kept:
    """A territory at a revision; its flows are worked out when they first change."""

    revision: int
    parameters: dict[str, Any]
    states: dict[str, State]
    flows: Sequence[Flow]
    standing: Standing | None = None


class Renewals:
    """What one process knows of the territories whose synergies it has stored."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def refresh(
        self,
        session: VisibleSession,
        territory: Territory,
        parameters: MatchParameters,
        revision: int,
        processes: int = 1,
    ) -> None:
        """Store the synergies of a territory as its flows stand; the territory is held by its lock.

        Parameters
        ----------
        revision
            How often its flows had changed before.
        processes
            How many may compute the whole together.
        """
        states = revisions.states_of(session, territory.id)
        # Taken out: if this fails, nothing is known any more.
        with self._lock:
            kept = self._kept.pop(territory.id, None)
        changed = _changed(kept, states)
        if (
            kept is None
            or (kept.revision, kept.parameters) != (revision, dict(territory.parameters))
            or len(changed) > max(MOST_CHANGED, CHANGED_SHARE * len(states))
        ):
            kept = _computed(session, territory, parameters, processes)
        else:
            _renew(session, territory, parameters, kept, changed)
        kept.revision, kept.states = revision + 1, states
        if len(states) <= MOST_FLOWS:
            self._keep(territory.id, kept)

    def learn(self, session: VisibleSession, territory_id: str) -> None:
        """Know a territory as another process has left it, which spares its next change the whole.

        Parameters
        ----------
        session
            The program's own; it may see what changes meanwhile, then nothing is kept.
        """
        territory = find(session, Territory, territory_id)
        revision = revisions.revision_of(session, territory_id)
        states = revisions.states_of(session, territory_id)
        if len(states) > MOST_FLOWS:
            return
        found = flows.of_territory(session, territory_id)
        if revisions.revision_of(session, territory_id) == revision:
            self._keep(territory_id, _Kept(revision, dict(territory.parameters), states, found))

    def _keep(self, territory_id: str, kept: _Kept) -> None:
        with self._lock:
            self._kept[territory_id] = kept
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


def _changed(kept: _Kept | None, states: dict[str, State]) -> set[str]:
    """Return the flows that are new, changed or gone."""
    former = {} if kept is None else kept.states
    return {one for one in former.keys() | states.keys() if former.get(one) != states.get(one)}


def _computed(
    session: VisibleSession, territory: Territory, parameters: MatchParameters, processes: int
) -> _Kept:
    """Compute the whole."""
    found = flows.of_territory(session, territory.id)
    result = engine.match_flows(found, parameters, processes=processes)
    store_matches(session, territory.id, result, processes)
    return _Kept(0, dict(territory.parameters), {}, found)


def _renew(
    session: VisibleSession,
    territory: Territory,
    parameters: MatchParameters,
    kept: _Kept,
    changed: set[str],
) -> None:
    """Compute what some changed flows change."""
    if kept.standing is None:
        kept.standing = Standing(default_engine(), parameters)
        _put(kept.standing, set(), kept.flows)
        kept.flows = ()
    fresh = revisions.flows_named(session, sorted(changed))
    change = _put(kept.standing, changed & kept.states.keys(), fresh)
    few = COMPILED_FROM if residents().is_ready else FEW_FLOWS
    renewed = kept.standing.renewed(change, few)
    result = MatchResult((), 0, 0, 0, default_engine().catalogue.digest, parameters.as_mapping())
    store_renewed(session, territory.id, renewed, result)


def _put(standing: Standing, gone: set[str], fresh: Sequence[Flow]) -> Change:
    return standing.change(gone, fresh, engine.positions_km(fresh), engine.destinations_km(fresh))


@lru_cache(maxsize=1)
def renewals() -> Renewals:
    """Return what this process knows."""
    return Renewals()
