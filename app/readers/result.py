"""What reading a file gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.readers.understanding import TableRead
from matching.messages import Message
from matching.model import Flow, Site

Severity = Literal["error", "warning", "info"]
Sureness = Literal["read", "guessed", "refused"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell about a cell.

    Attributes
    ----------
    severity
        ``error``: the row's flow was left out; ``warning``: kept, look at it; ``info``: how it was read.
    sheet, row
        Where, ``row`` counted from 1 as a spreadsheet shows it; None for the whole file.
    field
        The column of the contract.
    cell
        The cell it is about, as a spreadsheet names it (``C7``); empty when there is none or it is not known.
    """

    severity: Severity
    sheet: str | None
    row: int | None
    field: str
    message: Message
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A cell that a field was read from, named as a spreadsheet does (``C7``), with its text.

    Attributes
    ----------
    sure
        ``read``: the cell says it; ``guessed``: look at it, or no cell says it (``cell`` is then empty);
        ``refused``: it could not be read.
    understood
        What was understood, without a language: a code, a number, ``12-15 t year``, ``1;2;3``; empty when
        nothing was, or the text is taken as it stands.
    """

    field: str
    cell: str
    text: str
    sure: Sureness = "read"
    understood: str = ""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The flows, sites and findings of a file; ``readable`` False: nothing could be read.

    ``sources`` has the cells of the first rows and of those with findings, by sheet and row; ``tables`` what
    each column was taken for.
    """

    flows: tuple[Flow, ...]
    sites: tuple[Site, ...]
    findings: tuple[Finding, ...]
    readable: bool = True
    sources: Mapping[tuple[str | None, int], tuple[Source, ...]] = field(default_factory=dict)
    tables: tuple[TableRead, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that cost a row."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


class UnreadableFileError(Exception):
    """The file as a whole cannot be read; ``read_table`` turns it into a finding."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def unreadable(error: UnreadableFileError) -> ReadResult:
    """Return the result of a file that could not be read: one finding about the file."""
    return ReadResult((), (), (Finding("error", None, None, "file", error.message),), readable=False)
