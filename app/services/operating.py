"""What who runs the server sees of its territories: their names and how much they hold, nothing of it."""

from __future__ import annotations

from dataclasses import dataclass

from app.db.visibility import VisibleSession, as_program
from app.repositories.sizes import sizes
from app.services.access import require_operator


@dataclass(frozen=True, slots=True)
class Size:
    """A territory and how much it holds."""

    id: str
    name: str
    members: int
    companies: int
    flows: int


def territories(session: VisibleSession) -> list[Size]:
    """Return the territories of the server by name; ``NotPermittedError`` unless an operator asks."""
    require_operator(session)
    with as_program(session):
        return [Size(row.id, row.name, *counts) for row, *counts in sizes(session)]
