"""What stands beside a label's words: the declared kind and side, the site's activity, the waste code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.catalogue.model import Resource, Rule
from matching.catalogue.tables import read_rows, split, wordings
from matching.compatibility import FUELS
from matching.model import Direction, Kind
from matching.postings import Floats, Indexes
from matching.words import COMMENT_WEIGHT, Token, stems

Flags = NDArray[np.bool_]
# Multipliers of a resource's lexical score: own estimates, but for the bonus of an activity, fitted on
# territories i, j and k (docs/quality.md).
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
# Who declares energy, or a need of water, and names a machine or a matter that no rule turns into it means
# what that machine or matter takes or gives (own estimate: 0.5 to 0.7 count the same on territories a to s).
# Water given away may well be a bath or a solution.
PIPED = (Kind.ENERGY, Kind.WATER)
NEVER_PIPED = 0.6
WRONG_SIDE = 0.7
# Who does not say so asks for nothing soiled or broken (the largest tenth that kept what was found on
# territories a to k).
BLEMISHES = frozenset({"soiled", "broken", "spent", "spoiled", "polluted"})
UNWANTED = 0.7
# A thing said to be of one matter is hardly one of another: cast-iron shells are no sea shells (own estimate;
# 0.85 counts the same on territories a to k).
MATTERS = frozenset({"metal", "plastic", "wooden", "glass", "paper", "textile", "rubber"})
METALS = frozenset({"ferrous", "aluminium", "copper", "galvanised"})
OF_ANIMALS = frozenset({"fish_origin", "animal_origin"})
OTHER_MATTER = 0.7
RULED_OUT = 0.05
CODE_BONUS = 0.35
CODE_ALONE = 0.3
NEXT_CODE = 0.3
OTHER_CODE = 0.85
ACTIVITY_BONUS = 1.1


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text says beside what it names.

    ``ruled_out`` holds the resources (by place) that it cannot be, ``blemished`` tells that it speaks of
    something soiled or broken, ``made_of`` which matters its head names.
    """

    ruled_out: list[int]
    blemished: bool
    made_of: frozenset[str] = frozenset()


class Context:
    """Factors that raise or lower each resource's score, worked out once for each value met."""

    def __init__(self, resources: Sequence[Resource], rules: Sequence[Rule] = ()) -> None:
        self._resources = resources
        self._turned = _turned(resources, rules)
        self._ruled_out: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for i, resource in enumerate(resources):
            for words in resource.not_words:
                phrase = stems(words)
                if phrase:
                    self._ruled_out[phrase[0]].append((i, f" {' '.join(phrase)} "))
        self._blemished = np.array([bool(r.properties & BLEMISHES) for r in resources], dtype=bool)
        self._first_alike: dict[tuple[bool, bytes], str] = {}
        self._givers = _places(r.activities_out for r in resources)
        self._takers = _places(r.activities_in for r in resources)
        self._longest = max(map(len, (*self._givers, *self._takers)), default=0)
        self._coded = _places(r.waste_codes for r in resources)
        self._chapters = _places({code[:4] for code in r.waste_codes} for r in resources)
        self._any_code = np.array([bool(r.waste_codes) for r in resources], dtype=bool)

    def factors(self, heard: Heard, direction: Direction | None, kind: Kind | None, activity: str) -> Floats:
        """Return the factor of each resource for what is declared beside a text."""
        factors = self._kind_and_side(direction, kind).copy()
        if direction is Direction.INPUT and not heard.blemished:
            factors[self._blemished] *= UNWANTED
        factors[self._active(direction is Direction.INPUT, activity)] *= ACTIVITY_BONUS
        if heard.made_of:
            factors[self._of_other_matter(heard.made_of)] *= OTHER_MATTER
        if heard.ruled_out:
            factors[heard.ruled_out] *= RULED_OUT
        return factors

    def heard(self, found: Sequence[Token]) -> Heard:
        """Return what a text says beside what it names."""
        present = [token.stem for token in found if not token.negated]
        # A comment also tells of what comes with the thing: it rules out nothing.
        named = [token.stem for token in found if not token.negated and token.weight > COMMENT_WEIGHT]
        said = f" {' '.join(named)} "
        words, rules_out = set(present), self._ruled_out
        ruled_out = {i for word in set(named) for i, phrase in rules_out.get(word, ()) if phrase in said}
        heads = {token.stem for token in found if not token.negated and token.weight == 1.0}
        made_of = frozenset(name for name, told in _matter_words().items() if not heads.isdisjoint(told))
        return Heard(list(ruled_out), not words.isdisjoint(_blemish_words()), made_of)

    @lru_cache(maxsize=256)  # noqa: B019 - one context lives as long as the process
    def _of_other_matter(self, made_of: frozenset[str]) -> Flags:
        """Return the resources known to be of a matter, and of none of these."""
        known = MATTERS | OF_ANIMALS
        return np.array(
            [bool(r.properties & known) and not r.properties & made_of for r in self._resources], dtype=bool
        )

    # Every activity of a country, both ways: names alone.
    @lru_cache(maxsize=32_768)  # noqa: B019
    def alike(self, direction: Direction | None, activity: str) -> str:
        """Return the first activity met that changes the same factors: readings differ by no other."""
        as_taker = direction is Direction.INPUT
        return self._first_alike.setdefault((as_taker, self._active(as_taker, activity).tobytes()), activity)

    def with_code(self, scores: Floats, waste_code: str) -> Floats:
        """Return the scores raised where the resource is declared under ``waste_code``, lowered elsewhere."""
        if not waste_code:
            return scores
        holders, share, elsewhere = self._code(waste_code)
        raised = np.where(elsewhere, scores * OTHER_CODE, scores)
        own = scores[holders]
        raised[holders] = np.maximum(own + (1 - own) * CODE_BONUS * share, CODE_ALONE * share)
        return raised

    @lru_cache(maxsize=64)  # noqa: B019 - one context lives as long as the process
    def _kind_and_side(self, direction: Direction | None, kind: Kind | None) -> Floats:
        factors = np.ones(len(self._resources))
        for i, resource in enumerate(self._resources):
            if kind is not None and kind is not resource.kind:
                factors[i] *= KIND_FACTORS.get(frozenset({kind, resource.kind}), OTHER_KIND)
                factors[i] *= self._never_piped(resource.resource_id, direction, kind)
            if direction is not None and resource.role not in ("both", direction.value):
                factors[i] *= WRONG_SIDE
        factors.setflags(write=False)
        return factors

    def _never_piped(self, resource_id: str, direction: Direction | None, kind: Kind) -> float:
        told = kind is Kind.ENERGY or (kind is Kind.WATER and direction is Direction.INPUT)
        return NEVER_PIPED if told and resource_id not in self._turned[kind] else 1.0

    @lru_cache(maxsize=4096)  # noqa: B019
    def _active(self, as_taker: bool, activity: str) -> Indexes:
        """Return the resources that sites of an activity are known to give or to take."""
        digits = activity.replace(".", "")
        known = self._takers if as_taker else self._givers
        longest = min(len(digits), self._longest)
        starts = [digits[:length] for length in range(longest + 1)] if digits else []
        return np.array(sorted({i for start in starts for i in known.get(start, ())}), dtype=np.int64)

    @lru_cache(maxsize=1024)  # noqa: B019
    def _code(self, waste_code: str) -> tuple[Indexes, Floats, Flags]:
        """Return the resources of a code, their share of it (1 for a first one), and who has only others."""
        holders = self._coded.get(waste_code, [])
        ranks = [self._resources[i].waste_codes.index(waste_code) for i in holders]
        elsewhere = self._any_code.copy()
        elsewhere[self._chapters.get(waste_code[:4], [])] = False
        share = 1 / (1 + NEXT_CODE * np.array(ranks, dtype=np.float64))
        return np.array(holders, dtype=np.int64), share, elsewhere


