"""Synergies and their members without what only repeats: a country stores a million of them at once.

A member is kept in its territory by the key of its synergy, which is of one; indexes of lists begin with the
territory, and serve what an index of it alone would.
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("synergy", "synergy_member")
KEY = "fk_synergy_member_territory_id"


def upgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_territory_id", table)
    # SQLite drops a key by writing the table anew; this one has no geometry, hence no triggers to lose.
    with op.batch_alter_table("synergy_member") as members:
        members.drop_constraint(KEY, type_="foreignkey")


def downgrade() -> None:
    with op.batch_alter_table("synergy_member") as members:
        members.create_foreign_key(KEY, "territory", ["territory_id"], ["id"], ondelete="CASCADE")
    for table in TABLES:
        op.create_index(f"ix_{table}_territory_id", table, ["territory_id"])
