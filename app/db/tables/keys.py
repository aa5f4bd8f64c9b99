"""Keys that cannot leave a territory: a reference names the owner and the row together."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint


def own_key() -> UniqueConstraint:
    """Return the key that rows of the same territory may refer to."""
    return UniqueConstraint("territory_id", "id")


def within_territory(column: str, target: str, *, cascade: bool = False) -> ForeignKeyConstraint:
    """Return the reference of ``column`` to a row of ``target`` in the same territory.

    Parameters
    ----------
    cascade
        Whether the row goes away with the one it refers to; else the target cannot be deleted.
    """
    return ForeignKeyConstraint(
        ["territory_id", column],
        [f"{target}.territory_id", f"{target}.id"],
        ondelete="CASCADE" if cascade else None,
    )
