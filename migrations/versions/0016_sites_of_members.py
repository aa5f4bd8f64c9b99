"""Find the synergies of a site by one index instead of two: a country stores two million members at once.

That of places begins with the territory, which members are always asked with; those of companies that
withhold their mandate were the one exception.
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INDEX = "ix_synergy_member_site_id"
COMPANIES = "(SELECT string_to_array(current_setting('entreflux.withheld', true), ','))::text[]"
THEIRS = f"FROM site WHERE company_id = ANY ({COMPANIES})"
MEMBERS = "SELECT synergy_id FROM synergy_member WHERE"
BEFORE = f"{MEMBERS} site_id IN (SELECT id {THEIRS})"
AFTER = f"{MEMBERS} (territory_id, site_id) IN (SELECT territory_id, id {THEIRS})"
OPTIONS = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp"


def _withheld_synergies(query: str) -> None:
    # SQLite has neither policies nor their functions.
    if op.get_bind().dialect.name == "postgresql":
        function = "entreflux_withheld_synergies() RETURNS SETOF text"
        op.execute(f"CREATE OR REPLACE FUNCTION {function} {OPTIONS} AS $$ {query} $$")


def upgrade() -> None:
    op.drop_index(INDEX, "synergy_member")
    _withheld_synergies(AFTER)


def downgrade() -> None:
    _withheld_synergies(BEFORE)
    op.create_index(INDEX, "synergy_member", ["site_id"])
