"""What files told of companies that give the staff no mandate: recognised in the next file, told to nobody.

A file names companies, its report tells what it changes of them, and both are kept. When a company takes its
mandate back, what is kept of files loses its rows; a file that names it later still updates it, unseen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from app.db.tables import IdempotencyKey
from app.db.visibility import VisibleSession, as_program, principal_of
from app.readers.sources import Place
from app.repositories import accounts, people
from app.repositories import withholding as rows
from app.repositories.records import change
from app.services.import_reading import UNDERSTOOD

NOBODY = "–"
# A shorter name stands in too many words to be looked for in them.
SHORTEST_NAME = 3
LISTS = ("flows", "sites", "flows_gone")
BLANK: Mapping[str, Any] = {
    "site": "", "label": "", "direction": "", "kind": "", "quantity": None, "cells": [], "findings": [],
}  # fmt: skip


@dataclass(frozen=True)
class Withheld:
    """Companies without mandate: rows of theirs, names of theirs and their sites', their lines of one file.

    ``in_file``: whether the file tells anything of them, samples of its columns then included.
    """

    ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    places: frozenset[Place] = frozenset()
    in_file: bool = False

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        sought = sorted((name for name in self.names if len(name) >= SHORTEST_NAME), key=len, reverse=True)
        if not sought:
            return None
        return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sought), re.IGNORECASE)

    def text(self, text: str) -> str:
        """Return a text without their names."""
        return text if self._pattern is None else self._pattern.sub(NOBODY, text)

    def row(self, content: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a row of a file as it was read, blank when it is about one of them."""
        return {**content, **BLANK} if self._tells_row(content) else content

    def report(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return a report of an import without what it tells of them."""
        if not (self.ids or self.names):
            return dict(content)
        findings = [one for one in content["findings"] if (one["sheet"], one["row"]) not in self.places]
        kept = {**content, "findings": findings, "tables": self._tables(content.get("tables", []))}
        difference = content.get("difference")
        if difference:
            left = {
                name: [one for one in difference[name] if not self._tells(one)]
                for name in LISTS
                if name in difference
            }
            kept["difference"] = {**difference, **left}
        return dict(self._nameless(kept))

    def reading(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a file would do without what it tells of them; rows to settle stay their sender's."""
        told = [self.row(one) if one["group"] == UNDERSTOOD else one for one in content["rows"]]
        report = self.report(content["report"])
        return {**content, "rows": told, "report": report, "tables": self._tables(content.get("tables", []))}

    def _tables(self, tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not self.in_file:
            return tables
        return [
            {**one, "columns": [{**column, "samples": []} for column in one["columns"]]} for one in tables
        ]

    def _tells(self, one: Mapping[str, Any]) -> bool:
        return one["id"] in self.ids or self._is_name(one["site"])

    def _tells_row(self, content: Mapping[str, Any]) -> bool:
        if (content["sheet"], content["row"]) in self.places or self._is_name(content["site"]):
            return True
        return any(self._is_name(cell["text"]) for cell in content["cells"])

    @cached_property
    def _folded(self) -> frozenset[str]:
        return frozenset(name.casefold().strip() for name in self.names if name.strip())

    def _is_name(self, text: str) -> bool:
        return text.casefold().strip() in self._folded

    def _nameless(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self._nameless(held) for key, held in value.items()}
        return [self._nameless(one) for one in value] if isinstance(value, list) else value


NOTHING_WITHHELD = Withheld()


@contextmanager
def as_whole_territory(session: VisibleSession, territory_id: str) -> Iterator[None]:
    """Have the staff's session reach the rows of companies without mandate, to update and not to show."""
    if principal_of(session).is_staff_of(territory_id):
        with as_program(session):
            yield
    else:
        yield


def withheld_of(session: VisibleSession, territory_id: str) -> Withheld:
    """Return what a territory stores of companies without mandate."""
    with as_program(session):
        company_ids = accounts.withheld_companies(session, [territory_id])
        return _of(session, territory_id, company_ids) if company_ids else NOTHING_WITHHELD


def _of(session: VisibleSession, territory_id: str, company_ids: Collection[str]) -> Withheld:
    ids, names = rows.rows_of_companies(session, territory_id, company_ids)
    names |= rows.former_names(session, territory_id, ids)
    return Withheld(frozenset(ids), frozenset(names))


def forget_in_files(session: VisibleSession, territory_id: str, company_id: str) -> None:
    """Take a company out of what is kept of files, in the program's session: reports, rows, answers given."""
    withheld = _of(session, territory_id, [company_id])
    about = rows.imports_about(session, territory_id, withheld.ids)
    for imported in rows.imports_of(session, territory_id):
        own = replace(withheld, in_file=imported.id in about)
        put = {"report": own.report(imported.report), "file_name": own.text(imported.file_name)}
        if put != {"report": imported.report, "file_name": imported.file_name}:
            change(session, imported, put)
    for read in rows.read_rows(session, territory_id):
        content = withheld.row(read.content)
        if content is not read.content:
            change(session, read, {"content": content})
    for waiting in rows.waiting_files(session, territory_id):
        if waiting.reading:
            own = replace(withheld, in_file=True)
            change(session, waiting, {"reading": own.reading(waiting.reading)})
    for answer in people.rows_saying(session, IdempotencyKey, ("body",), withheld.names):
        # Whoever repeats the request learns that it was done, and no more.
        change(session, answer, {"body": "{}"})
