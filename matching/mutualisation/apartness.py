"""What keeps flows of one pool key in different pools: danger, pressure, dirt, and what a journey carries."""

from __future__ import annotations

import re

from matching.catalogue.model import Catalogue, Resource
from matching.columns import FlowColumns
from matching.model import Flow
from matching.mutualisation.carrying import FROZEN, carries, coldness, family
from matching.mutualisation.forms import DANGEROUS_KEY
from matching.words import stems, tokens

OF_FOOD = frozenset({"fish_origin", "animal_origin", "edible", "catering"})
UNFIT = frozenset({"unfit_animals"})
DANGEROUS = frozenset({"hazardous", "infectious", "asbestos", "radioactive"})
# Gases in containers ride apart from liquids and solids (ADR class 2; codes of the List of Waste).
PRESSURE_KEY = "!pressure"
PRESSURE_CODES = ("160504", "160505", "150111")
AND = re.compile(r"\b(?:et|and)\b|[,+]", re.IGNORECASE)
PRESSURE_STEMS = frozenset(stems("aérosol bombe bonbonne extincteur aerosol"))


def apart_key(key: str, columns: FlowColumns, i: int, resource: Resource, catalogue: Catalogue) -> str:
    """Return the pool key, another one for what is dangerous or soiled and for journeys that carry people.

    A collection takes clean things or dangerous ones; a lorry takes no passengers.
    """
    flow = columns.flows[i]
    if flow.is_output:
        stated = columns.facts[i].has
        if (stated | resource.properties) & DANGEROUS:
            return key + (PRESSURE_KEY if under_pressure(flow) else "") + DANGEROUS_KEY
        # What food has soiled is collected with its like.
        if "soiled" in stated - resource.properties and not stated & OF_FOOD:
            return key + "!soiled"
        if stated & UNFIT:
            return key + "!unfit"
    load = carries(flow, [(resource.resource_id, 1.0)], catalogue)
    if load and load != family(resource, catalogue):
        key += f"!{load}"
    return key + "!frozen" if coldness(flow) == FROZEN else key


def under_pressure(flow: Flow) -> bool:
    """Tell whether what is given away is a gas in its container, by its waste code or the one thing named.

    A box of small dangerous things may hold some cans.
    """
    if AND.search(flow.label):
        return False
    head = next((token.stem for token in tokens(flow.label)), "")
    return flow.waste_code.startswith(PRESSURE_CODES) or head in PRESSURE_STEMS
