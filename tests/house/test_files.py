"""What the tracked files may not hold, and how long they may be."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.conftest import ROOT

LONGEST_MODULE_LINES = 300
PACKAGES = ("app", "matching", "geo")
# In pieces, so that this file does not hold what it looks for.
HOSTS = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "docker" + ".io",
    "ghcr" + ".io",
)
PATHS = r"(?<![\w.:/-])/(?:work|root|home|Users)/\w"
FORBIDDEN = re.compile("|".join([PATHS, *(re.escape(host) for host in HOSTS)]))
# Columns that hold a figure: a row that fills one must say where it comes from.
FIGURES = ("value", "factor", "full_km", "strength", "saving_middle")


def test_no_tracked_file_names_a_machine_path_or_a_registry(tracked: tuple[Path, ...]) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in tracked
        for number, line in _lines(path)
        if FORBIDDEN.search(line)
    ]
    assert found == []


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    yield from enumerate(text.splitlines(), start=1)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_the_locks_of_python_and_of_node_hold_hashes_and_no_address(name: str) -> None:
    lock = (ROOT / name).read_text(encoding="utf-8")
    pinned = re.findall(r"^[a-z0-9][\w.-]*(?:\[[\w,-]+\])?==", lock, re.MULTILINE)
    assert pinned
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert "://" not in lock
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_no_module_is_longer_than_a_reader_can_hold(tracked: tuple[Path, ...]) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in tracked
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES
    }
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE_LINES} == {}


def test_every_figure_of_the_catalogue_has_a_source() -> None:
    tables = sorted((ROOT / "matching" / "catalogue" / "data").rglob("*.csv"))
    checked = 0
    unsourced: list[str] = []
    for table in tables:
        with table.open(encoding="utf-8", newline="") as handle:
            for number, row in enumerate(csv.DictReader(handle), start=2):
                if any(row.get(column) for column in FIGURES):
                    checked += 1
                    if not row.get("source"):
                        unsourced.append(f"{table.name}:{number}")
    assert checked > 1000
    assert unsourced == []
