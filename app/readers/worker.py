"""The process that reads a stranger's file: limits itself, reads its input, answers on its output."""

from __future__ import annotations

import gc
import pickle
import resource
import sys

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 60


def limit() -> None:
    """Take away memory, processor time and the right to write files from this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read the file whose name is the first argument and whose bytes come on standard input."""
    from app.readers.reading import read_unplaced

    limit()
    # It lives for one file: looking for garbage among a hundred thousand rows takes a quarter of the time.
    gc.disable()
    result = read_unplaced(sys.stdin.buffer.read(), sys.argv[1])
    pickle.dump(result, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
