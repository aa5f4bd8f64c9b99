"""The rounds of a stored plan on the map: which plans have some, and the routes of the one chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.db.tables import Plan
from app.db.visibility import VisibleSession
from app.exports.plan_map import plan_geojson
from app.repositories.paging import Slice
from app.repositories.plans import DONE, listed
from app.repositories.records import find_or_none
from app.services.stored_plans import plan_detail, plan_summary
from app.web.atlas import Atlas

PLANNER = "collection"
MOST_PLANS = 20
MOST_ROUNDS = 40


def plans_with_rounds(session: VisibleSession, territory_id: str, language: str) -> list[Mapping[str, Any]]:
    """Return the latest plans that may have rounds, the latest first."""
    rows = listed(session, Slice(MOST_PLANS), territory_id, PLANNER, DONE).items
    return [plan_summary(row, language) for row in rows]


def rounds_of(session: VisibleSession, atlas: Atlas, plan_id: str, language: str) -> Sequence[dict[str, Any]]:
    """Return the rounds of a plan with their routes in WGS84 degrees; none for a plan that has none.

    A route leads straight from stop to stop.
    """
    row = find_or_none(session, Plan, plan_id) if plan_id else None
    if row is None or row.status != DONE or row.planner != PLANNER:
        return ()
    places = {s.name: (s.lon, s.lat) for s in atlas.sites if s.lon is not None and s.lat is not None}
    features = plan_geojson(plan_detail(row, language)["documents"], places)["features"]
    routes = [one for one in features if one["properties"]["kind"] == "round"]
    return [
        {**one["properties"], "points": [list(point) for point in one["geometry"]["coordinates"]]}
        for one in routes[:MOST_ROUNDS]
    ]
