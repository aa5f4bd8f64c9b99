"""Joint purchase: from when, at which tier, who gains, and the sheet that goes out."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from pypdf import PdfReader

from app.exports.consultation import consultation_pdf
from matching.engine import default_engine
from matching.errors import InvalidParametersError
from matching.messages import LocalName
from matching.model import Flow, Kind, Range
from matching.planning.plan import InfeasiblePlanError, Plan
from matching.planning.purchase import Buyer, PurchaseParams, PurchaseProblem, Tier, plan
from matching.planning.purchase_choice import Joining, fixed_eur, handling_eur, join, tiers_of
from matching.planning.purchase_flows import problem_from_flows
from matching.planning.purchase_model import first_of_month, free_from
from tests.matching.builders import flow, positions, site

TODAY = date(2026, 11, 26)
USUAL = (0.03, 0.08, 0.15)
NAME = LocalName("électricité", "electricity")


def shown(found: Plan) -> Any:
    """Return what the plan proposes, as plain data."""
    return found.plan


def problem(*buyers: Buyer, **fields: Any) -> PurchaseProblem:
    fields.setdefault("minimum_volume", 100.0)
    return PurchaseProblem(
        resource=NAME, unit="MWh", buyers=buyers, today=TODAY, usual_discount=USUAL, **fields
    )


def buyer(name: str, quantity: float | None, price: float | None, end: date | None = None) -> Buyer:
    return Buyer(name, "électricité", quantity, price, end)


def members(found: Any) -> list[str]:
    return [member["site"] for member in shown(found)["members"]]


def test_a_usual_discount_is_counted_over_the_whole_contract() -> None:
    """8 % of (100 x 150 + 200 x 120) EUR a year for three years."""
    found = plan(problem(buyer("A", 100, 150), buyer("B", 200, 120)))
    assert (found.objective, found.bound, found.gap) == (9360.0, 9360.0, 0.0)
    assert (shown(found)["saving_eur_per_year"], shown(found)["saving_eur_low"]) == (3120, 1170)
    assert shown(found)["start"] == "2027-03-01"


def test_the_contract_starts_when_the_last_member_is_free() -> None:
    """Starting when B's contract ends costs A nine months of extension, joining late costs B ten served."""
    found = plan(
        problem(buyer("A", 1000, 100, date(2027, 3, 31)), buyer("B", 4000, 100, date(2027, 12, 31))),
        PurchaseParams(bridge_premium=0.01),
    )
    assert shown(found)["start"] == "2028-01-01"
    first, second = shown(found)["members"]
    assert (first["months_of_extension"], second["months_of_extension"]) == (9, 0)
    assert found.objective == 8 * 1000 * 3 + 8 * 4000 * 3 - 1000 * 9 / 12 * 100 * 0.01


def test_a_tier_is_reached_only_by_those_who_gain_at_its_price() -> None:
    """C pays 85 EUR and would lose at 90: without its volume A and B get the tier of 95 EUR."""
    tiers = (Tier(100, price_eur=95), Tier(500, price_eur=90))
    found = plan(
        problem(buyer("A", 200, 120), buyer("B", 200, 100), buyer("C", 200, 85)), PurchaseParams(tiers)
    )
    assert members(found) == ["A", "B"]
    assert found.objective == 3 * (200 * 25 + 200 * 5)
    assert shown(found)["tier"] == {"from_quantity": 100, "price_eur": 95, "discount": None}
    assert "pays 85 EUR/MWh today" in str(found.unserved[0].why)


def test_contracts_that_end_too_early_or_too_late_are_told_so() -> None:
    found = plan(
        problem(
            buyer("A", 1000, 100, date(2027, 2, 28)),
            buyer("B", 1000, 100, date(2027, 2, 28)),
            buyer("C", 10, 100, date(2030, 6, 30)),
            buyer("D", None, 100),
        )
    )
    assert members(found) == ["A", "B"]
    reasons = [str(unserved.why) for unserved in found.unserved]
    assert "its contract runs until 2030-06-30" in reasons[0]
    assert "its volume is not known" in reasons[1]


def test_a_price_nobody_said_joins_a_discount_but_no_fixed_price() -> None:
    buyers = (buyer("A", 100, 150), buyer("B", 100, None))
    assert members(plan(problem(*buyers))) == ["A", "B"]
    with pytest.raises(InfeasiblePlanError, match="No two buyers gain"):
        plan(problem(*buyers), PurchaseParams((Tier(0, price_eur=100),)))


@pytest.mark.parametrize(
    ("count", "kind", "spread", "form"),
    [
        (3, "energy", False, "negotiated"),
        (9, "energy", False, "framework"),
        (2, "energy", True, "framework"),
        (3, "packaging", False, "association"),
    ],
)
def test_the_form_of_contract_follows_the_group(count: int, kind: str, spread: bool, form: str) -> None:
    ends = [date(2027, 3, 31), date(2027, 12, 31)] if spread else [None] * count
    quantity = 5.0 if kind == "packaging" else 500.0
    found = plan(
        problem(
            *(buyer(f"S{i}", quantity, 100, end) for i, end in enumerate(ends)), kind=kind, minimum_volume=1
        )
    )
    assert shown(found)["form"] == form
    assert [f["form"] for f in shown(found)["forms"] if f["recommended"]] == [form]


