"""The catalogue and its classifier, kept on this machine once they are made.

To make them takes a process five seconds, to read them again half a one. What is kept is known by all it was
made of, so that another version, or a catalogue that somebody edits, is made anew.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import tempfile
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import cast

import platformdirs

from matching.catalogue.loader import read_catalogue
from matching.catalogue.model import Catalogue
from matching.classify import Classifier
from matching.uncollected import uncollected

HERE = Path(__file__).parent
# Whose objects, or results, are part of what is kept.
MADE_WITH = ("numpy", "scipy", "PyStemmer", "rapidfuzz")
Parts = tuple[Catalogue, Classifier]
_making = Lock()


def parts() -> Parts:
    """Return the catalogue of the package and its classifier, made or read once however many threads ask.

    Raises
    ------
    CatalogueError
        If the data files contradict each other.
    """
    with _making:
        return _parts()


@lru_cache(maxsize=1)
def _parts() -> Parts:
    file = _file()
    found = None if file is None else read(file)
    if found is None:
        catalogue = read_catalogue()
        found = catalogue, Classifier(catalogue)
        if file is not None:
            keep(found, file)
    return found


def _file() -> Path | None:
    """Return where the parts are kept; None where the package is not made of plain files, or nothing is."""
    if not HERE.is_dir():
        return None
    return Path(platformdirs.user_cache_dir("entreflux")) / f"engine-{_digest()}.pickle"


def _digest() -> str:
    made_with = [sys.version, *(f"{name} {version(name)}" for name in MADE_WITH)]
    found = hashlib.sha256("\n".join(made_with).encode())
    for file in sorted((*HERE.rglob("*.py"), *HERE.rglob("*.csv"))):
        found.update(f"{file.relative_to(HERE)} {file.stat().st_size}\n".encode())
        found.update(file.read_bytes())
    return found.hexdigest()[:16]


def read(file: Path) -> Parts | None:
    """Return what a file keeps; None without one, for a broken one, and where others may have written it."""
    try:
        with file.open("rb") as opened:
            if not _is_own(os.fstat(opened.fileno())):
                return None
            with uncollected():
                return cast(Parts, pickle.load(opened))  # noqa: S301 - written by this user alone
    except Exception:  # a broken pickle raises whatever it makes its reader meet
        return None


def _is_own(told: os.stat_result) -> bool:
    return sys.platform == "win32" or (told.st_uid == os.getuid() and not told.st_mode & 0o022)


def keep(made: Parts, file: Path) -> None:
    """Write a file, whole or not at all, in place of those of other versions; nothing where it cannot be."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        # Readable and writable by this user alone.
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix="engine-", delete=False) as written:
            try:
                pickle.dump(made, written, pickle.HIGHEST_PROTOCOL)
                written.close()
                Path(written.name).replace(file)
            except BaseException:
                Path(written.name).unlink(missing_ok=True)
                raise
        # What a killed process left half written goes too; another one that writes just now does without.
        for other in file.parent.glob("engine-*"):
            if other != file:
                other.unlink(missing_ok=True)
