"""Create accounts, territories and places."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import geometry, identified, owned, versioned
from migrations.places_index import create_places_index, drop_places_index

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.create_table(
        "api_key",
        *identified(),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("key_hash"),
    )
    op.create_table(
        "user",
        *identified(),
        sa.Column("email", sa.String(300), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("email"),
    )
    op.create_table(
        "territory",
        *identified(),
        *versioned(),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "web_session",
        *identified(),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_web_session_expires_at", "web_session", ["expires_at"])
    op.create_index("ix_web_session_user_id", "web_session", ["user_id"])
    op.create_table(
        "membership",
        *identified(),
        sa.Column("territory_id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.String(36), nullable=True),
        sa.Column("api_key_id", sa.String(36), nullable=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.CheckConstraint("(user_id IS NULL) <> (api_key_id IS NULL)", name="one_holder"),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_key.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["territory_id"], ["territory.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("territory_id", "api_key_id"),
        sa.UniqueConstraint("territory_id", "user_id"),
    )
    op.create_index("ix_membership_api_key_id", "membership", ["api_key_id"])
    op.create_index("ix_membership_user_id", "membership", ["user_id"])
    op.create_table(
        "idempotency_key",
        *identified(),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.UniqueConstraint("subject", "key"),
    )
    op.create_table(
        "park",
        *identified(),
        *owned(),
        *versioned(),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("city", sa.String(300), nullable=False),
        sa.Column("outline", geometry(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.UniqueConstraint("territory_id", "id"),
    )
    op.create_index("ix_park_territory_id", "park", ["territory_id"])
    op.create_table(
        "company",
        *identified(),
        *owned(),
        *versioned(),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("siren", sa.String(9), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.UniqueConstraint("territory_id", "id"),
    )
    op.create_index("ix_company_territory_id", "company", ["territory_id"])
    op.create_table(
        "site",
        *identified(),
        *owned(),
        *versioned(),
        sa.Column("company_id", sa.String(36), nullable=True),
        sa.Column("park_id", sa.String(36), nullable=True),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("siret", sa.String(14), nullable=False),
        sa.Column("activity_code", sa.String(10), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postcode", sa.String(10), nullable=False),
        sa.Column("city", sa.String(300), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("location", geometry(), nullable=True),
        sa.Column("precision", sa.String(10), nullable=False),
        sa.Column("employees", sa.Double(), nullable=True),
        sa.CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="on_earth"),
        sa.CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="whole_point"),
        sa.ForeignKeyConstraint(["territory_id", "company_id"], ["company.territory_id", "company.id"]),
        sa.ForeignKeyConstraint(["territory_id", "park_id"], ["park.territory_id", "park.id"]),
        sa.UniqueConstraint("territory_id", "id"),
    )
    op.create_index("ix_site_territory_id", "site", ["territory_id"])
    op.create_index("ix_site_territory_id_siret", "site", ["territory_id", "siret"])
    op.create_table(
        "contact",
        *identified(),
        *owned(),
        *versioned(),
        sa.Column("site_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("role", sa.String(300), nullable=False),
        sa.Column("email", sa.String(300), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["territory_id", "site_id"], ["site.territory_id", "site.id"], ondelete="CASCADE"
        ),
        sa.UniqueConstraint("territory_id", "id"),
    )
    op.create_index("ix_contact_site_id", "contact", ["site_id"])
    op.create_index("ix_contact_territory_id", "contact", ["territory_id"])
    create_places_index()


def downgrade() -> None:
    drop_places_index()
    op.drop_table("contact")
    op.drop_table("site")
    op.drop_table("company")
    op.drop_table("park")
    op.drop_table("idempotency_key")
    op.drop_table("membership")
    op.drop_table("web_session")
    op.drop_table("territory")
    op.drop_table("user")
    op.drop_table("api_key")
