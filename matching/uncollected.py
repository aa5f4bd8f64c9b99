"""Long work that makes millions of objects in no cycle."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave cyclic garbage alone for a while.

    Looking for some takes half of the time of a match of a long file (measured with
    ``python -m benchmarks.whole``), and a quarter of that of reading what is kept of the engine.
    """
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()
