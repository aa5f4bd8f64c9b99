"""Columns of a table understood value by value, each distinct value once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.readers.fields import parsers, range_of, reliability_of
from app.readers.result import Finding
from app.readers.vocabulary import is_unknown
from matching.errors import InvalidFlowError
from matching.messages import N_, Message
from matching.model import Reliability

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
# What a spreadsheet shows: rows from 1, under a header.
FIRST_ROW = 2
# Beyond, a file is wrong as a whole, and more of the same teaches nothing.
MOST_FINDINGS = 1000


class Cells:
    """The columns of some rows; ``bad`` tells which rows were refused, ``findings`` why."""

    def __init__(self, table: pa.Table, first: int) -> None:
        self._table = table
        self.numbers = np.arange(len(table), dtype=np.int64) + first + FIRST_ROW
        self.bad: Flags = np.zeros(len(table), dtype=bool)
        self.findings: list[Finding] = []

    def __len__(self) -> int:
        return len(self.numbers)

    def refuse(self, wrong: Flags, field: str, text: str) -> None:
        """Refuse the rows of which ``wrong`` is true."""
        for place in np.flatnonzero(wrong)[:MOST_FINDINGS].tolist():
            said = {name: self._shown(name, place) for name in ("lon", "lat")}
            self._tell(
                place, field, Message(text, {"value": self._shown(field, place), "field": field, **said})
            )
        self.bad |= wrong

    def _shown(self, field: str, place: int) -> Any:
        """Return a cell as it stands, empty where there is no such column."""
        return self._table[field][place].as_py() if self.has(field) else ""

    def refuse_all(self, places: Longs, findings: Sequence[Finding]) -> None:
        """Refuse rows for what was found in the text that they share."""
        for place in places[:MOST_FINDINGS].tolist():
            for finding in findings:
                self._tell(place, finding.field, finding.message)
        self.bad[places] = True

    def _tell(self, place: int, field: str, message: Message) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding("error", None, int(self.numbers[place]), field, message))

    def codes(self, name: str) -> tuple[Longs, list[str]]:
        """Return a column of text as numbers, and the texts they stand for; empty where nothing is said."""
        if name not in self._table.column_names:
            return np.zeros(len(self), dtype=np.int64), [""]
        places, values = self._distinct(name)
        texts = [" ".join(str(value).split()) for value in values]
        texts = ["" if not text or is_unknown(text) else text for text in texts]
        numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        return np.array([numbers[text] for text in texts], dtype=np.int64)[places], list(numbers)

    def _distinct(self, name: str) -> tuple[Longs, list[Any]]:
        column = self._table[name]
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_boolean(column.type):
            column = pc.if_else(column, "oui", "non")
        encoded = column.cast(pa.string()).fill_null("").combine_chunks().dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        return encoded.indices.to_numpy().astype(np.int64), encoded.dictionary.to_pylist()

    def has(self, name: str) -> bool:
        """Tell whether the table has a column."""
        return name in self._table.column_names

    def is_number(self, name: str) -> bool:
        """Tell whether a column holds numbers rather than texts."""
        kind = self._table[name].type
        return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind))

    def ranges(self, name: str) -> Floats:
        """Return the (n, 2) ends of a column of numbers or ranges, NaN where nothing is said."""
        if name not in self._table.column_names:
            return np.full((len(self), 2), np.nan)
        if self.is_number(name):
            column = self._table[name].cast(pa.float64()).to_numpy()
            self.refuse(np.isinf(column), name, INFINITE)
            return np.column_stack([column, column])
        return np.asarray(
            self.parsed(name, lambda text: _ends(text, name), (np.nan, np.nan)), dtype=np.float64
        )

    def parsed(self, name: str, read: Callable[[str], Any], missing: Any) -> Any:
        """Return what ``read`` makes of each text of a column; rows are refused where it cannot."""
        places, texts = self.codes(name)
        found: list[Any] = []
        for number, text in enumerate(texts):
            try:
                found.append(read(text) if text else missing)
            except InvalidFlowError as error:
                found.append(missing)
                wrong = Finding("error", None, None, error.field, error.message)
                self.refuse_all(np.flatnonzero(places == number), [wrong])
        return np.array(found)[places]

    def months(self) -> NDArray[np.uint16]:
        """Return the mask of the months said, 0 where none is."""
        read = parsers(True)["months"]
        masks = self.parsed("months", lambda text: _mask(read(text)), 0)
        return np.asarray(masks, dtype=np.uint16)

    def reliability(self, quantified: Flags) -> NDArray[np.uint8]:
        """Return the reliability said, else that of a figure or of words."""
        said = self.parsed("reliability", lambda text: int(reliability_of(text.removesuffix(".0"))), 0)
        default = np.where(quantified, int(Reliability.QUANTIFIED), int(Reliability.DECLARED))
        return np.where(said == 0, default, said).astype(np.uint8)


INFINITE = N_("“{value}” is not a finite number: give an ordinary number.")


def _ends(text: str, name: str) -> tuple[float, float]:
    found = range_of(text, name, True)
    return found.low, found.high


def _mask(months: Any) -> int:
    return sum(1 << (month - 1) for month in months)


def grouped(columns: Sequence[tuple[Longs, int]]) -> tuple[Longs, Longs]:
    """Return the first row of each distinct combination of numbers, and each row's combination.

    Parameters
    ----------
    columns
        Numbers from 0, and how many there are.
    """
    key, size = np.zeros(len(columns[0][0]), dtype=np.int64), 1
    for numbers, count in columns:
        if size * count >= 1 << 62:
            distinct, key = np.unique(key, return_inverse=True)
            size = len(distinct)
        key, size = key * count + numbers, size * count
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return first, inverse
