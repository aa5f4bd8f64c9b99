"""Days named in the column ``weekdays``, as ISO numbers: 1 is Monday."""

from __future__ import annotations

import re
import unicodedata

EVERY_DAY = frozenset(range(1, 8))
WORKING_DAYS = frozenset(range(1, 6))
NAMES = ("lun|mon", "mar|tue", "mer|wed", "jeu|thu", "ven|fri", "sam|sat", "dim|sun")
SPAN = re.compile(r"\s*(?:-|–|\ba\b|\bau\b|\bto\b)\s*")


def weekdays_of(text: str) -> frozenset[int] | None:
    """Return the days a cell names, such as “lun-ven”, “mardi et jeudi” or “1-5”; None where it names none.

    A number of days a week (“2 jours par semaine”) names none.
    """
    decomposed = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    found: set[int] = set()
    for part in re.split(r"[,;/|+]|\bet\b|\band\b", bare):
        ends = [day for piece in SPAN.split(part.strip()) for day in _days(piece)]
        if len(ends) == 2 and SPAN.search(part.strip()):
            first, last = ends
            found |= {(first - 1 + step) % 7 + 1 for step in range((last - first) % 7 + 1)}
        else:
            found |= set(ends)
    return frozenset(found) or None


def _days(piece: str) -> list[int]:
    piece = piece.strip()
    if re.fullmatch(r"[1-7](?: [1-7])*", piece):
        return [int(digit) for digit in piece.split()]
    return [
        next(day for day, names in enumerate(NAMES, start=1) if re.match(names, word))
        for word in re.findall(rf"\b(?:{'|'.join(NAMES)})[a-z]*", piece)
    ]
