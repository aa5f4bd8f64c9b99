"""How large the pieces are that words tell of, and how much a machine carries or lifts."""

from __future__ import annotations

import re
from functools import lru_cache

from matching.catalogue.tables import read_rows, wordings
from matching.marks.steps import NUMBER, mark, marks_below, number
from matching.words import Token, stems, tokens

AT_MOST = r"max\w*"
LESS, MORE = (
    rf"<=?|≤|{AT_MOST}|au plus|moins de|inferieur\w* a",
    r">=?|≥|min\w*|au moins|plus de|superieur\w* a",
)
LENGTH = r"(um|mm|cm)"
LENGTHS = {"um": 1e-3, "mm": 1.0, "cm": 10.0}
LEAST_SIZE = re.compile(rf"(?:{MORE}) ?{NUMBER} ?{LENGTH}\b|{NUMBER} ?{LENGTH} ?(?:min\w*|et plus)\b")
MOST_SIZE = re.compile(rf"(?:{LESS}) ?{NUMBER} ?{LENGTH}\b|\b0 ?[/-] ?{NUMBER} ?{LENGTH}\b")
# From so many mm on a least size tells pieces from grains; who names pieces means such (own estimates).
LEAST_TOLD_MM, PIECES_MM = 5.0, 10.0
# What a machine carries (t), how high it reaches (m), what it gives (kW).
CAPACITIES = {"kg": ("load", 1e-3), "t": ("load", 1.0), "tonnes": ("load", 1.0), "m": ("height", 1.0),
              "kw": ("power", 1.0), "kva": ("power", 1.0)}  # fmt: skip
CAPACITY = rf"{NUMBER} ?({'|'.join(sorted(CAPACITIES, key=len, reverse=True))})\b(?! ?(?:/|par |de |d |an\b))"
LEAST_CAPACITY = re.compile(
    rf"(?:{MORE}|jusqu a|capacite(?: de)?|charge(?: de)?) ?{CAPACITY}|{CAPACITY} ?(?:min\w*|et plus)\b"
)
ANY_CAPACITY = re.compile(CAPACITY)


def size_marks(bare: str, label: str) -> frozenset[str]:
    """Return the marks of the largest pieces that an offer has by its words.

    Parameters
    ----------
    bare
        All it says, plain; ``label`` is its label as typed.
    """
    sizes = _figures(MOST_SIZE, bare)
    head = tokens(label)[:1]
    sizes += [_grains()[token.stem] for token in head if token.stem in _grains() and not token.negated]
    return frozenset(mark("size-most", size) for size in sizes)


def sizes_refused(bare: str, label: str) -> list[str]:
    """Return the marks of what is too small for a need by its words: who asks for slabs takes no sawdust."""
    sizes = _figures(LEAST_SIZE, bare)
    if _asks_pieces(label):
        sizes.append(PIECES_MM)
    return marks_below("size", "size", min(sizes)) if sizes and min(sizes) >= LEAST_TOLD_MM else []


def capacity_marks(bare: str) -> frozenset[str]:
    """Return the marks of the most that a machine offered carries, reaches or gives."""
    return frozenset(mark(f"{what}-most", most) for what, most in _capacities(ANY_CAPACITY, bare).items())


def capacities_refused(bare: str) -> list[str]:
    """Return the marks of machines too small for a need that says the least it takes."""
    least = _capacities(LEAST_CAPACITY, bare)
    return [one for what, value in least.items() for one in marks_below(what, "capacity", value)]


def _capacities(pattern: re.Pattern[str], bare: str) -> dict[str, float]:
    """Return the largest figure of each kind."""
    found: dict[str, float] = {}
    for match in pattern.finditer(bare):
        figure, unit = [group for group in match.groups() if group]
        what, factor = CAPACITIES[unit]
        value = number(figure) * factor
        if value > 0:
            found[what] = max(value, found.get(what, 0.0))
    return found


def _figures(pattern: re.Pattern[str], bare: str) -> list[float]:
    """Return the lengths in mm that a pattern finds."""
    pairs = ([group for group in match.groups() if group] for match in pattern.finditer(bare))
    found = [number(figure) * LENGTHS[unit] for figure, unit in pairs]
    return [length for length in found if length > 0]


@lru_cache(maxsize=100_000)
def _asks_pieces(label: str) -> bool:
    """Tell whether the head of a need's label names pieces and no grains."""
    said = tokens(label)
    head = {token.stem for token in said if _of_head(token)}
    return bool(head & _pieces()) and not head & _grains().keys()


def _of_head(token: Token) -> bool:
    return token.weight == 1.0 and not token.negated


@lru_cache(maxsize=1)
def _grains() -> dict[str, float]:
    """Return the largest size in mm of what has no pieces, by its stem."""
    rows = [row for row in read_rows("grain_sizes.csv") if row["most_mm"]]
    return {stems(word)[0]: float(row["most_mm"]) for row in rows for word in wordings(row)}


@lru_cache(maxsize=1)
def _pieces() -> frozenset[str]:
    rows = [row for row in read_rows("grain_sizes.csv") if not row["most_mm"]]
    return frozenset(stems(word)[0] for row in rows for word in wordings(row))
