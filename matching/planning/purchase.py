"""Plan a joint purchase: who buys together from which month, what each saves, and the sheet to send."""

from __future__ import annotations

from dataclasses import replace

from matching.messages import N_, Message
from matching.planning.constants import constant, sourced
from matching.planning.plan import InfeasiblePlanError, Plan, Unserved
from matching.planning.purchase_choice import Choice, Joining, Out, best_choice, join, tiers_of
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
from matching.results import Warning_

__all__ = ["Buyer", "PurchaseParams", "PurchaseProblem", "Tier", "plan"]
WHY_OUT = {
    Out.NO_QUANTITY: N_("its volume is not known: ask for a year’s invoices"),
    Out.NO_PRICE: N_(
        "what it pays today is not known, so nothing shows that it would gain: ask for an invoice"
    ),
    Out.TOO_EARLY: N_(
        "its contract ends on {end}, more than {months} months before the start: it will sign again by then"
    ),
    Out.TOO_LATE: N_(
        "its contract runs until {end}: less than {least} months would be left; keep it informed"
    ),
    Out.LOSES: N_("pays {price} EUR/{unit} today and would gain nothing at the joint price"),
}


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
        raise InfeasiblePlanError(_why_none(problem, chosen))
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
            "members": [_member(problem, best, i) for i in _in_order(problem, best)],
            **_savings(problem, chosen, best, priced),
            "calendar": calendar(problem, best),
            "consultation": consultation_sheet(problem, chosen, best, form),
            "missing": _questions(problem, best),
        },
        objective=objective,
        bound=objective,
        unit="EUR",
        minimised=False,
        unserved=tuple(
            Unserved(
                f"{problem.buyers[i].site} – {problem.buyers[i].label}", _why_out(problem, chosen, i, out)
            )
            for i, out in sorted(best.out.items())
        ),
        assumptions=_assumptions(problem, chosen, best),
        warnings=_warnings(problem, chosen, best),
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


def _in_order(problem: PurchaseProblem, choice: Choice) -> list[int]:
    return sorted(choice.members, key=lambda i: (problem.buyers[i].site, problem.buyers[i].label, i))


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


def _questions(problem: PurchaseProblem, choice: Choice) -> list[Message]:
    found = []
    for i in _in_order(problem, choice):
        buyer = problem.buyers[i]
        params = {"site": buyer.site, "label": buyer.label}
        if buyer.contract_end is None or buyer.contract_end < problem.today:
            found.append(Message(N_("{site}: when does the contract for “{label}” end?"), params))
        if buyer.price_eur is None:
            found.append(Message(N_("{site}: what is paid today for “{label}”?"), params))
    return found


def _why_out(problem: PurchaseProblem, params: PurchaseParams, i: int, out: Out) -> Message:
    buyer = problem.buyers[i]
    return Message(
        WHY_OUT[out],
        {
            "end": "" if buyer.contract_end is None else buyer.contract_end.isoformat(),
            "months": params.bridge_months,
            "least": params.least_months,
            "price": buyer.price_eur or 0.0,
            "unit": problem.unit,
        },
    )


def _why_none(problem: PurchaseProblem, params: PurchaseParams) -> Message:
    """Return the first thing that stands in the way: members, volume, or gain."""
    known = [buyer for buyer in problem.buyers if buyer.quantity]
    if len({buyer.site for buyer in known}) < 2:
        return Message(N_("Fewer than two buyers say how much they need: ask for their invoices."))
    least = min(tier.from_quantity for tier in tiers_of(problem, params))
    total = sum(buyer.quantity or 0.0 for buyer in known)
    if total < least:
        return Message(
            N_("Together {total} {unit} a year, and prices start at {least}: find more buyers."),
            {"total": total, "least": least, "unit": problem.unit},
        )
    free = replace(params, bridge_months=10_000, least_months=1, horizon_months=params.lead_months + 120)
    if best_choice(problem, free, params.form or "negotiated") is not None:
        return Message(
            N_("Contracts end too far apart: allow longer extensions, later joining or a later start.")
        )
    return Message(N_("No two buyers gain at these prices, fees and work: negotiate lower prices or costs."))


def _assumptions(problem: PurchaseProblem, params: PurchaseParams, best: Choice) -> tuple[Message, ...]:
    found = []
    if not params.tiers:
        low, middle, high = (round(100 * share, 1) for share in problem.usual_discount)
        found.append(
            Message(
                N_(
                    "No price tier is known: {middle} % off today’s prices, {low} to {high} % (own estimate)."
                ),
                {"low": low, "middle": middle, "high": high},
            )
        )
    if any(joined.bridge_months for joined in best.members.values()):
        note = sourced(PLANNER)["bridge_premium"]
        found.append(
            Message(N_("A contract extended month by month costs more: {note}."), {"note": note.note})
        )
    if any(free is None for free in (problem.buyers[i].contract_end for i in best.members)):
        found.append(Message(N_("Who gives no contract end is taken to be free at the start.")))
    found.append(Message(N_("Volumes stay what they are today over the whole contract.")))
    if not params.members_pay:
        rate = sourced(PLANNER)["hourly_eur"].note
        found.append(Message(N_("The work of coordination is the association’s: {rate}."), {"rate": rate}))
    return tuple(found)


def _warnings(problem: PurchaseProblem, params: PurchaseParams, best: Choice) -> tuple[Warning_, ...]:
    found = []
    if problem.minimum_volume is None and not params.tiers:
        message = Message(N_("No minimum volume is known in this unit: ask a supplier what it takes."))
        found.append(Warning_("no_minimum", message))
    if not params.tiers:
        low = Tier(0.0, discount=problem.usual_discount[0])
        for i in _in_order(problem, best):
            if isinstance(join(problem.buyers[i], best.start, low, problem, params), Out):
                message = Message(
                    N_("{site} would gain nothing with a discount of {low} %: settle it on the real prices."),
                    {"site": problem.buyers[i].site, "low": round(100 * problem.usual_discount[0], 1)},
                )
                found.append(Warning_("thin_gain", message))
    months = int(constant(PLANNER, "notice_months"))
    late = [
        problem.buyers[i].site
        for i in _in_order(problem, best)
        if 0 < best.members[i].start <= months and problem.buyers[i].contract_end is not None
    ]
    if late:
        message = Message(N_("Notice may already be due: {sites}."), {"sites": ", ".join(late)})
        found.append(Warning_("notice_due", message))
    return tuple(found)
