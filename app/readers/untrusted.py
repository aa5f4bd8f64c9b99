"""Files of strangers, read in a process of their own that has little memory and little time."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys

from app.readers.corrections import NO_CORRECTIONS, Corrections
from app.readers.corrections import to_plain as corrections_to_plain
from app.readers.reading import NOTHING_SETTLED, placed
from app.readers.result import ReadResult, UnreadableFileError, unreadable
from app.readers.settled import Settled, to_plain
from geo.geocoding import Geocoder
from matching.messages import N_, Message

TIMEOUT_S = 90.0


def read_untrusted(
    content: bytes,
    filename: str,
    gazetteer: Geocoder,
    settled: Settled = NOTHING_SETTLED,
    corrections: Corrections = NO_CORRECTIONS,
    timeout_s: float = TIMEOUT_S,
) -> ReadResult:
    """Read a file as ``read_table`` does, in a subprocess of limited memory, processor time and duration.

    A file that breaks these limits is reported as unreadable; the caller's process is never at risk.
    """
    name = filename.replace("\x00", "")[-200:] or "-"
    # One line of JSON, then the file.
    asked = json.dumps(
        {"settled": to_plain(settled), "corrections": corrections_to_plain(corrections)}
    ).encode()
    try:
        # The arguments are our own interpreter and module; the name is data, never a shell's.
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "app.readers.worker", name],
            input=b"%s\n%s" % (asked, content), capture_output=True, timeout=timeout_s, check=True,
        )  # fmt: skip
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        text = N_("The file takes too much time or memory to read: split it, or save its table as CSV.")
        return unreadable(UnreadableFileError(Message(text)))
    # Our own process wrote these bytes: they are a ReadResult.
    result: ReadResult = pickle.loads(done.stdout)  # noqa: S301
    return placed(result, gazetteer)