@lru_cache(maxsize=1)
def _blemish_words() -> frozenset[str]:
    """Return the stems of the single words that tell of something soiled or broken, or of what mends it."""
    mending = (
        split(row[name]) for row in read_rows("treatment_words.csv") for name in ("words_fr", "words_en")
    )
    mended = frozenset(stem for words in mending for word in words for stem in stems(word))
    return mended.union(*(words for name, words in _single_words() if name in BLEMISHES))


@lru_cache(maxsize=1)
def _matter_words() -> dict[str, frozenset[str]]:
    """Return the stems of the single words that tell each matter."""
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    for name, words in _single_words():
        if name in MATTERS | METALS:
            found["metal" if name in METALS else name] |= words
    return dict(found)


def _single_words() -> list[tuple[str, frozenset[str]]]:
    """Return the stems of the single words that tell each property."""
    return [
        (row["property"], frozenset(words[0] for phrase in phrases if len(words := stems(phrase)) == 1))
        for row in read_rows("properties.csv")
        for phrases in (wordings(row),)
    ]


def _turned(resources: Sequence[Resource], rules: Sequence[Rule]) -> dict[Kind, frozenset[str]]:
    """Return, for energy and for water, the resources that are it, or that a rule turns into it."""
    found = {}
    for kind in PIPED:
        ends = {resource.resource_id for resource in resources if resource.kind is kind}
        ends = _with_those_below(ends | FUELS if kind is Kind.ENERGY else ends, resources)
        turned = {rule.from_resource for rule in rules if rule.to_resource in ends}
        found[kind] = frozenset(_with_those_below(ends | turned, resources))
    return found


def _with_those_below(names: Set[str], resources: Sequence[Resource]) -> set[str]:
    """Return resources and all that is below them in the tree."""
    found, above = set[str](), set(names)
    while above:
        found |= above
        above = {r.resource_id for r in resources if r.parent in above} - found
    return found


def _places(words_of_each: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """Return which resources (by place, growing) bear each of their words."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, words in enumerate(words_of_each):
        for word in dict.fromkeys(words):
            found[word].append(place)
    return dict(found)
