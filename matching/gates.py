"""What refuses a pair: gates that pass (1), are unknown (0), fail (-1) or do not apply (NaN)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray

from matching.candidates import Basis, PairColumns
from matching.catalogue.model import Catalogue, Requirement
from matching.catalogue.tables import read_rows
from matching.columns import Floats, FlowColumns, bits, property_bits
from matching.criteria.distance import road_km
from matching.criteria.quality import FAIL, PASS, UNKNOWN, at_least, at_most
from matching.model import Kind
from matching.parameters import constant
from matching.temperature import temperature_verdict

Masks = NDArray[np.uint64]
# Up to so many, each is looked up rather than all computed: 19 and 190 µs (own measurement).
FEW_MASKS = 64
# Refused by every receiver that does not say otherwise.
DEFAULT_REFUSED = frozenset(
    {"hazardous", "soiled", "consigned", "infectious", "radioactive", "asbestos", "polluted"}
)
# Qualities a need may ask for and an offer may not mention.
ASKED_QUALITIES = frozenset({"clean", "food_grade", "dry", "reusable", "new", "cold_storage", "indoor"})
# Qualities that are said when they are there.
NEVER_ASSUMED = frozenset({"cold_storage"})
GOODS = frozenset({Kind.MATERIAL, Kind.PACKAGING, Kind.WATER})
NEVER_GOODS = frozenset({Kind.TRANSPORT, Kind.SKILL, Kind.SPACE})


@dataclass(frozen=True, slots=True)
class GateVerdicts:
    """Verdict of each gate for each pair, and the heat pump's COP where one is needed."""

    gates: Mapping[str, Floats]
    cop: Floats
    offered: Masks
    bad: Masks

    @property
    def passed(self) -> NDArray[np.bool_]:
        """Pairs that no gate refuses."""
        refused = np.zeros(len(self.cop), dtype=bool)
        for verdict in self.gates.values():
            refused |= verdict == FAIL
        return ~refused

    def count(self, value: int) -> Floats:
        """Return how many gates gave ``value`` (1 or 0) for each pair."""
        total = np.zeros(len(self.cop))
        for verdict in self.gates.values():
            total += verdict == value
        return total


@dataclass(frozen=True, slots=True)
class BasisMasks:
    """What each basis adds: intrinsic properties and what its need and rule refuse or accept."""

    offered: Masks
    needed: Masks
    refused: Masks
    accepted: Masks
    presumed: Masks
    nature: Masks


@lru_cache(maxsize=1)
def _conflicts() -> tuple[tuple[np.uint64, np.uint64], ...]:
    """Pairs of (needed bit, offered bits that contradict it)."""
    found: dict[str, set[str]] = {}
    for row in read_rows("property_conflicts.csv"):
        if row["verdict"] == "fail":
            found.setdefault(row["needed"], set()).add(row["offered"])
    return tuple((property_bits()[needed], bits(frozenset(offered))) for needed, offered in found.items())


def conflict_masks(needed: Masks) -> Masks:
    """Return, for each mask of needed properties, the offered properties that contradict it."""
    if needed.size <= FEW_MASKS:
        return np.array([_contradicting(mask) for mask in needed.tolist()], dtype=np.uint64)
    masks = np.zeros_like(needed)
    for need, offered in _conflicts():
        masks |= np.where(needed & need != 0, offered, np.uint64(0))
    return masks


@lru_cache(maxsize=4096)
def _contradicting(needed: int) -> int:
    held = (int(offered) for need, offered in _conflicts() if needed & int(need))
    return reduce(or_, held, 0)


def basis_masks(bases: tuple[Basis, ...], catalogue: Catalogue) -> BasisMasks:
    """Return the masks of each basis."""
    rows = [_one_basis(basis, catalogue) for basis in bases] or [(np.uint64(0),) * 6]
    table = np.array(rows, dtype=np.uint64)
    return BasisMasks(*(table[:, i] for i in range(6)))


def _one_basis(basis: Basis, catalogue: Catalogue) -> tuple[np.uint64, ...]:
    resources = catalogue.resources
    output = resources[basis.output_resource].properties if basis.output_resource else frozenset()
    need = resources.get(basis.input_resource)
    rule = basis.link.rule
    # A rule presumes its own ends: what they are by nature does not contradict it, a descendant's nature may.
    exact = rule is not None and rule.from_resource == basis.output_resource
    needed = need.properties if need is not None and not exact else frozenset()
    refused = _inherited_refusals(basis.input_resource, catalogue)
    accepted: frozenset[str] = frozenset()
    presumed = output if need is not None and need.resource_id == basis.output_resource else frozenset()
    if rule is not None:
        presumed = resources[rule.from_resource].properties
        own = _own_refusals(basis.input_resource, rule.to_resource, catalogue)
        refused -= (presumed & _inherited_refusals(rule.to_resource, catalogue)) - own
        refused |= rule.refuses
        accepted = rule.accepts - own
    if need is not None and "hazardous" in need.properties:
        accepted |= frozenset({"hazardous", "soiled"})
    nature = need.properties if need is not None else frozenset()
    masks = (output, needed, refused, accepted, presumed - {"consigned"}, nature)
    return tuple(bits(mask) for mask in masks)


def _inherited_refusals(resource_id: str, catalogue: Catalogue) -> frozenset[str]:
    if not resource_id:
        return frozenset()
    return frozenset().union(*(catalogue.resources[r].refuses for r in catalogue.lineage(resource_id)))


def _own_refusals(resource_id: str, end: str, catalogue: Catalogue) -> frozenset[str]:
    """Return what a need refuses of its own, more precise than a rule's end: no rule was written for it."""
    line = catalogue.lineage(resource_id) if resource_id else ()
    below = line[: line.index(end)] if end in line else ()
    return frozenset().union(*(catalogue.resources[r].refuses for r in below))


