"""Flows, links and receivers turned into the tables of ``tables``."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from matching.amounts import Amounts
from matching.candidates import Basis
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns, bits
from matching.gates import (
    ASKED_QUALITIES,
    DEFAULT_REFUSED,
    NEVER_ASSUMED,
    basis_masks,
    conflict_masks,
)
from matching.gates import GOODS as GOOD_KINDS
from matching.gates import NEVER_GOODS as NEVER_GOOD_KINDS
from matching.kernel.tables import (
    BASIS,
    CONDITION,
    ENERGY,
    FLOW,
    GOODS,
    LOG_NAMES,
    NEVER_GOODS,
    READING,
    TERM_NAMES,
    TERMS,
    Bytes,
    Ints,
    Links,
    Longs,
    Records,
    Wordings,
)
from matching.model import Flow, Kind
from matching.parameters import MatchParameters, constant
from matching.scoring import lots_of, reach_columns
from matching.temperature import is_cold, is_heat

ATTRIBUTES = {"temperature_c": 1, "concentration_pct": 2, "moisture_pct": 3}
MASKS = {
    "default_refused": DEFAULT_REFUSED,
    "asked_qualities": ASKED_QUALITIES,
    "never_assumed": NEVER_ASSUMED,
    "heat_pump": frozenset({"heat_pump"}),
    "direct_exchange": frozenset({"direct_exchange"}),
}
# After every character of an activity code.
LAST_CHARACTER = "\uffff"
Numbers = dict[str, int]


def terms_of(parameters: MatchParameters) -> Records:
    """Return the constants of the score, with a run's own weights, as one record."""
    terms = np.zeros(1, dtype=TERMS)
    for name in TERM_NAMES:
        terms[name] = parameters.shares[name] if name in parameters.shares else constant(name)
    for name in LOG_NAMES:
        terms[f"log_{name}"] = np.log(constant(name))
    for name, properties in MASKS.items():
        terms[name] = bits(properties)
    return terms


