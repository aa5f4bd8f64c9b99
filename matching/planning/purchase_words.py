"""What is said of a joint purchase: questions, reasons, assumptions, warnings."""

from __future__ import annotations

from dataclasses import replace

from matching.messages import N_, Message
from matching.planning.constants import constant, sourced
from matching.planning.purchase_choice import Choice, Out, best_choice, join, tiers_of
from matching.planning.purchase_model import (
    PLANNER,
    PurchaseParams,
    PurchaseProblem,
    Tier,
)
from matching.results import Warning_

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


def in_order(problem: PurchaseProblem, choice: Choice) -> list[int]:
    """Return the members, those who join first before the others."""
    return sorted(choice.members, key=lambda i: (problem.buyers[i].site, problem.buyers[i].label, i))


def questions(problem: PurchaseProblem, choice: Choice) -> list[Message]:
    """Return what to ask of the members."""
    found = []
    for i in in_order(problem, choice):
        buyer = problem.buyers[i]
        params = {"site": buyer.site, "label": buyer.label}
        if buyer.contract_end is None or buyer.contract_end < problem.today:
            found.append(Message(N_("{site}: when does the contract for “{label}” end?"), params))
        if buyer.price_eur is None:
            found.append(Message(N_("{site}: what is paid today for “{label}”?"), params))
    return found


def why_out(problem: PurchaseProblem, params: PurchaseParams, i: int, out: Out) -> Message:
    """Return why a buyer stays out."""
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


def why_none(problem: PurchaseProblem, params: PurchaseParams) -> Message:
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


def assumptions(problem: PurchaseProblem, params: PurchaseParams, best: Choice) -> tuple[Message, ...]:
    """Return what the figures of a purchase rest on."""
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


def warnings(problem: PurchaseProblem, params: PurchaseParams, best: Choice) -> tuple[Warning_, ...]:
    """Return what to beware of in a purchase."""
    found = []
    if problem.minimum_volume is None and not params.tiers:
        message = Message(N_("No minimum volume is known in this unit: ask a supplier what it takes."))
        found.append(Warning_("no_minimum", message))
    if not params.tiers:
        low = Tier(0.0, discount=problem.usual_discount[0])
        for i in in_order(problem, best):
            if isinstance(join(problem.buyers[i], best.start, low, problem, params), Out):
                message = Message(
                    N_("{site} would gain nothing with a discount of {low} %: settle it on the real prices."),
                    {"site": problem.buyers[i].site, "low": round(100 * problem.usual_discount[0], 1)},
                )
                found.append(Warning_("thin_gain", message))
    months = int(constant(PLANNER, "notice_months"))
    late = [
        problem.buyers[i].site
        for i in in_order(problem, best)
        if 0 < best.members[i].start <= months and problem.buyers[i].contract_end is not None
    ]
    if late:
        message = Message(N_("Notice may already be due: {sites}."), {"sites": ", ".join(late)})
        found.append(Warning_("notice_due", message))
    return tuple(found)
