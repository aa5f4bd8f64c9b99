"""Files of strangers, read in a process of their own that has little memory and little time."""

from __future__ import annotations

from app.readers.reading import placed, read_unplaced
from app.readers.result import ReadResult
from geo.geocoding import Geocoder


def read_untrusted(content: bytes, filename: str, gazetteer: Geocoder) -> ReadResult:
    """Stub."""
    return placed(read_unplaced(content, filename), gazetteer)
