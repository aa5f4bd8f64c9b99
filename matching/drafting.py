"""Substitutions drawn up from scored pairs, one at a time, as they are asked for.

A country has hundreds of thousands of them. What a flow or a link says is the same in each of its pairs: it
is made once; the rest waits until somebody reads the pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.amounts import Amounts
from matching.asking import Question, gate_questions, is_it_that, next_step
from matching.benefits import NO_FIGURE, Exchange, appraiser
from matching.blocks.digits import decimals, significant
from matching.briefs import Brief, whole
from matching.candidates import Basis
from matching.catalogue.model import Catalogue
from matching.columns import Floats, FlowColumns, property_bits
from matching.compatibility import MEANING
from matching.explanation import (
    GateCounts,
    PairFigures,
    criteria_from,
    explain,
    material_reason,
    road_km_shown,
)
from matching.gates import GateVerdicts
from matching.parameters import CRITERIA, MatchParameters
from matching.results import Synergy, SynergyKind, flow_key, id_of
from matching.scoring import ScoredPairs
from matching.sides import Side, Sides, member, rounded

__all__ = ["Drafts", "Rows", "gate_counts", "member", "rounded"]

Rows = NDArray[np.int64]
# As ``matching.sides.rounded`` has it.
SHOWN_DIGITS = 6
# Fewer are rounded sooner one at a time than as columns (measured).
FEW_ROWS = 16


class Drafts:
    """The scored pairs of a territory, each drawn up as a synergy when it is asked for."""

    def __init__(
        self,
        scored: ScoredPairs,
        columns: FlowColumns,
        catalogue: Catalogue,
        amounts: Amounts,
        parameters: MatchParameters,
    ) -> None:
        self._scored = scored
        self._columns = columns
        self._catalogue = catalogue
        self._amounts = amounts
        self._shares = parameters.shares
        self._worth = appraiser(catalogue, parameters)
        self._gates, self._patterns = gate_counts(scored.verdicts)
        self._sides = Sides(columns, catalogue, amounts, scored.pairs.bases)
        self._criteria = tuple(scored.criteria[name] for name in CRITERIA)
        self._hazardous = scored.verdicts.offered & property_bits()["hazardous"] != 0

    def scores(self, rows: Rows) -> Floats:
        """Return the scores of some rows."""
        return np.asarray(self._scored.score[rows])

    def ids(self, rows: Rows) -> list[str]:
        """Return the ids of some rows, without drawing them up."""
        flows = self._columns.flows
        pairs = self._scored.pairs
        output, receiver = pairs.output[rows].tolist(), pairs.input[rows].tolist()
        keys = {i: flow_key(flows[i]) for i in {*output, *receiver}}
        kind = SynergyKind.SUBSTITUTION
        return [id_of(kind, (keys[o], keys[i])) for o, i in zip(output, receiver, strict=True)]

    def ends(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return the flows that give and those that take, as rows of the columns."""
        return self._scored.pairs.output[rows], self._scored.pairs.input[rows]

    def distances(self, rows: Rows) -> list[float | None]:
        """Return the road km of some rows as they are shown."""
        return [road_km_shown(value) for value in self._scored.distance_km[rows].tolist()]

    def draw(self, row: int, synergy_id: str = "") -> Synergy:
        """Return the full, explained synergy of one scored pair."""
        return next(self.draw_all(np.array([row]), [synergy_id]))

    def draw_all(self, rows: Rows, ids: Sequence[str]) -> Iterator[Synergy]:
        """Yield the synergies of some rows; their numbers are taken from the columns together."""
        scored = self._scored
        said = (scored.offered, scored.needed, scored.pairs.basis, self._gates, *self._criteria)
        lists = [column[rows].tolist() for column in said]
        for brief, offered, needed, b, gates, *values in zip(self.briefs(rows, ids), *lists, strict=True):
            figures = PairFigures(brief.distance_km, offered, needed, tuple(values), self._patterns[gates])
            yield self._whole(brief, b, figures)

    def _whole(self, brief: Brief, number: int, figures: PairFigures) -> Synergy:
        """Return a synergy from its brief, with the reasons of its criteria."""
        material = self._sides.link(number).material
        if material is None:
            giver, taker = brief.members
            basis = self._scored.pairs.bases[number]
            material = material_reason(basis, giver.flow.label, taker.flow.label, self._catalogue)
        return whole(brief, criteria_from(figures, material, self._shares))

    def briefs(self, rows: Rows, ids: Sequence[str]) -> Iterator[Brief]:
        """Yield what a table prints of some rows: the same as ``draw_all`` without the criteria's reasons."""
        scored, pairs = self._scored, self._scored.pairs
        output = pairs.output[rows]
        columns = (
            output,
            pairs.input[rows],
            pairs.basis[rows],
            scored.score[rows],
            scored.confidence[rows],
            _to_decimals(scored.distance_km[rows], 1),
            _to_digits(np.minimum(scored.offered[rows], scored.needed[rows])),
            self._amounts.unit[output],
            self._gates[rows],
            self._hazardous[rows],
            scored.verdicts.cop[rows],
        )
        values = zip(*[_to_decimals(column[rows], 3).tolist() for column in self._criteria], strict=True)
        return map(self._brief, ids, *[column.tolist() for column in columns], values)

    def _brief(
        self,
        synergy_id: str,
        o: int,
        i: int,
        b: int,
        score: float,
        confidence: float,
        km: float,
        least: float,
        unit_number: int,
        gates: int,
        hazardous: bool,
        cop: float,
        values: tuple[float, ...],
    ) -> Brief:
        basis = self._scored.pairs.bases[b]
        rule = basis.link.rule
        giver, taker = self._sides.side(o), self._sides.side(i)
        provider, receiver = giver.party, taker.party
        # What is unknown is not itself.
        distance_km = None if km != km else km
        quantity, unit, worth = None, None, NO_FIGURE
        if least == least:
            quantity, unit = least, self._amounts.names[unit_number]
            ends = giver.member.flow, taker.member.flow
            worth = self._worth(Exchange(*ends, rule, quantity, unit, distance_km, giver.cost, taker.cost))
        questions = self._questions(giver, taker, basis, b, self._patterns[gates])
        heat_pump = None if cop != cop else cop
        return Brief(
            synergy_id,
            SynergyKind.SUBSTITUTION,
            "direct" if rule is None else rule.form,
            score,
            confidence,
            basis.output_resource or None,
            None if rule is None else rule.rule_id,
            (giver.member, taker.member),
            quantity,
            unit,
            distance_km,
            CRITERIA,
            values,
            worth.eur,
            worth.tco2e,
            worth.assumptions,
            self._sides.warnings(giver, taker, b, hazardous, heat_pump),
            tuple([question.text for question in questions]),
            next_step(provider, receiver, questions),
            explain(provider, receiver, basis, distance_km),
        )

    def _questions(
        self, giver: Side, taker: Side, basis: Basis, number: int, gates: GateCounts
    ) -> list[Question]:
        """Return the questions whose answers would make the proposal surer, most pressing first."""
        found: list[Question | None]
        if basis.link.relation == MEANING:
            found = [is_it_that(giver.party, taker.party, basis, self._catalogue)]
        else:
            found = [giver.unsure, taker.unsure]
        if gates.unknown:
            found.extend(gate_questions(giver.party, taker.party, basis, gates.unknown))
        found += (giver.question, taker.question)
        nature = self._sides.link(number).nature
        if nature is not None:
            found.append(Question(giver.party.site, nature))
        return [question for question in found if question is not None]


def gate_counts(verdicts: GateVerdicts) -> tuple[Rows, tuple[GateCounts, ...]]:
    """Return, for each pair, the number of its combination of verdicts, and these combinations."""
    names = tuple(verdicts.gates)
    codes = np.zeros(len(verdicts.cop), dtype=np.int64)
    for verdict in verdicts.gates.values():
        codes = codes * 3 + np.where(verdict == 1, 1, np.where(verdict == 0, 2, 0))
    patterns, numbers = np.unique(codes, return_inverse=True)
    found = []
    for code in patterns.tolist():
        digits = [code // 3**place % 3 for place in range(len(names) - 1, -1, -1)]
        unknown = tuple(name for name, digit in zip(names, digits, strict=True) if digit == 2)
        found.append(GateCounts(digits.count(1), unknown))
    return np.asarray(numbers, dtype=np.int64), tuple(found)


def _to_decimals(values: Floats, digits: int) -> Floats:
    if len(values) < FEW_ROWS:
        return np.array([round(value, digits) for value in values.tolist()])
    return decimals(values, digits)


def _to_digits(values: Floats) -> Floats:
    if len(values) < FEW_ROWS:
        return np.array([rounded(value) for value in values.tolist()])
    return significant(values, SHOWN_DIGITS)
