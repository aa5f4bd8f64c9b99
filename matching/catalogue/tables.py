"""Reading the data files that travel with the package."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable


def data_root() -> Traversable:
    """Return the folder of the data files."""
    return files("matching.catalogue") / "data"


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a data file as dictionaries of stripped strings."""
    return _rows(data_root() / name)


def read_folder(name: str) -> list[tuple[str, dict[str, str]]]:
    """Return (file name, row) for every row of every CSV of a data folder, files in alphabetical order."""
    tables = sorted(
        (f for f in (data_root() / name).iterdir() if f.name.endswith(".csv")), key=lambda f: f.name
    )
    return [(table.name, row) for table in tables for row in _rows(table)]


def _rows(table: Traversable) -> list[dict[str, str]]:
    text = io.StringIO(table.read_text(encoding="utf-8"))
    return [
        {key: (value or "").strip() for key, value in row.items() if key is not None}
        for row in csv.DictReader(text)
    ]


def split(cell: str) -> tuple[str, ...]:
    """Return the values of a cell separated by ``|``."""
    return tuple(value.strip() for value in cell.split("|") if value.strip())


def wordings(row: dict[str, str]) -> tuple[str, ...]:
    """Return the words of a row in both languages."""
    return (*split(row["words_fr"]), *split(row["words_en"]))


def digest() -> str:
    """Return a digest of every data file: two engines with the same one answer alike."""
    sha = hashlib.sha256()
    for table in _walk(data_root()):
        sha.update(table.name.encode())
        sha.update(table.read_bytes())
    return sha.hexdigest()[:16]


def _walk(folder: Traversable) -> Iterator[Traversable]:
    for item in sorted(folder.iterdir(), key=lambda i: i.name):
        if item.is_dir():
            yield from _walk(item)
        elif item.name.endswith(".csv"):
            yield item
