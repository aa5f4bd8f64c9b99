"""What stands beside a label's words: the declared kind and side, the site's activity, the waste code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from matching.catalogue.model import Resource
from matching.lexicon import Floats
from matching.model import Direction, Kind
from matching.words import Token, stems

# Own estimates, to be refitted on labelled cases: multipliers of a resource's lexical score.
KIND_FACTORS = {
    frozenset({Kind.MATERIAL, Kind.PACKAGING}): 0.95,
    frozenset({Kind.MATERIAL, Kind.WATER}): 0.9,
    frozenset({Kind.MATERIAL, Kind.ENERGY}): 0.9,
    frozenset({Kind.ENERGY, Kind.WATER}): 0.85,
    frozenset({Kind.ENERGY, Kind.SERVICE}): 0.9,
    frozenset({Kind.ENERGY, Kind.EQUIPMENT}): 0.85,
    frozenset({Kind.SKILL, Kind.SERVICE}): 0.85,
    frozenset({Kind.SERVICE, Kind.TRANSPORT}): 0.7,
    frozenset({Kind.SERVICE, Kind.EQUIPMENT}): 0.8,
    frozenset({Kind.SERVICE, Kind.SPACE}): 0.65,
    frozenset({Kind.SPACE, Kind.EQUIPMENT}): 0.75,
    frozenset({Kind.MATERIAL, Kind.EQUIPMENT}): 0.9,
    frozenset({Kind.PACKAGING, Kind.EQUIPMENT}): 0.85,
}
OTHER_KIND = 0.5
WRONG_SIDE = 0.7
RULED_OUT = 0.05
CODE_BONUS = 0.35
CODE_ALONE = 0.3
NEXT_CODE = 0.3
OTHER_CODE = 0.85
ACTIVITY_BONUS = 1.06


class Context:
    """Factors that raise or lower each resource's score, worked out once for each value met."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._resources = resources
        self._ruled_out: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for i, resource in enumerate(resources):
            for words in resource.not_words:
                phrase = stems(words)
                if phrase:
                    self._ruled_out[phrase[0]].append((i, f" {' '.join(phrase)} "))

    def factors(
        self, found: Sequence[Token], direction: Direction | None, kind: Kind | None, activity: str
    ) -> Floats:
        """Return the factor of each resource for a text's tokens and what is declared beside it."""
        factors = self._kind_and_side(direction, kind) * self._activity(direction, activity)
        present = [token.stem for token in found if not token.negated]
        said = f" {' '.join(present)} "
        out = {i for word in set(present) for i, phrase in self._ruled_out.get(word, ()) if phrase in said}
        factors[list(out)] *= RULED_OUT
        return np.asarray(factors)

    def with_code(self, scores: Floats, waste_code: str) -> Floats:
        """Return the scores raised where the resource is declared under ``waste_code``, lowered elsewhere."""
        if not waste_code:
            return scores
        share, elsewhere = self._code(waste_code)
        bonus = scores + (1 - scores) * CODE_BONUS * share
        return np.where(
            share > 0, np.maximum(bonus, CODE_ALONE * share), np.where(elsewhere, scores * OTHER_CODE, scores)
        )

    @lru_cache(maxsize=64)  # noqa: B019 - one context lives as long as the process
    def _kind_and_side(self, direction: Direction | None, kind: Kind | None) -> Floats:
        factors = np.ones(len(self._resources))
        for i, resource in enumerate(self._resources):
            if kind is not None and kind is not resource.kind:
                factors[i] *= KIND_FACTORS.get(frozenset({kind, resource.kind}), OTHER_KIND)
            if direction is not None and resource.role not in ("both", direction.value):
                factors[i] *= WRONG_SIDE
        factors.setflags(write=False)
        return factors

    @lru_cache(maxsize=4096)  # noqa: B019
    def _activity(self, direction: Direction | None, activity: str) -> Floats:
        digits = activity.replace(".", "")
        fits = [bool(digits) and digits.startswith(_codes(r, direction)) for r in self._resources]
        return np.where(fits, ACTIVITY_BONUS, 1.0)

    @lru_cache(maxsize=1024)  # noqa: B019
    def _code(self, waste_code: str) -> tuple[Floats, Floats]:
        """Return each resource's share of the code (1 for its first one), and whether it has only others."""
        share = np.zeros(len(self._resources))
        elsewhere = np.zeros(len(self._resources), dtype=bool)
        for i, resource in enumerate(self._resources):
            if waste_code in resource.waste_codes:
                share[i] = 1 / (1 + NEXT_CODE * resource.waste_codes.index(waste_code))
            elif resource.waste_codes:
                elsewhere[i] = all(code[:4] != waste_code[:4] for code in resource.waste_codes)
        return share, elsewhere


def _codes(resource: Resource, direction: Direction | None) -> tuple[str, ...]:
    return resource.activities_in if direction is Direction.INPUT else resource.activities_out
