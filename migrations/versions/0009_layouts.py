"""Keep what people said the columns of a layout are, for later files of the same layout."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import identified, owned, versioned

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "layout",
        *identified(),
        *owned(),
        *versioned(),
        sa.Column("signature", sa.String(16), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("actor", sa.String(300), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("territory_id", "signature"),
    )
    op.create_index("ix_layout_territory_id", "layout", ["territory_id"])


def downgrade() -> None:
    op.drop_table("layout")
