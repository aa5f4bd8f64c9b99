"""Flows as columns: what the hot path reads, one array a field, one row a flow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.catalogue.model import Catalogue
from matching.catalogue.tables import read_rows
from matching.classify import Classifier
from matching.classify_together import start_classifying
from matching.facts import Facts, facts_of
from matching.model import ALL_YEAR, Flow, Kind
from matching.months_said import said_months
from matching.parameters import constant
from matching.readings import Candidate
from matching.results import flow_key
from matching.stated import ranges
from matching.units import YearlyQuantity, canonical_per_year
from matching.words import plain, tokens

Floats = NDArray[np.float64]
# Where a flow was read, and what its key already says.
NOT_CONTENT = frozenset({"row", "sheet", "months", "quantity"})
# Goods, and the words of who keeps them until somebody comes (usage).
KEPT_GOODS = (Kind.MATERIAL, Kind.PACKAGING)
KEEPS = re.compile(
    r"(?<!ne )\b(?:se (?:garde|conserve|stocke)(?:nt)?|stockables?"
    r"|(?:garde|stocke|conserve)e?s? toute l annee"
    r"|keeps? (?:well|all year)|can be stored|storable)\b(?! pas| mal| peu)"
)
# A flow keeps the readings of its label that are nearly as good as the best (own estimates).
KEPT_READINGS = 4
NEAR_BEST = 0.72
# Beside a label read almost word for word, only a reading as good counts.
SURE_SCORE, NEAR_SURE = 0.9, 0.85
CERTAIN_SCORE = 0.62
LEAST_CERTAINTY = 0.5
# A reading less sure than this is too weak to rely on (own estimate).
WEAK_READING = 0.75


@dataclass(frozen=True, slots=True)
class Reading:
    """One resource a flow may be, and how sure: ``certainty`` in [0, 1]."""

    resource: str
    certainty: float
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class FlowColumns:
    """Flows in canonical order with what the criteria need.

    ``position_km`` and ``destination_km`` are (n, 3), earth-centred, NaN where unknown; ranges are
    (low, high), NaN where not declared; ``has`` and ``refuses`` are masks of properties; ``unread`` holds,
    for each row whose label was hardly recognised, its stems and how telling each is.
    """

    flows: tuple[Flow, ...]
    site: NDArray[np.int64]
    position_km: Floats
    destination_km: Floats
    quantities: tuple[YearlyQuantity | None, ...]
    months: NDArray[np.uint16]
    temperature_c: Floats
    concentration_pct: Floats
    moisture_pct: Floats
    reliability: Floats
    facts: tuple[Facts, ...]
    has: NDArray[np.uint64]
    refuses: NDArray[np.uint64]
    readings: tuple[tuple[Reading, ...], ...]
    unread: Mapping[int, Mapping[str, float]]

    def __len__(self) -> int:
        return len(self.flows)


@lru_cache(maxsize=1)
def property_bits() -> dict[str, np.uint64]:
    """Return each property's bit, in the order of ``properties.csv``."""
    return {row["property"]: np.uint64(1 << i) for i, row in enumerate(read_rows("properties.csv"))}


@lru_cache(maxsize=4096)
def bits(properties: frozenset[str]) -> np.uint64:
    """Return the properties as one mask."""
    mask = np.uint64(0)
    for name in properties:
        mask |= property_bits()[name]
    return mask


