"""What a journey carries: people and goods never share one, nor do frozen, chilled and dry loads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.catalogue.model import Catalogue, Resource
from matching.facts import FREEZING
from matching.model import Flow, Kind
from matching.words import stems, tokens

PEOPLE, GOODS = "transport-people", "transport-goods"
# A journey carries what this share of its readings say (own estimate).
MOSTLY = 0.6
# A reading half as strong is this power of two less likely, as for needs of work.
SHARPNESS = 4
# Words of those who travel and of cold loads (usage), which stems bring together.
TRAVELLERS = "passager passagère voyageur voyageuse passenger traveller salarié personnel équipage staff"
CARRIED = "pièce palette colis fret marchandise conteneur container vrac messagerie parcel freight cargo"
FROZEN, CHILLED, DRY = "frozen", "chilled", "dry"
FROZEN_WORDS = "surgelé surgelée congelé négatif négative frozen"
CHILLED_WORDS = "frais fraîche réfrigéré réfrigérée frigo frigorifique positif chilled refrigerated"
DRY_WORDS = "sec sèche bâché bâchée tautliner ambiant ambiante dry curtainsider"


@lru_cache(maxsize=8)
def _stems(words: str) -> frozenset[str]:
    return frozenset(stems(words))


@lru_cache(maxsize=100_000)
def _says(label: str, comment: str, words: str) -> bool:
    said = (*tokens(label), *tokens(comment))
    return any(token.stem in _stems(words) and not token.negated for token in said)


def family(resource: Resource, catalogue: Catalogue) -> str:
    """Return the family of journeys a resource is of, people or goods, empty where it is of neither."""
    line = catalogue.lineage(resource.resource_id)
    return next((ancestor for ancestor in line if ancestor in (PEOPLE, GOODS)), "")


def carries(flow: Flow, found: Iterable[tuple[str, float]], catalogue: Catalogue) -> str:
    """Return what a journey carries by its own words or by most of its readings, empty where it is unsure.

    Parameters
    ----------
    found
        Resources it may be, each with its score in [0, 1].
    """
    if flow.kind is not Kind.TRANSPORT:
        return ""
    if _says(flow.label, flow.comment, TRAVELLERS):
        return PEOPLE
    if _says(flow.label, "", CARRIED):
        return GOODS
    shares: dict[str, float] = defaultdict(float)
    for resource_id, score in found:
        shares[family(catalogue.resources[resource_id], catalogue)] += score**SHARPNESS
    total = sum(shares.values())
    return next((name for name in (PEOPLE, GOODS) if shares[name] > MOSTLY * total), "")


def coldness(flow: Flow) -> str:
    """Return whether a journey or a place is frozen, chilled or dry by its own words, empty where untold."""
    if flow.kind not in (Kind.TRANSPORT, Kind.SPACE):
        return ""
    if FREEZING.search(f"{flow.label} , {flow.comment}") or _says(flow.label, flow.comment, FROZEN_WORDS):
        return FROZEN
    if _says(flow.label, flow.comment, CHILLED_WORDS):
        return CHILLED
    return DRY if flow.kind is Kind.TRANSPORT and _says(flow.label, flow.comment, DRY_WORDS) else ""


def colds_apart(flows: Sequence[Flow]) -> NDArray[np.bool_]:
    """Tell for each two journeys or places whether they are told to be of two colds, shape (n, n)."""
    told = [coldness(flow) for flow in flows]
    numbers = {name: number for number, name in enumerate(("", *sorted(set(told) - {""})))}
    colds = np.array([numbers[name] for name in told])
    return np.asarray((colds[:, None] != colds) & (colds[:, None] > 0) & (colds > 0))


def apart(first: str, second: str) -> bool:
    """Tell whether two loads, where both are known, are of two natures."""
    return bool(first and second) and first != second
