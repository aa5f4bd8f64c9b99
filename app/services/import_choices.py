"""What somebody chose for a file before it is stored: cells settled, rows left out, columns corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.readers import Finding, ReadResult, settled
from app.readers.sources import Place
from matching.messages import N_, Message

# A settled cell is a word or a number, never a text.
LONGEST_CELL = 500
MOST_SETTLED = 500
LEFT_OUT = N_("This row was left out, as you chose.")


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen for one file.

    Attributes
    ----------
    cells
        The right value of fields of rows, as typed, by the sheet and row they stand at.
    left_out
        Rows not to store.
    without_refused
        Whether rows that cannot be read are left out; else one of them keeps the whole file out.
    end_gone
        Whether flows that earlier files told of and this one does not are marked as ended today.
    mapping
        Columns corrected, as ``app.services.layouts`` takes them.
    remember
        Whether these corrections count for later files of the same layout.
    """

    cells: Mapping[Place, Mapping[str, str]] = field(default_factory=dict)
    left_out: frozenset[Place] = frozenset()
    without_refused: bool = False
    end_gone: bool = False
    mapping: Mapping[str, Any] = field(default_factory=dict)
    remember: bool = True

    def settled(self, place: Place, name: str, text: str) -> Choices:
        """Return the choices with the value of one field of a row, none for an empty text."""
        cells = {key: dict(values) for key, values in self.cells.items()}
        values = cells.setdefault(place, {})
        values.pop(name, None)
        if text:
            values[name] = text[:LONGEST_CELL]
        return replace(self, cells={key: held for key, held in list(cells.items())[-MOST_SETTLED:] if held})

    def leaving(self, place: Place, out: bool) -> Choices:
        """Return the choices with a row left out, or taken in again."""
        left = self.left_out | {place} if out else self.left_out - {place}
        return replace(self, left_out=left)

    def without(self, layout: str) -> Choices:
        """Return the choices without what was said of a layout."""
        return replace(self, mapping={name: one for name, one in self.mapping.items() if name != layout})

    def ending(self, end_gone: bool, without_refused: bool) -> Choices:
        """Return the choices with what is said when the file is stored."""
        return replace(self, end_gone=end_gone, without_refused=without_refused)

    def to_plain(self) -> dict[str, Any]:
        """Return the choices as JSON keeps them."""
        return {
            "cells": settled.to_plain(self.cells),
            "left_out": sorted(map(list, self.left_out), key=str),
            "without_refused": self.without_refused,
            "end_gone": self.end_gone,
            "mapping": dict(self.mapping),
            "remember": self.remember,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Choices:
        """Return choices that were kept; those of nobody leave everything as it was read."""
        if not plain:
            return cls()
        return cls(
            settled.from_plain(plain["cells"]),
            frozenset((sheet, row) for sheet, row in plain["left_out"]),
            plain["without_refused"],
            plain["end_gone"],
            plain["mapping"],
            plain["remember"],
        )


NO_CHOICES = Choices()


def chosen(result: ReadResult, choices: Choices) -> ReadResult:
    """Return what was read without the rows left out; each keeps a finding that says so."""
    refused = refused_rows(result) if choices.without_refused else frozenset()
    if not (choices.left_out or refused):
        return result
    flows = tuple(flow for flow in result.flows if (flow.sheet, flow.row) not in choices.left_out)
    findings: dict[Any, Finding] = {}
    for place, finding in enumerate(result.findings):
        at = (finding.sheet, finding.row)
        if at in choices.left_out or (at in refused and finding.severity == "error"):
            said = Finding("info", finding.sheet, finding.row, "", Message(LEFT_OUT))
            findings.setdefault(at, said)
        else:
            findings[place] = finding
    for flow in result.flows:
        at = (flow.sheet, flow.row)
        if at in choices.left_out:
            findings.setdefault(at, Finding("info", *at, "", Message(LEFT_OUT)))
    return replace(result, flows=flows, findings=tuple(findings.values()))


def refused_rows(result: ReadResult) -> frozenset[Place]:
    """Return the rows that cost their flow."""
    return frozenset((one.sheet, one.row) for one in result.errors if one.row is not None)
