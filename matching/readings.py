"""What a flow may be read as."""

from __future__ import annotations

from dataclasses import dataclass

from matching.messages import Message


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource a flow may be, with a score and a probability in [0, 1] and the reason."""

    resource: str
    score: float
    why: Message
    probability: float = 1.0
