"""Reads broken files one after the other, each in a process of its own under the limits of the service.

``python -m tests.trust.fuzz_child FIRST LAST`` prints a JSON line a file: how its process ended, seconds,
megabytes, and what was read. Modules are loaded once: only that differs from the process of the service.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback

from app.readers.reading import read_unplaced
from app.readers.worker import limit
from tests.trust.mutations import drawn


def main(first: int, last: int) -> None:
    for number in range(first, last):
        name, content = drawn(number)
        started = time.monotonic()
        outlet, inlet = os.pipe()
        child = os.fork()
        if child == 0:
            _read(name, content, inlet)
        os.close(inlet)
        with os.fdopen(outlet, "rb") as stream:
            told = json.loads(stream.read() or b"{}")
        _, status, usage = os.wait4(child, 0)
        line = {
            "number": number,
            "bytes": len(content),
            "status": os.waitstatus_to_exitcode(status),
            "seconds": time.monotonic() - started,
            "megabytes": usage.ru_maxrss / 1024,
        }
        print(json.dumps(line | told), flush=True)  # noqa: T201 - its only way to answer


def _read(name: str, content: bytes, inlet: int) -> None:
    """Read one file as the service does, and end."""
    told: dict[str, object] = {}
    code = 0
    try:
        limit(len(content))
        result = read_unplaced(content, name)
        told = {"readable": result.readable, "flows": len(result.flows), "errors": len(result.errors)}
    except MemoryError:
        told = {"refused": "memory"}
    except BaseException:
        told = {"crash": traceback.format_exc()[-1500:]}
        code = 1
    os.write(inlet, json.dumps(told).encode()[:60_000])
    os._exit(code)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
