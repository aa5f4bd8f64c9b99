"""What words allow or refuse beside what they name: "réutilisé ok", "radioactivité ok", "ni adhésif"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from matching.catalogue.tables import read_rows, wordings
from matching.words import plain, stems

Phrases = tuple[frozenset[str], ...]
Naming = Callable[[str], frozenset[str]]
# What is measured because it would be bad: told to be well, it is not there.
CONTAMINANTS = frozenset(
    "hazardous toxic heavy_metals unfit_animals radioactive asbestos polluted infectious".split()
)
# "Réutilisé ok", "occasion acceptée": a need takes it too, and does not ask for it.
TAKEN = re.compile(
    r"\b(?<!non )(?<!pas )(?:ok|accepte\w*|tolere\w*|admis\w*|bienvenu\w*|possibles?|accepted|welcome)\b"
)
# "Radioactivité ok", "pesticides contrôlés", "salmonelle négative": looked for and not found.
CLEARED = re.compile(
    r"\b(?<!non )(?<!pas )(?:ok|conformes?|controle\w*|negati\w+|ras|sous (?:les )?seuils?|absente?s?)\b"
)
# "Quelques fêlés écartés", "étiquettes retirées": taken out before.
REMOVED = re.compile(r"\b(?<!non )(?<!pas )(?:ecarte|retire|ote|enleve|elimine|removed)(?:e|s|es)?\b")
CLAUSE = re.compile(r"[,;:()/+!?]")
# What a hirer or a pool sells off is no longer lent.
RETIRED = re.compile(r"\b(?:reforme(?:e|s|es)?|hors pool|rachetables?|fin de leasing|sold off)\b")
# How many words before the allowing one it bears on: "bois ou plastique acceptés".
SUBJECT_WORDS = 3


@lru_cache(maxsize=100_000)
def allowed(text: str, named: Naming, *, is_output: bool) -> frozenset[str]:
    """Return the properties that a text names only to allow them (a need) or to clear itself (an offer).

    Parameters
    ----------
    named
        Returns the properties that a line of stems between blanks names.
    """
    bare = plain(text)
    if not is_output:
        return _named(TAKEN, bare, SUBJECT_WORDS, named)
    return _named(CLEARED, bare, SUBJECT_WORDS, named) & CONTAMINANTS | _named(REMOVED, bare, 1, named)


def _named(turn: re.Pattern[str], bare: str, words: int, named: Naming) -> frozenset[str]:
    """Return the properties among the last words before each turn."""
    found: set[str] = set()
    for match in turn.finditer(bare):
        clause = CLAUSE.split(bare[: match.start()])[-1]
        line = f" {' '.join(stems(clause)[-words:])} "
        found |= named(line)
    return frozenset(found)


def retired(text: str) -> bool:
    """Tell whether a text says that what was lent or hired out is sold off."""
    return RETIRED.search(plain(text)) is not None


def also_refused(phrases: Iterable[frozenset[str]]) -> Phrases:
    """Return refused phrases with other words for the same things: who wants no adhesive wants no sticker."""
    known, found = _same(), list(phrases)
    for phrase in tuple(found):
        found += [other for other in known.get(phrase, ()) if other not in found]
    return tuple(found)


@lru_cache(maxsize=1)
def _same() -> dict[frozenset[str], Phrases]:
    """Return, for each wording of a thing that needs refuse, all its wordings (``same_refused.csv``)."""
    found: dict[frozenset[str], Phrases] = {}
    for row in read_rows("same_refused.csv"):
        words = wordings(row)
        alike = tuple(dict.fromkeys(frozenset(stems(word)) for word in words))
        found |= {phrase: alike for phrase in alike}
    return found
