"""Which rows of each table a principal sees: the rules that ``visibility`` puts on every statement.

Staff see what belongs to their territories but for companies that withhold their mandate. A company sees its
own rows, and the flows that others have shown to its territory. What has no rule here is seen by staff alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, tuple_
from sqlalchemy.orm import Mapper

from app.db.base import Account, Base, Owned, Personal
from app.db.principal import Principal
from app.db.tables import (
    Assignment,
    AuditEntry,
    Charter,
    Comment,
    Company,
    Contact,
    DeskChange,
    Diagnostic,
    Flow,
    Grant,
    Mandate,
    Park,
    Shelving,
    Site,
    Synergy,
    SynergyEvent,
    SynergyMember,
    Teaser,
    Territory,
)

Condition = ColumnElement[bool]
Rule = Callable[[Any, Principal], Condition]
SHOWN_LEVELS = ("territory", "public")

# Conditions name bare tables, and never that of the row itself: with an alias of it they would be mixed up.
_site, _flow, _member, _grant = (_cls.__table__ for _cls in (Site, Flow, SynergyMember, Grant))


def _sites_of(company_ids: frozenset[str]) -> Any:
    return select(_site.c.id).where(_site.c.company_id.in_(sorted(company_ids)))


def _not_withheld(column: Any, principal: Principal) -> Condition:
    """Say that a site is not one of a company without mandate."""
    kept: Condition = column.not_in(_sites_of(principal.withheld))
    return kept


def _synergies_withheld(principal: Principal) -> Any:
    # With the territory: the index of places begins with it, and there is no other of sites.
    companies = sorted(principal.withheld)
    sites = select(_site.c.territory_id, _site.c.id).where(_site.c.company_id.in_(companies))
    return select(_member.c.synergy_id).where(tuple_(_member.c.territory_id, _member.c.site_id).in_(sites))


# What staff do not see of their own territories once a company withholds its mandate.
WITHHELD: Mapping[type[Any], Rule] = {
    Company: lambda cls, who: cls.id.not_in(sorted(who.withheld)),
    Site: lambda cls, who: or_(cls.company_id.is_(None), cls.company_id.not_in(sorted(who.withheld))),
    Flow: lambda cls, who: _not_withheld(cls.site_id, who),
    Contact: lambda cls, who: _not_withheld(cls.site_id, who),
    Diagnostic: lambda cls, who: _not_withheld(cls.site_id, who),
    SynergyMember: lambda cls, who: _not_withheld(cls.site_id, who),
    Synergy: lambda cls, who: cls.id.not_in(_synergies_withheld(who)),
    SynergyEvent: lambda cls, who: cls.synergy_id.not_in(_synergies_withheld(who)),
    Assignment: lambda cls, who: cls.synergy_id.not_in(_synergies_withheld(who)),
    Shelving: lambda cls, who: cls.synergy_id.not_in(_synergies_withheld(who)),
    Comment: lambda cls, who: cls.synergy_id.not_in(_synergies_withheld(who)),
    DeskChange: lambda cls, who: cls.synergy_id.not_in(_synergies_withheld(who)),
}


def _shown_flow(flow: Any, principal: Principal) -> Condition:
    """Say that a flow was shown to the companies of a territory, or to one of ours."""
    granted = select(_grant.c.flow_id).where(
        _grant.c.to_company_id.in_(sorted(principal.company_ids)), _grant.c.revoked_at.is_(None)
    )
    where = flow.territory_id.in_(sorted(principal.company_territories))
    return and_(where, or_(flow.level.in_(SHOWN_LEVELS), flow.id.in_(granted)))


def _shown_sites(principal: Principal) -> Any:
    return select(_flow.c.site_id).where(_shown_flow(_flow.c, principal))


def _companies_shown(principal: Principal) -> Any:
    return select(_site.c.company_id).where(_site.c.id.in_(_shown_sites(principal)))


def _flow_of_company(cls: Any, principal: Principal) -> Condition:
    own = cls.site_id.in_(_sites_of(principal.company_ids))
    return or_(own, _shown_flow(cls, principal))


def _of_own_site(cls: Any, principal: Principal) -> Condition:
    own: Condition = cls.site_id.in_(_sites_of(principal.company_ids))
    return own


def _of_own_company(cls: Any, principal: Principal) -> Condition:
    own: Condition = cls.company_id.in_(sorted(principal.company_ids))
    return own


# What a company sees of its territory; every table left out is hidden from it.
OF_COMPANY: Mapping[type[Any], Rule] = {
    Park: lambda cls, who: cls.territory_id.in_(sorted(who.company_territories)),
    Charter: lambda cls, who: cls.territory_id.in_(sorted(who.company_territories)),
    Company: lambda cls, who: or_(cls.id.in_(sorted(who.company_ids)), cls.id.in_(_companies_shown(who))),
    Site: lambda cls, who: or_(
        cls.company_id.in_(sorted(who.company_ids)), cls.id.in_(_shown_sites(who))
    ),
    Flow: _flow_of_company,
    Contact: _of_own_site,
    Diagnostic: _of_own_site,
    Mandate: _of_own_company,
    Grant: lambda cls, who: cls.flow_id.in_(
        select(_flow.c.id).where(_flow.c.site_id.in_(_sites_of(who.company_ids)))
    ),
}  # fmt: skip
# Only services of the program read these: a row alone says more than anybody may see.
NOBODY: frozenset[type[Any]] = frozenset({Teaser})


def condition(cls: type[Any], principal: Principal) -> Condition:
    """Return what selects, among the rows of a mapped class, those that a principal sees."""
    if issubclass(cls, Account) or cls in NOBODY:
        return false()
    if issubclass(cls, Territory):
        return cls.id.in_(sorted(principal.entered))
    if issubclass(cls, AuditEntry):
        return _audit(cls, principal)
    if not issubclass(cls, Owned):
        return _personal(cls, principal, false())
    seen = [_of_staff(cls, principal)]
    if principal.company_ids:
        seen.append(_of_company(cls, principal))
    return _personal(cls, principal, or_(*seen))


def _personal(cls: Any, principal: Principal, otherwise: Condition) -> Condition:
    if not issubclass(cls, Personal):
        return otherwise
    own: Condition = cls.subject == principal.subject
    if not issubclass(cls, Owned):
        return own
    return and_(own, cls.territory_id.in_(sorted(principal.territory_ids | principal.company_territories)))


def _of_staff(cls: Any, principal: Principal) -> Condition:
    own: Condition = cls.territory_id.in_(sorted(principal.territory_ids))
    if not principal.withheld or cls not in WITHHELD:
        return own
    return and_(own, WITHHELD[cls](cls, principal))


def _of_company(cls: Any, principal: Principal) -> Condition:
    return OF_COMPANY[cls](cls, principal) if cls in OF_COMPANY else false()


def _audit(cls: Any, principal: Principal) -> Condition:
    seen = [
        cls.territory_id.in_(sorted(principal.territory_ids)),
        cls.company_id.in_(sorted(principal.company_ids)),
    ]
    whole = and_(cls.company_id.is_(None), cls.territory_id.in_(sorted(principal.company_territories)))
    return or_(*seen, whole)


def mapped_classes() -> list[type[Any]]:
    """Return every mapped class."""
    mappers: list[Mapper[Any]] = sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__)
    return [mapper.class_ for mapper in mappers]
