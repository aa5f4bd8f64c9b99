"""People's words to weighted stems: accents, plurals, abbreviations, stop words, negations."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import snowballstemmer

from matching.catalogue.tables import read_rows

WORD = re.compile(r"[a-z0-9]+(?:[.,][0-9]+)?|[,;:.()/+!?]")
CLAUSE_ENDS = frozenset(",;:.()/+!?")
# "hors service" is a state, not an exclusion.
POSITIVE_PHRASES = (
    "hors service",
    "hors d usage",
    "hors usage",
    "hors norme",
    "hors format",
    "hors calibre",
    "hors sol",
    "hors gel",
    "non tisse",
    "non ferreux",
    "non dangereux",
    "non ferreuse",
    "non ferreuses",
    "pas de porte",
    "sans plomb",
    "sans fil",
    "non traite",
    "non traites",
    "non traitee",
    "non traitees",
)
# "classe A", "CACES 3": a mark that is lost alone and tells all beside its word.
MARKS = ("caces", "classe", "class", "categorie", "cat", "type", "grade", "r489", "r486", "r490")
MARKED = re.compile(rf"\b({'|'.join(MARKS)})(?: \.)? ([0-9abc])\b")
POSITIVE = re.compile(rf"\b(?:{'|'.join(POSITIVE_PHRASES)})\b")
# Without one of these words neither pattern can match: most texts are spared both.
GLUED = frozenset(MARKS) | {phrase.split()[0] for phrase in POSITIVE_PHRASES}
# A longer word cut this short meets strangers: "vinasse" is not "vin".
SHORTEST_STEM = 4
FEMININE = re.compile(r"ees?$")
# "As et Ni", "Ni-MH": nickel; "Ni verre, ni plastique" starts a clause.
NICKEL = re.compile(r"(?<=[\w),][ /+-])Ni\b|\bNi(?=[/-]\w)")
# "Opérateur(trice)", "chargé(e)", "technicien·ne", "vendeur/se": the other gender tells nothing.
OTHER_GENDER = re.compile(
    r"(?<=[a-z])[(/·](?:e|es|s|ne|nes|se|euse|euses|trice|rice|ere|iere|ive)\)?(?![a-z])"
)
PURPOSE_WORDS = frozenset(
    {"pour", "afin", "destine", "destinee", "destines", "destinees", "for", "to", "vers", "depuis"}
)
# Own estimates: the head of a label names the thing, what follows "pour" its use, a comment only colours it.
# Of 0.6 to 0.95 for the use, 0.7 lost nothing on territories a to k and gained on q to s.
PURPOSE_WEIGHT = 0.7
COMMENT_WEIGHT = 0.5
OTHER_GENDER_SIGNS = frozenset("(/·")

STOP_WORDS = frozenset(
    """
    a au aux avec ce ces cet cette d dans de des du elle en est et eux il ils je l la le les leur leurs
    lui ma mais me mes mon ne nos notre nous on ou par pas plus pour qu que qui s sa se ses son sont sur
    ta te tes ton tu un une vos votre vous y afin chez comme dont entre etre fait sous vers environ env
    cherche recherche recherchons besoin besoins dispo disponible disponibles disponibilite donner
    vendre ceder prendre tres nous notre nos divers diverses the of and or for to from with in on at by
    an is are our we need needs needed available surplus quelqu quelque un une via ainsi type types an
    ans annee mois semaine jour an
    """.split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A stem of a text, its weight in [0, 1], and the number of the word that denies it (-1: none)."""

    stem: str
    word: str
    weight: float
    negator: int = -1

    @property
    def negated(self) -> bool:
        """Whether it is said to be absent or refused."""
        return self.negator >= 0


class _WithoutMarks(dict[int, int | None]):
    """What ``str.translate`` makes of each character: nothing of a combining mark, itself of another."""

    def __missing__(self, code: int) -> int | None:
        kept = self[code] = None if unicodedata.combining(chr(code)) else code
        return kept


_without_marks = _WithoutMarks()


def unmarked(decomposed: str) -> str:
    """Return a decomposed text (NFD, NFKD) without its combining marks."""
    return decomposed.translate(_without_marks)


# One flow's words are asked for in half a dozen places.
@lru_cache(maxsize=32_768)
def plain(text: str) -> str:
    """Return ``text`` in lower case without accents, ligatures or apostrophes."""
    lowered = (NICKEL.sub("nickel", text) if "Ni" in text else text).lower().replace("'", " ")
    if lowered.isascii():
        return lowered
    lowered = lowered.replace("œ", "oe").replace("æ", "ae").replace("’", " ")
    lowered = lowered.replace("³", "3").replace("²", "2").replace("₂", "2")
    return unmarked(unicodedata.normalize("NFKD", lowered))


