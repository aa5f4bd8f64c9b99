"""Which synergies touch some sites, asked in the way that is cheapest for how many there are.

Few: they are fetched and sorted. Many at few sites: the list is walked in its order against a set of
identifiers. At many sites: the list is walked, and each synergy is asked where its members stand; there the
first page is near.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import ARRAY, ColumnElement, Select, String, and_, any_, bindparam, exists, false, select
from sqlalchemy.orm import Session

from app.db.tables import Site, Synergy, SynergyMember
from app.db.visibility import PLANNED_ANEW, VisibleSession

# Sites that a statement can name one by one.
MOST_SITES = 500
# Synergies that are fetched and sorted faster than a list is walked.
MOST_FETCHED = 2_000
ANEW = {PLANNED_ANEW: True}


def touching(
    session: VisibleSession, where: ColumnElement[bool], territory_id: str | None
) -> ColumnElement[bool]:
    """Return the criterion of the synergies that have a member at a site fulfilling ``where``."""
    own = [] if territory_id is None else [Site.territory_id == territory_id]
    inside = select(Site.id).where(where, *own).limit(MOST_SITES + 1)
    ids = session.scalars(inside.execution_options(**ANEW)).all()
    if not ids:
        return false()
    if len(ids) > MOST_SITES:
        return _walked(SynergyMember.site_id == Site.id, where)
    owned = [] if territory_id is None else [SynergyMember.territory_id == territory_id]
    at = and_(SynergyMember.site_id.in_(ids), *owned)
    found = select(SynergyMember.synergy_id).where(at)
    few = session.scalars(found.limit(MOST_FETCHED + 1).execution_options(**ANEW)).all()
    if len(few) <= MOST_FETCHED:
        return one_of(session, Synergy.id, set(few))
    return _among(found) if _has_arrays(session) else _walked(at)


def one_of(session: Session, column: Any, values: Iterable[str]) -> ColumnElement[bool]:
    """Return the criterion of a column that holds one of many values, sent as one where that is possible."""
    wanted = sorted(values)
    if not _has_arrays(session):
        return cast(ColumnElement[bool], column.in_(wanted))
    return cast(ColumnElement[bool], column == any_(bindparam(None, wanted, type_=ARRAY(String))))


def _has_arrays(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _walked(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    # OFFSET keeps PostgreSQL from collecting every synergy that fulfils this before it sorts them.
    member = select(SynergyMember.id).where(SynergyMember.synergy_id == Synergy.id, *conditions)
    return exists(member.offset(0).correlate(Synergy))


def _among(found: Select[Any]) -> ColumnElement[bool]:
    # Said so, PostgreSQL keeps the identifiers as a set that it asks while it walks, and joins nothing.
    return Synergy.id.in_(found).is_(True)
