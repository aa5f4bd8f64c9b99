"""Substitutions drawn up from scored pairs, one at a time, as they are asked for.

A country has hundreds of thousands of them. What a flow or a link says is the same in each of its pairs: it
is made once; the rest waits until somebody reads the pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.amounts import Amounts, unit_cost
from matching.asking import (
    Question,
    gate_questions,
    how_much,
    is_it_that,
    nature_question,
    next_step,
    warnings_of,
    what_is_it,
)
from matching.benefits import Exchange, appraiser
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
from matching.messages import Message
from matching.parameters import CRITERIA, MatchParameters
from matching.results import Member, Role, Synergy, SynergyKind, flow_key, id_of
from matching.scoring import ScoredPairs

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Side:
    """What a flow says in each pair it stands in."""

    member: Member
    cost: float | None
    question: Question | None
    unsure: Question | None


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
        self._sides: dict[int, _Side] = {}
        self._links: dict[int, tuple[Message | None, Message | None]] = {}
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
        scored, pairs = self._scored, self._scored.pairs
        chosen = (
            pairs.output, pairs.input, pairs.basis, scored.score, scored.confidence, scored.distance_km,
            scored.offered, scored.needed, self._gates, self._hazardous, scored.verdicts.cop, *self._criteria,
        )  # fmt: skip
        lists = [column[rows].tolist() for column in chosen]
        for synergy_id, o, i, b, score, sure, km, offered, needed, gates, hazard, cop, *values in zip(
            ids, *lists, strict=True
        ):
            figures = PairFigures(
                distance_km=road_km_shown(km),
                offered=offered,
                needed=needed,
                criteria=tuple(values),
                gates=self._patterns[gates],
                hazardous=hazard,
                cop=None if cop != cop else cop,  # none is not itself
            )
            yield self._drawn(o, i, b, score, sure, figures, synergy_id)

    def _drawn(
        self, o: int, i: int, b: int, score: float, confidence: float, figures: PairFigures, synergy_id: str
    ) -> Synergy:
        basis = self._scored.pairs.bases[b]
        rule = basis.link.rule
        giver, taker = self._side(o), self._side(i)
        provider, receiver = giver.member.flow, taker.member.flow
        quantity, unit = matched_quantity(figures.offered, figures.needed, self._amounts, o)
        worth = self._worth(
            Exchange(provider, receiver, rule, quantity, unit, figures.distance_km, giver.cost, taker.cost)
        )
        material, nature = self._link(b, basis)
        questions = self._questions(giver, taker, basis, figures.gates, nature)
        return Synergy(
            kind=SynergyKind.SUBSTITUTION,
            form=rule.form if rule is not None else "direct",
            score=score,
            confidence=confidence,
            resource=basis.output_resource or None,
            rule=rule.rule_id if rule is not None else None,
            members=(giver.member, taker.member),
            quantity_per_year=quantity,
            unit=unit,
            distance_km=figures.distance_km,
            criteria=criteria_from(
                figures,
                material or material_reason(basis, provider.label, receiver.label, self._catalogue),
                self._shares,
            ),
            saving_eur=worth.eur,
            saving_tco2e=worth.tco2e,
            assumptions=worth.assumptions,
            warnings=warnings_of(provider, receiver, basis, figures),
            missing=tuple(question.text for question in questions),
            next_step=next_step(provider, receiver, questions),
            explanation=explain(provider, receiver, basis, figures.distance_km),
            synergy_id=synergy_id,
        )

    def _questions(
        self, giver: _Side, taker: _Side, basis: Basis, gates: GateCounts, nature: Message | None
    ) -> tuple[Question, ...]:
        """Return the questions whose answers would make the proposal surer, most pressing first."""
        provider = giver.member.flow
        if basis.link.relation == MEANING:
            unsure = [is_it_that(provider, taker.member.flow, basis, self._catalogue)]
        else:
            unsure = [side.unsure for side in (giver, taker) if side.unsure is not None]
        found = [
            *unsure,
            *gate_questions(provider, taker.member.flow, basis, gates.unknown),
            *(side.question for side in (giver, taker) if side.question is not None),
        ]
        if nature is not None:
            found.append(Question(provider.site.name, nature))
        return tuple(found)

    def _side(self, i: int) -> _Side:
        side = self._sides.get(i)
        if side is None:
            flow = self._columns.flows[i]
            role = Role.PROVIDER if flow.is_output else Role.RECEIVER
            side = self._sides[i] = _Side(
                member(self._columns, self._amounts, i, role),
                unit_cost(self._columns, self._amounts, i),
                how_much(flow),
                what_is_it(flow, self._columns.readings[i], self._catalogue),
            )
        return side

    def _link(self, number: int, basis: Basis) -> tuple[Message | None, Message | None]:
        """Return why the materials of a link go together, unless labels say it, and what to ask."""
        found = self._links.get(number)
        if found is None:
            named = bool(basis.output_resource and basis.input_resource)
            found = self._links[number] = (
                material_reason(basis, "", "", self._catalogue) if named else None,
                nature_question(basis, self._catalogue),
            )
        return found


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


def matched_quantity(
    offered: float, needed: float, amounts: Amounts, output: int
) -> tuple[float | None, str | None]:
    """Return the smaller of two comparable quantities a year and its unit, None when one is unknown."""
    if offered != offered or needed != needed:  # an unknown one is not itself
        return None, None
    return rounded(min(offered, needed)), amounts.names[int(amounts.unit[output])]


def rounded(value: float) -> float:
    """Return ``value`` to six significant digits, so that kg and t say the same."""
    return float(f"{value:.6g}")


def member(columns: FlowColumns, amounts: Amounts, i: int, role: Role) -> Member:
    """Return a flow as a member of a synergy."""
    if amounts.unit[i] < 0 or np.isnan(amounts.value[i]):
        return Member(columns.flows[i], role, None, None)
    quantity = columns.quantities[i]
    per_year = None if quantity is None or quantity.per_year is None else rounded(float(amounts.value[i]))
    return Member(columns.flows[i], role, per_year, amounts.names[int(amounts.unit[i])])