@lru_cache(maxsize=1)
def _abbreviations() -> dict[str, str]:
    return {row["short"]: row["long"] for row in read_rows("abbreviations.csv")}


@lru_cache(maxsize=1)
def _derived() -> dict[str, str]:
    """Return the noun of each word made from one, by its stem."""
    return {stem(plain(row["word"])): plain(row["noun"]) for row in read_rows("derived_words.csv")}


@lru_cache(maxsize=1)
def _negators() -> dict[str, tuple[int, str]]:
    return {row["word"]: (int(row["scope"]), row["side"]) for row in read_rows("negators.csv")}


# A stemmer keeps its word while it works: two requests at once must not share it.
_stemmer = snowballstemmer.stemmer("french")
_stemming = Lock()


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the stem of an unaccented lower-case word."""
    if word.isdigit() or len(word) <= 3:
        return word
    # Without its accent "cassée" would keep an e that "cassé" loses.
    with _stemming:
        result: str = _stemmer.stemWord(FEMININE.sub("e", word))
    if len(result) < SHORTEST_STEM:
        return word.rstrip("s")
    return result


def tokens(text: str, weight: float = 1.0) -> list[Token]:
    """Return the meaningful tokens of a label or comment, in order.

    Parameters
    ----------
    weight
        Weight of the head of the text, in [0, 1]; what follows a word of purpose weighs less.
    """
    words = _words(text)
    negated = _negated_positions(words)
    found: list[Token] = []
    current = weight
    for position, word in enumerate(words):
        if word in PURPOSE_WORDS and found:
            current = weight * PURPOSE_WEIGHT
        for part in _meaningful(word):
            found.append(Token(stem(part), part, current, negated.get(position, -1)))
    return found


@lru_cache(maxsize=100_000)
def affirmed(text: str) -> tuple[str, ...]:
    """Return the stems of what a text says, less what it denies, in order."""
    return tuple(token.stem for token in tokens(text) if not token.negated)


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of a phrase of the catalogue, negations kept as plain words."""
    return tuple(stem(part) for word in _words(text) for part in _meaningful(word))


@lru_cache(maxsize=200_000)
def _meaningful(word: str) -> tuple[str, ...]:
    """Return a word with what it abbreviates, nothing for one that says nothing."""
    if len(word) < 2 or word in STOP_WORDS or word in _negators():
        return ()
    return tuple(_expanded(word))


def _words(text: str) -> list[str]:
    """Return words and ends of clauses, less how long and how often.

    Marks are glued to their word, and so are phrases whose negator negates nothing.
    """
    bare = plain(text)
    if not OTHER_GENDER_SIGNS.isdisjoint(bare):
        bare = OTHER_GENDER.sub("", bare)
    words = WORD.findall(_circumstances().sub(" ", " ".join(bare.replace("-", " ").split())))
    if GLUED.isdisjoint(words):
        return words
    marked = MARKED.sub(r"\1 \1\2", " ".join(words))
    return WORD.findall(POSITIVE.sub(lambda match: match[0].replace(" ", ""), marked))


@lru_cache(maxsize=1)
def _circumstances() -> re.Pattern[str]:
    """Match what a label says of time rather than of the thing (``circumstances.csv``)."""
    patterns = "|".join(f"(?:{row['pattern']})" for row in read_rows("circumstances.csv"))
    return re.compile(rf"(?<![\w])(?:{patterns})(?![\w])")


def _expanded(word: str) -> list[str]:
    long = _abbreviations().get(word) or _derived().get(stem(word))
    if long is None:
        return [word]
    return [word, *(part for part in long.split() if part not in STOP_WORDS)]


def _negated_positions(words: list[str]) -> dict[int, int]:
    """Return the position of the negator of each negated word; the nearest one wins."""
    negated: dict[int, int] = {}
    negators = _negators()
    for position, word in enumerate(words):
        if word not in negators:
            continue
        scope, side = negators[word]
        step = 1 if side == "after" else -1
        current, left = position + step, scope
        while 0 <= current < len(words) and left > 0 and words[current] not in CLAUSE_ENDS:
            if words[current] not in STOP_WORDS:
                if current not in negated or side == "after":
                    negated[current] = position
                left -= 1
            current += step
    return negated
