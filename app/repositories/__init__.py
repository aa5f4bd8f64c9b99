"""All SQL: rows to domain objects and back."""
