"""Quantities two flows can be compared by: the resource's own unit where a conversion is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.catalogue.model import Catalogue, ConversionTable
from matching.columns import Floats, FlowColumns
from matching.units import YearlyQuantity, steady, unit_cost_per_canonical


@dataclass(frozen=True, slots=True)
class Amounts:
    """Yearly quantity of each flow (NaN when unknown or one-off) and the number of its unit."""

    value: Floats
    unit: NDArray[np.int64]
    names: tuple[str, ...]

    def pair(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Return both quantities of each pair, NaN where the units differ."""
        same = self.unit[first] == self.unit[second]
        return np.where(same, self.value[first], np.nan), np.where(same, self.value[second], np.nan)


def amounts(columns: FlowColumns, catalogue: Catalogue) -> Amounts:
    """Return each flow's yearly quantity, in its resource's unit where the catalogue can convert it."""
    table = catalogue.conversion_table
    numbers: dict[str, int] = {}
    values = np.full(len(columns), np.nan)
    units = np.full(len(columns), -1, dtype=np.int64)
    for i, quantity in enumerate(columns.quantities):
        if quantity is None:
            continue
        resource = columns.readings[i][0].resource if columns.readings[i] else ""
        value, unit = comparable(quantity, resource, catalogue, table)
        values[i] = np.nan if value is None else value
        units[i] = numbers.setdefault(unit, len(numbers))
    return Amounts(values, units, tuple(numbers))


def unit_cost(columns: FlowColumns, found: Amounts, i: int) -> float | None:
    """Return what a flow is declared to cost, in EUR per unit of its amount; None when that is unknown."""
    cost, quantity = unit_cost_per_canonical(columns.flows[i]), columns.quantities[i]
    declared = None if quantity is None else _yearly_or_once(quantity)
    if cost is None or not declared or not found.value[i] > 0:
        return None
    return steady(cost * declared / float(found.value[i]))


def _yearly_or_once(quantity: YearlyQuantity) -> float | None:
    return quantity.per_year if quantity.per_year is not None else quantity.amount


def comparable(
    quantity: YearlyQuantity, resource: str, catalogue: Catalogue, table: ConversionTable
) -> tuple[float | None, str]:
    """Return a yearly quantity in the resource's unit when a conversion is known, else as it is.

    The conversion is the resource's own or its nearest ancestor's. A one-off amount counts as the quantity of
    a year, since it is what there is to exchange.
    """
    value = _yearly_or_once(quantity)
    if not resource or value is None:
        return value, quantity.unit
    target = catalogue.resources[resource].unit
    if target == quantity.unit:
        return value, target
    ways = ((ancestor, quantity.unit, target) for ancestor in catalogue.lineage(resource))
    factor = next((table[way] for way in ways if way in table), None)
    return (value, quantity.unit) if factor is None else (steady(value * factor), target)
