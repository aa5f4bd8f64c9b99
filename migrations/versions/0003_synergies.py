"""Create synergies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import identified, owned, versioned

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "synergy",
        *identified(),
        *owned(),
        *versioned(),
        sa.Column("signature", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("form", sa.String(30), nullable=True),
        sa.Column("resource", sa.String(120), nullable=True),
        sa.Column("rule", sa.String(120), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("distance_km", sa.Double(), nullable=True),
        sa.Column("quantity_per_year", sa.Double(), nullable=True),
        sa.Column("unit", sa.String(20), nullable=True),
        sa.Column("saving_eur_per_year", sa.Double(), nullable=True),
        sa.Column("saving_tco2e_per_year", sa.Double(), nullable=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("engine_version", sa.String(40), nullable=False),
        sa.Column("catalogue_digest", sa.String(64), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.UniqueConstraint("territory_id", "id"),
        sa.UniqueConstraint("territory_id", "signature"),
    )
    op.create_index("ix_synergy_status", "synergy", ["status"])
    op.create_index("ix_synergy_territory_id", "synergy", ["territory_id"])
    op.create_index("ix_synergy_territory_id_score", "synergy", ["territory_id", "score"])
    op.create_table(
        "synergy_member",
        *identified(),
        *owned(),
        sa.Column("synergy_id", sa.String(36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("flow_id", sa.String(36), nullable=False),
        sa.Column("site_id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(
            ["territory_id", "synergy_id"], ["synergy.territory_id", "synergy.id"], ondelete="CASCADE"
        ),
    )
    op.create_index("ix_synergy_member_flow_id", "synergy_member", ["flow_id"])
    op.create_index("ix_synergy_member_site_id", "synergy_member", ["site_id"])
    op.create_index("ix_synergy_member_synergy_id", "synergy_member", ["synergy_id"])
    op.create_index("ix_synergy_member_territory_id", "synergy_member", ["territory_id"])
    op.create_table(
        "synergy_event",
        *identified(),
        *owned(),
        sa.Column("synergy_id", sa.String(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(300), nullable=False),
        sa.Column("from_status", sa.String(20), nullable=False),
        sa.Column("to_status", sa.String(20), nullable=False),
        sa.Column("obstacle", sa.String(40), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["territory_id", "synergy_id"], ["synergy.territory_id", "synergy.id"], ondelete="CASCADE"
        ),
    )
    op.create_index("ix_synergy_event_synergy_id", "synergy_event", ["synergy_id"])
    op.create_index("ix_synergy_event_territory_id", "synergy_event", ["territory_id"])


def downgrade() -> None:
    op.drop_table("synergy_event")
    op.drop_table("synergy_member")
    op.drop_table("synergy")
