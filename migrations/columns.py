"""Columns that tables of the migrations share. Frozen: a change here would rewrite the past."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry


def identified() -> list[sa.Column[Any] | sa.Constraint]:
    """Return the identifier and the moment of creation."""
    return [
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    ]


def owned() -> list[sa.Column[Any] | sa.Constraint]:
    """Return the territory that owns the row."""
    return [
        sa.Column("territory_id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(["territory_id"], ["territory.id"], ondelete="CASCADE"),
    ]


def versioned() -> list[sa.Column[Any] | sa.Constraint]:
    """Return the count and the moment of changes."""
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def geometry() -> Any:
    """Return PostGIS's geometry, or the binary that SQLite keeps."""
    if op.get_bind().dialect.name == "postgresql":
        return Geometry("GEOMETRY", srid=4326, spatial_index=False)
    return sa.LargeBinary()