def starts(lengths: Iterable[int]) -> Longs:
    """Return where each run begins, and where the last one ends."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(np.fromiter(lengths, dtype=np.int64))])


@dataclass(frozen=True, slots=True)
class Numbering:
    """Numbers of names, which grow with what is met.

    ``stems`` is None where all flows are there at once: then only what one of them excludes has a number.
    """

    resources: Numbers = field(default_factory=dict)
    activities: Numbers = field(default_factory=dict)
    stems: Numbers | None = None


def flow_records(
    columns: FlowColumns, amounts: Amounts, numbering: Numbering
) -> tuple[Records, Records, Wordings]:
    """Return the flows, their readings and their wordings as numbers."""
    table = np.zeros(len(columns), dtype=FLOW)
    table["rank"] = np.arange(len(columns))
    for axis, name in enumerate("xyz"):
        table[name], table[f"to_{name}"] = columns.position_km[:, axis], columns.destination_km[:, axis]
    for name in ("temperature_c", "concentration_pct", "moisture_pct"):
        short, ends = name.rpartition("_")[0], getattr(columns, name)
        table[f"{short}_low"], table[f"{short}_high"] = ends[:, 0], ends[:, 1]
    table["has"], table["refuses"], table["conflicts"] = (
        columns.has,
        columns.refuses,
        conflict_masks(columns.has),
    )
    table["value"], table["unit"], table["lot"] = amounts.value, amounts.unit, lots_of(amounts)
    table["site"], table["months"] = columns.site, columns.months
    table["active_months"] = np.bitwise_count(columns.months)
    table["nature"] = [_nature(flow) for flow in columns.flows]
    table["activity"] = [_number(_activity(flow), numbering.activities) for flow in columns.flows]
    readings = np.array(
        [
            (r.certainty, np.log(r.certainty), _number(r.resource, numbering.resources))
            for found in columns.readings
            for r in found
        ],
        dtype=READING,
    )
    _cut(table, "reading", starts(len(found) for found in columns.readings))
    return table, readings, _wordings(columns, table, numbering.stems)


def _cut(table: Records, name: str, edges: Longs) -> None:
    table[f"{name}_start"], table[f"{name}_stop"] = edges[:-1], edges[1:]


def _wordings(columns: FlowColumns, table: Records, known: Numbers | None) -> Wordings:
    """Return the stems that somebody may exclude as numbers."""
    phrases = [phrase for facts in columns.facts for phrase in facts.refused_phrases]
    excluded = sorted(set(chain.from_iterable(phrases)))
    numbers = {stem: n for n, stem in enumerate(excluded)} if known is None else known
    if known is not None:
        for stem in chain(excluded, *(sorted(facts.stems) for facts in columns.facts)):
            _number(stem, numbers)
    said = [sorted(numbers[stem] for stem in facts.stems if stem in numbers) for facts in columns.facts]
    _cut(table, "phrase", starts(len(facts.refused_phrases) for facts in columns.facts))
    _cut(table, "stem", starts(len(found) for found in said))
    refused = [sorted(numbers[stem] for stem in phrase) for phrase in phrases]
    return Wordings(
        starts(len(phrase) for phrase in refused),
        np.array(list(chain.from_iterable(refused)), dtype=np.int32),
        np.array(list(chain.from_iterable(said)), dtype=np.int32),
    )


def _number(name: str, numbers: Numbers) -> int:
    return numbers.setdefault(name, len(numbers))


def _activity(flow: Flow) -> str:
    return flow.site.activity_code.replace(".", "")


def _nature(flow: Flow) -> int:
    return (
        GOODS * (flow.kind in GOOD_KINDS)
        | NEVER_GOODS * (flow.kind in NEVER_GOOD_KINDS)
        | ENERGY * (flow.kind is Kind.ENERGY)
    )


def link_tables(
    bases: Sequence[Basis],
    linked: int,
    resources: Mapping[str, int],
    activities: Mapping[str, int],
    catalogue: Catalogue,
    parameters: MatchParameters,
) -> tuple[Records, Links]:
    """Return the links as records, and what finds them.

    Parameters
    ----------
    bases
        The ``linked`` links between resources, in the reference's order, then those of words.
    """
    table = np.zeros(len(bases), dtype=BASIS)
    masks = basis_masks(tuple(bases), catalogue)
    for name in ("offered", "needed", "refused", "accepted", "presumed", "nature"):
        table[name] = getattr(masks, name)[: len(bases)]
    table["needed_conflicts"] = conflict_masks(table["needed"])
    reach = reach_columns(tuple(bases), catalogue, parameters)[: len(bases)]
    table["full_km"], table["half_km"], table["cut_km"] = reach.T
    table["strength"] = [basis.link.strength for basis in bases]
    table["log_strength"] = np.log(table["strength"])
    table["cold"] = [is_cold(basis, catalogue) for basis in bases]
    table["heat"] = [is_heat(basis, catalogue) for basis in bases]
    table["fit_row"], fits = fits_of(bases, activities)
    table["met"] = [resources.get(basis.input_resource, -1) for basis in bases]
    rules = [basis.link.rule for basis in bases]
    asked = [rule.requires if rule is not None else () for rule in rules]
    _cut(table, "condition", starts(len(found) for found in asked))
    conditions = np.array(
        [
            (c.value, ATTRIBUTES.get(c.attribute, 0), c.operator.startswith(">"))
            for c in chain.from_iterable(asked)
        ],
        dtype=CONDITION,
    )
    givers = np.array([resources[basis.output_resource] for basis in bases[:linked]], dtype=np.int64)
    return table, numbered_links(table[:linked], givers, len(resources), fits, conditions)


def numbered_links(table: Records, givers: Longs, resources: int, fits: Bytes, conditions: Records) -> Links:
    """Return what finds the links of ``table`` by the resources at both ends; ``givers`` are the outputs'."""
    number = np.full((resources, resources), -1, dtype=np.int32)
    number[givers, table["met"]] = np.arange(len(table))
    order = np.lexsort((-table["strength"], givers)).astype(np.int32)
    edges = starts(np.bincount(givers, minlength=resources).tolist())
    return Links(number, edges, order, fits, conditions)


def fits_of(bases: Sequence[Basis], activities: Mapping[str, int]) -> tuple[Ints, Bytes]:
    """Return each link's row (-1 without named activities) and which activities each row names."""
    rows: dict[tuple[str, ...], int] = {}
    fit_row = np.full(len(bases), -1, dtype=np.int32)
    for number, basis in enumerate(bases):
        rule = basis.link.rule
        if rule is not None and rule.receiver_activities:
            fit_row[number] = rows.setdefault(rule.receiver_activities, len(rows))
    return fit_row, named_by(list(rows), activities)


def named_by(rows: Sequence[tuple[str, ...]], activities: Mapping[str, int]) -> Bytes:
    """Return which activities begin with one of the digits of each row, shape (rows, activities).

    Parameters
    ----------
    activities
        The place of each code; an unknown one, without digits, may be any.
    """
    fits = np.zeros((len(rows), max(len(activities), 1)), dtype=np.uint8)
    codes = sorted(activities)
    numbers = np.array([activities[code] for code in codes], dtype=np.int64)
    for row, named in enumerate(rows):
        for start, end in [(0, bisect_right(codes, "")), *(_beginning(codes, digits) for digits in named)]:
            fits[row, numbers[start:end]] = True
    return fits


def _beginning(codes: Sequence[str], digits: str) -> tuple[int, int]:
    """Return where the sorted codes that begin with some digits start and end."""
    start = bisect_left(codes, digits)
    return start, bisect_left(codes, digits + LAST_CHARACTER, start)
