"""Directions that titles leave to the line above them, or to their cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from app.readers.grid import Grid
from app.readers.headers import SITE_FIELDS, Column
from app.readers.matrices import below
from app.readers.vocabulary import cell_direction, direction_said, plain
from matching.model import Direction

ORDER = re.compile(r"\b(?:po|p o|orders?|ordered|purchase|commandes?|achats?)\b")
VENDOR = re.compile(r"\b(?:vendors?|suppliers?|fournisseurs?)\b")
DIRECTION_SHARE = 0.8  # This share of a column says "input" or "output": it is the direction.


def directed(grid: Grid, index: int, columns: dict[int, Column]) -> dict[int, Column]:
    """Give columns the direction of the group title above them ("Entrants" over four columns)."""
    if index == 0:
        return columns
    above = {place: cell for place, cell in enumerate(grid.rows[index - 1]) if isinstance(cell, str)}
    groups = {place: said for place, cell in above.items() if (said := direction_said(cell)) is not None}
    if len(above) < 2 or not groups:
        return columns
    directed = dict(columns)
    starts = sorted(above)
    for place, column in columns.items():
        start = max((s for s in starts if s <= place), default=None)
        if start is None or start not in groups or column.field in SITE_FIELDS:
            continue
        if place <= grid.spans.get((index, start), place):
            directed[place] = replace(column, direction=groups[start])
    return directed


def refined(grid: Grid, index: int, columns: dict[int, Column]) -> dict[int, Column]:
    """Correct columns by what their cells hold: "Type" with inputs and outputs is the direction."""
    refined = dict(columns)
    if any(column.field == "direction" for column in columns.values()):
        return refined
    for place, column in columns.items():
        if column.field not in {"kind", "label", "legal_status"}:
            continue
        cells = below(grid, index, place)
        said = [cell for cell in cells if isinstance(cell, str) and cell_direction(cell) is not None]
        distinct = {cell_direction(cell) for cell in said}
        others = [
            p
            for p, c in columns.items()
            if p != place and c.field in {"label", "waste_code", "kind", "resource"}
        ]
        few = len({str(cell) for cell in said}) <= 4 and len(said) >= DIRECTION_SHARE * len(cells)
        if cells and others and few and (len(distinct) == 2 or column.field == "kind"):
            refined[place] = Column("direction", title=column.title)
            return refined
    return refined


def bought(titles: Iterable[str]) -> Direction | None:
    """Return the direction of orders: an order's number, date or quantity beside a vendor's name."""
    words = [plain(title) for title in titles]
    ordered = any(ORDER.search(title) for title in words)
    return Direction.INPUT if ordered and any(VENDOR.search(title) for title in words) else None
