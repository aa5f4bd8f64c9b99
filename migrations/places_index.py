"""The spatial index of sites: GiST on PostGIS; on SQLite an R*Tree kept by triggers.

An R*Tree's keys are numbers, and a row's hidden number may change when the file is vacuumed: ``site_box``
gives each placed site a number of its own.
"""

from __future__ import annotations

from alembic import op

ENTER = """
    INSERT INTO site_box (site_id) SELECT new.id WHERE new.lon IS NOT NULL AND new.lat IS NOT NULL;
    INSERT INTO site_index SELECT number, new.lon, new.lon, new.lat, new.lat
        FROM site_box WHERE site_id = new.id;
"""
LEAVE = """
    DELETE FROM site_index WHERE number IN (SELECT number FROM site_box WHERE site_id = old.id);
    DELETE FROM site_box WHERE site_id = old.id;
"""
SQLITE = (
    "CREATE TABLE site_box (number INTEGER PRIMARY KEY, site_id VARCHAR(36) NOT NULL UNIQUE)",
    "CREATE VIRTUAL TABLE site_index USING rtree(number, west, east, south, north)",
    f"CREATE TRIGGER site_placed AFTER INSERT ON site BEGIN {ENTER} END",
    f"CREATE TRIGGER site_moved AFTER UPDATE OF id, lon, lat ON site BEGIN {LEAVE} {ENTER} END",
    f"CREATE TRIGGER site_gone AFTER DELETE ON site BEGIN {LEAVE} END",
)
DROP_SQLITE = (
    "DROP TRIGGER site_gone",
    "DROP TRIGGER site_moved",
    "DROP TRIGGER site_placed",
    "DROP TABLE site_index",
    "DROP TABLE site_box",
)


def create_places_index() -> None:
    """Index the places of sites."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_site_location", "site", ["location"], postgresql_using="gist")
        return
    for statement in SQLITE:
        op.execute(statement)


def drop_places_index() -> None:
    """Drop what ``create_places_index`` made."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_site_location", "site")
        return
    for statement in DROP_SQLITE:
        op.execute(statement)
