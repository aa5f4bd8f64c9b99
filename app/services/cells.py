"""Number, month and code fields as clients write them, turned into values."""

from __future__ import annotations

import re

from app.readers.numbers import whole_number
from matching.catalogue.loader import load_catalogue
from matching.errors import InvalidFlowError
from matching.messages import N_, Message
from matching.model import Range

# A year of the whole world's material flows is about 1e11 t (UNEP 2024): nothing here comes near.
LARGEST = 1e15


def parse_range(field: str, value: object) -> Range | None:
    """Return a number field as a range: 12, ``12``, ``1 200,5`` or ``150-200``; None when it is empty.

    Raises
    ------
    InvalidFlowError
        On ``field``, when it is neither a finite number nor a growing range.
    """
    if value is None or value == "":
        return None
    try:
        found = Range.of(float(value)) if isinstance(value, int | float) else whole_number(str(value))
    except InvalidFlowError as error:
        raise InvalidFlowError(field, error.message) from error
    if found is None:
        text = N_("“{value}” is not a number: write 12, 12.5 or a range such as 150-200.")
        raise InvalidFlowError(field, Message(text, {"value": str(value)}))
    if max(abs(found.low), abs(found.high)) > LARGEST:
        text = N_("{value} is too large to be true: check the number and its unit.")
        raise InvalidFlowError(field, Message(text, {"value": found.high}))
    return found


def parse_number(field: str, value: object) -> float | None:
    """Return a field that takes one number, not a range."""
    found = parse_range(field, value)
    if found is not None and found.low != found.high:
        text = N_("“{field}” takes one number, not a range.")
        raise InvalidFlowError(field, Message(text, {"field": field}))
    return None if found is None else found.low


def parse_waste_code(value: str) -> str:
    """Return the six digits of a code of the List of Waste; ``InvalidFlowError`` when it is not one."""
    digits = re.sub(r"[\s.*]", "", value)
    if digits and digits not in load_catalogue().waste_codes:
        text = N_("“{value}” is not a code of the List of Waste: look it up by its words, or leave it empty.")
        raise InvalidFlowError("waste_code", Message(text, {"value": value}))
    return digits


def parse_resource(value: str) -> str:
    """Return a resource of the catalogue; ``InvalidFlowError`` when there is none of this name."""
    if value and value not in load_catalogue().resources:
        text = N_("“{value}” is not a resource of the catalogue: pick one of the list, or leave it empty.")
        raise InvalidFlowError("resource", Message(text, {"value": value}))
    return value
