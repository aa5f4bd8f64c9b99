"""Flows of a territory found by a few words of what they are called or where they are."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from app.db.tables import Flow, Site
from app.db.visibility import VisibleSession
from matching.words import plain

# Read and compared one by one, without accents, which no database does alike; some 3 µs each.
MOST_READ = 20_000


class NamedFlow(NamedTuple):
    """A flow as one picks it from a list."""

    id: str
    label: str
    site: str

    @property
    def told(self) -> str:
        """Where it is, and what it is."""
        return f"{self.site} – {self.label}"


def flows_with(
    session: VisibleSession, territory_id: str, direction: str, words: str, most: int
) -> list[NamedFlow]:
    """Return the flows of a direction whose site and label hold words that begin so, accents or none."""
    wanted = plain(words).split()
    statement = (
        select(Flow.id, Flow.label, Site.name)
        .join(Site, Site.id == Flow.site_id)
        .where(Flow.territory_id == territory_id, Flow.direction == direction)
        .order_by(Site.name, Flow.label, Flow.id)
        .limit(MOST_READ)
    )
    found: list[NamedFlow] = []
    for row in session.execute(statement):
        flow = NamedFlow(*row)
        said = plain(flow.told).split()
        if all(any(one.startswith(word) for one in said) for word in wanted):
            found.append(flow)
            if len(found) == most:
                break
    return found


def flow_named(session: VisibleSession, territory_id: str, flow_id: str) -> NamedFlow | None:
    """Return a flow of a territory by its identifier, None when there is none."""
    statement = (
        select(Flow.id, Flow.label, Site.name)
        .join(Site, Site.id == Flow.site_id)
        .where(Flow.territory_id == territory_id, Flow.id == flow_id)
    )
    row = session.execute(statement).first()
    return NamedFlow(*row) if row is not None else None
