"""Create plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import identified, owned, versioned

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan",
        *identified(),
        *owned(),
        *versioned(),
        sa.Column("planner", sa.String(20), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("actor", sa.String(300), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("flows_read", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("runner", sa.String(60), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="status"),
    )
    op.create_index("ix_plan_status", "plan", ["status"])
    op.create_index("ix_plan_territory_id", "plan", ["territory_id"])
    op.create_index("ix_plan_territory_id_created_at", "plan", ["territory_id", "created_at"])


def downgrade() -> None:
    op.drop_table("plan")
