"""Create the drafts of diagnostics."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import identified, owned

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "diagnostic_draft",
        *identified(),
        *owned(),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_diagnostic_draft_territory_id", "diagnostic_draft", ["territory_id"])
    op.create_index(
        "ix_diagnostic_draft_subject_territory_id", "diagnostic_draft", ["subject", "territory_id"]
    )


def downgrade() -> None:
    op.drop_table("diagnostic_draft")
