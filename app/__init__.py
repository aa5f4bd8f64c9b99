"""Everything with a user, a file, a network or a database."""
