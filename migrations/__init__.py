"""Alembic migrations, for SQLite and PostGIS alike."""
