"""Second factors, links that open once, counted tries; scopes of keys, names of sessions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.columns import identified

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_user() -> list[sa.Column[Any] | sa.Constraint]:
    return [_text("user_id", 36), sa.ForeignKeyConstraint(["user_id"], ["user.id"], ondelete="CASCADE")]


def upgrade() -> None:
    op.add_column("user", sa.Column("openid_subject", sa.String(300), nullable=True))
    op.create_index("ix_user_openid_subject", "user", ["openid_subject"], unique=True)
    op.add_column("api_key", sa.Column("user_id", sa.String(36), nullable=True))
    op.create_index("ix_api_key_user_id", "api_key", ["user_id"])
    # Keys that exist go on doing what they did.
    op.add_column(
        "api_key", sa.Column("scopes", sa.String(60), nullable=False, server_default="read write admin")
    )
    op.add_column("api_key", _moment("last_used_at"))
    op.add_column(
        "web_session", sa.Column("pending", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("web_session", sa.Column("browser", sa.String(80), nullable=False, server_default=""))
    op.create_table(
        "second_factor",
        *identified(),
        *_of_user(),
        _text("secret", 64),
        _moment("confirmed_at"),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.UniqueConstraint("user_id"),
    )
    op.create_table("recovery_code", *identified(), *_of_user(), _text("code_hash", 64))
    op.create_table(
        "known_browser",
        *identified(),
        *_of_user(),
        _text("token_hash", 64),
        _moment("expires_at", nullable=False),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_table("sign_in_try", *identified(), _text("bucket", 64))
    _create_links()
    for table, *columns in (
        ("recovery_code", "user_id"),
        ("recovery_code", "code_hash"),
        ("known_browser", "user_id"),
        ("known_browser", "expires_at"),
        ("sign_in_try", "bucket", "created_at"),
        ("sign_in_try", "created_at"),
        ("one_time_link", "email"),
        ("one_time_link", "territory_id"),
        ("one_time_link", "expires_at"),
    ):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)


def _create_links() -> None:
    op.create_table(
        "one_time_link",
        *identified(),
        _text("purpose", 10),
        _text("token_hash", 64),
        _text("email", 300),
        sa.Column("territory_id", sa.String(36), nullable=True),
        _text("role", 20),
        sa.Column("company_id", sa.String(36), nullable=True),
        _text("author", 300),
        _moment("expires_at", nullable=False),
        _moment("used_at"),
        sa.ForeignKeyConstraint(["territory_id"], ["territory.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("token_hash"),
        sa.CheckConstraint("purpose IN ('invitation', 'reset')", name="purpose"),
    )


def downgrade() -> None:
    for table in ("one_time_link", "sign_in_try", "known_browser", "recovery_code", "second_factor"):
        op.drop_table(table)
    # Sessions without a second factor would become whole ones.
    op.execute("DELETE FROM web_session WHERE pending")
    op.drop_index("ix_user_openid_subject", "user")
    op.drop_index("ix_api_key_user_id", "api_key")
    for table, column in (
        ("web_session", "browser"),
        ("web_session", "pending"),
        ("api_key", "last_used_at"),
        ("api_key", "scopes"),
        ("api_key", "user_id"),
        ("user", "openid_subject"),
    ):
        op.drop_column(table, column)
