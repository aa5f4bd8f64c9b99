"""Words and codes to resources of the catalogue and to codes of the List of Waste."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from matching.catalogue.loader import load_catalogue
from matching.catalogue.model import Catalogue, Resource
from matching.certainty import probabilities
from matching.context import Context
from matching.errors import UnknownResourceError
from matching.lexicon import Floats, Lexicon
from matching.messages import N_, Message
from matching.model import Direction, Flow, Kind
from matching.words import COMMENT_WEIGHT, tokens

# Own estimate: a reading below is not one.
CANDIDATE_FLOOR = 0.22


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource a flow may be, with a score and a probability in [0, 1] and the reason."""

    resource: str
    score: float
    why: Message
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class CodeCandidate:
    """A List of Waste entry a text may be, with a score and a probability in [0, 1]."""

    code: str
    score: float
    probability: float


class Classifier:
    """Ranks the catalogue's resources and the List of Waste for a flow or a text."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._ids = sorted(catalogue.resources)
        self._resources = [catalogue.resources[resource_id] for resource_id in self._ids]
        self._lexicon = Lexicon(
            ((owner, text) for owner, r in enumerate(self._resources) for text in _wordings(r)),
            len(self._ids),
        )
        self._surroundings = Context(self._resources)
        self._codes = sorted(catalogue.waste_codes)
        entries = [catalogue.waste_codes[code] for code in self._codes]
        self._code_lexicon = Lexicon(
            (
                (owner, text)
                for owner, entry in enumerate(entries)
                for text in (entry.label.fr, entry.label.en, *entry.words_fr, *entry.words_en)
            ),
            len(entries),
        )

    @property
    def lexicon(self) -> Lexicon:
        """The index of all wordings of resources."""
        return self._lexicon

    def classify(self, flow: Flow, top: int = 5) -> tuple[Candidate, ...]:
        """Return the ``top`` most likely resources of a flow, best first.

        Raises
        ------
        UnknownResourceError
            If the flow declares a resource that the catalogue does not hold.
        """
        if flow.resource:
            if flow.resource not in self.catalogue.resources:
                raise UnknownResourceError(
                    Message(N_("Resource “{value}” is not in the catalogue."), {"value": flow.resource})
                )
            return (Candidate(flow.resource, 1.0, Message(N_("declared by the company"))),)
        return self._ranked(
            flow.label, flow.comment, flow.direction, flow.kind, flow.waste_code, flow.site.activity_code, top
        )

    def classify_text(
        self, text: str, direction: Direction | None = None, kind: Kind | None = None, top: int = 5
    ) -> tuple[Candidate, ...]:
        """Return the ``top`` most likely resources of a bare text, best first."""
        return self._ranked(text, "", direction, kind, "", "", top)

    def classify_parts(
        self,
        text: str,
        direction: Direction | None,
        kind: Kind | None,
        waste_code: str,
        activity: str,
        top: int,
    ) -> tuple[Candidate, ...]:
        """Return the ``top`` most likely resources of a text with a waste code and the site's activity."""
        return self._ranked(text, "", direction, kind, waste_code, activity, top)

    @lru_cache(maxsize=200_000)  # noqa: B019 - one classifier lives as long as the process
    def _ranked(
        self,
        label: str,
        comment: str,
        direction: Direction | None,
        kind: Kind | None,
        waste_code: str,
        activity: str,
        top: int,
    ) -> tuple[Candidate, ...]:
        found = [*tokens(label), *tokens(comment, COMMENT_WEIGHT)]
        scores, phrases = self._lexicon.scores(found, label)
        scores = scores * self._surroundings.factors(found, direction, kind, activity)
        scores = self._surroundings.with_code(scores, waste_code)
        order = np.lexsort((np.arange(len(scores)), -scores))[: max(top, 2)]
        probable = probabilities(np.minimum(scores[order], 1.0).tolist(), "reading")
        return tuple(
            Candidate(
                self._ids[i], float(min(scores[i], 1.0)), self._why(int(i), phrases, waste_code), chance
            )
            for i, chance in zip(order[:top], probable, strict=False)
            if scores[i] >= CANDIDATE_FLOOR
        )

    def _why(self, owner: int, phrases: Floats, waste_code: str) -> Message:
        resource = self._resources[owner]
        words = self._lexicon.best_phrase(owner, phrases)
        if waste_code and waste_code in resource.waste_codes:
            return Message(
                N_("code {code} and the words “{words}”"),
                {"code": waste_code, "words": words},
            )
        return Message(N_("the words “{words}”"), {"words": words})

    def waste_codes(
        self, text: str, top: int = 5, candidates: Sequence[Candidate] = ()
    ) -> tuple[CodeCandidate, ...]:
        """Return the ``top`` most likely List of Waste codes of a text, best first."""
        scores, _ = self._code_lexicon.scores(tokens(text), text)
        position = {code: i for i, code in enumerate(self._codes)}
        for candidate in candidates or self.classify_text(text, Direction.OUTPUT):
            resource = self.catalogue.resources[candidate.resource]
            for rank, code in enumerate(resource.waste_codes):
                i = position[code]
                scores[i] = 1 - (1 - scores[i]) * (1 - candidate.score * 0.6 / (1 + 0.6 * rank))
        order = np.lexsort((np.arange(len(scores)), -scores))[: max(top, 2)]
        probable = probabilities(np.minimum(scores[order], 1.0).tolist(), "code")
        return tuple(
            CodeCandidate(self._codes[i], float(min(1.0, scores[i])), chance)
            for i, chance in zip(order[:top], probable, strict=False)
            if scores[i] > 0
        )


def _wordings(resource: Resource) -> tuple[str, ...]:
    return (resource.name.fr, resource.name.en, *resource.synonyms_fr, *resource.synonyms_en)


@lru_cache(maxsize=1)
def default_classifier() -> Classifier:
    """Return the classifier of the package's catalogue, built once."""
    return Classifier(load_catalogue())
