"""Plan a joint purchase: who buys together from which month, what each saves, and the sheet to send."""

from __future__ import annotations

from matching.planning.plan import InfeasiblePlanError, Plan, Unserved
from matching.planning.purchase_choice import Choice, Joining, best_choice, tiers_of
from matching.planning.purchase_forms import forms, recommended
from matching.planning.purchase_model import (
    MONTHS_PER_YEAR,
    PLANNER,
    Buyer,
    PurchaseParams,
    PurchaseProblem,
    Tier,
    first_of_month,
)
from matching.planning.purchase_sheet import calendar, consultation_sheet, tier_shown
from matching.planning.purchase_words import (
    assumptions,
    in_order,
    questions,
    warnings,
    why_none,
    why_out,
)

__all__ = ["Buyer", "PurchaseParams", "PurchaseProblem", "Tier", "plan"]


def plan(
    problem: PurchaseProblem,
    params: PurchaseParams | None = None,
    seed: int = 0,
    time_limit_s: float = 10.0,
) -> Plan:
    """Return the joint purchase that saves its members most, every start and tier having been tried.

    ``seed`` and ``time_limit_s`` change nothing: the answer is exact and immediate.

    Raises
    ------
    InfeasiblePlanError
        If no two buyers gain together: the message says what to relax.
    """
    chosen = params or PurchaseParams()
    first = best_choice(problem, chosen, chosen.form or "negotiated")
    if first is None:
        raise InfeasiblePlanError(why_none(problem, chosen))
    form, why = recommended(problem, chosen, first)
    best = best_choice(problem, chosen, form)
    if best is None:
        form, best = "negotiated", first
    priced = any(joined.saving_eur is not None for joined in best.members.values())
    objective = round(best.total_eur, 2) if priced else None
    return Plan(
        planner=PLANNER,
        problem=_asked(problem, chosen),
        plan={
            "form": form,
            "forms": forms(form, why, len(best.members)),
            "start": first_of_month(problem.today, best.start).isoformat(),
            "contract_months": chosen.contract_months,
            "tier": tier_shown(best.tier),
            "tier_known": bool(chosen.tiers),
            "volume_per_year": float(f"{best.volume:.6g}"),
            "unit": problem.unit,
            "members": [_member(problem, best, i) for i in in_order(problem, best)],
            **_savings(problem, chosen, best, priced),
            "calendar": calendar(problem, best),
            "consultation": consultation_sheet(problem, chosen, best, form),
            "missing": questions(problem, best),
        },
        objective=objective,
        bound=objective,
        unit="EUR",
        minimised=False,
        unserved=tuple(
            Unserved(
                f"{problem.buyers[i].site} – {problem.buyers[i].label}", why_out(problem, chosen, i, out)
            )
            for i, out in sorted(best.out.items())
        ),
        assumptions=assumptions(problem, chosen, best),
        warnings=warnings(problem, chosen, best),
    )


def _asked(problem: PurchaseProblem, params: PurchaseParams) -> dict[str, object]:
    return {
        "resource": problem.resource,
        "key": problem.key,
        "unit": problem.unit,
        "buyers": len(problem.buyers),
        "today": problem.today.isoformat(),
        "minimum_volume": problem.minimum_volume,
        "tiers": [tier_shown(tier) for tier in tiers_of(problem, params)],
        "members_pay": params.members_pay,
    }


def _member(problem: PurchaseProblem, choice: Choice, i: int) -> dict[str, object]:
    buyer, joined = problem.buyers[i], choice.members[i]
    net = None if joined.saving_eur is None else joined.saving_eur - choice.share_eur(i)
    return {
        "site": buyer.site,
        "label": buyer.label,
        "quantity_per_year": buyer.quantity,
        "unit": problem.unit,
        "price_today_eur": buyer.price_eur,
        "joint_price_eur": None if joined.price_eur is None else round(joined.price_eur, 4),
        "contract_end": None if buyer.contract_end is None else buyer.contract_end.isoformat(),
        "joins_on": first_of_month(problem.today, joined.start).isoformat(),
        "months_served": joined.served_months,
        "months_of_extension": joined.bridge_months,
        "saving_eur": None if net is None else round(net, 2),
        "saving_eur_per_year": None if net is None else _per_year(net, joined),
        "coordination_eur": round(choice.share_eur(i), 2),
        "row": buyer.row,
    }


def _per_year(saving: float, joined: Joining) -> float:
    return round(saving * MONTHS_PER_YEAR / joined.served_months, 2)


def _savings(
    problem: PurchaseProblem, params: PurchaseParams, best: Choice, priced: bool
) -> dict[str, object]:
    """Return the members' saving a year; the range is that of the usual discount where no tier is known."""
    if not priced:
        return {"saving_eur_per_year": None, "saving_eur_low": None, "saving_eur_high": None}
    middle = sum(
        _per_year(joined.saving_eur - best.share_eur(i), joined)
        for i, joined in best.members.items()
        if joined.saving_eur is not None
    )
    low = high = middle
    if not params.tiers:
        spent = sum(problem.buyers[i].spend_eur or 0.0 for i in best.members)
        usual = problem.usual_discount
        low, high = middle - (usual[1] - usual[0]) * spent, middle + (usual[2] - usual[1]) * spent
    return {
        "saving_eur_per_year": round(middle),
        "saving_eur_low": round(low),
        "saving_eur_high": round(high),
    }
