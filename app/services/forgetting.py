"""Words that name a person, found and taken out of every text and document that is kept.

An address is taken out wherever it stands. A name is, when it has two words at least: one alone is too often
a company's. The names of companies, places and other people stay as they are: who bears the same name as
somebody is not that person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.db.rules import mapped_classes
from app.db.tables import AuditEntry, Company, Contact, Park, Site, Territory, User
from app.db.visibility import VisibleSession
from app.repositories import people as rows

NOBODY = "–"
# The audit is kept for a year; accounts go as rows.
UNTOUCHED: frozenset[type[Any]] = frozenset({AuditEntry, User})
# Whose ``name`` is its own.
NAMED: frozenset[type[Any]] = frozenset({Company, Contact, Park, Site, Territory})


@dataclass(frozen=True, slots=True)
class Words:
    """What names a person: an address, and names of two words at least."""

    address: str
    names: frozenset[str]

    @classmethod
    def of(cls, address: str, names: Iterable[str]) -> Words:
        """Return what names the person of an address, known by some names."""
        return cls(address, frozenset(name.strip() for name in names if len(name.split()) > 1))

    @property
    def all(self) -> list[str]:
        """All of them as they may be stored: documents may escape letters."""
        plain = [self.address, *sorted(self.names)]
        return sorted({form for text in plain for form in (text, json.dumps(text)[1:-1])})

    def without(self, value: Any, *, by_name: bool = True) -> Any:
        """Return a text or a document in which they no longer stand, keys included."""
        if isinstance(value, str):
            return self._without(value, by_name)
        if isinstance(value, Mapping):
            return {
                self._without(str(key), by_name): self.without(held, by_name=by_name)
                for key, held in value.items()
            }
        return [self.without(one, by_name=by_name) for one in value] if isinstance(value, list) else value

    def _without(self, text: str, by_name: bool) -> str:
        # Another address may end with this one, and a longer name begin with it.
        text = re.sub(
            rf"(?<![\w.+-]){re.escape(self.address)}(?![\w-]|\.\w)", NOBODY, text, flags=re.IGNORECASE
        )
        for name in sorted(self.names, key=len, reverse=True) if by_name else ():
            text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", NOBODY, text, flags=re.IGNORECASE)
        return text


def standing(session: VisibleSession, words: Words) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield each row in which they stand, with the columns that say so, as they should be."""
    for cls in mapped_classes():
        if cls in UNTOUCHED:
            continue
        columns = rows.text_columns(cls)
        for row in rows.rows_saying(session, cls, columns, words.all):
            held = {name: getattr(row, name) for name in columns}
            put = {
                name: words.without(value, by_name=not (cls in NAMED and name == "name"))
                for name, value in held.items()
                if value is not None
            }
            changed = {name: value for name, value in put.items() if value != held[name]}
            if changed:
                yield row, changed
