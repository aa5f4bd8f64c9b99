"""One row of a file once its columns are recognised, before its cells are understood."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.readers.grid import Cell
from app.readers.result import Finding, Severity
from app.readers.units import Rhythm
from matching.messages import Message
from matching.model import Direction, Kind


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a row: its sheet, its section's title, its column titles.

    Attributes
    ----------
    strict
        The table has the contract's own column names: nothing is guessed that the contract requires.
    decimal_dot
        What dots and commas of numbers are: one of ``number_marks.Marks``.
    comma_told
        Some number of the sheet shows that a comma is the decimal mark.
    direction, kind
        What titles say, for rows that do not say it themselves.
    unit, rhythm
        What the quantity's column title says.
    """

    sheet: str | None = None
    strict: bool = False
    decimal_dot: int = 0
    direction: Direction | None = None
    kind: Kind | None = None
    unit: str = ""
    rhythm: Rhythm | None = None
    comma_told: bool = False


@dataclass(slots=True)
class Record:
    """The cells of a row by field, with what surrounds them."""

    row: int
    values: dict[str, Cell]
    context: Context


@dataclass(slots=True)
class Findings:
    """The findings of a file while it is being read."""

    found: list[Finding] = field(default_factory=list)

    def add(
        self, severity: Severity, sheet: str | None, row: int | None, name: str, message: Message
    ) -> None:
        """Remember a finding."""
        self.found.append(Finding(severity, sheet, row, name, message))

    def on(self, record: Record, severity: Severity, name: str, message: Message) -> None:
        """Remember a finding about a record's row."""
        self.found.append(Finding(severity, record.context.sheet, record.row, name, message))
