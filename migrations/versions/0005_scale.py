"""Serve lists page by page from indexes; know an unchanged synergy by a digest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.list_indexes import create_list_indexes, drop_list_indexes

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("synergy", sa.Column("content", sa.String(64), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        # SQLite cannot drop a default without rewriting the table; it does no harm there.
        op.alter_column("synergy", "content", server_default=None)
    op.drop_index("ix_synergy_status", "synergy")
    op.drop_index("ix_synergy_territory_id_score", "synergy")
    create_list_indexes()


def downgrade() -> None:
    drop_list_indexes()
    op.create_index("ix_synergy_territory_id_score", "synergy", ["territory_id", "score"])
    op.create_index("ix_synergy_status", "synergy", ["status"])
    op.drop_column("synergy", "content")
