"""What a file changes of what is stored, field by field, told without any language.

The file may be one read before, or another year's: a flow that it tells again as it was is unchanged,
whatever the line it stands on now; one that an earlier file of the same family told of alone is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import PurePath
from typing import Any

from app.db.tables.flows import RANGES
from app.db.visibility import VisibleSession
from app.repositories import imports
from app.repositories.drafts import Draft
from app.services.import_rows import PLACE_IN_FILE, ImportRows, Touched

# Rows told of each sort; the counts tell of all.
MOST_TOLD = 200
SILENT = PLACE_IN_FILE | {"confirmed_at"}
QUANTITY = ("quantity_low", "quantity_high", "unit", "period", "days_per_week")
NAMES = {"company_id": "company", "park_id": "park", "site_id": "site"}
PLACE = ("lon", "lat", "precision")
NUMBERS = re.compile(r"\d+|[^\w]+|_+")


def family_of(file_name: str) -> str:
    """Return what files of different years share of their name: ``Flux 2024 (2).xlsx`` is ``flux``."""
    return NUMBERS.sub(" ", PurePath(file_name).stem.casefold()).strip()


def no_longer_told(session: VisibleSession, rows: ImportRows, territory_id: str, file_name: str) -> list[str]:
    """Return the flows that earlier files of the family of this one, laid as ``rows``, alone told of."""
    family = family_of(file_name)
    told = {
        row_id: None
        for imported in imports.stored_imports(session, territory_id)
        if family and family_of(imported.file_name) == family
        for row_id in imports.flows_of(session, imported.id)
    }
    return [draft.id for draft in rows.absent(told) if not _has_ended(draft)]


def _has_ended(draft: Draft) -> bool:
    end = draft.value("available_until")
    return end is not None and end <= date.today()


def difference_of(rows: ImportRows, gone: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a file changes: counts, and the first rows of each sort.

    Parameters
    ----------
    gone
        Flows that earlier files told of and this one does not.
    """
    found: dict[str, Any] = {"most": MOST_TOLD, "gone": len(gone)}
    for resource in ("flow", "site"):
        touched = [one for one in rows.touched(resource) if one.created or _tells(one)]
        created = [one for one in touched if one.created]
        changed = [one for one in touched if not one.created]
        found |= {f"{resource}s_new": len(created), f"{resource}s_changed": len(changed)}
        found[f"{resource}s"] = [
            _told(rows, resource, one) for part in (changed, created) for one in part[:MOST_TOLD]
        ]
    found["flows_gone"] = [_named(rows, "flow", draft) for draft in islice(rows.absent(gone), MOST_TOLD)]
    return found


def _tells(one: Touched) -> bool:
    return not one.after.keys() <= SILENT


def _told(rows: ImportRows, resource: str, one: Touched) -> dict[str, Any]:
    fields = [] if one.created else list(_fields(rows, one))
    return {**_named(rows, resource, one.draft), "created": one.created, "fields": fields}


def _named(rows: ImportRows, resource: str, draft: Draft) -> dict[str, Any]:
    if resource == "site":
        return {"id": draft.id, "site": draft.value("name"), "city": draft.value("city")}
    return {
        "id": draft.id,
        "site": rows.name_of("site", draft.value("site_id")),
        "label": draft.value("label"),
        "direction": draft.value("direction"),
        "quantity": _quantity({name: draft.value(name) for name in QUANTITY}),
        "sheet": draft.value("sheet"),
        "row": draft.value("row"),
    }


def _fields(rows: ImportRows, one: Touched) -> Iterable[dict[str, Any]]:
    """Yield the fields of a row that change, ranges and places as one."""
    told: set[str] = set()
    for column in one.after:
        field = _field_of(column)
        if column in SILENT or field in told:
            continue
        told.add(field)
        before = {**_held(one, field), **one.before}
        after = {**_held(one, field), **one.after}
        pair = {"before": _value(rows, field, before), "after": _value(rows, field, after)}
        if pair["before"] != pair["after"]:
            yield {"field": field, **pair}


def _field_of(column: str) -> str:
    if column in QUANTITY:
        return "quantity"
    if column in PLACE:
        return "place"
    name = NAMES.get(column, column)
    base = name.removesuffix("_low").removesuffix("_high")
    return base if base in RANGES else name


def _held(one: Touched, field: str) -> dict[str, Any]:
    """Return the columns of a field as they end up; those that change are laid over them."""
    columns = {"quantity": QUANTITY, "place": PLACE}.get(field, (f"{field}_low", f"{field}_high"))
    if field in RANGES or field == "place":
        return {name: one.draft.value(name) for name in columns}
    return {}


def _value(rows: ImportRows, field: str, columns: Mapping[str, Any]) -> Any:
    if field == "quantity":
        return _quantity(columns)
    if field == "place":
        return None if columns["lon"] is None else {name: columns[name] for name in PLACE}
    if field in RANGES:
        return _range(columns[f"{field}_low"], columns[f"{field}_high"])
    if field in NAMES.values():
        return rows.name_of(field, columns[f"{field}_id"]) or None
    value = columns[field]
    return value.isoformat() if isinstance(value, date) else value if value != "" else None


def _range(low: float | None, high: float | None) -> dict[str, float] | None:
    return None if low is None or high is None else {"low": low, "high": high}


def _quantity(columns: Mapping[str, Any]) -> dict[str, Any] | None:
    value = _range(columns["quantity_low"], columns["quantity_high"])
    if value is None:
        return None
    return {**value, **{name: columns[name] for name in ("unit", "period", "days_per_week")}}
