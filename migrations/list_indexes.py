"""Indexes that serve lists page by page, in the order of the list and with unknown figures last.

A page begins where the last one ended: ``territory_id``, the sorted column, ``id``. Alembic cannot compare
such orders, hence ``migrations.env`` leaves indexes of this prefix alone.
"""

from __future__ import annotations

from alembic import op

PREFIX = "ix_list_"
# Name, table, columns that narrow, and the sorted column with its useful direction.
INDEXES = (
    ("synergy_score", "synergy", "territory_id, score DESC{last}, id"),
    ("synergy_confidence", "synergy", "territory_id, confidence DESC{last}, id"),
    ("synergy_distance", "synergy", "territory_id, distance_km, id"),
    ("synergy_quantity", "synergy", "territory_id, quantity_per_year DESC{last}, id"),
    ("synergy_eur", "synergy", "territory_id, saving_eur_per_year DESC{last}, id"),
    ("synergy_tco2e", "synergy", "territory_id, saving_tco2e_per_year DESC{last}, id"),
    ("synergy_created", "synergy", "territory_id, created_at DESC{last}, id"),
    ("synergy_kind", "synergy", "territory_id, kind, score DESC{last}, id"),
    ("synergy_form", "synergy", "territory_id, form, score DESC{last}, id"),
    ("synergy_resource", "synergy", "territory_id, resource, score DESC{last}, id"),
    ("synergy_status", "synergy", "territory_id, status, score DESC{last}, id"),
    ("flow_created", "flow", "territory_id, created_at, id"),
    ("site_created", "site", "territory_id, created_at, id"),
    ("member_place", "synergy_member", "territory_id, site_id, synergy_id"),
    ("entry_row", "import_entry", "territory_id, row_id, import_id"),
)


def create_list_indexes() -> None:
    """Create the indexes; only PostgreSQL has to be told that unknown figures go last."""
    last = " NULLS LAST" if op.get_bind().dialect.name == "postgresql" else ""
    for name, table, columns in INDEXES:
        op.execute(f"CREATE INDEX {PREFIX}{name} ON {table} ({columns.format(last=last)})")


def drop_list_indexes() -> None:
    """Drop what ``create_list_indexes`` made."""
    for name, _, _ in INDEXES:
        op.execute(f"DROP INDEX {PREFIX}{name}")
