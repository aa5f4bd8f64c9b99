"""Words to entries of the European List of Waste."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.catalogue.model import Catalogue
from matching.certainty import probabilities
from matching.lexicon import Lexicon
from matching.model import Kind
from matching.parameters import constant
from matching.postings import highest
from matching.readings import Candidate
from matching.words import tokens

NEVER_WASTE = frozenset({Kind.SKILL, Kind.SERVICE, Kind.SPACE, Kind.TRANSPORT})
# What a resource's codes add to an entry's score, and how much less each further one: own estimates.
BY_RESOURCE = 0.6
NEXT_CODE = 0.6


@dataclass(frozen=True, slots=True)
class CodeCandidate:
    """A List of Waste entry a text may be, with a score and a probability in [0, 1]."""

    code: str
    score: float
    probability: float


class WasteCoder:
    """Ranks the entries of the List of Waste for a text."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._codes = sorted(catalogue.waste_codes)
        self._places = {code: place for place, code in enumerate(self._codes)}

    @cached_property
    def _lexicon(self) -> Lexicon:
        """The index of the List of Waste, built when first asked for: a match needs none."""
        entries = [self._catalogue.waste_codes[code] for code in self._codes]
        return Lexicon(
            (
                (owner, text)
                for owner, entry in enumerate(entries)
                for text in (entry.label.fr, entry.label.en, *entry.words_fr, *entry.words_en)
            ),
            len(entries),
        )

    def codes(self, text: str, readings: Sequence[Candidate], top: int) -> tuple[CodeCandidate, ...]:
        """Return the ``top`` most likely codes of a text that may be read as ``readings``, best first."""
        scores, _ = self._lexicon.scores(tokens(text), text)
        for reading in readings:
            for rank, code in enumerate(self._catalogue.resources[reading.resource].waste_codes):
                i = self._places[code]
                brought = reading.score * BY_RESOURCE / (1 + NEXT_CODE * rank)
                scores[i] = 1 - (1 - scores[i]) * (1 - brought)
        order = highest(scores, max(top, 2))
        best = np.minimum(scores[order], 1.0).tolist()
        at_most = 1 - self._never_waste(readings)
        return tuple(
            CodeCandidate(self._codes[i], score, chance * at_most)
            for i, score, chance in zip(order[:top].tolist(), best, probabilities(best, "code"), strict=False)
            if score > 0
        )

    def _never_waste(self, readings: Sequence[Candidate]) -> float:
        """Return how much less probable a code is for a text that reads like work, a place or a journey."""
        if not readings or self._catalogue.resources[readings[0].resource].kind not in NEVER_WASTE:
            return 0.0
        return constant("work_is_no_waste") * readings[0].probability
