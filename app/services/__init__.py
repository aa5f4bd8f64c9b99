"""One use case each, above the repositories; the caller's session is the transaction."""
