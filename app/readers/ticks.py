"""Ticks in cells: "x", "oui", "✔"."""

from __future__ import annotations

from app.readers.grid import Cell, text_of
from app.readers.vocabulary import plain

TICKS = frozenset({"x", "oui", "yes", "o", "1", "ok", "v", "true", "vrai"})
TICK_SIGNS = frozenset("✓✔☑☒⊠🗹■●√×✅️")


def is_cross(cell: Cell) -> bool:
    """Tell whether a cell is a tick that cannot be an amount."""
    return isinstance(cell, str) and is_tick(cell) and not cell.strip().isdigit()


def is_tick(cell: Cell) -> bool:
    """Tell whether a cell is a tick."""
    text = text_of(cell).strip()
    return bool(text) and (plain(text) in TICKS or set(text) <= TICK_SIGNS)
