"""What a flow's words and codes say of its state: properties it has, properties it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from matching.catalogue.model import Catalogue
from matching.catalogue.tables import read_rows, split
from matching.model import Direction, Flow
from matching.words import Token, stems, tokens

# Entries of the List of Waste that say more than a hazard.
CODE_PROPERTIES = {"150110": "soiled", "150202": "soiled", "170204": "creosoted", "180103": "infectious"}
# Facts about a need's purpose, not about what is needed.
NOT_FROM_NEEDS = frozenset({"spent", "soiled", "broken", "polluted", "consigned", "hazardous"})


@dataclass(frozen=True, slots=True)
class Facts:
    """Properties said to be there, and properties said to be absent (output) or refused (input)."""

    has: frozenset[str]
    refuses: frozenset[str]


@lru_cache(maxsize=1)
def _lexicon() -> tuple[tuple[str, tuple[str, ...]], ...]:
    phrases = []
    for row in read_rows("properties.csv"):
        for phrase in (*split(row["words_fr"]), *split(row["words_en"])):
            phrases.append((row["property"], stems(phrase)))
    return tuple((name, phrase) for name, phrase in phrases if phrase)


@lru_cache(maxsize=100_000)
def _stated(text: str) -> tuple[frozenset[str], frozenset[str]]:
    found = tokens(text)
    return _matching(found, negated=False), _matching(found, negated=True)


def _matching(found: Sequence[Token], *, negated: bool) -> frozenset[str]:
    present = [token.stem for token in found if token.negated is negated]
    line = " " + " ".join(present) + " "
    return frozenset(name for name, phrase in _lexicon() if f" {' '.join(phrase)} " in line)


def facts_of(flow: Flow, catalogue: Catalogue) -> Facts:
    """Return what the flow's label, comment, state, hazard flag and waste code say."""
    has, refuses = _stated(" , ".join(part for part in (flow.label, flow.comment, flow.state) if part))
    said = set(has - refuses)
    if flow.direction is Direction.INPUT:
        said -= NOT_FROM_NEEDS
    entry = catalogue.waste_codes.get(flow.waste_code)
    if entry is not None and flow.is_output:
        if entry.hazardous:
            said.add("hazardous")
        if flow.waste_code in CODE_PROPERTIES:
            said.add(CODE_PROPERTIES[flow.waste_code])
    if flow.hazardous is True:
        said.add("hazardous")
    if flow.hazardous is False:
        said.discard("hazardous")
    return Facts(frozenset(said), refuses)
