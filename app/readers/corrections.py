"""What somebody says a layout means: its columns, where its titles stand, whether to read it at all.

As JSON keeps corrections, by the layout's signature; every key may be left out::

    {"<layout>": {"columns": {"C": {"field": "quantity", "direction": "output", "unit": "t",
                                    "period": "year"}},
                  "header_shift": 0, "ignored": false, "direction": ""}}

A column is named by its letters or by its title; a question by its title, or its row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

from app.readers.understanding import FIELDS
from app.readers.units import measure
from matching.errors import InvalidFlowError
from matching.messages import N_, Message
from matching.model import Direction, Period

MOST_LAYOUTS = 100
MOST_COLUMNS = 300
MOST_SHIFTED = 50
LONGEST_NAME = 300
READ_AS_FOUND = frozenset({"mark", "month"})


class InvalidCorrectionError(Exception):
    """A correction that nobody can follow; ``place`` says where it stands in the mapping."""

    def __init__(self, place: str, message: Message) -> None:
        super().__init__(str(message))
        self.place = place
        self.message = message


@dataclass(frozen=True, slots=True)
class ColumnCorrection:
    """What one column is: a field (empty: not used), and what it fixes for its cells."""

    field: str
    direction: str = ""
    unit: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What one layout is.

    Attributes
    ----------
    columns
        By the column's letters, or by its title.
    header_shift
        Rows from the titles that were found down to the true ones; negative: up; None: not said.
    ignored
        Whether the table is left out.
    direction
        ``input`` or ``output`` for rows that say none.
    """

    columns: Mapping[str, ColumnCorrection] = field(default_factory=dict)
    header_shift: int | None = None
    ignored: bool = False
    direction: str = ""

    def over(self, earlier: Correction) -> Correction:
        """Return this correction completed by an earlier one of the same layout."""
        columns = {**earlier.columns, **self.columns}
        shift = earlier.header_shift if self.header_shift is None else self.header_shift
        return Correction(columns, shift, self.ignored, self.direction)

    def to_plain(self) -> dict[str, Any]:
        """Return the correction as JSON keeps it."""
        told = {name: value for name, value in asdict(self).items() if value is not None}
        return {**told, "columns": {name: asdict(one) for name, one in self.columns.items()}}


Corrections = Mapping[str, Correction]
NO_CORRECTIONS: Corrections = MappingProxyType({})


def to_plain(corrections: Corrections) -> dict[str, Any]:
    """Return corrections as JSON keeps them."""
    return {layout: one.to_plain() for layout, one in corrections.items()}


def from_plain(plain: object) -> dict[str, Correction]:
    """Return corrections from JSON that anybody may have written.

    Raises
    ------
    InvalidCorrectionError
        If it has another shape, or names a field, direction, unit or period that does not exist.
    """
    layouts = _object(plain, "mapping", MOST_LAYOUTS)
    return {layout: correction_from_plain(one, layout) for layout, one in layouts.items()}


def correction_from_plain(plain: object, layout: str) -> Correction:
    """Return the correction of one layout; raises as ``from_plain`` does."""
    told = _object(plain, layout, MOST_COLUMNS)
    _known(told, frozenset(Correction.__dataclass_fields__), layout)
    columns = _object(told.get("columns") or {}, f"{layout}.columns", MOST_COLUMNS)
    shift, ignored = told.get("header_shift"), told.get("ignored", False)
    if shift is not None and (type(shift) is not int or abs(shift) > MOST_SHIFTED):
        text = N_("“header_shift” is a number of rows between -{most} and {most}.")
        raise InvalidCorrectionError(f"{layout}.header_shift", Message(text, {"most": MOST_SHIFTED}))
    if not isinstance(ignored, bool):
        text = N_("“ignored” is true or false.")
        raise InvalidCorrectionError(f"{layout}.ignored", Message(text))
    return Correction(
        {name: _column(one, f"{layout}.columns.{name}") for name, one in columns.items()},
        shift,
        ignored,
        _choice(told, "direction", tuple(Direction), layout),
    )


def _column(plain: object, place: str) -> ColumnCorrection:
    told = _object({"field": plain} if isinstance(plain, str) else plain, place, MOST_COLUMNS)
    _known(told, frozenset(ColumnCorrection.__dataclass_fields__), place)
    name = told.get("field", "")
    if name not in ("", *FIELDS, *READ_AS_FOUND):
        text = N_("“{value}” is no field: a column is one of {fields}, or nothing.")
        params = {"value": str(name)[:80], "fields": ", ".join(FIELDS)}
        raise InvalidCorrectionError(place, Message(text, params))
    return ColumnCorrection(
        name,
        _choice(told, "direction", tuple(Direction), place),
        _unit(told.get("unit") or "", place),
        _choice(told, "period", tuple(Period), place),
    )


def _unit(unit: object, place: str) -> str:
    try:
        known = unit == "" or (isinstance(unit, str) and measure(unit) is not None)
    except InvalidFlowError:
        known = False
    if not known:
        text = N_("Unit “{value}” is unknown: write for example kg, t, m3, kWh or h.")
        raise InvalidCorrectionError(f"{place}.unit", Message(text, {"value": str(unit)[:80]}))
    return str(unit)


def _choice(told: Mapping[str, Any], name: str, choices: tuple[str, ...], place: str) -> str:
    value = told.get(name) or ""
    if value not in ("", *choices):
        text = N_("“{value}” is unknown: write {choices}, or nothing.")
        params = {"value": str(value)[:80], "choices": ", ".join(choices)}
        raise InvalidCorrectionError(f"{place}.{name}", Message(text, params))
    return str(value)


def _object(plain: object, place: str, most: int) -> Mapping[str, Any]:
    if not isinstance(plain, Mapping):
        text = N_("A mapping is a JSON object: layouts, then their columns, then what each one is.")
        raise InvalidCorrectionError(place, Message(text))
    if len(plain) > most or any(not isinstance(name, str) or len(name) > LONGEST_NAME for name in plain):
        text = N_("This mapping is too long.")
        raise InvalidCorrectionError(place, Message(text))
    return plain


def _known(told: Mapping[str, Any], names: frozenset[str], place: str) -> None:
    for name in told:
        if name not in names:
            text = N_("“{value}” means nothing here: write {choices}.")
            params = {"value": name, "choices": ", ".join(sorted(names))}
            raise InvalidCorrectionError(place, Message(text, params))
