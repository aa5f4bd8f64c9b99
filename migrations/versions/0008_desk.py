"""Keep who sees to a synergy, what is set aside or said, views that were named, and what can be undone."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.columns import identified, owned, versioned

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    "view_choice",
    "shared_view",
    "saved_view",
    "desk_change",
    "desk_action",
    "synergy_comment",
    "synergy_shelving",
    "synergy_assignment",
)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _within(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["territory_id", column], [f"{target}.territory_id", f"{target}.id"], ondelete="CASCADE"
    )


def _of_synergy() -> list[sa.Column[Any] | sa.Constraint]:
    return [*identified(), *owned(), _text("synergy_id", 36), _within("synergy_id", "synergy")]


def _view() -> list[sa.Column[Any] | sa.Constraint]:
    return [
        *identified(),
        *owned(),
        *versioned(),
        _text("name", 80),
        sa.Column("query", sa.JSON(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "synergy_assignment",
        *_of_synergy(),
        _text("assignee", 80),
        _text("name", 300),
        sa.UniqueConstraint("territory_id", "synergy_id"),
    )
    op.create_table(
        "synergy_shelving",
        *_of_synergy(),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _text("actor", 300),
        sa.UniqueConstraint("territory_id", "synergy_id"),
    )
    op.create_table(
        "synergy_comment",
        *_of_synergy(),
        _text("author", 80),
        _text("actor", 300),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_table(
        "desk_action",
        *identified(),
        *owned(),
        _text("kind", 20),
        _text("author", 80),
        _text("actor", 300),
        sa.Column("undoes", sa.String(36), nullable=True),
        sa.Column("undone_by", sa.String(36), nullable=True),
        sa.UniqueConstraint("territory_id", "id"),
    )
    op.create_table(
        "desk_change",
        *_of_synergy(),
        _text("action_id", 36),
        _within("action_id", "desk_action"),
        _text("field", 60),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
    )
    op.create_table(
        "saved_view", *_view(), _text("subject", 80), sa.UniqueConstraint("territory_id", "subject", "name")
    )
    op.create_table("shared_view", *_view(), _text("actor", 300), sa.UniqueConstraint("territory_id", "name"))
    op.create_table(
        "view_choice",
        *identified(),
        *owned(),
        _text("subject", 80),
        _text("view", 36),
        sa.UniqueConstraint("territory_id", "subject"),
    )
    for table in TABLES:
        op.create_index(f"ix_{table}_territory_id", table, ["territory_id"])
    for table in ("synergy_assignment", "synergy_shelving", "synergy_comment", "desk_change"):
        op.create_index(f"ix_{table}_synergy_id", table, ["synergy_id"])
    op.create_index("ix_desk_change_action_id", "desk_change", ["action_id"])
    op.create_index("ix_saved_view_subject_territory_id", "saved_view", ["subject", "territory_id"])
    op.create_index(
        "ix_synergy_assignment_territory_id_assignee", "synergy_assignment", ["territory_id", "assignee"]
    )
    # No foreign key: a move outlives the action that made it.
    op.add_column("synergy_event", sa.Column("action_id", sa.String(36), nullable=True))


def downgrade() -> None:
    op.drop_column("synergy_event", "action_id")
    for table in TABLES:
        op.drop_table(table)
