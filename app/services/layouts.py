"""Columns corrected once, remembered for every later file of the same layout in the same territory."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from app.db.base import NAME_LENGTH, now
from app.db.tables import Layout
from app.db.visibility import VisibleSession, principal_of
from app.errors import FieldError, InvalidInputError
from app.readers.corrections import (
    Correction,
    Corrections,
    InvalidCorrectionError,
    correction_from_plain,
    from_plain,
)
from app.readers.described import missing_columns
from app.readers.result import ReadResult
from app.readers.understanding import TableRead
from app.repositories.records import add, change, remove, rows_of
from matching.messages import N_, Message

MOST_LAYOUTS = 500  # Of one territory; the one that served longest ago gives way.
MOST_TITLES = 6
MOST_COLUMNS = 1_000  # Of all the tables in one report.
LONGEST_MAPPING = 200_000
FIELD = "mapping"


def for_territory(session: VisibleSession, territory_id: str) -> Sequence[Layout]:
    """Return the remembered layouts of a territory, the last used first."""
    rows = rows_of(session, Layout, territory_id=territory_id)
    return sorted(rows, key=lambda row: row.used_at, reverse=True)


def remembered(session: VisibleSession, territory_id: str) -> dict[str, Correction]:
    """Return the corrections of a territory by the signature of their layout."""
    found = {row.signature: remembered_of(row) for row in for_territory(session, territory_id)}
    return {signature: correction for signature, correction in found.items() if correction is not None}


def corrections_of(known: Corrections, mapping: Mapping[str, Any]) -> dict[str, Correction]:
    """Return what is known of layouts, completed by what was just said.

    Raises
    ------
    InvalidInputError
        On ``mapping``, where it is wrong.
    """
    said = checked(mapping)
    return {
        **known,
        **{layout: one.over(known.get(layout, Correction())) for layout, one in said.items()},
    }


def checked(mapping: Mapping[str, Any]) -> dict[str, Correction]:
    """Return corrections from JSON; raises ``InvalidInputError`` on ``mapping`` where it is wrong."""
    try:
        return from_plain(mapping)
    except InvalidCorrectionError as error:
        raise InvalidInputError.on(_field(error.place), error.message) from error


def parsed(text: str) -> dict[str, Any]:
    """Return a mapping sent as text; raises ``InvalidInputError`` on ``mapping`` when it is none."""
    if len(text) > LONGEST_MAPPING:
        raise InvalidInputError.on(FIELD, Message(N_("This mapping is too long.")))
    try:
        mapping = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        told = Message(N_("This is not JSON: {reason}"), {"reason": str(error)[:200]})
        raise InvalidInputError.on(FIELD, told) from error
    checked(mapping)
    return dict(mapping)


def _field(place: str) -> str:
    return place if place == FIELD else f"{FIELD}.{place}"


def check_tables(mapping: Mapping[str, Any], result: ReadResult) -> None:
    """Raise ``InvalidInputError`` when a mapping speaks of layouts or columns that a file does not have."""
    tables = {table.layout: table for table in result.tables}
    errors: list[FieldError] = []
    for layout, correction in checked(mapping).items():
        table = tables.get(layout)
        if table is None:
            text = N_("This file has no table of the layout “{layout}”: take the signature from its report.")
            errors.append(FieldError(_field(layout), Message(text, {"layout": layout})))
            continue
        for name in missing_columns(table, correction):
            text = N_("The mapping names a column “{name}” that this table does not have.")
            place = _field(f"{layout}.columns.{name}")
            errors.append(FieldError(place, Message(text, {"name": name}), None, table.sheet))
    if errors:
        raise InvalidInputError(errors)


def remember(
    session: VisibleSession, territory_id: str, mapping: Mapping[str, Any], tables: Sequence[TableRead]
) -> list[Layout]:
    """Keep corrections for later files; those of a layout already known complete them.

    Parameters
    ----------
    tables
        What was read of the file: layouts that it does not have are not kept.
    """
    known = {row.signature: row for row in for_territory(session, territory_id)}
    titles = {table.layout: title_of(table) for table in tables}
    kept: list[Layout] = []
    for layout, correction in checked(mapping).items():
        if layout not in titles:
            continue
        values = {"title": titles[layout], "actor": principal_of(session).name, "used_at": now()}
        row = known.get(layout)
        if row is None:
            new = Layout(territory_id=territory_id, signature=layout, mapping=correction.to_plain(), **values)
            kept.append(add(session, new))
        else:
            earlier = remembered_of(row)
            whole = correction.over(earlier) if earlier is not None else correction
            kept.append(change(session, row, {**values, "mapping": whole.to_plain()}))
    _make_room(session, territory_id)
    return kept


def remembered_of(row: Layout) -> Correction | None:
    """Return the correction that a row keeps, None when it can no longer be followed."""
    try:
        return correction_from_plain(row.mapping, row.signature)
    except InvalidCorrectionError:
        # It names a field that a later version no longer has: the file is read as it stands.
        return None


def title_of(table: TableRead) -> str:
    """Return what people know a layout by: the titles of its first columns."""
    titles = [column.title for column in table.columns if column.title.strip()]
    titles = titles or [table.sheet or table.layout]
    return " · ".join(" ".join(title.split()) for title in titles[:MOST_TITLES])[:NAME_LENGTH]


def used(session: VisibleSession, territory_id: str, tables: Sequence[TableRead]) -> None:
    """Note that the remembered layouts of some tables have just served."""
    served = {table.layout for table in tables if table.corrected}
    for row in for_territory(session, territory_id):
        if row.signature in served:
            change(session, row, {"used_at": now()})


def forget(session: VisibleSession, territory_id: str, signature: str) -> None:
    """Read later files of a layout as they stand; nothing happens when nothing was remembered."""
    for row in rows_of(session, Layout, territory_id=territory_id, signature=signature):
        remove(session, row)


def _make_room(session: VisibleSession, territory_id: str) -> None:
    for row in for_territory(session, territory_id)[MOST_LAYOUTS:]:
        remove(session, row)


def tables_of(result: ReadResult, known: Corrections) -> list[dict[str, Any]]:
    """Return the tables of a file as reports keep them; ``remembered``: an earlier correction was applied."""
    told: list[dict[str, Any]] = []
    columns = 0
    for table in result.tables:
        columns += len(table.columns)
        if columns > MOST_COLUMNS:
            break
        told.append({**table.to_plain(), "remembered": table.layout in known})
    return told
