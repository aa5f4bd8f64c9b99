"""Who buys together, from when and at which tier: every month and tier tried, so the best is proven."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from matching.planning.constants import constant
from matching.planning.purchase_model import (
    MONTHS_PER_YEAR,
    PLANNER,
    Buyer,
    PurchaseParams,
    PurchaseProblem,
    Tier,
    free_from,
)

MIN_SITES = 2


class Out(StrEnum):
    """Why a buyer stays out."""

    NO_QUANTITY = "no_quantity"
    NO_PRICE = "no_price"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    LOSES = "loses"


@dataclass(frozen=True, slots=True)
class Joining:
    """What joining means for a buyer.

    Attributes
    ----------
    start
        Months from today at which it is first served.
    served_months, bridge_months
        Months under the joint contract, and months of extension before it.
    price_eur
        Per unit under the joint contract, None when unknown.
    saving_eur
        Over the whole contract, extension and fees paid; None when its price today is unknown.
    """

    start: int
    served_months: int
    bridge_months: int
    price_eur: float | None
    saving_eur: float | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A start, a tier and who gains by it; ``members`` by the buyer's index.

    ``fixed_eur`` is what the members share of the coordination, ``total_eur`` what they save after it.
    """

    start: int
    tier: Tier
    members: dict[int, Joining]
    out: dict[int, Out]
    volume: float
    fixed_eur: float
    total_eur: float

    def share_eur(self, member: int) -> float:
        """Return a member's part of the fixed cost, in proportion to what it saves."""
        saving = self.members[member].saving_eur or 0.0
        return self.fixed_eur * saving / (self.total_eur + self.fixed_eur) if self.fixed_eur else 0.0

    @property
    def rank(self) -> tuple[float, ...]:
        """What the best choice has most of: EUR saved, then members, volume, an early start."""
        return (round(self.total_eur, 2), len(self.members), self.volume, -self.start)


def tiers_of(problem: PurchaseProblem, params: PurchaseParams) -> tuple[Tier, ...]:
    """Return the tiers known, else the usual discount from the minimum volume."""
    if params.tiers:
        return tuple(sorted(params.tiers, key=lambda tier: tier.from_quantity))
    return (Tier(problem.minimum_volume or 0.0, discount=problem.usual_discount[1]),)


def join(
    buyer: Buyer,
    start: int,
    tier: Tier,
    problem: PurchaseProblem,
    params: PurchaseParams,
    handling_eur: float = 0.0,
) -> Joining | Out:
    """Return what a buyer gets from a joint contract that starts in ``start`` months, or why it stays out.

    saving = q/12 x months served x (price today - joint price)
           - q/12 x months of extension x price today x premium - fee/12 x months served - handling.
    """
    if buyer.quantity is None or buyer.quantity <= 0:
        return Out.NO_QUANTITY
    free = free_from(buyer, problem.today)
    bridge = 0 if free is None else max(0, start - free)
    late = 0 if free is None else max(0, free - start)
    served = params.contract_months - late
    if bridge > params.bridge_months:
        return Out.TOO_EARLY
    if served < params.least_months:
        return Out.TOO_LATE
    price = tier.price_for(buyer)
    costs = handling_eur + params.fee_eur_per_year / MONTHS_PER_YEAR * served
    if buyer.price_eur is None:
        # A discount off whatever it pays cannot cost it anything; a fee, an extension or a fixed price might.
        sure = bool(tier.discount) and costs == 0 and bridge == 0
        return Joining(start + late, served, 0, price, None) if sure else Out.NO_PRICE
    monthly = buyer.quantity / MONTHS_PER_YEAR
    saving = monthly * served * (buyer.price_eur - (price or 0.0)) - costs
    saving -= monthly * bridge * buyer.price_eur * params.bridge_premium
    return Joining(start + late, served, bridge, price, saving) if saving > 0 else Out.LOSES


def fixed_eur(form: str) -> float:
    """Return what a form of contract costs over its length whoever joins, in EUR of work."""
    return constant(PLANNER, f"{form}_hours") * constant(PLANNER, "hourly_eur")


def handling_eur(form: str) -> float:
    """Return what one member more costs over the length of the contract, in EUR of work."""
    return constant(PLANNER, f"{form}_member_hours") * constant(PLANNER, "hourly_eur")


def choose(
    problem: PurchaseProblem, params: PurchaseParams, start: int, tier: Tier, form: str
) -> Choice | None:
    """Return who joins at a start and a tier, None when the tier is not reached or nothing is left to share.

    Whoever gains is welcome: it adds its saving and its volume. Who would lose stays out, even where its
    volume would reach the tier. The fixed part of coordination is shared in proportion to what members save,
    so that it makes none of them lose.
    """
    members: dict[int, Joining] = {}
    out: dict[int, Out] = {}
    each = handling_eur(form) if params.members_pay else 0.0
    for i, buyer in enumerate(problem.buyers):
        joined = join(buyer, start, tier, problem, params, each)
        if isinstance(joined, Out):
            out[i] = joined
        else:
            members[i] = joined
    volume = sum(problem.buyers[i].quantity or 0.0 for i in members)
    if len({problem.buyers[i].site for i in members}) < MIN_SITES or volume < tier.from_quantity:
        return None
    gross = sum(joined.saving_eur or 0.0 for joined in members.values())
    fixed = fixed_eur(form) if params.members_pay else 0.0
    if params.members_pay and fixed >= gross:
        return None
    return Choice(start, tier, members, out, volume, fixed, gross - fixed)


def best_choice(problem: PurchaseProblem, params: PurchaseParams, form: str) -> Choice | None:
    """Return the best of every start and tier, None where no group of two gains."""
    found = [
        choice
        for start in range(params.lead_months, params.horizon_months + 1)
        for tier in tiers_of(problem, params)
        if (choice := choose(problem, params, start, tier, form)) is not None
    ]
    return max(found, key=lambda choice: choice.rank, default=None)
