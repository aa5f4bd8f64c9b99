"""What the cells of one column look like: codes, units, amounts, towns, words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from app.readers.amounts import amount_in
from app.readers.calendar import is_season
from app.readers.codes import waste_codes
from app.readers.grid import Cell, text_of
from app.readers.ticks import is_tick
from app.readers.units import measure, rhythm
from app.readers.vocabulary import cell_direction, is_unknown, plain
from geo.gazetteer import built_in_gazetteer
from matching.classify import default_classifier
from matching.errors import InvalidFlowError

# Own estimates: this share of a column's cells must look alike; this many are looked at closely.
ALIKE = 0.7
LOOKED_AT = 8
LONGEST_UNIT = 20
WASTE_DIGITS = 6
POSTCODE = re.compile(r"\d{5}|\d{2} \d{3}")
SIRET = re.compile(r"\d{9}(?:\d{5})?")
LEGAL_FORM = re.compile(
    r"\b(?:SARL|SASU?|SA|EURL|SNC|SCOP|SCI|SCEA|GAEC|EARL|GIE|Ets|Éts|Société|Sté|Groupe|Ltd|GmbH|Inc|SRL|BV)\b"
)
YES_NO = frozenset("oui non yes no o n y vrai faux true false".split())


def share(cells: Sequence[Cell], looks: Callable[[str], bool]) -> float:
    """Return the share, in [0, 1], of filled cells that look so; those that say "unknown" do not count."""
    texts = [text for cell in cells if (text := text_of(cell).strip()) and not is_unknown(text)]
    return sum(map(looks, texts)) / len(texts) if texts else 0.0


def is_waste_code(text: str) -> bool:
    """Tell whether a cell is a code of the List of Waste."""
    digits = re.sub(r"[ .*]", "", text)
    return len(digits) == WASTE_DIGITS and digits in waste_codes()


def is_unit(text: str) -> bool:
    """Tell whether a cell is a unit and nothing else ("t", "MWh")."""
    if len(text) > LONGEST_UNIT or text[:1].isdigit():
        return False
    found = measure(text)
    return found is not None and not found.rest


def is_measured_amount(text: str) -> bool:
    """Tell whether a cell is an amount with its unit ("4 t/mois")."""
    try:
        found = amount_in(text)
    except InvalidFlowError:
        return False
    return found is not None and (found.unit is not None or bool(found.container))


def is_number(text: str) -> bool:
    """Tell whether a cell begins with a number and is no date."""
    try:
        return amount_in(text) is not None and not is_date(text)
    except InvalidFlowError:
        return False


def is_date(text: str) -> bool:
    """Tell whether a cell is a day, or a day and an hour."""
    return re.match(r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4})(?:[ T]|$)", text) is not None


def is_place(text: str) -> bool:
    """Tell whether a cell is the name of a commune."""
    bare = re.sub(r"^\d{5}\s+|\s*\(\d{2,5}\)\s*$|\bcedex\b.*", "", text, flags=re.IGNORECASE).strip()
    return bool(bare) and built_in_gazetteer().named(bare) is not None


def is_worded(text: str) -> bool:
    """Tell whether a cell holds words and no amount or tick."""
    letters = sum(char.isalpha() for char in text)
    return letters >= 2 and not is_number(text) and not is_date(text) and plain(text) not in YES_NO


def looks_like(field: str, cells: Sequence[Cell]) -> float:
    """Return how well cells suit a field, in [0, 1]; 0 rules it out, 0.5 says neither yes nor no."""
    if not any(cell is not None for cell in cells):
        return 0.5
    if any(isinstance(cell, date) for cell in cells):
        return 0.5 if field in {"collected_on", "comment", "ignore", "months"} else 0.0
    test = TESTS.get(field)
    found = share(cells, test) if test is not None else 0.5
    return found if test is None or found >= ALIKE else 0.0


def resource_share(cells: Sequence[Cell]) -> float:
    """Return how surely the first cells name resources, in [0, 1], for a column of words."""
    texts = [text_of(cell) for cell in dict.fromkeys(cells) if cell is not None][:LOOKED_AT]
    found = [default_classifier().classify_text(text, top=1) for text in texts]
    return sum(one[0].score for one in found if one) / len(texts) if texts else 0.0


def company_share(cells: Sequence[Cell]) -> float:
    """Return the share, in [0, 1], of cells that name a company: a legal form, or names in capitals."""

    def named(text: str) -> bool:
        words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 2]
        capitals = sum(word[0].isupper() for word in words)
        return LEGAL_FORM.search(text) is not None or (len(words) > 1 and capitals >= max(2, len(words) - 1))

    return share(cells, named)


TESTS: dict[str, Callable[[str], bool]] = {
    "waste_code": is_waste_code,
    "unit": is_unit,
    "quantity": is_number,
    "unit_cost_eur": is_number,
    "temperature_c": is_number,
    "postcode": lambda text: POSTCODE.fullmatch(text) is not None or re.fullmatch(r"\d{4}", text) is not None,
    "siret": lambda text: SIRET.fullmatch(re.sub(r"[\s.]", "", text)) is not None,
    "direction": lambda text: cell_direction(text) is not None,
    "period": lambda text: rhythm(text) is not None,
    "months": is_season,
    "label": is_worded,
    "company": is_worded,
    "site": is_worded,
    "city": is_worded,
    "mark": is_tick,
}
