"""The workbook a coordinator takes into a workshop: all synergies, a sheet a park, the flows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.exports.blocks import made_in_blocks, shared_like
from app.exports.flow_rows import FLOW_COLUMNS, as_listed, flow_rows
from app.exports.park_papers import MOST_LINES, MOST_PARKS, ParkPapers, spooled
from app.exports.sheet_rows import (
    MOST_ROWS,
    SAMPLE_ROW,
    LongSheet,
    RowWriter,
    escaped,
    escaped_cell,
    fill,
    in_turn,
    pieces,
    text_cell,
)
from app.exports.table import COLUMNS, rows_of
from app.translations import gettext, translate
from matching.messages import N_, Message
from matching.model import Flow

T = TypeVar("T")
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
TOO_MANY_SYNERGIES = N_(
    "The {shown} best of {total} synergies are in this workbook: a sheet of Excel holds no more. Choose "
    "CSV or JSON to have them all, or ask for fewer receivers a flow or for one kind of synergy."
)
TOO_MANY_FLOWS = N_(
    "The first {shown} of {total} flows are in this workbook: a sheet of Excel holds no more. The file they "
    "come from has them all."
)
TOO_MANY_PARKS = N_(
    "No sheet for each of the {parks} parks: beyond {most} nobody finds his own. Match the flows of one "
    "territory to have its parks' sheets."
)
LONG_PARKS = N_(
    "The sheets of {parks} parks stop at the {most} best synergies: the sheet Synergies has them all."
)
SHEET_NAME_LIMIT = 31  # Excel's own limit


def to_xlsx(synergies: Sequence[Mapping[str, Any]], flows: Sequence[Flow], language: str) -> Iterator[bytes]:
    """Yield a workbook: ``Synergies`` with the contract's columns, one sheet a park for paper, ``Flows``.

    Where a sheet of Excel or a stack of paper sheets cannot hold everything, a sheet says what is left out.
    """
    papers = ParkPapers(flows)
    shown = min(len(synergies), MOST_ROWS - 1)
    with TemporaryFile() as spool, TemporaryFile() as laid_out, TemporaryFile() as out:
        if papers.wanted:
            # Parks' sheets are laid out with the workbook, which comes before the rows they are taken from.
            blocks = in_turn(spooled(_with_papers(islice(iter(synergies), shown), papers, language), spool))
        else:
            rows = partial(rows_of, language=language, written=escaped)
            blocks = _in_blocks(synergies, shown, rows, escaped_cell)
        notices = _notices(len(synergies), len(flows), papers)
        listed = min(len(flows), MOST_ROWS - 1)
        _lay_out(laid_out, papers, listed, shown, notices, language)
        in_order = shared_like(synergies, sorted(flows, key=as_listed))
        flow_blocks = _in_blocks(in_order, listed, partial(flow_rows, language=language))
        fill(
            laid_out,
            {
                1: LongSheet(blocks, shown, len(COLUMNS)),
                2 + len(papers.filled): LongSheet(flow_blocks, listed, len(FLOW_COLUMNS)),
            },
            out,
        )
        yield from pieces(out)


def _in_blocks(
    things: Sequence[T],
    shown: int,
    rows: Callable[[Sequence[T]], Iterable[Sequence[object]]],
    text: Callable[[str], str] = text_cell,
) -> Callable[[RowWriter], Iterator[bytes]]:
    """Return the blocks of a long sheet, which may be made by several processes."""

    def blocks(writer: RowWriter) -> Iterator[bytes]:
        def make(first: int, some: Sequence[T]) -> bytes:
            return writer.rows(SAMPLE_ROW + first, rows(some), text)

        return made_in_blocks(things, make, shown)

    return blocks


def _with_papers(
    synergies: Iterable[Mapping[str, Any]], papers: ParkPapers, language: str
) -> Iterator[tuple[object, ...]]:
    for synergy in synergies:
        papers.add(synergy)
        yield from rows_of([synergy], language)


def _notices(synergies: int, flows: int, papers: ParkPapers) -> list[Message]:
    """Return what is not in the workbook, and what to do about it."""
    found = []
    most = MOST_ROWS - 1
    if synergies > most:
        found.append(Message(TOO_MANY_SYNERGIES, {"shown": most, "total": synergies}))
    if flows > most:
        found.append(Message(TOO_MANY_FLOWS, {"shown": most, "total": flows}))
    if papers.parks > MOST_PARKS:
        found.append(Message(TOO_MANY_PARKS, {"parks": papers.parks, "most": MOST_PARKS}))
    cut = sum(len(lines) < papers.total[park] for park, lines in papers.filled.items())
    if cut:
        found.append(Message(LONG_PARKS, {"parks": cut, "most": MOST_LINES}))
    return found


def left_out(synergies: int, flows: Sequence[Flow]) -> list[Message]:
    """Return what a workbook of so many synergies cannot hold, before it is made."""
    return _notices(synergies, len(flows), ParkPapers(flows))


def _lay_out(
    file: IO[bytes],
    papers: ParkPapers,
    flows: int,
    synergies: int,
    notices: Sequence[Message],
    language: str,
) -> None:
    """Write everything but the rows of the two long sheets."""
    with xlsxwriter.Workbook(file, SAFE) as book:
        styles = _styles(book)
        _all_synergies(book, styles, synergies)
        used = {"synergies"}
        for park, lines in papers.filled.items():
            _park(book.add_worksheet(_sheet_name(park, used)), styles, park, lines, language)
        name = _sheet_name(gettext(N_("Flows"), language), used)
        _flows(book.add_worksheet(name), styles, flows, language)
        if notices:
            sheet = book.add_worksheet(_sheet_name(gettext(N_("To know"), language), used))
            sheet.set_column(0, 0, 100)
            for line, notice in enumerate(notices):
                sheet.write_string(line, 0, translate(notice, language), styles["text"])


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


def _sample(sheet: Worksheet, styles: dict[str, Format]) -> None:
    """Write the row that the rows of a long sheet take their styles and their place from."""
    sheet.write_string(1, 0, "-", styles["text"])
    sheet.write_number(1, 1, 0, styles["number"])


def _all_synergies(book: Workbook, styles: dict[str, Format], count: int) -> None:
    sheet = book.add_worksheet("Synergies")
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, styles["head"])
        sheet.set_column(column, column, WIDTHS.get(name, 12))
    _sample(sheet, styles)
    sheet.autofilter(0, 0, max(count, 1), len(COLUMNS) - 1)
    sheet.freeze_panes(1, 0)
    _page(sheet, "Synergies", 0)


def _park(
    sheet: Worksheet,
    styles: dict[str, Format],
    park: str,
    lines: Sequence[Sequence[object]],
    language: str,
) -> None:
    sheet.write_string(0, 0, park, styles["title"])
    for column, (name, width) in enumerate(PAPER_COLUMNS):
        sheet.write_string(1, column, gettext(name, language), styles["head"])
        sheet.set_column(column, column, width)
    for rank, line in enumerate(lines, start=1):
        for column, value in enumerate((rank, *line)):
            _put(sheet, rank + 1, column, value, styles)
    sheet.autofilter(1, 0, len(lines) + 1, len(PAPER_COLUMNS) - 1)
    sheet.freeze_panes(2, 0)
    _page(sheet, park, 1)


def _flows(sheet: Worksheet, styles: dict[str, Format], count: int, language: str) -> None:
    for column, (name, width) in enumerate(FLOW_COLUMNS):
        sheet.write_string(0, column, gettext(name, language), styles["head"])
        sheet.set_column(column, column, width)
    _sample(sheet, styles)
    sheet.autofilter(0, 0, max(count, 1), len(FLOW_COLUMNS) - 1)
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
