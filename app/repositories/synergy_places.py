"""Which synergies touch some sites, asked in the way that is cheapest for how many there are.

Few: they are fetched and sorted. Many at few sites: the list is walked in its order against a set of
identifiers. At many sites: the list is walked, and each synergy is asked where its members stand; there the
first page is near.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    String,
    and_,
    any_,
    bindparam,
    exists,
    false,
    select,
)
from sqlalchemy.orm import Session

from app.db.prepared import Prepared, among
from app.db.sent import POSTGRESQL
from app.db.tables import Site, Synergy, SynergyMember
from app.db.visibility import PLANNED_ANEW, VisibleSession

# Sites that a statement names one by one. The set of their synergies grows with them, while the list shows a
# page the sooner: with 100 synergies a site, out of a million, both take some 12 ms at 250 sites.
MOST_SITES = 250
# Synergies that are fetched and sorted faster than a list is walked: 10 ms, at 10 microseconds each.
MOST_FETCHED = 1_000
ANEW = {PLANNED_ANEW: True}


class Touched(NamedTuple):
    """What touches the sites fulfilling a criterion; ``synergies`` None when it is too many to name."""

    where: ColumnElement[bool]
    territory_id: str | None
    sites: Sequence[str]
    synergies: frozenset[str] | None

    @property
    def is_named(self) -> bool:
        """Whether a statement names the sites one by one, and walks the list against their synergies."""
        return self.synergies is None and len(self.sites) <= MOST_SITES

    def criterion(self, session: Session) -> ColumnElement[bool]:
        """Return the criterion of the synergies that have a member at one of these sites."""
        if not self.sites:
            return false()
        if self.synergies is not None:
            return one_of(session, Synergy.id, self.synergies)
        if not self.is_named:
            return _walked(SynergyMember.site_id == Site.id, self.where)
        owned = [] if self.territory_id is None else [SynergyMember.territory_id == self.territory_id]
        at = and_(one_of(session, SynergyMember.site_id, self.sites), *owned)
        return _with_member(session.get_bind().dialect.name, at)


def at_named_sites(dialect: str, name: str) -> ColumnElement[bool]:
    """Return the criterion of the synergies that have a member at one of the sites of a parameter."""
    return _with_member(dialect, among(dialect, SynergyMember.site_id, name))


def _with_member(dialect: str, at: ColumnElement[bool]) -> ColumnElement[bool]:
    if dialect != POSTGRESQL:
        return _walked(at)
    # Said so, PostgreSQL keeps the identifiers as a set that it asks while it walks, and joins nothing.
    return Synergy.id.in_(select(SynergyMember.synergy_id).where(at)).is_(True)


def touching(session: VisibleSession, where: ColumnElement[bool], territory_id: str | None) -> Touched:
    """Look which sites fulfil ``where``, and which synergies have a member there."""
    return _touched(session, where, _sites(session, where, territory_id), territory_id)


def touching_seen(session: VisibleSession, seen: frozenset[str], territory_id: str | None) -> Touched:
    """Look likewise at sites that this session has read, hence sees: nobody asks for them once more."""
    return _touched(session, one_of(session, Site.id, seen), sorted(seen), territory_id)


def _touched(
    session: VisibleSession, where: ColumnElement[bool], sites: Sequence[str], territory_id: str | None
) -> Touched:
    if len(sites) > MOST_SITES:
        few = _few_in(session, where, territory_id)
    else:
        few = _few_at(session, sites, territory_id)
    return Touched(where, territory_id, sites, few)


def _sites(session: VisibleSession, where: ColumnElement[bool], territory_id: str | None) -> Sequence[str]:
    own = [] if territory_id is None else [Site.territory_id == territory_id]
    inside = select(Site.id).where(where, *own).limit(MOST_SITES + 1)
    return session.scalars(inside.execution_options(**ANEW)).all()


def _few_at(session: VisibleSession, ids: Sequence[str], territory_id: str | None) -> frozenset[str] | None:
    if not ids:
        return frozenset()
    given = {} if territory_id is None else {"territory_id": territory_id}
    found = _at_sites(bool(given)).rows(session, site_ids=list(ids), most=MOST_FETCHED + 1, **given)
    return None if len(found) > MOST_FETCHED else frozenset(row.synergy_id for row in found)


def _few_in(
    session: VisibleSession, where: ColumnElement[bool], territory_id: str | None
) -> frozenset[str] | None:
    """Return likewise those at more sites than a statement names; many sites may have few synergies."""
    own = [] if territory_id is None else [SynergyMember.territory_id == territory_id]
    at = select(SynergyMember.synergy_id).join(Site, SynergyMember.site_id == Site.id).where(where, *own)
    found = session.scalars(at.limit(MOST_FETCHED + 1).execution_options(**ANEW)).all()
    return None if len(found) > MOST_FETCHED else frozenset(found)


@lru_cache(maxsize=2)
def _at_sites(of_territory: bool) -> Prepared:
    own = [SynergyMember.territory_id == bindparam("territory_id", "")] if of_territory else []
    return Prepared(
        lambda dialect: (
            select(SynergyMember.synergy_id)
            .where(among(dialect, SynergyMember.site_id, "site_ids"), *own)
            .limit(bindparam("most", 1, type_=Integer))
        ),
        anew=True,
    )


def one_of(session: Session, column: Any, values: Iterable[str]) -> ColumnElement[bool]:
    """Return the criterion of a column that holds one of many values, sent as one where that is possible."""
    wanted = sorted(values)
    if not _has_arrays(session):
        return cast(ColumnElement[bool], column.in_(wanted))
    return cast(ColumnElement[bool], column == any_(bindparam(None, wanted, type_=ARRAY(String))))


def _has_arrays(session: Session) -> bool:
    return session.get_bind().dialect.name == POSTGRESQL


def _walked(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    # OFFSET keeps PostgreSQL from collecting every synergy that fulfils this before it sorts them.
    member = select(SynergyMember.id).where(SynergyMember.synergy_id == Synergy.id, *conditions)
    return exists(member.offset(0).correlate(Synergy))
