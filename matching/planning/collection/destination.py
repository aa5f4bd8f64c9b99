"""Where a group's goods go: a named place, a site of the table that can take them, or an assumed yard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.amounts import Amounts
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.compatibility import Compatibility, Link
from matching.criteria.distance import road_km
from matching.messages import N_, Message
from matching.planning.collection.problem import Depot
from matching.planning.constants import constant, sourced


@dataclass(frozen=True, slots=True)
class Destination:
    """A depot with its earth-centred place in km, None when it is only assumed."""

    depot: Depot
    position_km: tuple[float, float, float] | None
    assumptions: tuple[Message, ...] = ()


def destination_of(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    rows: Sequence[int],
    resources: Mapping[int, str],
) -> Destination:
    """Return the nearest site that needs such goods and can take most of them, else an assumed yard."""
    places = columns.position_km[list(rows)]
    centre = places.mean(axis=0)
    links = {name: Compatibility(catalogue).links_from(name) for name in {resources[row] for row in rows}}
    found = []
    for i, flow in enumerate(columns.flows):
        if flow.is_output or np.isnan(columns.position_km[i]).any() or i in rows:
            continue
        if _takes_most(columns, catalogue, amounts, i, rows, resources, links):
            km = float(road_km(columns.position_km[i], centre))
            reach = min(catalogue.reaches[catalogue.resources[resources[row]].reach].cut_km for row in rows)
            if km <= reach:
                found.append((km, i))
    if not found:
        return _assumed()
    site = columns.flows[min(found)[1]].site
    x, y, z = columns.position_km[min(found)[1]].tolist()
    told = Message(
        N_("The goods go to {site}, which needs them; vehicles start and unload there."), {"site": site.name}
    )
    return Destination(Depot(site.name, site.lon, site.lat), (x, y, z), (told,))


def _takes_most(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    i: int,
    rows: Sequence[int],
    resources: Mapping[int, str],
    links: Mapping[str, Mapping[str, Link]],
) -> bool:
    """Tell whether an input can take most of the rows: what it is, refuses and needs a year."""
    if not columns.readings[i] or np.isnan(amounts.value[i]):
        return False
    need = columns.readings[i][0].resource
    refused = catalogue.resources[need].refuses
    total = taken = 0.0
    for row in rows:
        total += float(amounts.value[row])
        link = links[resources[row]].get(need)
        strong = link is not None and link.strength >= constant("collection", "receiver_strength")
        fits = strong and amounts.unit[row] == amounts.unit[i]
        stated = columns.facts[row].has | catalogue.resources[resources[row]].properties
        if fits and not columns.has[row] & columns.refuses[i] and not stated & refused:
            taken += float(amounts.value[row])
    least = constant("collection", "receiver_share") * total
    return taken >= least and float(amounts.value[i]) >= least


def _assumed() -> Destination:
    told = Message(
        N_("No site of the table is named to take the goods: a collector's yard is assumed at {figure}."),
        {"figure": sourced("collection")["depot_km"].note},
    )
    return Destination(Depot(Message(N_("Collector to be found"))), None, (told,))
