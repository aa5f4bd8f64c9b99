"""What the classifier reads a label as."""

from __future__ import annotations

from matching.classify import default_classifier
from matching.model import Direction, Kind


def first_reading(label: str, kind: Kind, direction: str = "input") -> str:
    """Return the likeliest resource of a label."""
    return default_classifier().classify_text(label, Direction(direction), kind, 1)[0].resource
