"""Territories by name, and held while they are computed."""

from __future__ import annotations

from sqlalchemy import func, select

from app.db.prepared import Prepared
from app.db.tables import Flow, Synergy, Territory
from app.db.visibility import VisibleSession


def territory_named(session: VisibleSession, name: str) -> Territory | None:
    """Return the territory of this name or identifier, if the principal sees it."""
    wanted = (Territory.name == name) | (Territory.id == name)
    return session.scalars(select(Territory).where(wanted)).first()


def lock_territory(session: VisibleSession, territory_id: str) -> Territory | None:
    """Return the territory, held until the end of the transaction: computations of it take turns."""
    # Its key stays free: rows that name the territory can be stored meanwhile.
    statement = select(Territory).where(Territory.id == territory_id).with_for_update(key_share=True)
    return session.scalars(statement).first()


_FIRST_TWO = Prepared(lambda _dialect: select(Territory.id).limit(2))


def only_territory_id(session: VisibleSession) -> str | None:
    """Return the territory open to the principal, by its identifier, when there is exactly one."""
    found = _FIRST_TWO.rows(session)
    return found[0].id if len(found) == 1 else None


def sizes(session: VisibleSession, territory_id: str) -> tuple[int, int]:
    """Return how many flows and how many synergies a territory has."""
    flows = select(func.count()).select_from(Flow).where(Flow.territory_id == territory_id)
    synergies = select(func.count()).select_from(Synergy).where(Synergy.territory_id == territory_id)
    return session.execute(flows).scalar_one(), session.execute(synergies).scalar_one()
