"""Sheets that name companies by a code ("S1") which another sheet of the file explains."""

from __future__ import annotations

from collections.abc import Sequence

from app.readers.grid import text_of
from app.readers.record import Record
from app.readers.surroundings import NAMES
from app.readers.vocabulary import plain

CODE = "site_code"


def named_by_code(records: Sequence[Record], sites: Sequence[Record]) -> None:
    """Give records that hold a code the name, and what else is told, of the company that has it.

    A code that nothing explains names the company, where nothing else does.
    """
    told = {
        key: record.values
        for record in sites
        if (key := _key(record)) and record.values.keys() & NAMES - {CODE}
    }
    explained = {
        key: {name: cell for name, cell in values.items() if name != CODE} for key, values in told.items()
    }
    for record in (*records, *sites):
        key = _key(record)
        if not key or record.context.strict:
            continue
        code = record.values.pop(CODE)
        if not record.values.keys() & NAMES:
            for name, cell in explained.get(key, {"company": code}).items():
                record.values.setdefault(name, cell)


def _key(record: Record) -> str:
    return plain(text_of(record.values.get(CODE)))