def property_verdict(
    pairs: PairColumns, columns: FlowColumns, catalogue: Catalogue
) -> tuple[Floats, Masks, Masks]:
    """Compare what is offered with what is needed and refused.

    Returns
    -------
    tuple
        The verdict, the mask of offered properties, and the mask of those that refuse the pair.
    """
    masks = basis_masks(pairs.bases, catalogue)
    o, i, b = pairs.output, pairs.input, pairs.basis
    offered = (columns.has[o] | masks.offered[b]) & ~columns.refuses[o]
    needed = columns.has[i] | masks.needed[b]
    accepted = masks.accepted[b]
    bad = offered & columns.refuses[i]
    bad |= offered & masks.refused[b] & ~accepted
    bad |= offered & bits(DEFAULT_REFUSED) & ~(accepted | masks.presumed[b])
    # What the need is by nature cannot offend it: "terre végétale" is mineral all the same.
    bad |= offered & conflict_masks(columns.has[i]) & ~(needed | masks.nature[b])
    bad |= offered & conflict_masks(masks.needed[b]) & ~needed & ~masks.presumed[b]
    asked = needed & bits(ASKED_QUALITIES)
    verdict = np.where(asked == 0, np.nan, np.where(asked & ~offered == 0, PASS, UNKNOWN)).astype(np.float64)
    verdict = np.where(needed & ~offered & bits(NEVER_ASSUMED) != 0, FAIL, verdict)
    return np.where(bad != 0, FAIL, verdict), offered, bad


def evaluate(
    pairs: PairColumns,
    columns: FlowColumns,
    catalogue: Catalogue,
    distance_km: Floats,
    cut_km: Floats,
    quantities: tuple[Floats, Floats],
    lots: Floats,
) -> GateVerdicts:
    """Return the verdict of every gate for every pair."""
    o, i = pairs.output, pairs.input
    quality, offered, bad = property_verdict(pairs, columns, catalogue)
    temperature, cop = temperature_verdict(pairs, columns, catalogue)
    gates = {
        "properties": quality,
        "exclusions": _exclusions(pairs, columns),
        "temperature": temperature,
        "concentration": at_least(columns.concentration_pct[o], columns.concentration_pct[i]),
        "moisture": at_most(columns.moisture_pct[o], columns.moisture_pct[i]),
        "requirements": _requirements(pairs, columns),
        "season": np.where(columns.months[o] & columns.months[i] == 0, FAIL, np.nan),
        "reach": np.where(np.isnan(distance_km), UNKNOWN, np.where(distance_km > cut_km, FAIL, np.nan)),
        "destination": _destination(pairs, columns),
        "volume": _volume(quantities, lots),
        "nature": _nature(pairs, columns),
    }
    return GateVerdicts(gates, cop, offered, bad)


def _exclusions(pairs: PairColumns, columns: FlowColumns) -> Floats:
    """Refuse what the receiver excludes by its own words, each excluded phrase taken whole."""
    verdict = np.full(len(pairs), np.nan)
    choosy = np.array([bool(fact.refused_phrases) for fact in columns.facts])
    for row in np.flatnonzero(choosy[pairs.input]) if len(pairs) else ():
        offered = columns.facts[int(pairs.output[row])].stems
        if any(phrase <= offered for phrase in columns.facts[int(pairs.input[row])].refused_phrases):
            verdict[row] = FAIL
    return verdict


def _destination(pairs: PairColumns, columns: FlowColumns) -> Floats:
    """Refuse two journeys whose known destinations are far apart."""
    apart = road_km(columns.destination_km[pairs.output], columns.destination_km[pairs.input])
    return np.where(apart > constant("same_destination_km"), FAIL, np.nan)


def _requirements(pairs: PairColumns, columns: FlowColumns) -> Floats:
    verdict = np.full(len(pairs), np.nan)
    for number, basis in enumerate(pairs.bases):
        rule = basis.link.rule
        if rule is None or not rule.requires:
            continue
        rows = np.flatnonzero(pairs.basis == number)
        results = np.array([_meets(columns, pairs.output[rows], condition) for condition in rule.requires])
        verdict[rows] = results.min(axis=0)
    return verdict


def _meets(columns: FlowColumns, rows: NDArray[np.int64], condition: Requirement) -> Floats:
    values: Floats | None = getattr(columns, condition.attribute, None)
    if values is None:
        return np.full(len(rows), float(UNKNOWN))
    offered = values[rows]
    bound = np.full_like(offered, condition.value)
    if condition.operator.startswith(">"):
        return at_least(offered, bound)
    return at_most(offered, bound)


def _nature(pairs: PairColumns, columns: FlowColumns) -> Floats:
    """Refuse goods offered to a need of a journey, a post or a place, and the reverse."""
    goods = np.array([flow.kind in GOODS for flow in columns.flows], dtype=bool)
    human = np.array([flow.kind in NEVER_GOODS for flow in columns.flows], dtype=bool)
    o, i = pairs.output, pairs.input
    return np.where((goods[o] & human[i]) | (human[o] & goods[i]), FAIL, np.nan)


def _volume(quantities: tuple[Floats, Floats], lots: Floats) -> Floats:
    """Refuse a quantity below the minimum lot and below a small share of the other side's."""
    offered, needed = quantities
    smaller, larger = np.minimum(offered, needed), np.maximum(offered, needed)
    tiny = (smaller < constant("tiny_share") * larger) & (smaller < lots)
    return np.where(tiny, FAIL, np.nan)
