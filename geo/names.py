"""Place names to comparable words: accents, hyphens, « St », « s/ », cedex and district numbers."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[a-z0-9]+")
CEDEX = re.compile(r"\bcedex\b.*$")
LONG_FORMS = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "s": "sur",
    "ss": "sous",
    "bd": "boulevard",
}
ARTICLES = frozenset({"le", "la", "les", "l"})
DISTRICT = re.compile(
    r"^(paris|lyon|marseille) (?:0?)(\d{1,2})(?: ?(?:er|e|eme|ieme|arr|ardt|arrdt|arrondissement))*$"
)


class _WithoutMarks(dict[int, int | None]):
    """What ``str.translate`` makes of each character: nothing of a combining mark, itself of another."""

    def __missing__(self, code: int) -> int | None:
        kept = self[code] = None if unicodedata.combining(chr(code)) else code
        return kept


_without_marks = _WithoutMarks()


def unaccented(text: str) -> str:
    """Return ``text`` in lower case without accents or ligatures."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    lowered = lowered.replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    return unicodedata.normalize("NFKD", lowered).translate(_without_marks)


@lru_cache(maxsize=65536)
def plain_name(name: str) -> str:
    """Return the comparable form of a name: "St-Étienne s/ Mer CEDEX 2" is "saint etienne sur mer"."""
    bare = unaccented(name)
    words = WORD.findall(CEDEX.sub("", bare) if "cedex" in bare else bare)
    expanded = [
        LONG_FORMS.get(word, word) if word != "s" or place > 0 else word for place, word in enumerate(words)
    ]
    if len(expanded) > 1 and expanded[-1] in ARTICLES:
        expanded = [expanded[-1], *expanded[:-1]]
    return " ".join(expanded)


def district_number(name: str) -> tuple[str, int] | None:
    """Return the city and the number of "Marseille 13e" or "Lyon 03", None for any other name."""
    found = DISTRICT.match(plain_name(name))
    return (found[1], int(found[2])) if found else None
