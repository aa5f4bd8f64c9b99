"""What a flow or a link says the same in each of the pairs it stands in, made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.amounts import Amounts, unit_cost
from matching.asking import Question, how_much, nature_question, once, warnings_of, what_is_it
from matching.candidates import Basis
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.explanation import Party, material_reason, party
from matching.messages import Message
from matching.model import Precision
from matching.results import Member, Role, Warning_


@dataclass(frozen=True, slots=True)
class Side:
    """A flow as one end of its pairs; ``cost`` is in EUR per unit."""

    member: Member
    party: Party
    cost: float | None
    question: Question | None
    unsure: Question | None
    once: bool
    at_commune: bool
    coded: bool
    company: str


@dataclass(frozen=True, slots=True)
class LinkWords:
    """What a basis says: why its materials go together, unless labels say it, and what to ask."""

    material: Message | None
    nature: Message | None


class Sides:
    """The flows and the links of a territory, each made when it is first asked for."""

    def __init__(
        self, columns: FlowColumns, catalogue: Catalogue, amounts: Amounts, bases: Sequence[Basis]
    ) -> None:
        self._columns = columns
        self._catalogue = catalogue
        self._amounts = amounts
        self._bases = bases
        self._sides: dict[int, Side] = {}
        self._links: dict[int, LinkWords] = {}
        self._warned: dict[tuple[object, ...], tuple[Warning_, ...]] = {}

    def side(self, i: int) -> Side:
        """Return a flow, a row of the columns, as one end of its pairs."""
        return self._sides.get(i) or self._sides.setdefault(i, self._side(i))

    def _side(self, i: int) -> Side:
        flow = self._columns.flows[i]
        site = flow.site
        return Side(
            member=member(
                self._columns, self._amounts, i, Role.PROVIDER if flow.is_output else Role.RECEIVER
            ),
            party=party(flow),
            cost=unit_cost(self._columns, self._amounts, i),
            question=how_much(flow),
            unsure=what_is_it(flow, self._columns.readings[i], self._catalogue),
            once=once(flow),
            at_commune=site.precision is Precision.COMMUNE,
            coded=bool(flow.waste_code),
            company=site.company,
        )

    def link(self, number: int) -> LinkWords:
        """Return what a basis, by its number, says whatever the pair."""
        return self._links.get(number) or self._links.setdefault(number, self._link(self._bases[number]))

    def _link(self, basis: Basis) -> LinkWords:
        named = bool(basis.output_resource and basis.input_resource)
        return LinkWords(
            material_reason(basis, "", "", self._catalogue) if named else None,
            nature_question(basis, self._catalogue),
        )

    def warnings(
        self, giver: Side, taker: Side, number: int, hazardous: bool, cop: float | None
    ) -> tuple[Warning_, ...]:
        """Return what to check before acting; pairs that have the same to check share one answer."""
        told = (
            number,
            hazardous,
            cop,
            giver.once or taker.once,
            giver.at_commune or taker.at_commune,
            giver.coded,
            giver.company != "" and giver.company == taker.company,
        )
        found = self._warned.get(told)
        if found is None:
            basis = self._bases[number]
            found = self._warned[told] = warnings_of(
                giver.member.flow, taker.member.flow, basis, hazardous, cop
            )
        return found


def member(columns: FlowColumns, amounts: Amounts, i: int, role: Role) -> Member:
    """Return a flow as a member of a synergy."""
    if amounts.unit[i] < 0 or np.isnan(amounts.value[i]):
        return Member(columns.flows[i], role, None, None)
    quantity = columns.quantities[i]
    per_year = None if quantity is None or quantity.per_year is None else rounded(float(amounts.value[i]))
    return Member(columns.flows[i], role, per_year, amounts.names[int(amounts.unit[i])])


def rounded(value: float) -> float:
    """Return ``value`` to six significant digits, so that kg and t say the same."""
    return float(f"{value:.6g}")
