"""Arcs from a flow table: every pair the engine would propose, with what a unit of it is worth."""

from __future__ import annotations

import numpy as np

from matching.amounts import Amounts
from matching.candidates import candidate_pairs
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.compatibility import Compatibility
from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.parameters import MatchParameters
from matching.planning.allocation.pair_table import PairTable
from matching.planning.allocation.problem import AllocationProblem, Integers
from matching.planning.plan import InfeasiblePlanError
from matching.scoring import ScoredPairs, score_pairs
from matching.substitution import best_rows


def problem_from_flows(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    parameters: MatchParameters | None = None,
    *,
    resource: str | None = None,
    fixed_eur: float = 0.0,
    minimum_lots: bool = True,
    compatibility: Compatibility | None = None,
) -> AllocationProblem:
    """Return the allocation problem of a territory.

    Parameters
    ----------
    parameters
        Reaches, prices, weights and how many receivers for each output, as for a match.
    resource
        Only outputs or inputs read as this resource or one below it; None for all.
    fixed_eur
        What running one link costs a year whatever it carries (contract, visits, paperwork).
    minimum_lots
        Whether a link carries at least the catalogue's minimum lot of its unit. What a flow declares in
        ``min_lot`` always holds: for an output on each of its links, for an input on all it gets.

    Raises
    ------
    InfeasiblePlanError
        If no quantified output can serve a quantified input.
    """
    chosen = parameters or MatchParameters()
    links = compatibility or Compatibility(catalogue)
    scored = score_pairs(candidate_pairs(columns, links), columns, catalogue, amounts, chosen)
    rows = best_rows(scored, chosen.top)
    if resource is not None:
        rows = rows[_of_resource(scored, rows, resource, catalogue)]
    quantified = ~np.isnan(scored.offered[rows]) & ~np.isnan(scored.needed[rows])
    positive = (scored.offered[rows] > 0) & (scored.needed[rows] > 0)
    kept = rows[quantified & positive]
    if not len(kept):
        raise InfeasiblePlanError(_nothing(len(rows), int((~quantified).sum())))
    table = PairTable(columns, catalogue, amounts, chosen, scored, kept)
    return table.problem(fixed_eur, minimum_lots)


def _nothing(pairs: int, unquantified: int) -> Message:
    if not pairs:
        return Message(
            N_("No output of the table can serve an input within reach: widen the reach or add flows.")
        )
    return Message(
        N_("{pairs} possible links, {count} without comparable quantities on both sides: fill these in."),
        {"pairs": pairs, "count": unquantified},
    )


def _of_resource(scored: ScoredPairs, rows: Integers, resource: str, catalogue: Catalogue) -> Integers:
    if resource not in catalogue.resources:
        raise InvalidParametersError(
            Message(N_("“{value}” is not a resource of the catalogue."), {"value": resource})
        )
    family = {resource, *catalogue.descendants(resource)}
    fits = np.array(
        [bool(family & {b.output_resource, b.input_resource}) for b in scored.pairs.bases] or [False]
    )
    return np.flatnonzero(fits[scored.pairs.basis[rows]])
