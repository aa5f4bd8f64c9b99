"""Flows as the program sees them for strangers: each in the middle of its cell and of its class.

What a company is told of matches it may not see is computed from these alone. However often it asks, from
wherever and with whatever quantities, it learns the cell and the class: nothing finer enters the reckoning.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

from app.services.classes import CELL_KM, cell_of_site, class_of
from app.services.residents import Residents
from geo.cells import centre_of
from matching.model import Flow, Period, Quantity, Range, Site
from matching.units import canonical_per_year


def blurred(flow: Flow) -> Flow:
    """Return a flow moved to the middle of its cell, with a quantity in the middle of its class."""
    return replace(
        flow,
        site=blurred_site(flow.site),
        quantity=_blurred_quantity(flow),
        unit_cost_eur=None,
        min_lot=None,
        capacity=None,
        storage_max=None,
        destination="",
    )


def blurred_site(site: Site) -> Site:
    """Return a site in the middle of its cell."""
    cell = cell_of_site(site.lon, site.lat)
    if cell is None:
        return site
    lon, lat = centre_of(cell, CELL_KM)
    return replace(site, lon=lon, lat=lat)


def _blurred_quantity(flow: Flow) -> Quantity | None:
    known = canonical_per_year(flow)
    if flow.quantity is None or known is None:
        return None
    value = known.per_year if known.per_year is not None else known.amount
    if value is None:
        return None
    middle = middle_of(value)
    period = flow.quantity.period if flow.quantity.period is Period.ONCE else Period.YEAR
    return Quantity(Range(middle, middle), known.unit, period)


def middle_of(quantity: float) -> float:
    """Return the geometric middle of the class of a quantity, the same for all quantities of the class."""
    upper = class_of("quantity", quantity).upper
    if math.isinf(upper):
        # A decade above the last bound, like the classes before it.
        upper = class_of("quantity", 0.0).upper * 10.0 ** (class_of("quantity", quantity).number)
    return upper / math.sqrt(10.0)


@lru_cache(maxsize=1)
def blurred_residents() -> Residents:
    """Return the territories of this process as they are for strangers."""
    return Residents(blurred)
