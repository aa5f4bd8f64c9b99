"""Count the changes of a territory's flows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import identified, owned

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flow_revision",
        *identified(),
        *owned(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.UniqueConstraint("territory_id"),
    )
    op.create_index("ix_flow_revision_territory_id", "flow_revision", ["territory_id"])


def downgrade() -> None:
    op.drop_table("flow_revision")
