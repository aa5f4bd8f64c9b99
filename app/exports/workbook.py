"""The workbook a coordinator takes into a workshop: all synergies, a sheet a park, the flows."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.exports.places import Places
from app.exports.table import COLUMNS, row_of
from app.translations import gettext
from matching.messages import N_
from matching.model import Flow

SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
WIDTHS = {"members": 48, "explanation": 60, "next_step": 40, "missing": 40, "warnings": 34, "assumptions": 34,
          "criteria": 30, "resource": 20, "form": 16, "kind": 14, "id": 18}  # fmt: skip
PAPER_COLUMNS = (
    (N_("Rank"), 6), (N_("What"), 62), (N_("Who"), 44), (N_("Score"), 8), (N_("Quantity a year"), 14),
    (N_("Distance, km"), 10), (N_("EUR a year, about"), 12), (N_("tCO2e a year, about"), 12),
    (N_("To ask first"), 40), (N_("Next step"), 40), (N_("Notes"), 30),
)  # fmt: skip
FLOW_COLUMNS = (
    (N_("Site"), 28), (N_("Park"), 24), (N_("Direction"), 10), (N_("Kind"), 12), (N_("Label"), 46),
    (N_("Code"), 9), (N_("Quantity"), 10), (N_("Unit"), 9), (N_("Period"), 9), (N_("City"), 18),
)  # fmt: skip
DIRECTIONS = {"input": N_("need"), "output": N_("resource")}
SHEET_NAME_LIMIT = 31  # Excel's own limit


def to_xlsx(synergies: Sequence[Mapping[str, Any]], flows: Sequence[Flow], language: str) -> bytes:
    """Return a workbook: ``Synergies`` with the contract's columns, one sheet a park for paper, ``Flows``."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE) as book:
        styles = _styles(book)
        _all_synergies(book, styles, synergies, language)
        places = Places(flows)
        used = {"synergies"}
        for park in sorted({flow.site.park for flow in flows if flow.site.park}):
            here = [synergy for synergy in synergies if park in places.parks_of(synergy)]
            if here:
                _park(book.add_worksheet(_sheet_name(park, used)), styles, park, here, language)
        _flows(book.add_worksheet(_sheet_name(gettext(N_("Flows"), language), used)), styles, flows, language)
    return buffer.getvalue()


def _styles(book: Workbook) -> dict[str, Format]:
    return {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1,
                                 "bg_color": "#E7EFEA"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "number": book.add_format({"num_format": "#,##0.##", "valign": "top"}),
    }  # fmt: skip


def _page(sheet: Worksheet, title: str, repeat_row: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(repeat_row)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.set_footer(f"&L{title.replace('&', '&&')}&R&P / &N")


def _put(sheet: Worksheet, row: int, column: int, value: object, styles: dict[str, Format]) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value, styles["number"])
    elif value not in (None, ""):
        sheet.write_string(row, column, str(value), styles["text"])


def _all_synergies(
    book: Workbook, styles: dict[str, Format], synergies: Sequence[Mapping[str, Any]], language: str
) -> None:
    sheet = book.add_worksheet("Synergies")
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, styles["head"])
        sheet.set_column(column, column, WIDTHS.get(name, 12))
    for line, synergy in enumerate(synergies, start=1):
        row = row_of(synergy, language)
        for column, name in enumerate(COLUMNS):
            _put(sheet, line, column, row[name], styles)
    sheet.autofilter(0, 0, max(len(synergies), 1), len(COLUMNS) - 1)
    sheet.freeze_panes(1, 0)
    _page(sheet, "Synergies", 0)


def _park(
    sheet: Worksheet,
    styles: dict[str, Format],
    park: str,
    synergies: Sequence[Mapping[str, Any]],
    language: str,
) -> None:
    sheet.write_string(0, 0, park, styles["title"])
    for column, (name, width) in enumerate(PAPER_COLUMNS):
        sheet.write_string(1, column, gettext(name, language), styles["head"])
        sheet.set_column(column, column, width)
    for rank, synergy in enumerate(synergies, start=1):
        quantity = synergy["quantity_per_year"]
        values = (
            rank,
            synergy["explanation"],
            "\n".join(f"{m['site']} — {m['label']}" for m in synergy["members"]),
            synergy["score"],
            "" if quantity is None else f"{quantity:g} {synergy['unit']}",
            synergy["distance_km"],
            synergy["saving_eur_per_year"],
            synergy["saving_tco2e_per_year"],
            "\n".join(synergy["missing"][:3]),
            synergy["next_step"],
            "",
        )
        for column, value in enumerate(values):
            _put(sheet, rank + 1, column, value, styles)
    sheet.autofilter(1, 0, len(synergies) + 1, len(PAPER_COLUMNS) - 1)
    sheet.freeze_panes(2, 0)
    _page(sheet, park, 1)


def _flows(sheet: Worksheet, styles: dict[str, Format], flows: Sequence[Flow], language: str) -> None:
    for column, (name, width) in enumerate(FLOW_COLUMNS):
        sheet.write_string(0, column, gettext(name, language), styles["head"])
        sheet.set_column(column, column, width)
    for line, flow in enumerate(
        sorted(flows, key=lambda f: (f.site.park, f.site.name, f.direction, f.label)), start=1
    ):
        quantity = flow.quantity
        values = (
            flow.site.name, flow.site.park, gettext(DIRECTIONS[flow.direction.value], language),
            flow.kind.value, flow.label, flow.waste_code, quantity.value.middle if quantity else "",
            quantity.unit if quantity else "", quantity.period.value if quantity else "", flow.site.city,
        )  # fmt: skip
        for column, value in enumerate(values):
            _put(sheet, line, column, value, styles)
    sheet.autofilter(0, 0, max(len(flows), 1), len(FLOW_COLUMNS) - 1)
    sheet.freeze_panes(1, 0)
    _page(sheet, gettext(N_("Flows"), language), 0)


def _sheet_name(name: str, used: set[str]) -> str:
    """Return a name Excel takes: no forbidden character, 31 at most, not yet used."""
    base = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:SHEET_NAME_LIMIT] or "Parc"
    found, number = base, 2
    while found.lower() in used:
        found = f"{base[: SHEET_NAME_LIMIT - 4]} {number}"
        number += 1
    used.add(found.lower())
    return found