def exhaustive(of: PurchaseProblem, params: PurchaseParams) -> float | None:
    """Return the best total of every subset, start and tier in which each member gains."""
    form = params.form or "negotiated"
    each = handling_eur(form) if params.members_pay else 0.0
    fixed = fixed_eur(form) if params.members_pay else 0.0
    best = None
    for start in range(params.lead_months, params.horizon_months + 1):
        for tier in tiers_of(of, params):
            joined = [join(b, start, tier, of, params, each) for b in of.buyers]
            able = [i for i, j in enumerate(joined) if isinstance(j, Joining)]
            for size in range(2, len(able) + 1):
                for chosen in combinations(able, size):
                    if sum(of.buyers[i].quantity or 0 for i in chosen) < tier.from_quantity:
                        continue
                    gained = sum(j.saving_eur or 0 for i in chosen if isinstance(j := joined[i], Joining))
                    if gained > fixed and (best is None or gained - fixed > best):
                        best = gained - fixed
    return best


@pytest.mark.parametrize("seed", range(30))
def test_the_plan_is_that_of_an_exhaustive_search_and_nobody_loses(seed: int) -> None:
    rng = np.random.default_rng(seed)
    buyers = []
    for i in range(int(rng.integers(2, 7))):
        month = int(rng.integers(1, 40))
        end = None if rng.random() < 0.3 else first_of_month(TODAY, month)
        buyers.append(buyer(f"S{i}", float(rng.integers(10, 300)), float(rng.integers(60, 200)), end))
    tiers = (Tier(50, price_eur=130), Tier(300, price_eur=110), Tier(600, price_eur=100)) if seed % 2 else ()
    params = PurchaseParams(
        tiers, members_pay=seed % 3 == 0, fee_eur_per_year=float(seed % 4) * 20, form="negotiated"
    )
    of = problem(*buyers)
    best = exhaustive(of, params)
    if best is None:
        with pytest.raises(InfeasiblePlanError):
            plan(of, params)
        return
    found = plan(of, params)
    assert found.objective == pytest.approx(best, abs=0.01)
    assert all(member["saving_eur"] > 0 for member in shown(found)["members"])
    assert found == plan(of, params, seed=5)
    assert sum(m["saving_eur"] for m in shown(found)["members"]) == pytest.approx(best, abs=0.1)


def test_months_are_counted_from_the_day_after_the_contract() -> None:
    assert first_of_month(date(2026, 11, 26), 2) == date(2027, 1, 1)
    assert free_from(buyer("A", 1, 1, date(2026, 12, 31)), TODAY) == 2
    assert free_from(buyer("A", 1, 1, date(2026, 1, 31)), TODAY) is None


def test_impossible_purchases_say_what_to_relax() -> None:
    with pytest.raises(InfeasiblePlanError, match="find more buyers"):
        plan(problem(buyer("A", 10, 100), buyer("B", 10, 100)))
    with pytest.raises(InfeasiblePlanError, match="ask for their invoices"):
        plan(problem(buyer("A", None, 100), buyer("B", 10, 100)))
    with pytest.raises(InfeasiblePlanError, match="Contracts end too far apart"):
        plan(problem(buyer("A", 90, 100, date(2026, 12, 31)), buyer("B", 90, 100, date(2031, 12, 31))))
    with pytest.raises(InvalidParametersError, match="must not cost more"):
        PurchaseParams((Tier(0, price_eur=10), Tier(10, price_eur=12)))
    with pytest.raises(InvalidParametersError, match="Unknown form"):
        PurchaseParams(form="cartel")


def test_the_sheet_asks_for_prices_and_tells_none() -> None:
    found = plan(problem(buyer("Atelier", 100, 151.37), buyer("Bureau", 200, 123.45, date(2027, 6, 30))))
    sheet: Any = shown(found)["consultation"]
    assert (sheet["total_per_year"], [row["price_eur"] for row in sheet["prices_asked"]]) == (300, [None] * 3)
    for language, words in (("fr", "Détail quantitatif"), ("en", "Bill of quantities")):
        pdf = PdfReader(io.BytesIO(consultation_pdf(sheet, language)))
        text = " ".join(page.extract_text() for page in pdf.pages)
        assert words in text
        assert "Atelier" in text
        assert not any(price in text for price in ("151", "123,45", "123.45"))


def test_purchases_are_built_from_any_flow_table() -> None:
    def power(name: str, km: float, amount: float | None, **more: Any) -> Flow:
        return flow(site(name, km), "input", "Électricité", amount, "MWh", kind=Kind.ENERGY, **more)

    rows = [
        power("A", 0, 300, unit_cost_eur=Range.of(150), contract_end=date(2027, 6, 30)),
        power("B", 2, 200, unit_cost_eur=Range.of(160)),
        power("C", 3, None),
        power("D", 200, 900, unit_cost_eur=Range.of(140)),
        power("E", 201, 100, unit_cost_eur=Range.of(140)),
    ]
    engine = default_engine()
    columns, amounts = engine.columns(rows, positions(rows))
    found = problem_from_flows(columns, engine.catalogue, amounts, today=TODAY)
    assert [[b.site for b in p.buyers] for p in found] == [["D", "E"], ["A", "B", "C"]]
    answer = plan(found[1])
    assert members(answer) == ["A", "B"]
    assert [u.name for u in answer.unserved] == ["C – Électricité"]
    assert replace(found[1].buyers[0], row=None).price_eur == 150
