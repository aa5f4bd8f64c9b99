"""Substitutions as columns, and the Parquet files they are written to."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from matching.parameters import CRITERIA

WORTH = tuple(f"saving_{unit}_per_year{end}" for unit in ("eur", "tco2e") for end in ("_low", "", "_high"))
CODES = ("resource", "rule", "form", "unit")
COUNTS = ("provider_row", "receiver_row")
FIGURES = ("score", "confidence", *CRITERIA, "quantity_per_year", "distance_km", *WORTH)
SCHEMA = pa.schema(
    [
        *((name, pa.int64()) for name in COUNTS),
        *((name, pa.float64()) for name in FIGURES),
        *((name, pa.dictionary(pa.int32(), pa.string())) for name in CODES),
    ]
)
Columns = dict[str, NDArray[np.int64] | NDArray[np.float64] | tuple[NDArray[np.int64], list[str | None]]]


class PairWriter:
    """A file of pairs that only gets its name once it is whole, so that a lost writer leaves none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.{os.getpid()}")
        self._writer = pq.ParquetWriter(self._draft, SCHEMA, compression="zstd", compression_level=1)
        self.count = 0

    def write(self, columns: Columns) -> None:
        """Add pairs: numbers by column, and for codes the numbers of their texts with the texts."""
        arrays = []
        for field in SCHEMA:
            column = columns[field.name]
            if isinstance(column, tuple):
                arrays.append(_coded(*column))
            else:
                arrays.append(pa.array(column, field.type, from_pandas=True))
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=SCHEMA))
        self.count += len(arrays[0])

    def __enter__(self) -> PairWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        if kind is None:
            self._draft.replace(self._path)
        else:
            self._draft.unlink(missing_ok=True)


def _coded(numbers: NDArray[np.int64], texts: list[str | None]) -> pa.DictionaryArray:
    """Return texts by number as one dictionary, nulls where the number stands for none."""
    none = np.array([text is None for text in texts], dtype=bool)[numbers]
    known = {text: place for place, text in enumerate(dict.fromkeys(text or "" for text in texts))}
    places = np.array([known[text or ""] for text in texts], dtype=np.int32)[numbers]
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=none), pa.array(list(known)))
