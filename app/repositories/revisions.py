"""What has changed among a territory's flows since they were read."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from app.db.bulk import chunks
from app.db.prepared import Prepared
from app.db.tables import Company, Flow, FlowRevision, Site
from app.db.visibility import VisibleSession
from app.repositories import flows
from matching import model

# A version of a flow: its own and its site's.
Version = tuple[int, int]
State = tuple[object, ...]
# Fewer than the parameters a statement of either database may have.
AT_ONCE = 5_000


_NUMBER = Prepared(
    lambda _dialect: select(FlowRevision.number).where(
        FlowRevision.territory_id == bindparam("territory_id", "")
    )
)


def revision_of(session: VisibleSession, territory_id: str) -> int:
    """Return how often the flows of a territory have changed."""
    found = _NUMBER.rows(session, territory_id=territory_id)
    return found[0].number if found else 0


def raise_revision(session: VisibleSession, territory_id: str) -> None:
    """Count one more change; the territory is held by its lock until the end of the transaction."""
    row = session.scalars(select(FlowRevision).where(FlowRevision.territory_id == territory_id)).first()
    if row is None:
        session.add(FlowRevision(territory_id=territory_id, number=1))
    else:
        row.number += 1


def versions_of(session: VisibleSession, territory_id: str) -> dict[str, Version]:
    """Return the version of each flow of a territory."""
    statement = select(Flow.id, Flow.version, Site.version).join(Site, Site.id == Flow.site_id)
    rows = session.execute(statement.where(Flow.territory_id == territory_id))
    return {flow_id: (own, site) for flow_id, own, site in rows}


def states_of(session: VisibleSession, territory_id: str) -> dict[str, State]:
    """Return, for each flow of a territory, what differs whenever it, its site or its company has changed.

    Versions alone come again after a change that is not committed; their moments do not.
    """
    columns = [column for cls in (Flow, Site, Company) for column in (cls.version, cls.updated_at)]
    statement = (
        select(Flow.id, *columns)
        .join(Site, Site.id == Flow.site_id)
        .outerjoin(Company, Company.id == Site.company_id)
        .where(Flow.territory_id == territory_id)
    )
    return {row[0]: tuple(row[1:]) for row in session.execute(statement)}


def flows_named(session: VisibleSession, flow_ids: Sequence[str]) -> list[model.Flow]:
    """Return the flows of these identifiers that are there, in their order."""
    found: dict[str, model.Flow] = {}
    for part in chunks(flow_ids, AT_ONCE):
        found |= {flow.flow_id: flow for flow in flows.named(session, part)}
    return [found[flow_id] for flow_id in flow_ids if flow_id in found]
