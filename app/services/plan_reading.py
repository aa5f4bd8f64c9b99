"""What a stored plan asks, as it travels to the process that computes it and reads its flows there.

To read the flows of a territory takes longer than to answer a hundred requests, and nothing else is answered
while they are: the server leaves it to the planner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from app.db.engine import open_database
from app.db.principal import SYSTEM, AccountRole, Principal
from app.repositories.accounts import withheld_companies
from app.services.plan_requests import flows_of, plan_request
from app.services.planners import PlanRequest
from app.settings import Database as DatabaseSettings
from matching.model import Flow


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """One plan to compute, and the database where its flows are.

    Attributes
    ----------
    actor
        Who asked for it.
    request
        As ``plan_requests.checked_request`` has stored it.
    """

    database: DatabaseSettings
    territory_id: str
    actor: str
    request: Mapping[str, Any]

    def flows(self) -> list[Flow]:
        """Return the flows that it is about, as its database has them."""
        # A plan reads as staff of its territory: nothing else can come into it.
        here = frozenset({self.territory_id})
        with closing(open_database(self.database)) as database:
            with database.reading(SYSTEM) as session:
                withheld = withheld_companies(session, here)
            reader = Principal("plan", self.actor, AccountRole.MEMBER, here, withheld=withheld)
            with database.reading(reader) as session:
                return flows_of(session, self.territory_id, self.request)

    def among(self, flows: Sequence[Flow]) -> PlanRequest:
        """Return the request as the planners take it; ``MatchingError`` when it cannot be planned."""
        return plan_request(flows, self.request)
