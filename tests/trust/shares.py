"""How much of each measurement is run: a quick share by default, all of it with ENTREFLUX_TEST_TRUST."""

from __future__ import annotations

import os

FULL = "ENTREFLUX_TEST_TRUST"


def share(quick: int, full: int) -> int:
    """Return how many times something is tried."""
    return full if os.environ.get(FULL) else quick


def told(text: str) -> None:
    """Say a figure, where the whole measurement was asked for."""
    print(f"\n  {text}")  # noqa: T201 - shown with -s, as `make test-trust` asks


def databases() -> list[object]:
    """Return the databases that the longest measurements run on: SQLite alone by default, then both."""
    import pytest

    both: list[object] = ["sqlite", pytest.param("postgis", marks=pytest.mark.postgis)]
    return both[: share(1, 2)]
