"""The workbook of plans: summary, members, calendars and stops, who is left out, assumptions."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from app.exports.plan_members import members_of, planner_of, saving_of, title_of
from app.exports.workbook import SAFE
from app.translations import gettext
from matching.messages import N_

Document = Mapping[str, Any]
Row = tuple[Any, ...]
SUMMARY = (
    (N_("Plan"), 6), (N_("Planner"), 14), (N_("Title"), 40), (N_("Number of members"), 12),
    (N_("Saving a year, EUR"), 14), (N_("Value reached"), 14), (N_("Proven bound"), 14),
    (N_("Unit of the value"), 12), (N_("May still be gained"), 12), (N_("To check before acting"), 60),
    (N_("Still to ask"), 60),
)  # fmt: skip
MEMBERS = (
    (N_("Plan"), 6), (N_("Title"), 30), (N_("Group, round or contract"), 12), (N_("Site or person"), 32),
    (N_("Label"), 44), (N_("Role"), 12), (N_("Quantity"), 14), (N_("Unit"), 10),
    (N_("Saving a year, EUR"), 14),
)  # fmt: skip
CALENDAR = (
    (N_("Plan"), 6), (N_("Title"), 30), (N_("Group, round or contract"), 12), (N_("Order"), 8),
    (N_("When"), 24), (N_("Site or person"), 32), (N_("Step"), 44), (N_("Quantity"), 14), (N_("Unit"), 10),
)  # fmt: skip
UNSERVED = ((N_("Plan"), 6), (N_("Title"), 30), (N_("Name"), 44), (N_("Why"), 80))
ASSUMPTIONS = ((N_("Plan"), 6), (N_("Title"), 30), (N_("Assumption"), 110))
ROLES = {
    "member": N_("member"), "buyer": N_("buyer"), "centre": N_("centre"), "employer": N_("employer"),
    "venue": N_("venue"), "provider": N_("provider"), "receiver": N_("receiver"),
    "load": N_("load to carry"), "lorry": N_("empty return"), "participant": N_("participant"),
    "post": N_("post"),
}  # fmt: skip


def plan_workbook(documents: Sequence[Document], language: str) -> bytes:
    """Return an XLSX workbook of plan documents, which are in ``language`` already; nothing in it is live."""
    buffer = io.BytesIO()
    numbered = list(enumerate(documents, start=1))
    with xlsxwriter.Workbook(buffer, SAFE) as book:
        styles = {
            "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E7EFEA"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "number": book.add_format({"num_format": "#,##0.##", "valign": "top"}),
        }
        for name, columns, reader in SHEETS:
            rows = [row for number, document in numbered for row in reader(number, document, language)]
            _sheet(book, styles, gettext(name, language), columns, rows, language)
    return buffer.getvalue()


def _sheet(
    book: Workbook,
    styles: Mapping[str, Format],
    name: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Row],
    language: str,
) -> None:
    sheet = book.add_worksheet(name)
    for column, (title, width) in enumerate(columns):
        sheet.write_string(0, column, gettext(title, language), styles["head"])
        sheet.set_column(column, column, width)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(line, column, value, styles["number"])
            elif value not in (None, ""):
                sheet.write_string(line, column, str(value), styles["text"])
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{name}&R&P / &N")


def _summary(number: int, document: Document, language: str) -> Iterator[Row]:
    parameters = document["engine"]["parameters"]
    checks = "\n".join(entry["message"] for entry in document["warnings"])
    asks = "\n".join(document["plan"].get("missing", ()))
    yield (
        number,
        planner_of(document),
        title_of(document),
        len({member.site for member in members_of(document)}),
        saving_of(document),
        document["objective"],
        document["bound"],
        parameters["unit"],
        document["gap"],
        checks,
        asks,
    )


def _members(number: int, document: Document, language: str) -> Iterator[Row]:
    title = title_of(document)
    for member in members_of(document):
        role = gettext(ROLES[member.role], language) if member.role in ROLES else member.role
        yield (
            number, title, member.part, member.site, member.label, role, member.quantity, member.unit,
            member.saving_eur,
        )  # fmt: skip


def _calendar(number: int, document: Document, language: str) -> Iterator[Row]:
    reader = CALENDARS.get(planner_of(document))
    if reader is not None:
        title = title_of(document)
        for part, order, when, who, what, quantity, unit in reader(document):
            yield (number, title, part, order, when, who, what, quantity, unit)


def _unserved(number: int, document: Document, language: str) -> Iterator[Row]:
    title = title_of(document)
    for left in document["unserved"]:
        yield (number, title, left["name"], left["why"])


def _assumptions(number: int, document: Document, language: str) -> Iterator[Row]:
    title = title_of(document)
    for note in document["assumptions"]:
        yield (number, title, note)


def _rounds(document: Document) -> Iterator[Row]:
    unit = document["problem"]["unit"]
    for one in document["plan"]["rounds"]:
        for stop in one["stops"]:
            when = f"{one['weekday']} {stop['arrival']} – {stop['departure']}"
            yield one["number"], stop["order"], when, stop["site"], stop["label"], stop["load"], unit


def _steps(document: Document) -> Iterator[Row]:
    for order, step in enumerate(document["plan"]["calendar"], start=1):
        yield None, order, step["by"], "", step["step"], None, ""


def _months(document: Document) -> Iterator[Row]:
    for contract in document["plan"]["contracts"]:
        for month in contract["months"]:
            for row in month["members"]:
                number = month["month"]
                yield contract["contract"], number, number, row["member"], "", row["hours"], "h"


def _sessions(document: Document) -> Iterator[Row]:
    for session in document["plan"]["sessions"]:
        when = f"{session['from']} – {session['until']}"
        for order, row in enumerate(session["members"], start=1):
            yield session["session"], order, when, row["member"], session["venue"], row["trainees"], ""


def _bookings(document: Document) -> Iterator[Row]:
    for row in document["plan"]["assignments"]:
        for month, amount in sorted((int(month), amount) for month, amount in row["months"].items()):
            yield None, month, month, row["site"], row["offer_label"], amount, row["unit"]


def _trips(document: Document) -> Iterator[Row]:
    for number, lorry in enumerate(document["plan"]["lorries"], start=1):
        days = ", ".join(str(day) for day in lorry["weekdays"])
        for order, stop in enumerate(lorry["stops"], start=1):
            yield number, order, days, stop["site"], stop["place"], stop["load"], "palette"


def _seats(document: Document) -> Iterator[Row]:
    for person in document["plan"]["people"]:
        for turn, table in enumerate(person["tables"], start=1):
            yield table, turn, turn, person["name"], "", None, ""


CALENDARS: Mapping[str, Callable[[Document], Iterator[Row]]] = {
    "collection": _rounds,
    "purchase": _steps,
    "jobs": _months,
    "training": _sessions,
    "space": _bookings,
    "transport": _trips,
    "workshop": _seats,
}
SHEETS: tuple[tuple[str, Sequence[tuple[str, int]], Callable[[int, Document, str], Iterator[Row]]], ...] = (
    (N_("Summary"), SUMMARY, _summary),
    (N_("Members"), MEMBERS, _members),
    (N_("Calendar and stops"), CALENDAR, _calendar),
    (N_("Left out"), UNSERVED, _unserved),
    (N_("Assumptions"), ASSUMPTIONS, _assumptions),
)
