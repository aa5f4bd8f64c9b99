"""What a need turns away without saying so: by what it is for, by its trade, and by naming one of a family.

Who asks for polyamide takes no polyethylene, who feeds animals no mouldy grain, who melts flint glass no
enamel. Tables say it: ``uses.csv`` (a use and what spoils it) and ``families.csv`` (things of one kind of
which one is never another).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from matching.catalogue.tables import read_rows, split
from matching.model import Flow, Kind
from matching.phrases import PhraseIndex
from matching.words import affirmed, stems, tokens

Phrases = tuple[frozenset[str], ...]
# Needs of goods: who asks for work or a place says nothing of a material.
GOODS = frozenset({Kind.MATERIAL, Kind.PACKAGING, Kind.WATER})
# The member of a family that stands for all of them: who buys metals names none.
ANY = "*"
# What is bendable is never what is asked for rigid, and the reverse.
OPPOSITES = (("rigide", "souple"), ("rigid", "flexible"))


@dataclass(frozen=True, slots=True)
class _Use:
    """A use: what tells it (phrases, activities), the properties and words it refuses, what belies it."""

    phrases: tuple[str, ...]
    activities: tuple[str, ...]
    refuses: frozenset[str]
    refused: Phrases
    unless: tuple[str, ...]


def unwanted(flow: Flow, text: str) -> tuple[frozenset[str], Phrases]:
    """Return the properties and the phrases that a need refuses by what it asks for.

    Parameters
    ----------
    text
        All that the need says, its label first.
    """
    said, goods = affirmed(text), flow.kind in GOODS
    line = f" {' '.join(said)} "
    # Who declares a resource says more than his trade does.
    activity = flow.site.activity_code.replace(".", "") if goods and not flow.resource else ""
    uses = _told(line, activity)
    refuses = frozenset[str]().union(*(use.refuses for use in uses))
    phrases = [*_opposites(line), *(phrase for use in uses for phrase in use.refused)]
    if goods:
        phrases += _others_of_family(flow.label)
    own = frozenset(said)
    return refuses, tuple(dict.fromkeys(phrase for phrase in phrases if not phrase <= own))


def _told(line: str, activity: str) -> list[_Use]:
    """Return the uses that the words of a need or its trade tell, less those that other words belie."""
    uses, (wordings, owners) = _uses(), _wordings_of_uses()
    told = {owners[place] for place in wordings.told(line)} | _of_trade(activity)
    return [uses[i] for i in sorted(told) if not any(phrase in line for phrase in uses[i].unless)]


@lru_cache(maxsize=1)
def _wordings_of_uses() -> tuple[PhraseIndex, list[int]]:
    """Return the phrases that tell a use, and the use of each."""
    pairs = [(phrase, i) for i, use in enumerate(_uses()) for phrase in use.phrases]
    return PhraseIndex(phrase for phrase, _ in pairs), [i for _, i in pairs]


@lru_cache(maxsize=4096)
def _of_trade(activity: str) -> frozenset[int]:
    """Return the uses that go with an activity, by its first digits."""
    return frozenset(
        i for i, use in enumerate(_uses()) if use.activities and activity.startswith(use.activities)
    )


@lru_cache(maxsize=1)
def _uses() -> tuple[_Use, ...]:
    return tuple(
        _Use(
            phrases=tuple(_line(phrase) for phrase in _wordings(row, "words")),
            activities=split(row["activities"]),
            refuses=frozenset(split(row["refuses"])),
            refused=tuple(frozenset(stems(phrase)) for phrase in split(row["refused_words"])),
            unless=tuple(_line(phrase) for phrase in split(row["unless_words"])),
        )
        for row in read_rows("uses.csv")
    )


def _wordings(row: dict[str, str], name: str) -> tuple[str, ...]:
    return (*split(row[f"{name}_fr"]), *split(row[f"{name}_en"]))


def _line(phrase: str) -> str:
    return f" {' '.join(stems(phrase))} "


def _opposites(line: str) -> Iterator[frozenset[str]]:
    """Yield what is the opposite of what a need asks for."""
    for asked, other in _turned():
        if f" {asked} " in line and f" {other} " not in line:
            yield frozenset({other})


@lru_cache(maxsize=1)
def _turned() -> tuple[tuple[str, str], ...]:
    """Return each opposite by its stem, both ways round."""
    both = [[stems(word)[0] for word in pair] for pair in OPPOSITES]
    return tuple((one[n], one[1 - n]) for one in both for n in (0, 1))


@lru_cache(maxsize=1)
def _families() -> tuple[tuple[tuple[str, str], ...], ...]:
    """Return the (phrase, member) of each family, the longest phrases first: PET is spelled with a PE."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in read_rows("families.csv"):
        wordings = found.setdefault(row["family"], [])
        wordings += [(_line(phrase), row["member"]) for phrase in _wordings(row, "words")]
    return tuple(tuple(sorted(wordings, key=lambda one: (-len(one[0]), one))) for wordings in found.values())


@lru_cache(maxsize=100_000)
def _others_of_family(label: str) -> Phrases:
    """Return the wordings of what is never what the head of a need's label names."""
    # What follows "pour" is a use, not the thing.
    line = f" {' '.join(t.stem for t in tokens(label) if t.weight == 1.0 and not t.negated)} "
    found: list[frozenset[str]] = []
    for wordings in _families():
        named = _named(line, wordings)
        if named and ANY not in named:
            found += [frozenset(phrase.split()) for phrase, member in wordings if member not in named]
    return tuple(found)


def _named(line: str, wordings: tuple[tuple[str, str], ...]) -> set[str]:
    """Return the members that a line names, each part of it once."""
    named = set()
    for phrase, member in wordings:
        if phrase in line:
            named.add(member)
            line = line.replace(phrase, " , ")
    return named
