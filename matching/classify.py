"""Words and codes to resources of the catalogue and to codes of the List of Waste."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from matching.catalogue.model import Catalogue, Resource
from matching.certainty import probabilities
from matching.context import Context, Heard
from matching.errors import UnknownResourceError
from matching.lexicon import Lexicon, PhraseScores
from matching.messages import N_, Message
from matching.model import Direction, Flow, Kind
from matching.postings import Floats, highest
from matching.readings import Candidate
from matching.waste_coding import NEVER_WASTE, CodeCandidate, WasteCoder
from matching.words import COMMENT_WEIGHT, tokens

# Own estimate: a reading below is not one.
CANDIDATE_FLOOR = 0.22
DECLARED = Message(N_("declared by the company"))


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
        self._surroundings = Context(self._resources, catalogue.rules)
        self._coder = WasteCoder(catalogue)

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
            return (Candidate(flow.resource, 1.0, DECLARED),)
        activity = self._surroundings.alike(flow.direction, flow.site.activity_code)
        return self._ranked(
            flow.label, flow.comment, flow.direction, flow.kind, flow.waste_code, activity, top
        )

    def classify_all(self, flows: Sequence[Flow], top: int = 5) -> list[tuple[Candidate, ...]]:
        """Return what ``classify`` says of each flow; flows of the same words are read one after the other.

        Raises
        ------
        UnknownResourceError
            If a flow declares a resource that the catalogue does not hold.
        """
        order = reading_order(flows)
        found = {place: self.classify(flows[place], top) for place in order}
        return [found[place] for place in range(len(flows))]

    def weighed(self, flow: Flow, top: int) -> tuple[tuple[str, float], ...]:
        """Return the ``top`` resources of a flow and their scores in [0, 1], weak ones too."""
        if flow.resource:
            return ((flow.resource, 1.0),)
        activity = self._surroundings.alike(flow.direction, flow.site.activity_code)
        return self._weighed(
            flow.label, flow.comment, flow.direction, flow.kind, flow.waste_code, activity, top
        )

    @lru_cache(maxsize=4096)  # noqa: B019 - one classifier lives as long as the process
    def _weighed(
        self,
        label: str,
        comment: str,
        direction: Direction,
        kind: Kind,
        waste_code: str,
        activity: str,
        top: int,
    ) -> tuple[tuple[str, float], ...]:
        scores, _ = self._scores(label, comment, direction, kind, waste_code, activity)
        order = [i for i in highest(scores, top).tolist() if scores[i] > 0]
        return tuple((self._ids[i], min(float(scores[i]), 1.0)) for i in order)

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
        scores, phrases = self._scores(label, comment, direction, kind, waste_code, activity)
        order = highest(scores, max(top, 2))
        best = np.minimum(scores[order], 1.0).tolist()
        chances = probabilities(best, "reading")
        return tuple(
            [
                Candidate(self._ids[i], score, self._why(i, phrases, waste_code), chance)
                for i, score, chance in zip(order[:top].tolist(), best, chances, strict=False)
                if score >= CANDIDATE_FLOOR
            ]
        )

    def _scores(
        self,
        label: str,
        comment: str,
        direction: Direction | None,
        kind: Kind | None,
        waste_code: str,
        activity: str,
    ) -> tuple[Floats, PhraseScores]:
        """Return the score of each resource for all that is declared, and those of the phrases."""
        scores, phrases, heard = self._said(label, comment)
        scores = scores * self._surroundings.factors(heard, direction, kind, activity)
        return self._surroundings.with_code(scores, waste_code), phrases

    # Few, for they are large: flows of the same words come one after the other in ``classify_all``.
    @lru_cache(maxsize=32)  # noqa: B019
    def _said(self, label: str, comment: str) -> tuple[Floats, PhraseScores, Heard]:
        """Return what the words of a flow say for each resource and each phrase, and beside that."""
        found = [*tokens(label), *tokens(comment, COMMENT_WEIGHT)]
        scores, phrases = self._lexicon.scores(found, label)
        scores.setflags(write=False)
        return scores, phrases, self._surroundings.heard(found)

    def _why(self, owner: int, phrases: PhraseScores, waste_code: str) -> Message:
        code = waste_code if waste_code and waste_code in self._resources[owner].waste_codes else ""
        return _because(self._lexicon.best_phrase(owner, phrases), code)

    def waste_codes(
        self, text: str, top: int = 5, candidates: Sequence[Candidate] = (), kind: Kind | None = None
    ) -> tuple[CodeCandidate, ...]:
        """Return the ``top`` most likely List of Waste codes of a text, best first.

        None for a declared ``kind`` that is never waste; less probable ones where the text reads like such.
        """
        if kind in NEVER_WASTE:
            return ()
        readings = candidates or self.classify_text(text, Direction.OUTPUT)
        return self._coder.codes(text, readings, top)


def reading_order(flows: Sequence[Flow]) -> list[int]:
    """Return the places of the flows, those of the same words, which are kept a while, in a row."""
    return sorted(range(len(flows)), key=lambda place: (flows[place].label, flows[place].comment))


@lru_cache(maxsize=16_384)
def _because(words: str, code: str) -> Message:
    """Return the reason of a reading, one for all the flows that have the same."""
    if code:
        return Message(N_("code {code} and the words “{words}”"), {"code": code, "words": words})
    return Message(N_("the words “{words}”"), {"words": words})


def _wordings(resource: Resource) -> tuple[str, ...]:
    return (resource.name.fr, resource.name.en, *resource.synonyms_fr, *resource.synonyms_en)


def default_classifier() -> Classifier:
    """Return the classifier of the package's catalogue, made or read once (see ``matching.kept``)."""
    # It keeps what is made here.
    from matching.kept import parts

    return parts()[1]
