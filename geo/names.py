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


def unaccented(text: str) -> str:
    """Return ``text`` in lower case without accents or ligatures."""
    lowered = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


@lru_cache(maxsize=65536)
def plain_name(name: str) -> str:
    """Return the comparable form of a name: "St-Étienne s/ Mer CEDEX 2" is "saint etienne sur mer"."""
    words = WORD.findall(CEDEX.sub("", unaccented(name)))
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
