"""Charters, mandates, levels, introductions, teasers, and who looked."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations.columns import identified, owned, versioned

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Entries of the audit younger than this cannot be removed: triggers refuse it, 365 days on SQLite too.
KEPT = "365 days"


def _within(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["territory_id", column], [f"{target}.territory_id", f"{target}.id"], ondelete="CASCADE"
    )


def _text(name: str, length: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text() if length is None else sa.String(length), nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _given() -> list[sa.Column[object]]:
    """Return who gave something under which charter, and who took it back."""
    return [
        sa.Column("charter_number", sa.Integer(), nullable=False),
        _text("author", 300),
        _moment("revoked_at"),
        _text("revoked_by", 300),
    ]


def upgrade() -> None:
    op.add_column("flow", sa.Column("level", sa.String(10), nullable=False, server_default="private"))
    op.add_column("company", sa.Column("withheld", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_company_withheld",
        "company",
        ["territory_id"],
        sqlite_where=sa.text("withheld = 1"),
        postgresql_where=sa.text("withheld"),
    )
    op.add_column("membership", sa.Column("company_id", sa.String(36), nullable=True))
    op.add_column("membership", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_membership_company_id", "membership", ["company_id"])
    op.execute("UPDATE membership SET role = 'coordinator' WHERE role = 'member'")
    shown = sa.text("level <> 'private'")
    op.create_index(
        "ix_flow_shown", "flow", ["territory_id", "site_id"], sqlite_where=shown, postgresql_where=shown
    )
    op.create_table(
        "charter",
        *identified(),
        *owned(),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("body"),
        _text("author", 300),
        sa.UniqueConstraint("territory_id", "number"),
    )
    op.create_index("ix_charter_territory_id", "charter", ["territory_id"])
    op.create_table(
        "mandate",
        *identified(),
        *owned(),
        _text("company_id", 36),
        _text("origin", 20),
        *_given(),
        _within("company_id", "company"),
    )
    op.create_table(
        "flow_grant",
        *identified(),
        *owned(),
        _text("flow_id", 36),
        sa.Column("to_company_id", sa.String(36), nullable=True),
        _text("level", 10),
        *_given(),
        _within("flow_id", "flow"),
        _within("to_company_id", "company"),
    )
    op.create_table(
        "introduction",
        *identified(),
        *owned(),
        *versioned(),
        *(_text(f"{who}_{what}_id", 36) for what in ("company", "flow") for who in ("asking", "asked")),
        _text("status", 10),
        sa.Column("fields", sa.JSON(), nullable=False),
        _text("message"),
        _text("asked_by", 300),
        _text("answered_by", 300),
        _moment("answered_at"),
        _moment("expires_at", nullable=False),
        sa.UniqueConstraint("territory_id", "id"),
        *(_within(f"{who}_{what}_id", what) for what in ("company", "flow") for who in ("asking", "asked")),
        sa.CheckConstraint(
            "status IN ('requested', 'accepted', 'refused', 'expired', 'revoked')", name="status"
        ),
    )
    op.create_table(
        "teaser",
        *identified(),
        *owned(),
        _text("company_id", 36),
        sa.Column("cell_x", sa.Integer(), nullable=False),
        sa.Column("cell_y", sa.Integer(), nullable=False),
        _text("direction", 6),
        _text("family", 40),
        sa.Column("quantity_class", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Double(), nullable=True),
        _text("unit", 20),
    )
    for table, columns in {
        "mandate": ("territory_id", "company_id"),
        "flow_grant": ("territory_id", "flow_id", "to_company_id"),
        "introduction": (
            "territory_id",
            "asking_company_id",
            "asked_company_id",
            "asking_flow_id",
            "asked_flow_id",
            "expires_at",
        ),
        "teaser": ("territory_id",),
    }.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])
    _draw_secret()
    _create_audit()


def _draw_secret() -> None:
    table = op.create_table("server_secret", *identified(), _text("value", 64))
    now = datetime.now(UTC)
    op.bulk_insert(table, [{"id": str(uuid4()), "created_at": now, "value": secrets.token_hex(32)}])


def _create_audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        _moment("at", nullable=False),
        sa.Column("territory_id", sa.String(36), nullable=True),
        sa.Column("company_id", sa.String(36), nullable=True),
        _text("subject", 80),
        _text("name", 300),
        _text("role", 20),
        _text("action", 60),
        _text("object_kind", 30),
        _text("object_id", 80),
        _text("request_id", 64),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.create_index("ix_audit_entry_company_id", "audit_entry", ["company_id"])
    op.create_index("ix_audit_entry_territory_id_at", "audit_entry", ["territory_id", "at"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry "
            "BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END"
        )
        op.execute(
            "CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry "
            "WHEN julianday('now') - julianday(OLD.at) < 365 "
            "BEGIN SELECT RAISE(ABORT, 'the audit is kept for a year'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' AND OLD.at < now() - interval '{KEPT}' THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION 'the audit is only added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_entry_guard()"
    )


def downgrade() -> None:
    tables = ("audit_entry", "server_secret", "teaser", "introduction", "flow_grant", "mandate", "charter")
    for table in tables:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_guard()")
    op.drop_index("ix_flow_shown", "flow")
    op.execute("UPDATE membership SET role = 'member' WHERE role = 'coordinator'")
    op.drop_index("ix_membership_company_id", "membership")
    op.drop_index("ix_company_withheld", "company")
    for table, column in (
        ("membership", "expires_at"),
        ("membership", "company_id"),
        ("company", "withheld"),
        ("flow", "level"),
    ):
        op.drop_column(table, column)
