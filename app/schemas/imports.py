"""Imports and their reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from app.schemas.common import Kept


class FindingShown(BaseModel):
    """What was noticed of a row, with the remedy."""

    severity: Literal["error", "warning", "info"]
    sheet: str | None
    row: int | None
    field: str | None
    cell: str = ""
    message: str


class ColumnTold(BaseModel):
    """A column (``place``: its letters), or a question (its row), and the field it was taken for, if any."""

    place: str
    title: str
    field: str
    how: Literal["exact", "guessed", "corrected", "ignored"]
    direction: str = ""
    unit: str = ""
    period: str = ""
    samples: list[str] = []


class TableTold(BaseModel):
    """A table of the file; ``layout`` is what a mapping calls it, in this file and in later ones alike.

    ``remembered``: an earlier mapping was applied; ``found_row``: where titles stood before any correction.
    """

    sheet: str | None
    row: int
    found_row: int
    layout: str
    shape: Literal["table", "contract", "matrix", "turned", "questions", "list", "unknown"]
    corrected: bool
    ignored: bool
    remembered: bool = False
    direction: str = ""
    columns: list[ColumnTold]


class Change(BaseModel):
    """One field of a row before and after: text, number, range, or quantity with its unit and period."""

    field: str
    before: Any = None
    after: Any = None


class RowTold(BaseModel):
    """A row that the file creates or changes, or that it no longer tells of; ``id`` names it when stored."""

    id: str
    site: str
    city: str | None = None
    label: str | None = None
    direction: str | None = None
    quantity: Any = None
    sheet: str | None = None
    row: int | None = None
    created: bool | None = None
    fields: list[Change] = []


class Difference(BaseModel):
    """What the file changes of what is stored; each list stops at ``most`` rows of a sort, counts do not.

    ``flows_gone``: kept; earlier files of the same name, years aside, told of them and this one does not.
    """

    most: int
    flows_new: int
    flows_changed: int
    sites_new: int
    sites_changed: int
    gone: int
    flows: list[RowTold]
    sites: list[RowTold]
    flows_gone: list[RowTold]


class Report(BaseModel):
    """What was read, what was done with it, and what deserves a look."""

    file_name: str
    digest: str
    read: dict[str, int]
    done: dict[str, int]
    difference: Difference | None = None
    tables: list[TableTold] = []
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
