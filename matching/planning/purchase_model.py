"""What a joint purchase decides on: members with today's price and contract end, price tiers, limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import numpy as np

from matching.errors import InvalidParametersError
from matching.messages import N_, LocalName, Message
from matching.planning.constants import constant
from matching.planning.plan import OversizedPlanError

PLANNER = "purchase"
MAX_BUYERS = 2000
MONTHS_PER_YEAR = 12
FORMS = ("negotiated", "framework", "association")


@dataclass(frozen=True, slots=True)
class Buyer:
    """A company that may buy together.

    Attributes
    ----------
    quantity
        Units a year, None when unknown.
    price_eur
        What it pays today, EUR per unit; None when unknown.
    contract_end
        Last day of its contract, None when unknown or when nothing binds it.
    """

    site: str
    label: str
    quantity: float | None
    price_eur: float | None = None
    contract_end: date | None = None
    company: str = ""
    address: str = ""
    months: frozenset[int] = frozenset()
    row: int | None = None

    def __post_init__(self) -> None:
        for value in (self.quantity, self.price_eur):
            if value is not None and not (np.isfinite(value) and value >= 0):
                raise InvalidParametersError(
                    Message(N_("{site}: quantity and price must be zero or more."), {"site": self.site})
                )

    @property
    def spend_eur(self) -> float | None:
        """EUR a year today, None when unknown."""
        return None if self.quantity is None or self.price_eur is None else self.quantity * self.price_eur


@dataclass(frozen=True, slots=True)
class Tier:
    """A price from ``from_quantity`` units a year: EUR per unit, or a share off each one's price today."""

    from_quantity: float
    price_eur: float | None = None
    discount: float | None = None

    def __post_init__(self) -> None:
        if (self.price_eur is None) == (self.discount is None):
            raise InvalidParametersError(
                Message(N_("A price tier has either a price per unit or a discount."))
            )
        if self.discount is not None and not 0 <= self.discount < 1:
            raise InvalidParametersError(Message(N_("A discount is a share from 0 to 1.")))
        if self.from_quantity < 0 or (self.price_eur is not None and self.price_eur < 0):
            raise InvalidParametersError(Message(N_("Volumes and prices of tiers must be zero or more.")))

    def price_for(self, buyer: Buyer) -> float | None:
        """Return EUR per unit for a buyer, None when a discount bears on a price nobody said."""
        if self.price_eur is not None:
            return self.price_eur
        return None if buyer.price_eur is None else buyer.price_eur * (1 - (self.discount or 0.0))


@dataclass(frozen=True, slots=True)
class PurchaseProblem:
    """Buyers of one resource in one unit; ``tiers`` are those of ``PurchaseParams`` or the usual discount.

    Attributes
    ----------
    today
        The day from which months are counted.
    usual_discount
        Low, middle and high share off today's price where no tier is known.
    minimum_volume
        Units a year from which suppliers answer at all, None where unknown.
    """

    resource: LocalName
    unit: str
    buyers: tuple[Buyer, ...]
    today: date
    usual_discount: tuple[float, float, float]
    minimum_volume: float | None = None
    kind: str = "service"
    key: str = ""

    def __post_init__(self) -> None:
        if len(self.buyers) > MAX_BUYERS:
            raise OversizedPlanError(
                Message(
                    N_("{count} buyers in one consultation, at most {most}: name a resource or a zone."),
                    {"count": len(self.buyers), "most": MAX_BUYERS},
                )
            )
        low, middle, high = self.usual_discount
        if not 0 <= low <= middle <= high < 1:
            raise InvalidParametersError(Message(N_("Shares saved go from 0 to 1, low, middle, high.")))


def _months(key: str) -> int:
    return int(constant(PLANNER, key))


@dataclass(frozen=True, slots=True)
class PurchaseParams:
    """Limits of the consultation; every field has the planner's default, with its source.

    Attributes
    ----------
    tiers
        Price tiers that a supplier quoted, any order; empty when none is known.
    lead_months, horizon_months
        First and last month, from today, in which the joint contract may start.
    bridge_months, bridge_premium
        How long a member may extend a contract that ends before, and what that costs more (a share).
    least_months
        Shortest time under the joint contract for who joins late.
    fee_eur_per_year
        What each member pays the association for this service.
    form
        One of ``FORMS``, None to let the planner recommend one.
    members_pay
        Whether members bear the work of coordination, in proportion to what they save.
    """

    tiers: tuple[Tier, ...] = ()
    lead_months: int = field(default_factory=lambda: _months("lead_months"))
    horizon_months: int = field(default_factory=lambda: _months("horizon_months"))
    contract_months: int = field(default_factory=lambda: _months("contract_months"))
    bridge_months: int = field(default_factory=lambda: _months("bridge_months"))
    bridge_premium: float = field(default_factory=lambda: constant(PLANNER, "bridge_premium"))
    least_months: int = field(default_factory=lambda: _months("least_months"))
    fee_eur_per_year: float = 0.0
    form: str | None = None
    members_pay: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.lead_months <= self.horizon_months:
            raise InvalidParametersError(
                Message(N_("The first month of a joint contract must not be after the last one."))
            )
        if not 1 <= self.least_months <= self.contract_months or self.bridge_months < 0:
            raise InvalidParametersError(
                Message(N_("A member is served for at least a month and at most the whole contract."))
            )
        if self.bridge_premium < 0 or self.fee_eur_per_year < 0:
            raise InvalidParametersError(Message(N_("Premiums and fees must be zero or more.")))
        if self.form is not None and self.form not in FORMS:
            raise InvalidParametersError(
                Message(
                    N_("Unknown form of contract “{value}”: use {known}."),
                    {"value": self.form, "known": ", ".join(FORMS)},
                )
            )
        _check_tiers(self.tiers)


def _check_tiers(tiers: Sequence[Tier]) -> None:
    ordered = sorted(tiers, key=lambda tier: tier.from_quantity)
    for lower, higher in pairwise(ordered):
        if (lower.price_eur is None) != (higher.price_eur is None):
            raise InvalidParametersError(Message(N_("Price tiers are all prices or all discounts.")))
        dearer = (higher.price_eur or 0) > (lower.price_eur or 0)
        if dearer or (higher.discount or 0) < (lower.discount or 0):
            raise InvalidParametersError(Message(N_("A larger volume must not cost more per unit.")))


def first_of_month(today: date, months: int) -> date:
    """Return the first day of the month that comes ``months`` months after that of ``today``."""
    year, month = divmod(today.year * MONTHS_PER_YEAR + today.month - 1 + months, MONTHS_PER_YEAR)
    return date(year, month + 1, 1)


def free_from(buyer: Buyer, today: date) -> int | None:
    """Return in how many months the buyer is free (the month after its contract's last), None if any time.

    A contract that ended before today has been renewed or dropped: when is not known.
    """
    end = buyer.contract_end
    if end is None or end < today:
        return None
    months = (end.year - today.year) * MONTHS_PER_YEAR + end.month - today.month
    return months + 1
