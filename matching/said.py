"""What a text says of properties: those it names, those it denies, and the phrases it turns away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from matching.catalogue.tables import read_rows, wordings
from matching.phrases import PhraseIndex
from matching.words import Token, plain, stems, tokens

# What a thing is made of: a word that qualifies it is what is turned away.
NATURES = frozenset(
    """wooden metal plastic glass paper textile rubber mineral ferrous copper aluminium synthetic
    animal_origin plant_origin fish_origin""".split()
)

# "Pas de magnésium seul" turns away magnesium, "aucun plastique toléré" plastic.
DEGREES = frozenset(
    stems(
        """seul seule pur pure exclusivement uniquement alone only du tout strictement tolere admis accepte
        svp merci imperatif type genre sorte nature present visible"""
    )
)


@lru_cache(maxsize=1)
def _lexicon() -> tuple[tuple[str, str, bool], ...]:
    """Return (property, phrase, whether the phrase itself denies a word, as “jamais utilisé” does)."""
    found = []
    for row in read_rows("properties.csv"):
        for phrase in wordings(row):
            stated = tokens(phrase)
            if stated:
                denies = any(token.negated for token in stated)
                found.append((row["property"], f" {' '.join(token.stem for token in stated)} ", denies))
    return tuple(found)


@lru_cache(maxsize=1)
def _phrases() -> PhraseIndex:
    return PhraseIndex(phrase for _, phrase, _ in _lexicon())


@lru_cache(maxsize=1)
def _properties_told() -> dict[str, frozenset[str]]:
    """Return the properties that each phrase of the lexicon tells."""
    found: dict[str, frozenset[str]] = {}
    for name, phrase, _ in _lexicon():
        found[phrase] = found.get(phrase, frozenset()) | {name}
    return found


@lru_cache(maxsize=1)
def _denials() -> re.Pattern[str]:
    """Match the turns that deny what follows in several words (``denials.csv``)."""
    patterns = "|".join(f"(?:{row['pattern']})" for row in read_rows("denials.csv"))
    return re.compile(rf"(?<!\w)(?:{patterns})(?!\w)")


@lru_cache(maxsize=1)
def _lookalikes() -> re.Pattern[str]:
    """Match the turns that sound like a property and say another thing (``lookalikes.csv``)."""
    patterns = "|".join(f"(?:{row['pattern']})" for row in read_rows("lookalikes.csv"))
    return re.compile(rf"(?<!\w)(?:{patterns})(?!\w)")


# "Pas de cacao dans les enclos" turns away cocoa; "pas de cuisine dans nos murs" is why one is needed.
PLACED = re.compile(r" (?:dans|chez|car|parce|sinon|lors|because|inside)(?= )(?! (?:nos|nous|notre|our))")
# "complexe ou siliconé" refuses either.
EITHER = re.compile(r"\b(sauf|sans|hors|pas|excepte|hormis)( [^,;:.()/+!?]*?) (?:ou|ni) ")


def _plainly_denied(text: str) -> str:
    """Return the text with each turn of several words that denies as one word that does."""
    return _denials().sub(" sauf ", plain(text))


def _each_denied(text: str) -> str:
    """Return the text with the word that denies repeated before each thing it denies."""
    before = ""
    while before != text:
        before, text = text, EITHER.sub(r"\1\2 , \1 ", text)
    return text


@lru_cache(maxsize=100_000)
def read(text: str) -> tuple[frozenset[str], frozenset[str], tuple[frozenset[str], ...]]:
    """Return the properties a text says to be there, those it refuses, and the phrases it refuses."""
    stated = PLACED.sub(" , ", _plainly_denied(text))
    return *_stated(_lookalikes().sub(" ", stated)), _refused_phrases(stated)


def _stated(text: str) -> tuple[frozenset[str], frozenset[str]]:
    found = tokens(text)
    said, denied = (_line(found, negated=negated) for negated in (False, True))
    has = named(said) | named(denied, denies=True)
    # "Métal léger, ni plastique ni fer" asks for metal all the same.
    asked = has & NATURES
    refuses: set[str] = set()
    for run in _runs(found):
        line = f" {' '.join(run)} "
        turned = named(line)
        # "Pas de bois peint" turns away paint, not wood.
        refuses |= turned - NATURES if turned - NATURES else turned - asked - _qualified(run)
    return has, frozenset(refuses)


def named(line: str, *, denies: bool = False) -> frozenset[str]:
    """Return the properties that a line of stems between blanks names.

    Parameters
    ----------
    denies
        Whether by phrases that deny something themselves ("jamais utilisé"), or by the others.
    """
    lexicon = _lexicon()
    return frozenset(lexicon[i][0] for i in _phrases().told(line) if lexicon[i][2] is denies)


def _qualified(run: tuple[str, ...]) -> frozenset[str]:
    """Return the natures that other words of a run make narrower: "bois collé" is not all wood."""
    told = _properties_told()
    rest = (word for word in run[1:] if word not in DEGREES)
    if all(f" {word} " in told for word in rest):
        return frozenset()
    return told.get(f" {run[0]} ", frozenset()) & NATURES


def _runs(found: Sequence[Token]) -> tuple[tuple[str, ...], ...]:
    """Return the stems that each word that denies bears on, in order."""
    runs: dict[int, list[str]] = {}
    for token in found:
        if token.negated:
            runs.setdefault(token.negator, []).append(token.stem)
    return tuple(tuple(run) for run in runs.values())


def _line(found: Sequence[Token], *, negated: bool) -> str:
    return f" {' '.join(token.stem for token in found if token.negated is negated)} "


def _refused_phrases(text: str) -> tuple[frozenset[str], ...]:
    """Return what each negator denies, as a set of stems."""
    runs = (frozenset(run) - DEGREES for run in _runs(tokens(_each_denied(text))))
    return tuple(run for run in runs if run)
