"""Identifiers in cells: SIRET, activity codes, waste codes."""

from __future__ import annotations

import re
from functools import lru_cache

from app.readers.grid import Cell
from matching.catalogue.tables import read_rows
from matching.errors import InvalidFlowError
from matching.messages import N_, Message
from matching.siret import siret_is_valid

SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$")
WASTE_CODE = re.compile(r"(?<!\d)(\d{2})[ .\-_/]?(\d{2})[ .\-_/]?(\d{2})(?!\d)\s*\*?")
NAF = re.compile(r"^(\d{2})[. ]?(\d{2})[. ]?([A-Z])?$")


class LostSiretError(InvalidFlowError):
    """A SIRET whose last digits a spreadsheet has rounded away."""


@lru_cache(maxsize=1)
def waste_codes() -> dict[str, tuple[str, str]]:
    """Return the (French, English) label of every code of the List of Waste."""
    return {row["code"]: (row["label_fr"], row["label_en"]) for row in read_rows("list_of_waste.csv")}


def siret_of(cell: Cell) -> str:
    """Return the 14 digits of a cell, or "" for a SIREN alone.

    Raises
    ------
    LostSiretError
        If the number was rounded ("4,43E+13").
    InvalidFlowError
        If it is no SIRET.
    """
    if isinstance(cell, float):
        cell = str(int(cell)) if cell.is_integer() else str(cell)
    return _siret(str(cell).strip())


@lru_cache(maxsize=16384)
def _siret(text: str) -> str:
    if SCIENTIFIC.match(text):
        digits = str(int(float(text.replace(",", "."))))
        written = re.sub(r"[eE].*|[.,]", "", text)
        if len(written) >= 13 and siret_is_valid(digits.zfill(14)):
            return digits.zfill(14)
        raise _lost(text)
    digits = re.sub(r"[\s\u00a0\u202f.\-']", "", text).removesuffix(".0")
    if len(digits) == 13 and digits.isdigit():
        digits = "0" + digits
    if len(digits) == 9 and digits.isdigit() and _luhn(digits):
        return ""
    if len(digits) == 14 and digits.endswith("0000") and not siret_is_valid(digits):
        raise _lost(text)
    if not siret_is_valid(digits):
        raise InvalidFlowError(
            "siret",
            Message(
                N_("“{value}” is not a SIRET: give its 14 digits (check digit included) or leave it empty."),
                {"value": text},
            ),
        )
    return digits


def _lost(text: str) -> LostSiretError:
    message = N_("SIRET “{value}” was rounded by the spreadsheet: type its 14 digits again as text.")
    return LostSiretError("siret", Message(message, {"value": text}))


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits))]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


@lru_cache(maxsize=4096)
def naf_of(text: str) -> str:
    """Return an activity code without dots or spaces ("46.43Z" is "4643Z"); other text as it stands."""
    found = NAF.match(text.strip().upper())
    return "".join(part or "" for part in found.groups()) if found else text.strip()


@lru_cache(maxsize=8192)
def waste_code_of(text: str) -> tuple[str, bool]:
    """Return the 6 digits of a waste code, and whether the cell names others too.

    Raises
    ------
    InvalidFlowError
        If the text holds no code, or one that the List of Waste does not have.
    """
    digits = text.strip().rstrip("* ")
    if digits.isdigit() and len(digits) == 5:  # A spreadsheet ate the leading zero.
        digits = "0" + digits
        text = digits
    found = ["".join(match.groups()) for match in WASTE_CODE.finditer(text)]
    known = [code for code in found if code in waste_codes()]
    if not known:
        raise InvalidFlowError(
            "waste_code",
            Message(
                N_("Waste code “{value}” is not in the List of Waste: give its 6 digits or leave it empty."),
                {"value": text},
            ),
        )
    return known[0], len(set(found)) > 1
