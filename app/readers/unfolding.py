"""Cells of a company that hold its address too, a line each: "Laiterie des Combes⏎25300 Pontarlier"."""

from __future__ import annotations

import re

from app.readers.grid import Cell
from app.readers.headers import SITE_ANCHORS

PLACE = re.compile(r"(?:F-|FR-)?\d{2} ?\d{3}\s+[^\W\d][^\d]{1,40}")
SIRET = re.compile(r"(?:siret|siren)?\s*(?:n°)?\s*:?\s*(\d{3} ?\d{3} ?\d{3}(?: ?\d{5})?)", re.IGNORECASE)
CONTACT = re.compile(r"@|^(?:t[ée]l|mob|contact)\b|^\+?[\d .]{10,16}$", re.IGNORECASE)
STREET = re.compile(
    r"\b(?:rue|avenue|av|bd|boulevard|chemin|route|place|impasse|all[ée]e|quai|z\.?[aic]\.?e?|zone|parc"
    r"|lieu[- ]dit|bp|street|road|lane|drive|estate)\b",
    re.IGNORECASE,
)


def unfolded(values: dict[str, Cell]) -> None:
    """Cut a company's cell of several lines into its name, its address and the like, where they are told."""
    for anchor in sorted(SITE_ANCHORS & values.keys()):
        cell = values[anchor]
        if not isinstance(cell, str) or "\n" not in cell:
            continue
        name, *lines = [line.strip(" ,;") for line in cell.splitlines() if line.strip(" ,;")] or [""]
        told = [(_field(line), line) for line in lines]
        if not any(field for field, _ in told):
            continue
        values[anchor] = name
        for field, line in told:
            if field == "siret":
                line = SIRET.fullmatch(line)[1]  # type: ignore[index]
            values.setdefault(field or "address", line)


def _field(line: str) -> str:
    """Return the field that a line below a name is, "" when nothing tells."""
    if PLACE.fullmatch(line):
        return "postcode_city"
    if SIRET.fullmatch(line):
        return "siret"
    if CONTACT.search(line):
        return "contact"
    return "address" if STREET.search(line) else ""
