"""Substitutions: an output that can replace a neighbour's input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.amounts import Amounts, unit_cost
from matching.benefits import Exchange, substitution_worth
from matching.candidates import PairColumns, candidate_pairs
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.compatibility import Compatibility
from matching.explanation import PairFacts, criteria_of, explain, next_step, questions_of, warnings_of
from matching.parameters import MatchParameters, constant
from matching.results import Member, Role, Synergy, SynergyKind
from matching.scoring import ScoredPairs, score_pairs

# Below, comparing all pairs takes less time than loading the compiled search (measured, see benchmarks).
FEW_FLOWS = 10_000


@dataclass(frozen=True, slots=True)
class Substitutions:
    """The best receivers of each provider's flow, and the links that loops are made of; both unsorted."""

    best: tuple[Synergy, ...]
    links: tuple[Synergy, ...]


def find_substitutions(
    columns: FlowColumns,
    catalogue: Catalogue,
    compatibility: Compatibility,
    amounts: Amounts,
    parameters: MatchParameters,
) -> Substitutions:
    """Return the best ``top`` receivers of each flow given, and the links of loops whatever ``top`` is."""
    pairs = likely_pairs(columns, catalogue, compatibility, amounts, parameters)
    scored = score_pairs(pairs, columns, catalogue, amounts, parameters)
    built: dict[int, Synergy] = {}

    def synergies(rows: NDArray[np.int64]) -> tuple[Synergy, ...]:
        for row in rows.tolist():
            if row not in built:
                built[row] = build_substitution(row, scored, columns, catalogue, amounts, parameters)
        return tuple(built[row] for row in rows.tolist())

    kinds = parameters.kinds
    none = np.zeros(0, dtype=np.int64)
    return Substitutions(
        best=synergies(best_rows(scored, parameters.top) if SynergyKind.SUBSTITUTION in kinds else none),
        links=synergies(link_rows(scored, columns) if SynergyKind.LOOP in kinds else none),
    )


def likely_pairs(
    columns: FlowColumns,
    catalogue: Catalogue,
    compatibility: Compatibility,
    amounts: Amounts,
    parameters: MatchParameters,
) -> PairColumns:
    """Return the pairs among which the best receivers and the links of loops are: all of them when few.

    The compiled search finds the same ones among many flows; what it saves on few is less than it costs to
    load (``docs/adr/0009``).
    """
    if len(columns) < FEW_FLOWS:
        return candidate_pairs(columns, compatibility)
    # The compiler takes a second to load, which a small territory need not wait for.
    from matching.kernel.best import pair_columns, prepare

    prepared = prepare(columns, catalogue, compatibility, amounts, parameters)
    found = [prepared.best(parameters.top, constant("minimum_score"))]
    if SynergyKind.LOOP in parameters.kinds:
        links = int(constant("loop_links_per_site"))
        found.append(prepared.best(links, constant("loop_minimum_score"), distinct=True))
    return pair_columns(found, prepared)


def best_rows(scored: ScoredPairs, top: int) -> NDArray[np.int64]:
    """Return the rows that no gate refuses, above the minimum score, at most ``top`` for each output."""
    rows = np.flatnonzero(scored.verdicts.passed & (scored.score >= constant("minimum_score")))
    output, receiver = scored.pairs.output[rows], scored.pairs.input[rows]
    rows = rows[np.lexsort((receiver, -scored.score[rows], output))]
    return np.asarray(rows[_rank(scored.pairs.output[rows]) < top], dtype=np.int64)


def link_rows(scored: ScoredPairs, columns: FlowColumns) -> NDArray[np.int64]:
    """Return the best row between each two sites, the few best leaving each site."""
    rows = np.flatnonzero(scored.verdicts.passed & (scored.score >= constant("loop_minimum_score")))
    rows = rows[np.lexsort((scored.pairs.input[rows], scored.pairs.output[rows], -scored.score[rows]))]
    giver, taker = columns.site[scored.pairs.output[rows]], columns.site[scored.pairs.input[rows]]
    _, first = np.unique(giver * (len(columns) + 1) + taker, return_index=True)
    rows = rows[np.sort(first)]
    giver = columns.site[scored.pairs.output[rows]]
    order = np.argsort(giver, kind="stable")
    return np.asarray(rows[order][_rank(giver[order]) < constant("loop_links_per_site")], dtype=np.int64)


def _rank(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of each element in its run of equal values, from 0."""
    positions = np.arange(len(group))
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]]) if len(group) else positions
    return np.asarray(positions - np.repeat(starts, np.diff(np.r_[starts, len(group)])), dtype=np.int64)


def build_substitution(
    row: int,
    scored: ScoredPairs,
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    parameters: MatchParameters,
) -> Synergy:
    """Return the full, explained synergy of one scored pair."""
    pairs = scored.pairs
    o, i = int(pairs.output[row]), int(pairs.input[row])
    basis = pairs.bases[int(pairs.basis[row])]
    pair = PairFacts(row, columns.flows[o], columns.flows[i], basis, scored)
    quantity, unit = matched_quantity(scored, row, amounts, o)
    exchange = Exchange(
        provider=pair.provider,
        receiver=pair.receiver,
        rule=basis.link.rule,
        quantity=quantity,
        unit=unit,
        distance_km=pair.distance_km,
        provider_cost=unit_cost(columns, amounts, o),
        receiver_cost=unit_cost(columns, amounts, i),
    )
    worth = substitution_worth(exchange, catalogue, parameters)
    questions = questions_of(pair, catalogue)
    rule = basis.link.rule
    return Synergy(
        kind=SynergyKind.SUBSTITUTION,
        form=rule.form if rule is not None else "direct",
        score=float(scored.score[row]),
        confidence=float(scored.confidence[row]),
        resource=basis.output_resource or None,
        rule=rule.rule_id if rule is not None else None,
        members=(member(columns, amounts, o, Role.PROVIDER), member(columns, amounts, i, Role.RECEIVER)),
        quantity_per_year=quantity,
        unit=unit,
        distance_km=pair.distance_km,
        criteria=criteria_of(pair, catalogue, parameters.shares),
        saving_eur=worth.eur,
        saving_tco2e=worth.tco2e,
        assumptions=worth.assumptions,
        warnings=warnings_of(pair),
        missing=tuple(question.text for question in questions),
        next_step=next_step(pair, questions),
        explanation=explain(pair),
    )


def matched_quantity(
    scored: ScoredPairs, row: int, amounts: Amounts, output: int
) -> tuple[float | None, str | None]:
    """Return the smaller of the two quantities a year and its unit, or None."""
    smaller = min(float(scored.offered[row]), float(scored.needed[row]))
    if np.isnan(scored.offered[row]) or np.isnan(scored.needed[row]):
        return None, None
    return rounded(smaller), amounts.names[int(amounts.unit[output])]


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
