"""A sheet from top to bottom: titles, "Entreprise : X" lines, headers, rows, totals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.readers.answers import answered, listed
from app.readers.grid import Cell, text_of
from app.readers.headers import SITE_FIELDS
from app.readers.layout import Header, header_at
from app.readers.legends import company_told
from app.readers.lost import broken_cells, unread_months
from app.readers.pairs import pairs_in
from app.readers.record import Context, Record
from app.readers.result import Severity
from app.readers.rows import records_of, site_values, strict_records
from app.readers.surroundings import NAMES, Surroundings
from app.readers.tables import Tables
from app.readers.template import is_template_example
from app.readers.titles import (
    ARROW,
    BULLET,
    asks_status,
    is_cancelled,
    is_example,
    is_note,
    is_nothing,
    is_total,
    names_a_site,
)
from app.readers.vocabulary import direction_said, directions, plain
from matching.messages import N_, Message

LEGAL_FORM = re.compile(r"\b(?:SARL|SAS|SASU|SA|EURL|SNC|SCOP|SCI|SCEA|GAEC|EARL|GIE|Ets|Société|Groupe)\b")
FLOW_CELLS = frozenset({"label", "quantity", "waste_code"})
FIRST_CELLS = 3  # Where "Total" stands when it is not in the first column.
MAX_BLOCK_CELLS = 4
DASHES = frozenset("-–")


@dataclass(slots=True)
class Walker:
    """Reads one sheet into records."""

    around: Surroundings
    tables: Tables
    header: Header | None = None
    statuses: Sequence[int] = ()

    def records(self) -> Iterator[Record]:
        """Yield the records of the sheet's flows; rows of sites alone go to the surroundings."""
        grid = self.around.grid
        self.around.direction = self.tables.direction() or self.around.direction
        for index, row in enumerate(grid.rows):
            cells = [cell for cell in row if cell is not None]
            if not cells or self._is_hidden(index + 1):
                continue
            header = self.tables.header_at(index, again=self.header is not None)
            if header is None:
                if not self.tables.leaves_out(index):
                    yield from self._row(index, row, cells)
                continue
            if header.strict:
                yield from self._strict(header)
                return
            self._open(header)
            yield from self._rows_since(header, index)
        self.around.next_company()

    def _open(self, header: Header) -> None:
        self.header = header
        titles = self.around.grid.rows[header.row - 1] if header.row else []
        self.statuses = [place for place, title in enumerate(titles) if asks_status(text_of(title))]
        self.around.last = []
        self.around.direction = self.tables.direction() or self.around.direction

    def _rows_since(self, header: Header, index: int) -> Iterator[Record]:
        """Yield the records of rows that stand between a header corrected upwards and row ``index``."""
        for earlier in range(header.row, index + 1):
            row = self.around.grid.rows[earlier]
            cells = [cell for cell in row if cell is not None]
            if cells and earlier + 1 not in self.around.grid.hidden_rows:
                yield from self._row(earlier, row, cells)

    def _strict(self, header: Header) -> Iterator[Record]:
        grid = self.around.grid
        context = Context(grid.name, True, int(grid.decimal_dot), self.tables.direction())
        for record in strict_records(grid.rows, header, context):
            if not self._is_hidden(record.row):
                yield record

    def _tell_lost(self, index: int, row: Sequence[Cell], header: Header) -> None:
        """Tell which cells of a row could not be read: broken formulas, words among amounts by month."""
        add, sheet = self.around.findings.add, self.around.grid.name
        for name, text in broken_cells(row, header):
            lost = N_("A formula of this row gives {value}: that cell was left out.")
            add("warning", sheet, index + 1, name, Message(lost, {"value": text}))
        for text in unread_months(row, header):
            words = N_("“{value}” stands among the amounts of the year: it counts for nothing in them.")
            add("warning", sheet, index + 1, "quantity", Message(words, {"value": text}))

    def _is_hidden(self, number: int) -> bool:
        if number not in self.around.grid.hidden_rows:
            return False
        self._tell(
            "warning", number, Message(N_("This row is hidden: it was not read. Show it if it counts."))
        )
        return True

    def _tell(self, severity: Severity, number: int, message: Message) -> None:
        self.around.findings.add(severity, self.around.grid.name, number, "", message)

    def _row(self, index: int, row: Sequence[Cell], cells: Sequence[Cell]) -> Iterator[Record]:
        searched = cells[:FIRST_CELLS] if self.header is not None else cells[:1]
        if any(is_total(text_of(cell)) for cell in searched):
            if self.header is None:
                self.around.note_legend(text_of(cells[0]))
            text = N_("“{value}”: a total, not a flow; it was not read.")
            self._tell("info", index + 1, Message(text, {"value": text_of(cells[0])}))
            return
        if is_example(text_of(cells[0])) or self._is_template_example(row):
            self._tell("info", index + 1, Message(N_("This row is an example: it was not read.")))
            return
        if len(cells) == 1 and self._lone(index, row, text_of(cells[0])):
            return
        if self.header is None or self._is_new_block(cells):
            pairs = self.tables.pairs_in(cells)
            if pairs is not None:
                self.header = None
                yield from answered(self.around, index + 1, pairs)
                return
        if self.header is not None:
            yield from self._table_row(index, row, self.header)
        else:
            yield from listed(self.around, index + 1, cells)

    def _is_template_example(self, row: Sequence[Cell]) -> bool:
        header = self.header
        return header is not None and is_template_example(self.around.grid.rows[header.row - 1], row)

    def _lone(self, index: int, row: Sequence[Cell], text: str) -> bool:
        """Understand a lone cell as a section's title, a note or a company's name; False when it is none."""
        if self.around.enter_section(text):
            self.around.note_legend(text)
            return True
        if is_note(text) or (self.header is not None and ARROW.match(text)):
            return True
        if self.header is None:
            if self._opens_list(index, text):
                self.around.enter_company({"company": text})
                return True
            if self.around.last and not BULLET.match(text) and (company := company_told(text)):
                self.around.enter_company(company)
                return True
            self.around.note_title(text)
            return False
        if not self.header.fields & NAMES and (company := company_told(text)):
            self.around.enter_company(company)
            return True
        place = next(place for place, cell in enumerate(row) if cell is not None)
        if not isinstance(row[place], str):
            return True
        if self._names_company(self.header, (index + 1, place), text):
            self.around.site = {"company": text}
            return True
        return False

    def _opens_list(self, index: int, text: str) -> bool:
        """Tell whether a name stands right above rows that each begin with a direction ("Sort", "Entre")."""
        rows = self.around.grid.rows
        below = [cell for cell in rows[index + 1] if cell is not None] if index + 1 < len(rows) else []
        told = [isinstance(cell, str) and plain(cell) in directions() for cell in below[:2]]
        if told != [True, False] or ":" in text or header_at(self.around.grid, index + 1) is not None:
            return False
        return names_a_site(text) and direction_said(text) is None

    def _names_company(self, header: Header, position: tuple[int, int], text: str) -> bool:
        """Tell whether a lone cell of a table without companies is the next company's name."""
        around = self.around
        if (around.told.keys() | header.fields) & NAMES:
            return False
        shouted = text.isupper() and len(text) > 3
        rich = bool(header.fields & {"direction", "quantity"}) and not names_a_site(around.grid.name or "")
        after_another = rich and "company" in around.site
        return position in around.grid.spans or shouted or bool(LEGAL_FORM.search(text)) or after_another

    def _is_cancelled(self, row: Sequence[Cell]) -> bool:
        cells = (row[place] for place in self.statuses if place < len(row))
        return any(isinstance(cell, str) and is_cancelled(cell) for cell in cells)

    def _is_new_block(self, cells: Sequence[Cell]) -> bool:
        """Tell whether a row below a table opens the next company's block ("Entreprise :", "X")."""
        if ":" not in text_of(cells[0]) or len(cells) > MAX_BLOCK_CELLS:
            return False
        pairs = pairs_in(cells)
        return pairs is not None and pairs[0].column.field in SITE_FIELDS

    def _table_row(self, index: int, row: Sequence[Cell], header: Header) -> Iterator[Record]:
        if index + 1 in header.site_rows:
            return
        if self._is_cancelled(row):
            self._tell("info", index + 1, Message(N_("This row is cancelled or a draft: it was not read.")))
            return
        self._tell_lost(index, row, header)
        for record in records_of(row, index + 1, header, self.around.context()):
            own = site_values(record.values)
            if header.sites_only:
                self.around.site_records.append(record)
            elif _says_nothing(record):
                self._tell("info", index + 1, Message(N_("This row says that there is nothing to read.")))
            elif FLOW_CELLS & record.values.keys():
                self.around.carry(record, own)
                yield record
            elif own.keys() & NAMES:
                self.around.site = own


def _says_nothing(record: Record) -> bool:
    """Tell whether a row's thing is "néant", or its direction "pas concerné"; a "-" may be a sign."""
    label, direction = (text_of(record.values.get(name)) for name in ("label", "direction"))
    return is_nothing(label) or (is_nothing(direction) and direction not in DASHES)
