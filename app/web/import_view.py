"""A reading as its page shows it: a group of rows, a page of them, and what a form changes of the choices."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from starlette.datastructures import FormData

from app.readers.sources import Place
from app.readers.understanding import FIELDS
from app.services.import_choices import Choices
from app.services.import_reading import GROUPS, REFUSED
from app.web.wording import DIRECTIONS
from app.web.wording import FIELDS as NAMED

PAGE_ROWS = 25
# Fields whose right value can be typed beside the row.
SETTLED = frozenset(NAMED) - {"file", "naf"}


@dataclass(frozen=True, slots=True)
class Shown:
    """What one page shows of a reading.

    Attributes
    ----------
    group, groups
        The rows asked for (empty: all), and how many each group has.
    rows, page, pages
        The rows of this page, its number from 1, how many there are.
    whole
        Findings about the whole file.
    refused
        Rows that keep the file out, unless they are left out.
    blocked
        Whether something about the whole file keeps it out.
    """

    report: Mapping[str, Any]
    tables: Sequence[Mapping[str, Any]]
    group: str
    groups: Mapping[str, int]
    rows: Sequence[Mapping[str, Any]]
    page: int
    pages: int
    whole: Sequence[Mapping[str, Any]]
    refused: int
    blocked: bool

    @classmethod
    def of(cls, reading: Mapping[str, Any], query: Mapping[str, str], choices: Choices) -> Shown:
        """Return what a query string asks of a reading."""
        group = query.get("montrer", "")
        group = group if group in GROUPS else ""
        rows = [row for row in reading["rows"] if group in ("", row["group"])]
        page, pages = page_of(query, len(rows))
        whole = [one for one in reading["report"]["findings"] if one["row"] is None]
        shown = [dressed(row, choices) for row in rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]]
        blocked = any(one["severity"] == "error" for one in whole)
        return cls(
            reading["report"],
            reading.get("tables", []),
            group,
            reading["counts"],
            shown,
            page,
            pages,
            whole,
            reading["counts"][REFUSED],
            blocked,
        )


def page_of(query: Mapping[str, str], rows: int) -> tuple[int, int]:
    """Return the page that a query string asks of so many rows, from 1, and how many pages there are."""
    pages = max(-(-rows // PAGE_ROWS), 1)
    asked = query.get("page", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 9 else 1
    return min(max(number, 1), pages), pages


def elapsed(since: timedelta) -> str:
    """Return a duration as minutes and seconds."""
    minutes, seconds = divmod(max(int(since.total_seconds()), 0), 60)
    return f"{minutes}:{seconds:02d}"


def dressed(row: Mapping[str, Any], choices: Choices) -> dict[str, Any]:
    """Return a row with the fields that can be settled beside it and what was typed in them so far."""
    at: Place = (row["sheet"], row["row"])
    typed = choices.cells.get(at, {})
    asked = [one["field"] for one in row["findings"] if one["severity"] != "info"]
    if "unit" in asked:
        # "3 lorries a month" is settled by another quantity as well.
        asked.insert(asked.index("unit"), "quantity")
    names = [name for name in dict.fromkeys([*asked, *typed]) if name in SETTLED]
    held = {**_texts(row), **typed}
    return {
        **row,
        "key": json.dumps(at, ensure_ascii=False),
        "settle": {name: held.get(name, "") for name in names},
        "left_out": at in choices.left_out,
    }


def _by_place(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    for row in rows:
        yield (row["sheet"], row["row"]), row


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of a row's cells by the field they were read as."""
    return {cell["field"]: cell["text"] for cell in row["cells"]}


def typed_choices(choices: Choices, reading: Mapping[str, Any], form: FormData) -> Choices:
    """Return the choices as a form changes them.

    Fields are named ``value|<field>|<place>`` and ``row|<place>``; each row shown is in a ``seen``, so that a
    box left unticked says something.
    """
    held = {at: {**_texts(row), **choices.cells.get(at, {})} for at, row in _by_place(reading["rows"])}
    for name, text in form.multi_items():
        kind, _, rest = name.partition("|")
        if not isinstance(text, str):
            continue
        if kind == "value":
            field, _, key = rest.partition("|")
            place = _place(key)
            if place is None or field not in SETTLED:
                continue
            if text.strip() != held.get(place, {}).get(field, ""):
                choices = choices.settled(place, field, text.strip())
        elif kind == "seen":
            place = _place(text)
            if place is not None:
                choices = choices.leaving(place, f"row|{text}" in form)
    if "mapping" in form:
        mapping = typed_mapping(reading["tables"], choices.mapping, form)
        choices = replace(choices, mapping=mapping, remember="remember" in form)
    return choices


def typed_mapping(
    tables: Sequence[Mapping[str, Any]], former: Mapping[str, Any], form: FormData
) -> dict[str, Any]:
    """Return the columns that a form corrects, over those corrected before.

    Fields are named ``column|<layout>|<place>``, ``direction|<layout>`` and ``ignored|<layout>``; what stays
    as it was read says nothing.
    """
    mapping = {layout: dict(told) for layout, told in former.items()}
    for table in tables:
        layout = table["layout"]
        told = mapping.get(layout, {})
        columns = dict(told.get("columns", {}))
        for column in table["columns"]:
            field = form.get(f"column|{layout}|{column['place']}")
            if isinstance(field, str) and field != column["field"] and field in ("", *FIELDS):
                columns[column["place"]] = {"field": field}
        direction = form.get(f"direction|{layout}", "")
        ignored = f"ignored|{layout}" in form
        direction = direction if direction in DIRECTIONS else ""
        if columns or ignored or direction or told:
            mapping[layout] = {**told, "columns": columns, "ignored": ignored, "direction": direction}
    return mapping


def _place(key: str) -> Place | None:
    """Return the sheet and row that a form names, None for what is no place."""
    try:
        sheet, row = json.loads(key)
    except (ValueError, TypeError):
        return None
    if isinstance(row, bool) or not isinstance(row, int) or not isinstance(sheet, str | None):
        return None
    return sheet, row
