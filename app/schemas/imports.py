"""Imports and their reports."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from app.schemas.common import Kept


class FindingShown(BaseModel):
    """What was noticed of a row, with the remedy."""

    severity: Literal["error", "warning", "info"]
    sheet: str | None
    row: int | None
    field: str | None
    message: str


class Report(BaseModel):
    """What was read, what was done with it, and what deserves a look."""

    file_name: str
    digest: str
    read: dict[str, int]
    done: dict[str, int]
    findings: list[FindingShown]


class Progress(BaseModel):
    """What a running import is doing, and since when."""

    step: Literal["waiting", "reading", "storing", "matching"]
    since: datetime | None = None


class ImportShown(Kept):
    """An imported file; only what is stored changed anything.

    ``refused``: the file has errors, which the report tells; ``failed``: ``failure`` says why.
    """

    territory_id: str
    file_name: str
    actor: str
    status: Literal["running", "stored", "refused", "failed", "undone"]
    progress: Progress | None = None
    failure: str | None = None
    report: Report


class Rehearsal(BaseModel):
    """The report of an import that stored nothing."""

    dry_run: Literal[True] = True
    report: Report
