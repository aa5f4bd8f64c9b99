"""The draft consultation sheet as plain data: what a supplier needs to quote, never what members pay."""

from __future__ import annotations

from datetime import date, timedelta

from matching.messages import N_, Message
from matching.planning.constants import constant
from matching.planning.purchase_choice import Choice
from matching.planning.purchase_model import (
    PLANNER,
    Buyer,
    PurchaseParams,
    PurchaseProblem,
    Tier,
    first_of_month,
)

CRITERIA = {
    "price": N_("Price"),
    "service": N_("Quality of service and delays"),
    "environment": N_("Environment and local or inclusive jobs"),
}
# Volumes at which a price is asked, as shares of the total: one in five leaves, all stay, one in five joins.
ASKED_VOLUMES = (0.8, 1.0, 1.2)
CONDITIONS = {
    "negotiated": N_("Each company signs its own contract with the supplier, at the prices of this answer."),
    "framework": N_("One framework contract; each company joins by a letter and is invoiced by itself."),
    "association": N_("The association orders, receives the invoice and shares it among its members."),
}
NEWCOMERS = N_("Companies of the zone may join later at the same prices, for the time that remains.")
VOLUMES = N_("Volumes are forecasts, not commitments; say from which volume each price holds.")
REVIEW = N_("Say how prices are revised, what is not included, and how a contract ends.")


def consultation_sheet(
    problem: PurchaseProblem, params: PurchaseParams, choice: Choice, form: str
) -> dict[str, object]:
    """Return the sheet to send: object, bill of quantities, prices to fill in, criteria, terms, dates."""
    start = first_of_month(problem.today, choice.start)
    lines = [
        _line(problem.buyers[i], problem, choice.members[i].start)
        for i in sorted(choice.members, key=lambda i: (problem.buyers[i].site, problem.buyers[i].label, i))
    ]
    return {
        "object": problem.resource,
        "form": form,
        "start": start.isoformat(),
        "end": (
            first_of_month(problem.today, choice.start + params.contract_months) - timedelta(1)
        ).isoformat(),
        "contract_months": params.contract_months,
        "bill": lines,
        "sites": len({str(line["site"]) for line in lines}),
        "total_per_year": _tidy(choice.volume),
        "unit": problem.unit,
        "prices_asked": [
            {"from_per_year": _tidy(choice.volume * share), "unit": problem.unit, "price_eur": None}
            for share in ASKED_VOLUMES
        ],
        "criteria": [
            {"name": Message(text), "weight_pct": constant(PLANNER, f"weight_{key}")}
            for key, text in CRITERIA.items()
        ],
        "conditions": [Message(CONDITIONS[form]), Message(NEWCOMERS), Message(VOLUMES), Message(REVIEW)],
        "dates": [
            {"step": Message(N_("Consultation sent")), "on": _before(problem, choice, 3)},
            {"step": Message(N_("Answers received")), "on": _before(problem, choice, 2)},
            {"step": Message(N_("Supplier chosen and contracts signed")), "on": _before(problem, choice, 1)},
            {"step": Message(N_("First deliveries")), "on": start.isoformat()},
        ],
    }


def _line(buyer: Buyer, problem: PurchaseProblem, start: int) -> dict[str, object]:
    return {
        "site": buyer.site,
        "company": buyer.company,
        "address": buyer.address,
        "label": buyer.label,
        "quantity_per_year": None if buyer.quantity is None else _tidy(buyer.quantity),
        "unit": problem.unit,
        "months": sorted(buyer.months),
        "from": first_of_month(problem.today, start).isoformat(),
    }


def calendar(problem: PurchaseProblem, choice: Choice) -> list[dict[str, object]]:
    """Return what to do by when, notices of running contracts among it, in the order of dates."""
    steps: list[tuple[str, Message]] = [
        (
            problem.today.isoformat(),
            Message(N_("Ask every member for its last invoice and its contract.")),
        ),
        (_before(problem, choice, 3), Message(N_("Send the consultation."))),
        (_before(problem, choice, 2), Message(N_("Compare the answers with each member’s price today."))),
        (_before(problem, choice, 1), Message(N_("Choose the supplier and sign."))),
        (_before(problem, choice, 0), Message(N_("The joint contract starts."))),
    ]
    for i in sorted(choice.members):
        buyer = problem.buyers[i]
        if buyer.contract_end is not None and buyer.contract_end >= problem.today:
            end = buyer.contract_end
            months = (end.year - problem.today.year) * 12 + end.month - problem.today.month
            notice = first_of_month(problem.today, months - int(constant(PLANNER, "notice_months")))
            params = {"site": buyer.site, "end": end.isoformat()}
            steps.append(
                (
                    max(notice, problem.today).isoformat(),
                    Message(N_("{site}: give notice of the contract that ends on {end}."), params),
                )
            )
    return [{"by": day, "step": step} for day, step in sorted(steps, key=lambda s: (s[0], str(s[1])))]


def _before(problem: PurchaseProblem, choice: Choice, months: int) -> str:
    """Return the first of the month so many months before the start, not before today."""
    day: date = first_of_month(problem.today, choice.start - months)
    return max(day, problem.today).isoformat()


def tier_shown(tier: Tier) -> dict[str, object]:
    """Return a tier as plain data."""
    return {"from_quantity": tier.from_quantity, "price_eur": tier.price_eur, "discount": tier.discount}


def _tidy(number: float) -> float:
    return float(f"{number:.6g}")
