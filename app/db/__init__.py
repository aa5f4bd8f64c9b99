"""The database: tables, sessions, and the one place that decides who sees what."""
