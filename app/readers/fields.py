"""Single cells to the values of a flow's optional fields."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from app.readers.calendar import date_of, months_of
from app.readers.grid import Cell, text_of
from app.readers.numbers import leading_number, not_finite
from app.readers.vocabulary import legal_statuses, plain, reliabilities
from matching.errors import InvalidFlowError
from matching.messages import N_, Message
from matching.model import LegalStatus, Range, Reliability

YES = frozenset({"oui", "o", "yes", "y", "true", "vrai", "1", "x", "dangereux", "dd", "d", "hazardous"})
NO = frozenset(
    {"non", "n", "no", "false", "faux", "0", "non dangereux", "dnd", "nd", "inerte", "non hazardous"}
)
RANGES = (
    "temperature_c",
    "concentration_pct",
    "moisture_pct",
    "pressure_bar",
    "unit_cost_eur",
    "good_share_pct",
)
NUMBERS = ("min_lot", "capacity", "storage_max")
DATES = ("available_from", "available_until", "contract_end", "due_date", "collected_on")
TEXTS = (
    "comment",
    "resource",
    "state",
    "dimensions",
    "destination",
    "weekdays",
    "contact",
    "visibility",
    "source",
)
FREE = frozenset({"gratuit", "free", "neant", "0 €", "aucun", "aucun cout"})


def range_of(cell: Cell, field: str, decimal_dot: int) -> Range:
    """Return the number or range of a cell; words behind the number (units) are left aside.

    Raises
    ------
    InvalidFlowError
        If the cell holds no number, or one that is not finite.
    """
    try:
        if isinstance(cell, bool) or cell is None:
            raise _no_number(field, cell)
        if isinstance(cell, int | float):
            if not math.isfinite(cell):
                raise not_finite(cell)
            return Range.of(float(cell))
        return _range_in(text_of(cell), field, decimal_dot)
    except InvalidFlowError as error:
        raise InvalidFlowError(field, error.message) from None


@lru_cache(maxsize=16384)
def _range_in(text: str, field: str, decimal_dot: int) -> Range:
    if field == "unit_cost_eur" and plain(text) in FREE:
        return Range.of(0.0)
    found = leading_number(text, decimal_dot or field not in ("unit_cost_eur", *NUMBERS))
    if found is None:
        raise _no_number(field, text)
    return found.value


def _no_number(field: str, cell: Cell) -> InvalidFlowError:
    return InvalidFlowError(
        field,
        Message(
            N_("“{value}” is not a number: give one such as 12.5, or a range such as 150-200."),
            {"value": text_of(cell)},
        ),
    )


def truth_of(cell: Cell, field: str) -> bool:
    """Return the yes or no of a cell; raises ``InvalidFlowError`` on anything else."""
    words = plain(text_of(cell))
    if words in YES or words in NO:
        return words in YES
    raise InvalidFlowError(field, Message(N_("“{value}” is neither yes nor no."), {"value": text_of(cell)}))


def legal_status_of(cell: Cell) -> LegalStatus:
    """Return the legal status of a cell; raises ``InvalidFlowError`` on an unknown one."""
    status = legal_statuses().get(plain(text_of(cell)))
    if status is None:
        text = N_("Legal status “{value}” is unknown: use waste, by_product, end_of_waste or product.")
        raise InvalidFlowError("legal_status", Message(text, {"value": text_of(cell)}))
    return status


def reliability_of(cell: Cell) -> Reliability:
    """Return the reliability of a cell, a number from 1 to 5 or its name."""
    words = plain(text_of(cell))
    if words in reliabilities():
        return reliabilities()[words]
    digits = words.removesuffix(" 5") if words.endswith(" 5") and len(words) == 3 else words
    if digits in {"1", "2", "3", "4", "5"}:
        return Reliability(int(digits))
    text = N_("Reliability “{value}” is unknown: use 1 (inferred) to 5 (measured).")
    raise InvalidFlowError("reliability", Message(text, {"value": text_of(cell)}))


def parsers(decimal_dot: int) -> dict[str, Callable[[Cell], object]]:
    """Return what reads the cell of each optional field."""
    table: dict[str, Callable[[Cell], object]] = {
        "months": months_of,
        "hazardous": lambda cell: truth_of(cell, "hazardous"),
        "legal_status": legal_status_of,
        "reliability": reliability_of,
    }
    table |= {name: _range_reader(name, decimal_dot) for name in RANGES}
    table |= {name: _number_reader(name, decimal_dot) for name in NUMBERS}
    table |= {name: _date_reader(name) for name in DATES}
    table |= dict.fromkeys(TEXTS, text_of)
    return table


def _range_reader(name: str, decimal_dot: int) -> Callable[[Cell], object]:
    return lambda cell: range_of(cell, name, decimal_dot)


def _number_reader(name: str, decimal_dot: int) -> Callable[[Cell], object]:
    return lambda cell: range_of(cell, name, decimal_dot).middle


def _date_reader(name: str) -> Callable[[Cell], object]:
    return lambda cell: date_of(cell, name)
