"""What the texts of a territory say, each read once however many flows repeat it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matching.catalogue.model import Catalogue
from matching.classify import Classifier
from matching.columns import WEAK_READING, Floats, FlowColumns, Reading, bits, month_bits, readings
from matching.facts import Facts, facts_of
from matching.model import Flow
from matching.months_said import said_months
from matching.parameters import constant
from matching.stated import said as said_in_words
from matching.units import canonical_per_year
from matching.words import tokens

# The first parts of a flow's key; the others only settle flows of one site that share these.
HEAD_END = "\x1f"


class Said(NamedTuple):
    """What was read in some texts, in their order: resources, facts, and stems of those hardly recognised."""

    readings: tuple[tuple[Reading, ...], ...]
    facts: tuple[Facts, ...]
    unread: tuple[dict[str, float] | None, ...]


def read_texts(flows: Sequence[Flow], catalogue: Catalogue, classifier: Classifier) -> Said:
    """Return what the texts of ``flows``, one flow a text, say."""
    order = sorted(range(len(flows)), key=lambda i: (flows[i].label, flows[i].comment))
    found = {i: readings(flows[i], classifier) for i in order}
    likely = tuple(found[i] for i in range(len(flows)))
    return Said(
        likely,
        tuple(facts_of(flow, catalogue) for flow in flows),
        tuple(_unread(flow, read, classifier) for flow, read in zip(flows, likely, strict=True)),
    )


def _unread(flow: Flow, likely: tuple[Reading, ...], classifier: Classifier) -> dict[str, float] | None:
    if likely and likely[0].certainty >= WEAK_READING:
        return None
    idf = classifier.lexicon.idf
    return {t.stem: t.weight * idf(t.stem) for t in tokens(flow.label) if not t.negated}


@dataclass(frozen=True, slots=True)
class Texts:
    """Every text of a territory as the columns of one flow each, and the rank of its head among heads."""

    columns: FlowColumns
    head: np.ndarray[tuple[int], np.dtype[np.int64]]

    def __len__(self) -> int:
        return len(self.columns)


def texts_of(flows: Sequence[Flow], said: Sequence[Said], destinations_km: Floats) -> Texts:
    """Return the texts of ``flows`` with what was read in them, part after part."""
    likely = tuple(found for part in said for found in part.readings)
    facts = tuple(found for part in said for found in part.facts)
    unread = [found for part in said for found in part.unread]
    count = len(flows)
    columns = FlowColumns(
        flows=tuple(flows),
        site=np.zeros(count, dtype=np.int64),
        position_km=np.full((count, 3), np.nan),
        destination_km=destinations_km.reshape(count, 3),
        quantities=tuple(canonical_per_year(flow) for flow in flows),
        months=np.array([month_bits(said_months(flow)) for flow in flows], dtype=np.uint16),
        temperature_c=said_in_words(flows, "temperature_c"),
        concentration_pct=said_in_words(flows, "concentration_pct"),
        moisture_pct=said_in_words(flows, "moisture_pct"),
        reliability=np.ones(count),
        facts=facts,
        has=np.array([bits(fact.has) for fact in facts], dtype=np.uint64),
        refuses=np.array([bits(fact.refuses) for fact in facts], dtype=np.uint64),
        readings=likely,
        unread={i: found for i, found in enumerate(unread) if found is not None},
    )
    return Texts(columns, _ranks([_head(flow) for flow in flows]))


def _head(flow: Flow) -> str:
    return HEAD_END.join([flow.direction, flow.kind, flow.label, flow.waste_code, ""])


def _ranks(keys: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    return np.array([ranks[key] for key in keys], dtype=np.int64)


def reliabilities() -> Floats:
    """Return how far each level of reliability is relied on, 0 standing for none."""
    return np.array([np.nan, *(constant(f"reliability_{level}") for level in range(1, 6))])
