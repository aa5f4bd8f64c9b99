"""Find the sites of a box for members too.

PostgreSQL asks the policies of rows before any function that might tell what it was given; the overlap of
two shapes is such a function, so a member's box passed over its index and read every site. Numbers are
compared by functions that tell nothing.
"""

from __future__ import annotations

from alembic import op

from migrations.list_indexes import PREFIX

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NAME = f"{PREFIX}site_place"


def upgrade() -> None:
    # SQLite has no policies, and an index of boxes that everyone uses.
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE INDEX {NAME} ON site (territory_id, lat, lon, id)")


def downgrade() -> None:
    op.execute(f"DROP INDEX IF EXISTS {NAME}")
