"""A territory in figures: its funnel, its worth, its exchanges and its network."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock

from app.db.base import now
from app.db.visibility import VisibleSession, as_program, principal_of
from app.repositories import flows as flow_rows
from app.repositories import indicators as rows_of
from app.repositories.indicators import Part, Stored
from app.services import indicators_observed as observed
from app.services.indicators_choice import STAGE_OF, Stage, chosen
from app.services.indicators_exchanges import COLLECTED, NOWHERE, Exchanges, exchanges_of
from app.services.indicators_funnel import Funnel, contacted, funnel_of, given_up
from app.services.indicators_network import Network, network_of
from app.services.indicators_worth import Worth, worths
from matching.model import Flow

MOST_KEPT = 16
# What each impact sums up: the kind of flow and the unit.
REUSED = {
    "material_reused": ("material", "t"),
    "energy_recovered": ("energy", "MWh"),
    "water_reused": ("water", "m3"),
}


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the pictures show; ``names``: sites by identifier; ``reused``: by stage, kind and unit.

    ``hidden``: codes of the indicators that its reader is not told.
    """

    day: date
    activity: Mapping[str, int]
    funnel: Funnel
    by_kind: tuple[Worth, ...]
    by_flow: tuple[Worth, ...]
    exchanges: tuple[Exchanges, ...]
    network: Network
    names: Mapping[str, str]
    chosen: int
    reused: Mapping[tuple[Stage, str, str], float]
    hidden: frozenset[str] = frozenset()


Reckoning = Callable[[VisibleSession, str], Overview]


class _Kept:
    """The overviews last asked for, each as long as nothing of its territory has changed."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, Reckoning], tuple[object, Overview]] = OrderedDict()
        self._guard = Lock()

    def get(self, session: VisibleSession, territory_id: str, reckoned: Reckoning) -> Overview:
        """Return the overview of a territory, reckoned again only when its rows or the day have changed."""
        key = (territory_id, reckoned)
        marks = (now().date(), rows_of.marks(session, territory_id))
        with self._guard:
            known = self._known.get(key)
        if known is not None and known[0] == marks:
            return known[1]
        found = reckoned(session, territory_id)
        with self._guard:
            self._known[key] = marks, found
            self._known.move_to_end(key)
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)
        return found


_kept = _Kept()


def overview(session: VisibleSession, territory_id: str) -> Overview:
    """Return the figures of a territory, which the caller has checked to be open to the principal.

    Its staff have those of the rows that they see; anybody else those that name nobody, which the program
    reckons.
    """
    if principal_of(session).is_staff_of(territory_id):
        return _kept.get(session, territory_id, _reckoned)
    with as_program(session):
        return _kept.get(session, territory_id, _observed)


def _reckoned(session: VisibleSession, territory_id: str) -> Overview:
    flows = flow_rows.of_territory(session, territory_id)
    rows, parts = rows_of.stored(session, territory_id), rows_of.parts(session, territory_id)
    counted = chosen(rows, parts)
    ranges = rows_of.ranges(session, [row.id for row in counted])
    kinds = {flow.flow_id: flow.kind.value for flow in flows}
    moment = now()
    return Overview(
        day=moment.date(),
        activity=_activity(flows, rows),
        funnel=funnel_of(rows, rows_of.moves(session, territory_id), moment),
        by_kind=worths(counted, ranges, lambda row: row.kind),
        by_flow=worths(counted, ranges, lambda row: _kind_of(parts[row.id], kinds)),
        exchanges=exchanges_of(flows, counted, parts),
        network=network_of(rows, counted, parts),
        names={flow.site.site_id: flow.site.name for flow in flows},
        chosen=len(counted),
        reused=_reused(flows, counted, parts),
    )


def _observed(session: VisibleSession, territory_id: str) -> Overview:
    """Return what may be told to somebody who sees no row: sums of three companies at least."""
    flows = flow_rows.of_territory(session, territory_id)
    company_of = rows_of.companies_of_sites(session, territory_id)
    if not observed.enough({flow.site.site_id for flow in flows}, company_of):
        flows = []
    rows, parts = (
        (rows_of.stored(session, territory_id), rows_of.parts(session, territory_id)) if flows else ([], {})
    )
    moves, moment = rows_of.moves(session, territory_id), now()
    makers = observed.Makers(company_of, parts)
    counted = chosen(rows, parts)
    kept = observed.kept_of(counted, makers)
    reused, funnel = _reused(flows, kept, parts), funnel_of(rows, moves, moment)
    hidden = {
        *observed.hidden_activity([flow.site.site_id for flow in flows], makers),
        *observed.hidden_worths(counted, kept),
        *observed.hidden_reuse(
            kept, {flow.flow_id: flow.kind.value for flow in flows}, reused, REUSED, makers
        ),
        *observed.hidden_counts(
            rows,
            contacted(rows, moves),
            frozenset(one.synergy_id for one in funnel.still),
            given_up(rows, moves),
            makers,
        ),
    }
    ranges = rows_of.ranges(session, [row.id for row in kept])
    return Overview(
        day=moment.date(),
        activity=_activity(flows, rows),
        funnel=funnel,
        by_kind=worths(kept, ranges, lambda row: row.kind),
        by_flow=(),
        exchanges=(),
        network=Network((), (), (), 0),
        names={},
        chosen=len(kept),
        reused=reused,
        hidden=frozenset(hidden),
    )


def _kind_of(parts: list[Part], kinds: Mapping[str, str]) -> str:
    """Return the kind of the first flow of a synergy that is still there."""
    return next((kinds[part.flow_id] for part in parts if part.flow_id in kinds), "")


def _activity(flows: list[Flow], rows: list[Stored]) -> dict[str, int]:
    sites = {flow.site.site_id: flow.site for flow in flows}
    return {
        "flows_recorded": len(flows),
        "sites_diagnosed": len(sites),
        "companies_diagnosed": len({site.company or site.name for site in sites.values()}),
        "sectors_covered": len({s.activity_code[:2] for s in sites.values() if s.activity_code}),
        "proposed": sum(not row.stale for row in rows),
    }


def _reused(
    flows: list[Flow], counted: list[Stored], parts: Mapping[str, list[Part]]
) -> dict[tuple[Stage, str, str], float]:
    """Return how much goes from a site to another, by stage, kind of flow and unit."""
    found: dict[tuple[Stage, str, str], float] = {}
    for stage in Stage:
        own = [row for row in counted if STAGE_OF[row.status] is stage]
        for one in exchanges_of(flows, own, parts):
            moved = (link.amount for link in one.links if link.target not in (COLLECTED, NOWHERE))
            found[stage, one.kind, one.unit] = sum(moved)
    return found
