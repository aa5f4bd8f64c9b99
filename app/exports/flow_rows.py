"""Flows as rows of a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.translations import gettext
from matching.messages import N_
from matching.model import Flow

FLOW_COLUMNS = (
    (N_("Site"), 28), (N_("Park"), 24), (N_("Direction"), 10), (N_("Kind"), 12), (N_("Label"), 46),
    (N_("Code"), 9), (N_("Quantity"), 10), (N_("Unit"), 9), (N_("Period"), 9), (N_("City"), 18),
)  # fmt: skip
DIRECTIONS = {"input": N_("need"), "output": N_("resource")}


def as_listed(flow: Flow) -> tuple[str, ...]:
    """Return what flows are listed by."""
    return flow.site.park, flow.site.name, flow.direction, flow.label


def flow_rows(flows: Sequence[Flow], language: str) -> Iterator[tuple[object, ...]]:
    """Yield the cells of each flow, in the order of ``FLOW_COLUMNS``."""
    directions = {value: gettext(name, language) for value, name in DIRECTIONS.items()}
    for flow in flows:
        quantity = flow.quantity
        yield (
            flow.site.name, flow.site.park, directions[flow.direction.value],
            flow.kind.value, flow.label, flow.waste_code, quantity.value.middle if quantity else "",
            quantity.unit if quantity else "", quantity.period.value if quantity else "", flow.site.city,
        )  # fmt: skip
