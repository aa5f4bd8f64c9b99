"""What every block of a territory shares: texts and links as the tables of the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.amounts import Amounts, amounts
from matching.blocks.texts import Texts, reliabilities
from matching.candidates import Basis, best_resource
from matching.catalogue.model import Catalogue
from matching.columns import Floats, FlowColumns
from matching.compatibility import Compatibility, Link
from matching.kernel.best import resource_bases
from matching.kernel.building import Numbering, flow_records, link_tables, terms_of
from matching.kernel.tables import Links, Longs, Records, Wordings
from matching.parameters import MatchParameters
from matching.similarity import word_pairs


@dataclass(frozen=True, slots=True)
class WordPairs:
    """Texts that only their words bring together: output, input, strength and number of the link."""

    output: Longs
    input: Longs
    strength: Floats
    basis: Longs

    def __len__(self) -> int:
        return len(self.output)


@dataclass(frozen=True, slots=True)
class Frame:
    """The tables of a search but for its flows.

    Attributes
    ----------
    records, readings, wordings
        One flow a text; a flow of a block repeats its text's.
    resources
        How many resources are numbered.
    factor
        What turns a text's canonical quantity into the unit it is compared in, NaN where they are the same.
    reach_km
        Road km over which an input of each text can matter at most.
    reliability
        How far each level of reliability is relied on.
    """

    texts: Texts
    amounts: Amounts
    factor: Floats
    records: Records
    readings: Records
    wordings: Wordings
    resources: int
    bases: tuple[Basis, ...]
    table: Records
    links: Links
    terms: Records
    words: WordPairs
    reach_km: Floats
    reliability: Floats


def frame_of(
    texts: Texts,
    activities: Sequence[str],
    catalogue: Catalogue,
    compatibility: Compatibility,
    parameters: MatchParameters,
) -> Frame:
    """Return what the blocks of a territory share.

    Parameters
    ----------
    activities
        Every activity code of the territory, without dots, in the order of the flows' numbers.
    """
    columns = texts.columns
    resources: dict[str, int] = {}
    numbers = {code: number for number, code in enumerate(activities)}
    numbering = Numbering(resources, numbers)
    found = amounts(columns, catalogue)
    records, readings, wordings = flow_records(columns, found, numbering)
    linked = resource_bases(columns, compatibility)
    words, spoken = _spoken(columns, len(linked))
    bases = (*linked, *spoken)
    table, links = link_tables(bases, len(linked), resources, numbers, catalogue, parameters)
    return Frame(
        texts=texts,
        amounts=found,
        factor=_factors(columns, catalogue),
        records=records,
        readings=readings,
        wordings=wordings,
        resources=len(resources),
        bases=bases,
        table=table,
        links=links,
        terms=terms_of(parameters),
        words=words,
        reach_km=_reaches(columns, records, readings, table, len(linked), words),
        reliability=reliabilities(),
    )


def _spoken(columns: FlowColumns, linked: int) -> tuple[WordPairs, list[Basis]]:
    """Return the texts that words alone bring together, and the links that stand for them."""
    numbers: dict[tuple[str, str], int] = {}
    bases: list[Basis] = []
    found = sorted(word_pairs(columns))
    basis = []
    for output, receiver, strength in found:
        ends = best_resource(columns.readings[output]), best_resource(columns.readings[receiver])
        if ends not in numbers:
            numbers[ends] = linked + len(bases)
            bases.append(Basis(*ends, Link(strength, "words")))
        basis.append(numbers[ends])
    return WordPairs(
        np.array([pair[0] for pair in found], dtype=np.int64),
        np.array([pair[1] for pair in found], dtype=np.int64),
        np.array([pair[2] for pair in found], dtype=np.float64),
        np.array(basis, dtype=np.int64),
    ), bases


def _factors(columns: FlowColumns, catalogue: Catalogue) -> Floats:
    table = catalogue.conversion_table
    factors = np.full(len(columns), np.nan)
    for i, (quantity, likely) in enumerate(zip(columns.quantities, columns.readings, strict=True)):
        if quantity is None or not likely:
            continue
        target = catalogue.resources[likely[0].resource].unit
        if target != quantity.unit:
            ways = ((r, quantity.unit, target) for r in catalogue.lineage(likely[0].resource))
            factors[i] = next((table[way] for way in ways if way in table), np.nan)
    return factors


def _reaches(
    columns: FlowColumns, records: Records, readings: Records, table: Records, linked: int, words: WordPairs
) -> Floats:
    """Return the widest reach of any link that can end at each text; -1 where none can."""
    widest = np.full(int(readings["resource"].max(initial=-1)) + 1, -1.0)
    ends = table["met"][:linked]
    np.maximum.at(widest, ends, table["cut_km"][:linked])
    found = np.full(len(columns), -1.0)
    counts = records["reading_stop"] - records["reading_start"]
    np.maximum.at(found, np.repeat(np.arange(len(columns)), counts), widest[readings["resource"]])
    np.maximum.at(found, words.input, table["cut_km"][words.basis])
    return found
