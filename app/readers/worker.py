"""The process that reads a stranger's file: limits itself, reads its input, answers on its output."""

from __future__ import annotations

import gc
import json
import pickle
import resource
import sys

# A hundred thousand rows need the larger of the two; what a small file asks beyond the other is an attack.
MEMORY_BYTES = 2 * 1024**3
SMALL_MEMORY_BYTES = 448 * 1024**2
SMALL_FILE_BYTES = 256 * 1024
CPU_SECONDS = 60


def limit(file_bytes: int) -> None:
    """Take away memory, processor time and the right to write files from this process.

    Parameters
    ----------
    file_bytes
        The size of the file it will read: a small one is given less memory.
    """
    memory = SMALL_MEMORY_BYTES if file_bytes <= SMALL_FILE_BYTES else MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read the file whose name is the first argument, from standard input: a line of JSON, then its bytes."""
    from app.readers import corrections, settled
    from app.readers.reading import read_unplaced

    asked, content = json.loads(sys.stdin.buffer.readline()), sys.stdin.buffer.read()
    limit(len(content))
    # It lives for one file: looking for garbage among a hundred thousand rows takes a quarter of the time.
    gc.disable()
    cells, columns = settled.from_plain(asked["settled"]), corrections.from_plain(asked["corrections"])
    result = read_unplaced(content, sys.argv[1], cells, columns)
    pickle.dump(result, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
