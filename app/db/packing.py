"""Rows packed as PostgreSQL takes them fastest: the binary form of COPY, column after column.

The server then reads no text: neither lines with their escapes nor numbers by their digits. Forms are those
of PostgreSQL's documentation ("COPY", binary format; send functions of the types).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import chain, repeat
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    Integer,
    String,
    TypeDecorator,
)

from app.db.base import UtcDateTime

Values = Sequence[Any]
Packed = list[bytes]
Pack = Callable[[Values], Packed]

BEGIN = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
END = struct.pack(">h", -1)
NULL = struct.pack(">i", -1)
# As ``app.db.engine`` has documents written.
AS_STORED = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
# Moments and days count from here.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
FIRST_DAY = date(2000, 1, 1).toordinal()
S_PER_DAY, US_PER_S = 86_400, 1_000_000

_length = struct.Struct(">i").pack
_whole = struct.Struct(">ii").pack
_long = struct.Struct(">iq").pack
_double = struct.Struct(">id").pack
_truth = struct.Struct(">i?").pack


def packers_of(dialect: Dialect, columns: Iterable[Column[Any]]) -> list[Pack] | None:
    """Return what packs the values of each column, None when one is of a type that has no packer here."""
    found = [_packer(dialect, column) for column in columns]
    known = [pack for pack in found if pack is not None]
    return known if len(known) == len(found) else None


def packed_rows(columns: Sequence[Packed]) -> bytes:
    """Return rows whose columns are packed."""
    return b"".join(chain.from_iterable(_rows(columns)))


def packed_apart(columns: Sequence[Packed]) -> list[bytes]:
    """Return likewise each of the rows."""
    return [b"".join(row) for row in _rows(columns)]


def _rows(columns: Sequence[Packed]) -> Iterable[tuple[bytes, ...]]:
    return zip(repeat(struct.pack(">h", len(columns))), *columns, strict=False)


def _packer(dialect: Dialect, column: Column[Any]) -> Pack | None:
    kind: Any = column.type.dialect_impl(dialect)
    if isinstance(kind, TypeDecorator) and not isinstance(kind, UtcDateTime):
        return None
    kind = getattr(kind, "impl_instance", kind)
    return next((pack for types, pack in _PACKS.items() if isinstance(kind, types)), None)


def _texts(values: Values) -> Packed:
    if values and values.count(values[0]) == len(values):
        return [_text(values[0])] * len(values)
    distinct = set(values)
    if len(distinct) > len(values) / 2:
        return list(map(_text, values))
    known = {value: _text(value) for value in distinct}
    return [known[value] for value in values]


def _text(value: Any) -> bytes:
    if value is None:
        return NULL
    data = str(value).encode()
    return _length(len(data)) + data


def _documents(values: Values) -> Packed:
    # None is a document too, as it is to an ordinary INSERT. Many rows may share one.
    found: Packed = []
    last, packed = object(), NULL
    for value in values:
        if value is not last:
            data = orjson.dumps(value, option=AS_STORED)
            last, packed = value, _length(len(data)) + data
        found.append(packed)
    return found


def _wholes(values: Values) -> Packed:
    return [NULL if value is None else _whole(4, value) for value in values]


def _doubles(values: Values) -> Packed:
    return [NULL if value is None else _double(8, value) for value in values]


def _truths(values: Values) -> Packed:
    return [NULL if value is None else _truth(1, value) for value in values]


def _moments(values: Values) -> Packed:
    found: Packed = []
    last, packed = None, NULL
    for value in values:
        if value is not last:
            last, packed = value, NULL if value is None else _long(8, _moment_us(value))
        found.append(packed)
    return found


def _moment_us(value: datetime) -> int:
    since = (value if value.tzinfo else value.astimezone(UTC)) - EPOCH
    return (since.days * S_PER_DAY + since.seconds) * US_PER_S + since.microseconds


def _days(values: Values) -> Packed:
    return [NULL if value is None else _whole(4, value.toordinal() - FIRST_DAY) for value in values]


# By the type of a column; none here has the small or the big kind of whole numbers.
_PACKS: dict[type[Any], Pack] = {
    JSON: _documents,
    String: _texts,
    Boolean: _truths,
    Integer: _wholes,
    Float: _doubles,
    DateTime: _moments,
    Date: _days,
}
