"""The empty workbook that companies fill in: lists to choose from, a help sheet, an example."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import xlsxwriter

from app.readers.vocabulary import table
from matching.units import unit_symbols

SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
ROWS = 500
DIRECTIONS = ("entrant", "sortant")
KINDS = tuple("matière énergie eau emballage compétence équipement espace service transport".split())
PERIODS = ("an", "mois", "semaine", "jour", "ponctuel")
NUMBERS = frozenset({"Quantité", "Coût unitaire (€)", "Effectif"})
TEXTS = frozenset({"SIRET", "Code postal", "Code déchet", "Mois", "NAF"})
INTRODUCTION = (
    "Une ligne par flux dans la feuille « Flux ». Seuls le site, le sens et le libellé sont obligatoires."
)
LISTS = {"Sens": DIRECTIONS, "Nature": KINDS, "Unité": unit_symbols(), "Période": PERIODS}


@lru_cache(maxsize=1)
def _example() -> frozenset[tuple[str, str]]:
    """Return the (title, value) pairs of the example."""
    return frozenset(
        (row["title"], _written(row["example"])) for row in table("template.csv") if row["example"]
    )


def _written(value: object) -> str:
    """Return a value as the example is compared: numbers without useless decimals, spaces gathered."""
    text = " ".join(str(value).split())
    try:
        return f"{float(text):g}" if not text.startswith("0") else text
    except ValueError:
        return text


def is_template_example(titles: Sequence[object], cells: Sequence[object]) -> bool:
    """Tell whether a row is the example of the template as it was written, under the template's titles."""
    if not titles or (titles[0], _written(cells[0])) not in _example():
        return False
    filled = {
        (str(title), _written(cell))
        for title, cell in zip(titles, cells, strict=False)
        if title is not None and cell is not None
    }
    return filled == _example()


def write_template() -> bytes:
    """Return the XLSX workbook to fill in; ``read_table`` reads it back."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, SAFE) as book:
        formats = {
            "title": book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True}),
            "text": book.add_format({"num_format": "@"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _write_flows(book, formats)
        _write_help(book, formats)
        _write_lists(book)
    return stream.getvalue()


def _write_flows(book: Any, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet("Flux")
    sheet.freeze_panes(1, 2)
    for place, column in enumerate(table("template.csv")):
        title, example = column["title"], column["example"]
        sheet.set_column(place, place, float(column["width"]), formats["text"] if title in TEXTS else None)
        sheet.write(0, place, title, formats["title"])
        if example:
            sheet.write(1, place, float(example) if title in NUMBERS else example)
        if title in LISTS:
            letter = "ABCD"[list(LISTS).index(title)]
            source = f"=Listes!${letter}$2:${letter}${len(LISTS[title]) + 1}"
            sheet.data_validation(1, place, ROWS, place, {"validate": "list", "source": source})


def _write_help(book: Any, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet("Aide")
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90, formats["wrap"])
    sheet.write(0, 0, INTRODUCTION)
    for row, column in enumerate(table("template.csv"), start=2):
        sheet.write(row, 0, column["title"], formats["title"])
        sheet.write(row, 1, column["help"])


def _write_lists(book: Any) -> None:
    sheet = book.add_worksheet("Listes")
    for column, (title, values) in enumerate(LISTS.items()):
        sheet.write(0, column, title)
        for row, value in enumerate(values, start=1):
            sheet.write(row, column, value)
    sheet.hide()
