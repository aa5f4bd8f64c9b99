"""The three forms of contract that the seeds report, when each suits, and which one suits a group."""

from __future__ import annotations

from matching.messages import N_, Message
from matching.planning.constants import constant
from matching.planning.purchase_choice import Choice, fixed_eur, handling_eur
from matching.planning.purchase_model import FORMS, PLANNER, PurchaseParams, PurchaseProblem, free_from

GOODS = frozenset({"material", "packaging"})
SUITS = {
    "negotiated": N_(
        "Negotiated together, signed one by one: a charter binds association, supplier and companies to the "
        "price. Suits few companies, each with a meter, a machine or a bin of its own; commits nobody else."
    ),
    "framework": N_(
        "Framework contract: one price list, each company joins by a letter and orders what it needs. Suits "
        "services that come back, contracts that end on different dates, and newcomers at the same price."
    ),
    "association": N_(
        "Bought by the association, which invoices its members. Suits small orders of common supplies and "
        "works on common ground; it bears orders, stock and unpaid bills, and needs to invoice with VAT."
    ),
}
WHY = {
    "small": N_("Each company’s order is small (about {mean} EUR a year): one order for all."),
    "spread": N_("Contracts end up to {months} months apart: newcomers must be able to join."),
    "many": N_("With {count} members, a letter each costs less work than a contract each."),
    "few": N_("With {count} members, one contract each stays simple and commits nobody else."),
    "asked": N_("Asked for."),
}


def recommended(problem: PurchaseProblem, params: PurchaseParams, choice: Choice) -> tuple[str, Message]:
    """Return the form that suits the members and why (thresholds of ``purchase.csv``)."""
    if params.form is not None:
        return params.form, Message(WHY["asked"])
    members = [problem.buyers[i] for i in choice.members]
    spent = [buyer.spend_eur for buyer in members if buyer.spend_eur is not None]
    mean = sum(spent) / len(spent) if spent else None
    if problem.kind in GOODS and mean is not None and mean < constant(PLANNER, "small_order_eur"):
        return "association", Message(WHY["small"], {"mean": round(mean)})
    free = [m for buyer in members if (m := free_from(buyer, problem.today)) is not None]
    if free and max(free) - min(free) > constant(PLANNER, "spread_months"):
        return "framework", Message(WHY["spread"], {"months": max(free) - min(free)})
    if len(members) >= constant(PLANNER, "framework_members"):
        return "framework", Message(WHY["many"], {"count": len(members)})
    return "negotiated", Message(WHY["few"], {"count": len(members)})


def forms(chosen: str, why: Message, members: int) -> list[dict[str, object]]:
    """Return the three forms as plain data, with the work each takes in EUR over the contract."""
    return [
        {
            "form": form,
            "suits": Message(SUITS[form]),
            "recommended": form == chosen,
            "why": why if form == chosen else None,
            "coordination_eur": round(fixed_eur(form) + members * handling_eur(form)),
        }
        for form in FORMS
    ]
