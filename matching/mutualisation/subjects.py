"""What a training is about: two that name different subjects are never one session."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.catalogue.tables import read_rows, split
from matching.model import Flow, Kind
from matching.words import affirmed, stems

TRAINED = (Kind.SERVICE, Kind.SKILL)
# Words of who asks for a session (usage): without one a label tells of a job or a contract.
TRAINING_WORDS = """formation former stage recyclage habilitation habiliter caces session initiation permis
sensibiliser sensibilisation certificat renouveler renouvellement training course refresher"""


@lru_cache(maxsize=1)
def _subjects() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (row["subject"], tuple(f" {' '.join(stems(words))} " for words in split(row["words"])))
        for row in read_rows("training_subjects.csv")
    )


@lru_cache(maxsize=1)
def _training_stems() -> frozenset[str]:
    return frozenset(stems(TRAINING_WORDS))


@lru_cache(maxsize=10_000)
def _named(label: str) -> frozenset[str]:
    said = affirmed(label)
    if _training_stems().isdisjoint(said):
        return frozenset()
    line = f" {' '.join(said)} "
    return frozenset(name for name, phrases in _subjects() if any(phrase in line for phrase in phrases))


def subjects(flow: Flow) -> frozenset[str]:
    """Return the subjects that the label of a training names, none where it is no training."""
    return _named(flow.label) if flow.kind in TRAINED else frozenset()


def subjects_apart(flows: Sequence[Flow]) -> NDArray[np.bool_]:
    """Tell for each two flows whether they are trainings that name different subjects, shape (n, n)."""
    named = [subjects(flow) for flow in flows]
    # Subjects are few: each two sets of them are compared once, whatever the number of flows.
    sets = list(dict.fromkeys(named))
    apart = [[bool(one) and bool(other) and one.isdisjoint(other) for other in sets] for one in sets]
    place = np.array([sets.index(one) for one in named], dtype=np.int64)
    return np.array(apart, dtype=bool).reshape(len(sets), len(sets))[place[:, None], place]
