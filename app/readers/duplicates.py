"""Rows that say the same thing twice."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from app.readers.record import Findings
from matching.messages import N_, Message
from matching.model import Flow


def without_doubles(flows: list[Flow], loose: Set[int], findings: Findings) -> list[Flow]:
    """Return the flows without exact doubles among those of free tables; every double has its finding.

    In a table with the contract's own header a double is kept: there, each row is one flow.

    Parameters
    ----------
    loose
        Places in ``flows`` of those that come from free tables.
    """
    first: dict[tuple[object, ...], Flow] = {}
    kept: list[Flow] = []
    for place, flow in enumerate(flows):
        key = (flow.label, flow.direction, flow.kind, flow.quantity, flow.site.name)
        twin = first.setdefault(key, flow)
        if twin is flow or replace(flow, row=twin.row, sheet=twin.sheet) != twin:
            kept.append(flow)
            continue
        if place in loose:
            text = N_("The same as row {row}: read once.")
        else:
            text = N_("The same as row {row}: if it is one flow entered twice, delete one.")
            kept.append(flow)
        message = Message(text, {"row": twin.row or 0})
        findings.add("warning", flow.sheet, flow.row, "label", message)
    return kept
