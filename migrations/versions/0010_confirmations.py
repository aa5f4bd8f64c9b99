"""Say when each flow was last confirmed; keep files while they are rehearsed, and rows as they were read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import identified, owned

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.Column(
        "confirmed_at",
        sa.DateTime(timezone=True),
        nullable=False,
        server_default="2000-01-01 00:00:00.000000",
    )
    op.add_column("flow", moment)
    # What was declared or changed was said that day.
    op.execute("UPDATE flow SET confirmed_at = updated_at")
    if op.get_bind().dialect.name == "postgresql":
        # SQLite cannot drop a default without rewriting the table; it does no harm there.
        op.alter_column("flow", "confirmed_at", server_default=None)
    op.create_index("ix_flow_territory_id_confirmed_at", "flow", ["territory_id", "confirmed_at"])
    op.create_table(
        "waiting_file",
        *identified(),
        *owned(),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("file_name", sa.String(300), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("step", sa.String(10), nullable=False),
        sa.Column("runner", sa.Integer(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
    )
    op.create_index("ix_waiting_file_territory_id", "waiting_file", ["territory_id"])
    op.create_index("ix_waiting_file_created_at", "waiting_file", ["created_at"])
    op.create_index("ix_waiting_file_subject_territory_id", "waiting_file", ["subject", "territory_id"])
    op.create_table(
        "import_row",
        *identified(),
        *owned(),
        sa.Column("import_id", sa.String(36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(300), nullable=True),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("certainty", sa.String(10), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["territory_id", "import_id"], ["import.territory_id", "import.id"], ondelete="CASCADE"
        ),
    )
    op.create_index("ix_import_row_territory_id", "import_row", ["territory_id"])
    op.create_index("ix_import_row_import_id_position", "import_row", ["import_id", "position"])


def downgrade() -> None:
    op.drop_table("import_row")
    op.drop_table("waiting_file")
    op.drop_index("ix_flow_territory_id_confirmed_at", "flow")
    op.drop_column("flow", "confirmed_at")
