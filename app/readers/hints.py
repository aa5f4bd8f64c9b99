"""Units, rhythms and filler words in column titles."""

from __future__ import annotations

import re

from app.readers.units import Rhythm, measure, rhythm, split_rhythm

BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
IN_UNIT = re.compile(r"\ben ((?:m|k|g|t|l|h|€|e|p|u|c)[^,;]*)$")
HINT_WORDS = re.compile(
    r"\b(?:estimee?s?|moyenn?e?s?|approximati(?:f|ve)s?|environ|indicati(?:f|ve)|annuel(?:le)?s?|mensuel(?:le)?s?"
    r"|hebdomadaires?|journali(?:er|ere)s?|20\d\d|19\d\d|si connue?"
    r"|facultatif|obligatoire|optionnel|svp|le cas echeant|par an|par mois|par semaine|par jour"
    r"|totale?|ou|votre|vos|notre|nos|du site|du flux|concernee?s?|ht|ttc)\b"
)


def title_hints(title: str) -> tuple[str, Rhythm | None, str]:
    """Return the unit and rhythm that a title holds, and the title without them."""
    unit, told = "", None
    bare = title
    for match in BRACKETS.finditer(title):
        inner_rhythm, left = split_rhythm(match[1])
        found = measure(left if inner_rhythm else match[1])
        if found is not None and not found.rest:
            unit = left.strip() if inner_rhythm else match[1].strip()
        told = told or inner_rhythm or rhythm(match[1])
    bare = BRACKETS.sub(" ", bare)
    if ending := IN_UNIT.search(bare):
        inner_rhythm, left = split_rhythm(ending[1])
        if measure(left if inner_rhythm else ending[1]) is not None:
            unit, told = unit or (left if inner_rhythm else ending[1]).strip(), told or inner_rhythm
            bare = bare[: ending.start()]
    if told is None:
        told = (
            next((r for r in map(rhythm, bare.split()[1:]) if r is not None), None) or split_rhythm(bare)[0]
        )
    return unit, told, bare
