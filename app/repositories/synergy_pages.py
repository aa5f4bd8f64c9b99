"""Pages of the list of synergies, read as plain rows: the list that is asked for most often.

Which criteria are given, the sort and whether a page before is named make the form of a statement; each form
is compiled once. Criteria of places and of the desk are asked in their own ways, once for each list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, String, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from app.db.prepared import Prepared, among
from app.db.tables import Synergy, SynergyMember
from app.db.visibility import VisibleSession
from app.repositories import paging
from app.repositories.desk import ANY_DESK
from app.repositories.paging import Order, Page, Slice
from app.repositories.synergy_criteria import (
    AT_LEAST,
    EQUAL,
    Criteria,
    conditions,
    narrowed,
    order_of,
    places_touched,
)
from app.repositories.synergy_places import Touched, at_named_sites

# What tells whether a document was shown before.
SHOWN = (Synergy.id, Synergy.version, Synergy.updated_at)
AT_SITES = "at_sites"
WHOLE = (*SHOWN, Synergy.territory_id, Synergy.status, Synergy.stale, Synergy.document)


class _Form(NamedTuple):
    """What makes a statement: names of criteria, the sort, and where it goes on (see ``_after``)."""

    names: tuple[str, ...]
    sort: str
    after: str


def page_of(session: VisibleSession, criteria: Criteria, part: Slice, sort: str) -> Page[Any]:
    """Return a page of synergies as plain rows of ``SHOWN``, sorted as ``synergies.listed`` sorts."""
    order = order_of(sort)
    touched = places_touched(session, criteria)
    walked = [place for place in touched if place.synergies is None]
    if criteria.desk != ANY_DESK or len(walked) > 1 or not all(place.is_named for place in walked):
        wanted = select(*_keys(order)).where(*conditions(session, criteria, touched))
        found = _shown(session, paging.rows_of_page(session, wanted, Synergy, part, order))
    else:
        found = _found(session, _given(criteria, touched), part, sort)
        found = _shown(session, found) if walked else found
    shown = found[: part.limit]
    following = paging.cursor_of(shown[-1][0], shown[-1].id) if len(found) > part.limit else None
    return Page(tuple(shown), following)


class _Reached(NamedTuple):
    """A synergy as the walk of a list finds it, and what tells whether its document was shown before."""

    reached: Any
    id: str
    version: int
    updated_at: datetime | None


def _shown(session: VisibleSession, found: Sequence[Any]) -> list[Any]:
    """Return the rows whose keys were found: a walk that reads an index alone is three times as quick."""
    shown = {row.id: row for row in _SHOWN.rows(session, ids=[row.id for row in found])} if found else {}
    # A row that went between the two statements still counts: the next page begins after the last one found.
    return [_Reached(row.reached, *shown.get(row.id, (row.id, 0, None))) for row in found]


def _keys(order: Order) -> tuple[Any, ...]:
    return (order.key.label("reached"), Synergy.id)


def _found(session: VisibleSession, given: Mapping[str, Any], part: Slice, sort: str) -> list[Any]:
    """Return the rows of a page and one more, when there is one, by statements written once."""
    found: list[Any] = []
    for after, from_there in _parts(part, order_of(sort)):
        form = _Form(tuple(sorted(given)), sort, after)
        left = part.limit + 1 - len(found)
        found += _statement(form).rows(session, **given, **from_there, most=left)
        if len(found) > part.limit:
            break
    return found


def _given(criteria: Criteria, touched: Sequence[Touched]) -> dict[str, Any]:
    """Return the criteria given, by name; those of places as identifiers."""
    named = {name: getattr(criteria, name) for name in (*EQUAL, *AT_LEAST, "flow_id")}
    given = {name: value for name, value in named.items() if value is not None}
    for place in touched:
        if place.synergies is None:
            given[AT_SITES] = place.sites
    among_these = [criteria.ids, *(place.synergies for place in touched)]
    sets = [one for one in among_these if one is not None]
    return given | {"ids": sorted(frozenset.intersection(*sets))} if sets else given


def _parts(part: Slice, order: Order) -> Sequence[tuple[str, dict[str, Any]]]:
    """Return the forms in which a page is asked, with the values of each."""
    if part.cursor is None:
        return [("", {})]
    value, row_id = paging.reached(part.cursor, order.key)
    if value is None:
        return [("unknown", {"row_id": row_id})]
    known = ("known", {"value": value, "row_id": row_id})
    return [known, ("without", {})] if paging.may_be_unknown(order.key) else [known]


@lru_cache(maxsize=2_000)
def _statement(form: _Form) -> Prepared:
    order = order_of(form.sort)

    def build(dialect: str) -> Select[Any]:
        walked = AT_SITES in form.names
        wanted: Select[Any] = select(*(_keys(order) if walked else (*_keys(order), *SHOWN[1:])))
        for name in form.names:
            wanted = wanted.where(_criterion(dialect, name))
        after = _after(form.after, order)
        if after is not None:
            wanted = wanted.where(after)
        return wanted.order_by(paging.sorted_by(order), Synergy.id).limit(bindparam("most", 1, type_=Integer))

    # What only bounds the sorted key walks its index, whatever the bound: one plan does for all.
    bound = all(AT_LEAST.get(name) is order.key for name in form.names)
    return Prepared(build, anew=not bound)


def _criterion(dialect: str, name: str) -> Any:
    if name == "ids":
        return among(dialect, Synergy.id, name)
    if name == AT_SITES:
        return at_named_sites(dialect, name)
    column = {**EQUAL, **AT_LEAST, "flow_id": SynergyMember.flow_id}[name]
    return narrowed(name, _value(name, column))


def _value(name: str, column: InstrumentedAttribute[Any]) -> Any:
    return bindparam(name, None, type_=column.type)


def _after(after: str, order: Order) -> Any:
    if not after:
        return None
    if after == "without":
        return order.key.is_(None)
    row_id = bindparam("row_id", "", type_=String())
    if after == "unknown":
        return paging.beyond(Synergy, order, None, row_id)
    return paging.beyond(Synergy, order, _value("value", order.key), row_id)


_SHOWN = Prepared(lambda dialect: select(*SHOWN).where(among(dialect, Synergy.id, "ids")))
_DOCUMENTS = Prepared(lambda dialect: select(*WHOLE).where(among(dialect, Synergy.id, "ids")))


def documents(session: VisibleSession, ids: Sequence[str]) -> list[Any]:
    """Return the columns ``WHOLE`` of some synergies, in no order."""
    return _DOCUMENTS.rows(session, ids=list(ids)) if ids else []
