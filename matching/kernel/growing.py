"""Tables that grow at their end, as lists do, and stay arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

LEAST_ROOM = 256


class Growing:
    """An array with room behind it; ``rows`` is the part in use, valid until the next growth."""

    def __init__(self, dtype: DTypeLike, rows: NDArray[Any] | None = None) -> None:
        self._room: NDArray[Any] = np.zeros(LEAST_ROOM, dtype=dtype)
        self._size = 0
        if rows is not None:
            self.extend(rows)

    def __len__(self) -> int:
        return self._size

    @property
    def rows(self) -> NDArray[Any]:
        """The rows in use."""
        return self._room[: self._size]

    def extend(self, rows: NDArray[Any]) -> int:
        """Put rows at the end; return the number of the first."""
        first, last = self._size, self._size + len(rows)
        if last > len(self._room):
            room = np.zeros(max(last + last // 8, 2 * LEAST_ROOM), dtype=self._room.dtype)
            room[:first] = self.rows
            self._room = room
        self._room[first:last] = rows
        self._size = last
        return first

    def cut(self, size: int) -> None:
        """Forget the rows from ``size`` on."""
        self._size = min(size, self._size)
