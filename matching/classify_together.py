"""Many flows classified by several processes: what ``Classifier.classify_all`` says, sooner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from matching.classify import Classifier, reading_order
from matching.messages import Message
from matching.model import Flow
from matching.postings import compile_sums
from matching.readings import Candidate
from matching.sharing import shared_out

# Flows given to a process at a time: few enough to share evenly, many enough that answers travel together.
SHARE = 2_000
Candidates = tuple[Candidate, ...]
Packed = tuple[tuple[int, float, float, str, tuple[tuple[str, object], ...]], ...]


def start_classifying(
    classifier: Classifier, flows: Sequence[Flow], top: int, processes: int
) -> Callable[[], list[Candidates]]:
    """Start ``classifier.classify_all`` in other processes and return what waits for its answer.

    Parameters
    ----------
    processes
        How many to start, see ``matching.sharing``; below two, or for few flows, all are read here, when
        they are waited for.
    """
    if len(flows) > SHARE:
        compile_sums()
    if processes < 2 or len(flows) <= SHARE:
        return lambda: classifier.classify_all(flows, top)
    order = reading_order(flows)
    shares = [order[first : first + SHARE] for first in range(0, len(order), SHARE)]
    packing = _Packing(classifier)

    def read(share: Sequence[int]) -> list[Packed]:
        return [packing.packed(classifier.classify(flows[place], top)) for place in share]

    answers = shared_out(read, shares, processes)

    def collected() -> list[Candidates]:
        found = {
            place: packing.unpacked(packed)
            for share, answer in zip(shares, answers, strict=True)
            for place, packed in zip(share, answer, strict=True)
        }
        return [found[place] for place in range(len(flows))]

    return collected


class _Packing:
    """Candidates as plain values, which travel between processes many times faster."""

    def __init__(self, classifier: Classifier) -> None:
        self._ids = sorted(classifier.catalogue.resources)
        self._places = {resource_id: place for place, resource_id in enumerate(self._ids)}
        # As ``classify`` does, one answer for all the flows that have the same.
        self._once = lru_cache(maxsize=200_000)(self._made)

    def packed(self, candidates: Candidates) -> Packed:
        """Return candidates as plain values."""
        return tuple(
            (
                self._places[candidate.resource],
                candidate.score,
                candidate.probability,
                candidate.why.text,
                tuple(candidate.why.params.items()),
            )
            for candidate in candidates
        )

    def unpacked(self, packed: Packed) -> Candidates:
        """Return the candidates that were packed."""
        return self._once(packed)

    def _made(self, packed: Packed) -> Candidates:
        return tuple(
            Candidate(self._ids[place], score, _sentence(text, params), chance)
            for place, score, chance, text, params in packed
        )


@lru_cache(maxsize=16_384)
def _sentence(text: str, params: tuple[tuple[str, object], ...]) -> Message:
    """Return the reason of a reading, one for all the flows that have the same."""
    return Message(text, dict(params))
