"""Gangs of seasonal hands whose seasons follow each other: an employers' group may keep them all year.

Pickers in spring, chambermaids in summer and packers before Christmas are read as three trades. A firm that
hires many hands for a few months trains them by itself: whoever follows whom matters more than the trade.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from matching.catalogue.model import Catalogue
from matching.columns import Floats, FlowColumns
from matching.criteria.distance import road_km
from matching.model import Direction, Kind
from matching.mutualisation.alike import MOST_FLOWS
from matching.mutualisation.forms import PoolForm, pool_forms
from matching.mutualisation.grouping import Group, pairwise_timing, pool_limit_km
from matching.parameters import MatchParameters

SEASONS_KEY = "seasons"
# Full-time posts below which a firm seeks somebody rather than hands (own estimate), and the longest season.
LEAST_HANDS, LONGEST_SEASON = 3.0, 8
# The fewest months a chain fills: less is no living (own estimate), and the most sites that share people.
LEAST_FILLED, MOST_IN_CHAIN = 7, 4
# Whether people will follow from trade to trade is for them to say (own estimate).
CHAIN_CERTAINTY = 0.6
Chain = tuple[int, ...]


def with_seasons(
    groups: Sequence[Group], columns: FlowColumns, catalogue: Catalogue, parameters: MatchParameters
) -> list[Group]:
    """Return the groups, and the chains of seasons that no group holds already.

    Each gang stands in one chain at most, the one that fills most months with fewest sites.
    """
    form = next((f for f in pool_forms() if f.direction is Direction.INPUT and "skill" in f.kinds), None)
    gangs = [row for row in range(len(columns)) if _is_gang(columns, row)]
    if form is None or len(columns) > MOST_FLOWS or len(gangs) < form.minimum_members:
        return list(groups)
    held = [{*group.rows} for group in groups if group.form is form]
    taken: set[int] = set()
    added = []
    found = _chains(gangs, columns, catalogue, parameters, form)
    for chain in sorted(found, key=partial(_order, columns=columns)):
        if taken.isdisjoint(chain):
            taken |= {*chain}
            if not any({*chain} <= rows for rows in held):
                added.append(_group(chain, form, columns))
    return [*groups, *added]


def _is_gang(columns: FlowColumns, row: int) -> bool:
    """Tell whether a need is of many hands for a season that it declares."""
    flow = columns.flows[row]
    if flow.is_output or flow.kind is not Kind.SKILL or not 0 < len(flow.months) <= LONGEST_SEASON:
        return False
    posts = flow.quantity.value.middle if flow.quantity and flow.quantity.unit == "ETP" else 0.0
    placed = not np.isnan(columns.position_km[row]).any()
    return placed and posts >= LEAST_HANDS and bool(columns.readings[row])


def _chains(
    gangs: Sequence[int],
    columns: FlowColumns,
    catalogue: Catalogue,
    parameters: MatchParameters,
    form: PoolForm,
) -> Iterator[Chain]:
    """Yield the gangs of several sites that are within reach of each other and never work at once."""
    limit = min(pool_limit_km(form, _job(columns, row), catalogue, parameters) for row in gangs)
    meets = _km(gangs, columns) <= limit
    months = [columns.flows[row].months for row in gangs]
    sites = [int(columns.site[row]) for row in gangs]
    waiting: list[Chain] = [(place,) for place in range(len(gangs))]
    while waiting:
        chain = waiting.pop()
        filled = frozenset[int]().union(*(months[place] for place in chain))
        if len(chain) >= form.minimum_members and len(filled) >= LEAST_FILLED:
            yield tuple(gangs[place] for place in chain)
        for place in range(chain[-1] + 1, len(gangs) if len(chain) < MOST_IN_CHAIN else 0):
            apart = sites[place] not in {sites[one] for one in chain} and filled.isdisjoint(months[place])
            if apart and all(meets[one, place] for one in chain):
                waiting.append((*chain, place))


def _km(rows: Sequence[int], columns: FlowColumns) -> Floats:
    """Return the road km between each two rows, shape (n, n)."""
    position = columns.position_km[list(rows)]
    return np.array([road_km(np.broadcast_to(own, position.shape), position) for own in position])


def _job(columns: FlowColumns, row: int) -> str:
    return columns.readings[row][0].resource


def _order(chain: Chain, columns: FlowColumns) -> tuple[int, int, float, Chain]:
    """Return what sorts chains: the most months first, then the fewest sites, the nearest ones."""
    months = frozenset[int]().union(*(columns.flows[row].months for row in chain))
    return -len(months), len(chain), float(_km(chain, columns).max()), chain


def _group(chain: Chain, form: PoolForm, columns: FlowColumns) -> Group:
    fit = pairwise_timing(columns, np.array(chain), form)[~np.eye(len(chain), dtype=bool)]
    return Group(
        key=SEASONS_KEY,
        form=form,
        rows=chain,
        resources=tuple(_job(columns, row) for row in chain),
        certainty=(CHAIN_CERTAINTY,) * len(chain),
        distance_km=round(float(_km(chain, columns).max()), 1),
        timing=float(fit.min()),
        guessed=True,
    )