def build_columns(
    flows: Sequence[Flow],
    positions_km: Floats,
    catalogue: Catalogue,
    classifier: Classifier,
    destinations_km: Floats | None = None,
    processes: int = 1,
) -> FlowColumns:
    """Return the flows as columns, sorted by content so that the rows' order in the file has no effect.

    Parameters
    ----------
    positions_km
        Earth-centred coordinates of each flow's site in km, shape (n, 3), NaN for an unplaced one.
    processes
        How many may read labels together, see ``matching.sharing``.
    """
    quantities = [canonical_per_year(flow) for flow in flows]
    order = canonical_order(flows, [flow_key(flow) for flow in flows])
    ordered = tuple(flows[i] for i in order)
    classified = start_classifying(classifier, ordered, KEPT_READINGS, processes)
    facts = tuple(facts_of(flow, catalogue) for flow in ordered)
    found = tuple(map(_likely, classified()))
    return FlowColumns(
        flows=ordered,
        site=_site_numbers(ordered),
        position_km=positions_km[order] if len(order) else positions_km.reshape(0, 3),
        destination_km=np.full((len(order), 3), np.nan)
        if destinations_km is None
        else destinations_km[order],
        quantities=tuple(quantities[i] for i in order),
        months=np.array([_month_mask(flow) for flow in ordered], dtype=np.uint16),
        temperature_c=ranges(ordered, "temperature_c"),
        concentration_pct=ranges(ordered, "concentration_pct"),
        moisture_pct=ranges(ordered, "moisture_pct"),
        reliability=np.array([constant(f"reliability_{int(flow.reliability)}") for flow in ordered]),
        facts=facts,
        has=np.array([bits(fact.has) for fact in facts], dtype=np.uint64),
        refuses=np.array([bits(fact.refuses) for fact in facts], dtype=np.uint64),
        readings=found,
        unread=_unread(ordered, found, classifier),
    )


def _unread(
    flows: Sequence[Flow], found: Sequence[tuple[Reading, ...]], classifier: Classifier
) -> dict[int, dict[str, float]]:
    weak = [i for i, likely in enumerate(found) if not likely or likely[0].certainty < WEAK_READING]
    return {
        i: {
            t.stem: t.weight * classifier.lexicon.idf(t.stem) for t in tokens(flows[i].label) if not t.negated
        }
        for i in weak
    }


def canonical_order(flows: Sequence[Flow], keys: Sequence[str]) -> list[int]:
    """Return the order of flows by content, given by ``keys``; only twins down to their last field."""
    times = Counter(keys)
    return sorted(range(len(flows)), key=lambda i: (keys[i], _rest(flows[i]) if times[keys[i]] > 1 else ""))


def _rest(flow: Flow) -> str:
    return "\x1f".join(str(getattr(flow, f.name)) for f in fields(Flow) if f.name not in NOT_CONTENT)


def _site_numbers(flows: Sequence[Flow]) -> NDArray[np.int64]:
    numbers: dict[tuple[object, ...], int] = {}
    keys = [site_key(flow) for flow in flows]
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def site_key(flow: Flow) -> tuple[object, ...]:
    """Return what makes two flows' sites one site."""
    site = flow.site
    if site.site_id:
        return ("id", site.site_id)
    place = None if site.lon is None or site.lat is None else (round(site.lon, 4), round(site.lat, 4))
    return (site.name, place)


def _month_mask(flow: Flow) -> int:
    """Return the months of a flow as bits; goods on offer that keep are there all year once made."""
    keeps = flow.is_output and flow.kind in KEPT_GOODS and bool(flow.months) and _keeps(flow)
    return month_bits(ALL_YEAR if keeps else flow.months or said_months(flow) or ALL_YEAR)


def month_bits(months: Iterable[int]) -> int:
    """Return months as bits, the first for January."""
    return sum(1 << (month - 1) for month in months)


def _keeps(flow: Flow) -> bool:
    return KEEPS.search(plain(f"{flow.label} , {flow.comment}")) is not None


def readings(flow: Flow, classifier: Classifier) -> tuple[Reading, ...]:
    """Return the resources a flow may be, nearly as likely as the best one."""
    return _likely(classifier.classify(flow, top=KEPT_READINGS))


def _likely(candidates: Sequence[Candidate]) -> tuple[Reading, ...]:
    """Return the readings nearly as likely as the first one."""
    if not candidates:
        return ()
    best = candidates[0].score
    return tuple(
        Reading(candidate.resource, certainty(candidate.score) * (candidate.score / best) ** 0.5, candidate)
        for candidate in candidates
        if candidate.score >= (NEAR_SURE if best >= SURE_SCORE else NEAR_BEST) * best
    )


def certainty(score: float) -> float:
    """Return how far a classification score can be relied on, in [0, 1]."""
    return min(1.0, LEAST_CERTAINTY + (1 - LEAST_CERTAINTY) * score / CERTAIN_SCORE)
