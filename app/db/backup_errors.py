"""What goes wrong with copies of a database."""

from __future__ import annotations


class BackupError(RuntimeError):
    """A copy that could not be made, read or put back."""
