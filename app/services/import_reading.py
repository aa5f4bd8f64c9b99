"""What was understood of a file, row by row, as its pages show it: without any language, and bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.exports.document import freeze
from app.readers import Finding, ReadResult
from app.readers.result import Source
from app.readers.sources import MOST_ROWS, Place
from matching.model import Flow

# Of the rows kept for the pages those with findings come first, and the counts tell of all.
REFUSED, GUESSED, UNDERSTOOD, ASIDE = "refused", "guessed", "understood", "aside"
GROUPS = (REFUSED, GUESSED, UNDERSTOOD, ASIDE)


def reading_of(result: ReadResult, report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report with the rows that were read."""
    rows, counts = rows_of(result)
    return {
        "report": {**report, "findings": report["findings"][:MOST_ROWS]},
        "tables": report["tables"],
        "rows": rows,
        "counts": counts,
    }


def rows_of(result: ReadResult) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return the rows of a file in its order, ``MOST_ROWS`` at most, and how many are in each group."""
    findings: dict[Place, list[Finding]] = {}
    for finding in result.findings:
        if finding.row is not None:
            findings.setdefault((finding.sheet, finding.row), []).append(finding)
    counts = dict.fromkeys(GROUPS, 0)
    told: list[dict[str, Any]] = []
    plain: list[Flow] = []
    seen: set[Place] = set()
    for flow in result.flows:
        at = (flow.sheet, flow.row or 0)
        noticed = findings.get(at, [])
        group = group_of(noticed)
        counts[group] += 1
        if group == UNDERSTOOD:
            plain.append(flow)
        else:
            told.append(_row(flow, group, [] if at in seen else noticed))
        seen.add(at)
    for at, noticed in findings.items():
        if at not in seen:
            group = REFUSED if group_of(noticed) == REFUSED else ASIDE
            counts[group] += 1
            told.append({**_bare(at, noticed), "group": group})
    told = told[:MOST_ROWS]
    room = MOST_ROWS - len(told)
    told += [_row(flow, UNDERSTOOD, findings.get((flow.sheet, flow.row or 0), [])) for flow in plain[:room]]
    sheets = {one: place for place, one in enumerate(dict.fromkeys(flow.sheet for flow in result.flows))}
    for row in told:
        row["cells"] = _cells(result.sources.get((row["sheet"], row["row"]), ()))
    told.sort(key=lambda row: (sheets.get(row["sheet"], len(sheets)), row["row"]))
    return told, counts


def _cells(sources: Sequence[Source]) -> list[dict[str, str]]:
    """Return the cells of a row in the order of its columns."""
    ordered = sorted(sources, key=lambda one: (len(one.cell), one.cell))
    return [
        {
            "field": one.field,
            "cell": one.cell,
            "text": one.text,
            "sure": one.sure,
            "understood": one.understood,
        }
        for one in ordered
        if one.cell
    ]


def group_of(findings: list[Finding]) -> str:
    """Return whether a row was refused, guessed or understood; those that hold no flow are aside."""
    severities = {finding.severity for finding in findings}
    if "error" in severities:
        return REFUSED
    return GUESSED if "warning" in severities else UNDERSTOOD


def _row(flow: Flow, group: str, findings: list[Finding]) -> dict[str, Any]:
    quantity = flow.quantity
    return {
        **_bare((flow.sheet, flow.row or 0), findings),
        "group": group,
        "site": flow.site.name,
        "label": flow.label,
        "direction": flow.direction.value,
        "kind": flow.kind.value,
        "quantity": None
        if quantity is None
        else {
            "low": quantity.value.low,
            "high": quantity.value.high,
            "unit": quantity.unit,
            "period": quantity.period.value,
            "days_per_week": quantity.days_per_week,
        },
    }


def _bare(at: Place, findings: list[Finding]) -> dict[str, Any]:
    """Return a row that gave no flow."""
    return {
        "sheet": at[0],
        "row": at[1],
        "group": REFUSED,
        "site": "",
        "label": "",
        "direction": "",
        "kind": "",
        "quantity": None,
        "cells": [],
        "findings": [
            {
                "severity": one.severity,
                "field": one.field,
                "cell": one.cell,
                "message": freeze(one.message),
            }
            for one in findings
        ],
    }
