"""What reading a file gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from matching.messages import Message
from matching.model import Flow, Site

Severity = Literal["error", "warning", "info"]


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
    """

    severity: Severity
    sheet: str | None
    row: int | None
    field: str
    message: Message


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The flows, sites and findings of a file; ``readable`` False: nothing could be read."""

    flows: tuple[Flow, ...]
    sites: tuple[Site, ...]
    findings: tuple[Finding, ...]
    readable: bool = True

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
