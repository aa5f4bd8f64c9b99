"""What people write in a number, month or code cell, turned into values."""

from __future__ import annotations

import re

from matching.catalogue.loader import load_catalogue
from matching.errors import InvalidFlowError
from matching.messages import N_, Message
from matching.model import Range

_NUMBER = r"[-−+]?\d+(?:[.,]\d+)?"
_RANGE = re.compile(rf"({_NUMBER})(?:(?:-|–|à|to|\.\.)({_NUMBER}))?")
_MONTHS = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?")


def parse_range(field: str, value: object) -> Range | None:
    """Return a number cell as a range: 12, ``12``, ``1 200,5`` or ``150-200``; None when it is empty.

    Raises
    ------
    InvalidFlowError
        On ``field``, when it is neither a finite number nor a growing range.
    """
    if value is None or value == "":
        return None
    try:
        return _range(str(value) if not isinstance(value, int | float) else value)
    except (InvalidFlowError, ValueError) as error:
        text = N_("“{value}” is not a number: write 12, 12.5 or a range such as 150-200.")
        raise InvalidFlowError(field, Message(text, {"value": str(value)})) from error


def _range(value: str | float) -> Range:
    if not isinstance(value, str):
        return Range.of(float(value))
    found = _RANGE.fullmatch(re.sub(r"\s", "", value))
    if found is None:
        raise ValueError(value)
    low, high = (part.replace(",", ".").replace("−", "-") if part else None for part in found.groups())
    return Range(float(low or ""), float(high or low or ""))


def parse_number(field: str, value: object) -> float | None:
    """Return a cell that takes one number, not a range."""
    found = parse_range(field, value)
    if found is not None and found.low != found.high:
        text = N_("“{field}” takes one number, not a range.")
        raise InvalidFlowError(field, Message(text, {"field": field}))
    return None if found is None else found.low


def parse_months(value: str) -> frozenset[int]:
    """Return the active months of ``1-3;9-12`` (``11-2`` runs over New Year); empty means all year."""
    months: set[int] = set()
    for part in filter(None, re.split(r"[;,]", re.sub(r"\s", "", value))):
        found = _MONTHS.fullmatch(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not (1 <= first <= 12 and 1 <= last <= 12):
            text = N_("“{value}” does not say months: write 1-3;9-12, or leave it empty for all year.")
            raise InvalidFlowError("months", Message(text, {"value": value}))
        span = (last - first) % 12 + 1
        months.update((first - 1 + step) % 12 + 1 for step in range(span))
    return frozenset(months)


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
