"""Create diagnostics, flows and imports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import identified, owned, versioned

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "diagnostic",
        *identified(),
        *owned(),
        *versioned(),
        sa.Column("site_id", sa.String(36), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("author", sa.String(300), nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["territory_id", "site_id"], ["site.territory_id", "site.id"], ondelete="CASCADE"
        ),
        sa.UniqueConstraint("territory_id", "id"),
    )
    op.create_index("ix_diagnostic_site_id", "diagnostic", ["site_id"])
    op.create_index("ix_diagnostic_territory_id", "diagnostic", ["territory_id"])
    op.create_table(
        "flow",
        *identified(),
        *owned(),
        *versioned(),
        sa.Column("site_id", sa.String(36), nullable=False),
        sa.Column("diagnostic_id", sa.String(36), nullable=True),
        sa.Column("direction", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("waste_code", sa.String(6), nullable=False),
        sa.Column("quantity_low", sa.Double(), nullable=True),
        sa.Column("quantity_high", sa.Double(), nullable=True),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("days_per_week", sa.Double(), nullable=True),
        sa.Column("months", sa.String(40), nullable=False),
        sa.Column("temperature_c_low", sa.Double(), nullable=True),
        sa.Column("temperature_c_high", sa.Double(), nullable=True),
        sa.Column("concentration_pct_low", sa.Double(), nullable=True),
        sa.Column("concentration_pct_high", sa.Double(), nullable=True),
        sa.Column("moisture_pct_low", sa.Double(), nullable=True),
        sa.Column("moisture_pct_high", sa.Double(), nullable=True),
        sa.Column("pressure_bar_low", sa.Double(), nullable=True),
        sa.Column("pressure_bar_high", sa.Double(), nullable=True),
        sa.Column("unit_cost_eur_low", sa.Double(), nullable=True),
        sa.Column("unit_cost_eur_high", sa.Double(), nullable=True),
        sa.Column("good_share_pct_low", sa.Double(), nullable=True),
        sa.Column("good_share_pct_high", sa.Double(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("resource", sa.String(120), nullable=False),
        sa.Column("legal_status", sa.String(20), nullable=False),
        sa.Column("hazardous", sa.Boolean(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("dimensions", sa.Text(), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=True),
        sa.Column("available_until", sa.Date(), nullable=True),
        sa.Column("min_lot", sa.Double(), nullable=True),
        sa.Column("capacity", sa.Double(), nullable=True),
        sa.Column("storage_max", sa.Double(), nullable=True),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("weekdays", sa.Text(), nullable=False),
        sa.Column("contract_end", sa.Date(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("visibility", sa.String(40), nullable=False),
        sa.Column("collected_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reliability", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("sheet", sa.String(300), nullable=True),
        sa.CheckConstraint("direction IN ('input', 'output')", name="direction"),
        sa.CheckConstraint("quantity_low >= 0 AND quantity_low <= quantity_high", name="quantity"),
        sa.ForeignKeyConstraint(
            ["territory_id", "diagnostic_id"], ["diagnostic.territory_id", "diagnostic.id"]
        ),
        sa.ForeignKeyConstraint(
            ["territory_id", "site_id"], ["site.territory_id", "site.id"], ondelete="CASCADE"
        ),
        sa.UniqueConstraint("territory_id", "id"),
    )
    op.create_index("ix_flow_diagnostic_id", "flow", ["diagnostic_id"])
    op.create_index("ix_flow_site_id", "flow", ["site_id"])
    op.create_index("ix_flow_territory_id", "flow", ["territory_id"])
    op.create_table(
        "import",
        *identified(),
        *owned(),
        *versioned(),
        sa.Column("file_name", sa.String(300), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(300), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.UniqueConstraint("territory_id", "id"),
    )
    op.create_index("ix_import_territory_id", "import", ["territory_id"])
    op.create_table(
        "import_entry",
        *identified(),
        *owned(),
        sa.Column("import_id", sa.String(36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resource", sa.String(20), nullable=False),
        sa.Column("row_id", sa.String(36), nullable=False),
        sa.Column("created", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["territory_id", "import_id"], ["import.territory_id", "import.id"], ondelete="CASCADE"
        ),
    )
    op.create_index("ix_import_entry_import_id", "import_entry", ["import_id"])
    op.create_index("ix_import_entry_row_id", "import_entry", ["row_id"])
    op.create_index("ix_import_entry_territory_id", "import_entry", ["territory_id"])


def downgrade() -> None:
    op.drop_table("import_entry")
    op.drop_table("import")
    op.drop_table("flow")
    op.drop_table("diagnostic")
