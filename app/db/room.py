"""How much room is left where rows are written."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from sqlalchemy import Engine

# Own estimate, 2026: a journal and an import of the largest file need less, so there is time to act.
LEAST_FREE_BYTES = 256 * 1024**2


def folder_of(engine: Engine) -> Path:
    """Return the folder of a SQLite file; elsewhere that of temporary files, which uploads need."""
    name = engine.url.database
    if engine.dialect.name == "sqlite" and name and name != ":memory:":
        return Path(name).absolute().parent
    return Path(tempfile.gettempdir())


def free_bytes(folder: Path) -> int:
    """Return the bytes free in a folder, 0 where there is no such folder any more."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def is_cramped(folder: Path) -> bool:
    """Tell whether so little is free that writes will soon fail."""
    return free_bytes(folder) < LEAST_FREE_BYTES
