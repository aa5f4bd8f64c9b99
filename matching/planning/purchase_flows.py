"""Joint purchases from a flow table: the best group of buyers of each resource."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from matching.amounts import Amounts, unit_cost
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.parameters import MatchParameters
from matching.planning.groups import best_groups
from matching.planning.groups_flows import problem_from_flows as group_problems
from matching.planning.groups_model import GroupParams, GroupProblem, Obstacle
from matching.planning.purchase_model import Buyer, PurchaseProblem

FORM = "joint_purchase"


def problem_from_flows(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    *,
    today: date,
    resource: str | None = None,
    parameters: MatchParameters | None = None,
    seed: int = 0,
    time_limit_s: float = 20.0,
) -> tuple[PurchaseProblem, ...]:
    """Return a problem for the best groups of buyers of each resource, the largest spending first.

    A resource bought in places far apart gives one problem for each place. Buyers who suit the group but
    whose volume is unknown are kept, for the plan to ask them.

    Parameters
    ----------
    today
        The day from which contract ends are counted.
    resource
        A catalogue id or the key of a pool; None for all.
    """
    groups = group_problems(columns, catalogue, amounts, resource=resource, form=FORM, parameters=parameters)
    params = GroupParams(most_shared=0.0, alternatives=1000)
    found: dict[frozenset[int], PurchaseProblem] = {}
    for problem in groups:
        rows = [candidate.column for candidate in problem.candidates]
        share_s = time_limit_s / len(groups)
        for entry in best_groups(problem, params, seed, share_s):
            members = _with_silent(problem, entry.group.members)
            chosen = [rows[i] for i in members]
            purchase = _purchase(problem, chosen, columns, amounts, catalogue, today)
            found.setdefault(frozenset(chosen), purchase)
    return tuple(sorted(_largest(found), key=_rank))


def _with_silent(problem: GroupProblem, members: Sequence[int]) -> list[int]:
    """Add the candidates without a volume that suit every member."""
    silent = [
        i
        for i, candidate in enumerate(problem.candidates)
        if i not in members
        and candidate.quantity is None
        and all(problem.obstacle[i, j] == Obstacle.NONE for j in members)
    ]
    return sorted([*members, *silent])


def _largest(found: dict[frozenset[int], PurchaseProblem]) -> list[PurchaseProblem]:
    """Drop the problems whose buyers all stand in another one."""
    return [problem for rows, problem in found.items() if not any(rows < other for other in found)]


def _purchase(
    problem: GroupProblem,
    rows: Sequence[int],
    columns: FlowColumns,
    amounts: Amounts,
    catalogue: Catalogue,
    today: date,
) -> PurchaseProblem:
    reading = next((columns.readings[row][0].resource for row in rows if columns.readings[row]), None)
    return PurchaseProblem(
        resource=problem.resource if reading is None else catalogue.resources[reading].name,
        unit=problem.unit or "",
        buyers=tuple(_buyer(columns, amounts, row, problem.unit) for row in rows),
        today=today,
        usual_discount=problem.saving,
        minimum_volume=problem.minimum_volume,
        kind=columns.flows[rows[0]].kind.value,
        key=problem.key,
    )


def _buyer(columns: FlowColumns, amounts: Amounts, row: int, unit: str | None) -> Buyer:
    flow, amount = columns.flows[row], float(amounts.value[row])
    same = not np.isnan(amount) and amounts.names[int(amounts.unit[row])] == unit
    cost = unit_cost(columns, amounts, row)
    if cost is None and unit == "EUR":
        cost = 1.0
    site = flow.site
    place = " ".join(part for part in (site.postcode, site.city) if part)
    return Buyer(
        site=site.name,
        label=flow.label,
        quantity=amount if same else None,
        price_eur=cost if same and cost is not None and cost >= 0 else None,
        contract_end=flow.contract_end,
        company=site.company,
        address=", ".join(part for part in (site.address, place) if part),
        months=flow.months,
        row=flow.row,
    )


def _rank(problem: PurchaseProblem) -> tuple[float, int, str, str]:
    spent = sum(buyer.spend_eur or 0.0 for buyer in problem.buyers)
    return (-spent, -len(problem.buyers), problem.key, problem.buyers[0].site)
