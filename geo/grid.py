"""Square cells on the earth-centred sphere: what is near without measuring every pair."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Cell = tuple[int, int, int]
NEIGHBOURS = [(dx, dy, dz) for dx in (-1, 0, 1) for dy in (-1, 0, 1) for dz in (-1, 0, 1)]


class CellGrid:
    """Points of ``earth_centred_km`` in cubes of ``cell_km``; points with NaN are in no cell.

    Parameters
    ----------
    points_km
        Array (n, 3).
    cell_km
        Side of a cube, positive; a good choice is the longest distance that will be asked.
    """

    def __init__(self, points_km: NDArray[np.float64], cell_km: float) -> None:
        if cell_km <= 0:
            raise ValueError("cell_km must be positive")
        self._cell_km = cell_km
        self._cells: dict[Cell, list[int]] = {}
        known: NDArray[np.bool_] = np.asarray(~np.isnan(points_km).any(axis=1))
        cubes = np.floor(np.where(known[:, None], points_km, 0.0) / cell_km).astype(np.int64)
        for index in np.flatnonzero(known):
            x, y, z = cubes[index].tolist()
            self._cells.setdefault((x, y, z), []).append(int(index))

    def around(self, point_km: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the indices of the points of the cube of ``point_km`` and its 26 neighbours.

        Every point within ``cell_km`` is among them; others, up to three cubes away, may be.
        """
        return np.fromiter(self._around(point_km), dtype=np.int64)

    def _around(self, point_km: NDArray[np.float64]) -> Iterator[int]:
        if np.isnan(point_km).any():
            return
        x, y, z = np.floor(point_km / self._cell_km).astype(np.int64).tolist()
        for dx, dy, dz in NEIGHBOURS:
            yield from self._cells.get((x + dx, y + dy, z + dz), ())
