"""A sheet from top to bottom: titles, "Entreprise : X" lines, headers, rows, totals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.readers.amounts import amount_in
from app.readers.grid import Cell, Grid, text_of
from app.readers.headers import SITE_FIELDS
from app.readers.layout import Header, header_at
from app.readers.pairs import Pair, items_of, pairs_in
from app.readers.record import Context, Findings, Record
from app.readers.rows import records_of, site_values, strict_records
from app.readers.titles import (
    BULLET,
    is_note,
    is_total,
    named_in_title,
    names_a_site,
    section_of,
    sheet_direction,
    sheet_kind,
)
from app.readers.vocabulary import is_unknown, plain
from matching.errors import InvalidFlowError
from matching.messages import N_, Message
from matching.model import Direction, Kind

Filled = list[tuple[int, Cell]]
MAX_NAME = 60
DOCUMENT_WORDS = re.compile(
    r"\b(?:diagnostic|flux|dechets?|ressources?|synergies?|inventaire|bilan|tableau|suivi"
    r"|questionnaire|atelier|liste|registre)\b"
)
LEGAL_FORM = re.compile(
    r"\b(?:SARL|SAS|SASU|SA|EURL|SNC|SCOP|SCI|SCEA|GAEC|EARL|GIE|Ets|Établissements|Société|Groupe)\b"
)
FLOW_CELLS = frozenset({"label", "quantity", "waste_code"})


@dataclass(slots=True)
class Walker:
    """Reads one sheet into records; ``site`` and the section's direction are carried from row to row."""

    grid: Grid
    findings: Findings
    fallback_site: str = ""
    header: Header | None = None
    direction: Direction | None = None
    kind: Kind | None = None
    site: dict[str, Cell] = field(default_factory=dict)
    told: dict[str, Cell] = field(default_factory=dict)
    last: list[Record] = field(default_factory=list)
    site_records: list[Record] = field(default_factory=list)
    headers_seen: int = 0

    def records(self) -> Iterator[Record]:
        """Yield the records of the sheet's flows; rows of sites alone go to ``site_records``."""
        name = self.grid.name or ""
        self.direction, self.kind = sheet_direction(name), sheet_kind(name)
        rows = self.grid.rows
        for index, row in enumerate(rows):
            filled: Filled = [(place, cell) for place, cell in enumerate(row) if cell is not None]
            if not filled or self._is_hidden(index, filled):
                continue
            header = self._header(index)
            if header is not None:
                if header.strict:
                    self.headers_seen += 1
                    yield from self._strict(header)
                    return
                self.header = header
                self.last = []
                self.headers_seen += 1
                continue
            yield from self._row(index, row, filled)

    def _header(self, index: int) -> Header | None:
        return header_at(self.grid, index, again=self.header is not None)

    def _strict(self, header: Header) -> Iterator[Record]:
        context = Context(self.grid.name, True, self.grid.decimal_dot)
        for record in strict_records(self.grid.rows, header, context):
            if record.row not in self.grid.hidden_rows or not self._is_hidden(record.row - 1, [(0, "")]):
                yield record

    def _is_hidden(self, index: int, filled: Filled) -> bool:
        if index + 1 not in self.grid.hidden_rows:
            return False
        message = Message(N_("This row is hidden: it was not read. Show it if it counts."))
        self.findings.add("warning", self.grid.name, index + 1, "", message)
        return bool(filled)

    def _row(self, index: int, row: Sequence[Cell], filled: Filled) -> Iterator[Record]:
        first = text_of(filled[0][1])
        if is_total(first) or (
            self.header is not None and any(is_total(text_of(cell)) for _, cell in filled[:3])
        ):
            message = Message(N_("“{text}”: a total, not a flow; it was not read."), {"text": first})
            self.findings.add("info", self.grid.name, index + 1, "", message)
            return
        if len(filled) == 1 and self._lone(index, filled[0]):
            return
        if self.header is None or self._is_new_block(filled):
            pairs = pairs_in(filled)
            if pairs is not None:
                self.header = None
                yield from self._answers(index, pairs)
                return
        if self.header is not None:
            yield from self._table_row(index, row, filled)
        else:
            yield from self._listed(index, filled)

    def _lone(self, index: int, filled: tuple[int, Cell]) -> bool:
        """Understand a lone cell as a section's title, a note or a company's name; False when it is none."""
        place, cell = filled
        text = text_of(cell)
        if not isinstance(cell, str):
            return True
        section = section_of(text)
        if section is not None:
            self.direction = section[0] or self.direction
            self.kind = section[1]
            self.last = []
            return True
        if is_note(text):
            return True
        if self.header is None:
            named = named_in_title(text) or (text if self._may_name(text) else "")
            if named and ":" not in text:
                self.told.setdefault("title", named)
            return False
        if self._names_company(index, place, text):
            self.site = {"company": text}
            return True
        return False

    def _names_company(self, index: int, place: int, text: str) -> bool:
        """Tell whether a lone cell of a table without companies is the next company's name."""
        if (
            self.header is None
            or self.header.fields & {"site", "company"}
            or self.told.keys() & {"site", "company"}
        ):
            return False
        merged = (index + 1, place) in self.grid.spans
        shouted = text.isupper() and len(text) > 3
        rich = bool(self.header.fields & {"direction", "quantity"}) and not names_a_site(self.grid.name or "")
        return merged or shouted or bool(LEGAL_FORM.search(text)) or (rich and "company" in self.site)

    def _may_name(self, text: str) -> bool:
        """Tell whether a lone title above everything else can be the company's name."""
        return (
            not self.told
            and len(text) <= MAX_NAME
            and names_a_site(text)
            and not DOCUMENT_WORDS.search(plain(text))
        )

    def _is_new_block(self, filled: Filled) -> bool:
        """Tell whether a row below a table opens the next company's block ("Entreprise :", "X")."""
        text = text_of(filled[0][1]).rstrip()
        if not (":" in text and len(filled) <= 4):
            return False
        pairs = pairs_in(filled)
        return pairs is not None and pairs[0].column.field in SITE_FIELDS

    def _context(self) -> Context:
        return Context(self.grid.name, False, self.grid.decimal_dot, self.direction, self.kind)

    def _table_row(self, index: int, row: Sequence[Cell], filled: Filled) -> Iterator[Record]:
        header = self.header
        if header is None:
            return
        for record in records_of(row, index + 1, header, self._context()):
            own = site_values(record.values)
            if header.sites_only:
                self.site_records.append(record)
                continue
            if not FLOW_CELLS & record.values.keys():
                self.site = (
                    {**own, **{k: v for k, v in self.site.items() if k in own}} | own if own else self.site
                )
                continue
            self._carry(record, own)
            yield record

    def _carry(self, record: Record, own: dict[str, Cell]) -> None:
        """Let rows with blank company cells belong to the company above."""
        if "site" in own or "company" in own:
            if header_site := {k: v for k, v in self.told.items() if k in SITE_FIELDS and k not in own}:
                record.values.update({k: v for k, v in header_site.items() if k not in ("site", "company")})
            self.site = own
            return
        for name, cell in {**self.told, **self.site}.items():
            if name in SITE_FIELDS:
                record.values.setdefault(name, cell)
        self._name(record)

    def _name(self, record: Record) -> None:
        """Name the site after the title, the sheet or the file when nothing else does."""
        if "site" in record.values or "company" in record.values:
            return
        sheet = (self.grid.name or "").strip()
        title = text_of(self.told.get("title"))
        name = title or (sheet if names_a_site(sheet) else self.fallback_site)
        if name:
            record.values["company"] = name
            message = Message(
                N_("No company in the table: “{name}” was taken from the title, the sheet or the file."),
                {"name": name},
            )
            self.findings.on(record, "info", "site", message)

    def _answers(self, index: int, pairs: list[Pair]) -> Iterator[Record]:
        """Understand questions and answers: about the site, or about a flow."""
        for pair in pairs:
            name = pair.column.field
            if pair.value is None or (name != "label" and is_unknown(text_of(pair.value))):
                continue
            if name in SITE_FIELDS:
                if name in self.told and name in ("site", "company"):
                    self._next_company()
                self.told[name] = pair.value
            elif name == "direction":
                self._answer_direction(pair.value)
            elif name == "label":
                yield from self._answered_label(index, pair)
            elif self.last:
                for record in self.last:
                    self._complete(record, pair)

    def _answer_direction(self, value: Cell) -> None:
        if self.last and "direction" not in self.last[-1].values and self.last[-1].context.direction is None:
            for record in self.last:
                record.values["direction"] = value
        else:
            section = section_of(text_of(value))
            self.direction = section[0] if section is not None else self.direction

    def _answered_label(self, index: int, pair: Pair) -> Iterator[Record]:
        context = replace(self._context(), direction=pair.column.direction or self.direction)
        self.last = []
        for item in items_of(pair.value):
            record = Record(index + 1, {"label": item, **self._told_site()}, context)
            self._name(record)
            self.last.append(record)
            yield record

    def _complete(self, record: Record, pair: Pair) -> None:
        name = pair.column.field
        if name == "comment" and "comment" in record.values:
            record.values["comment"] = f"{text_of(record.values['comment'])} ; {text_of(pair.value)}"
        else:
            record.values.setdefault(name, pair.value)
        if name == "quantity":
            record.context = replace(record.context, unit=pair.column.unit, rhythm=pair.column.rhythm)

    def _told_site(self) -> dict[str, Cell]:
        return {k: v for k, v in {**self.told, **self.site}.items() if k in SITE_FIELDS}

    def _next_company(self) -> None:
        if "company" in self.told or "site" in self.told:
            self.site_records.append(Record(1, self._told_site(), self._context()))
        self.told, self.site, self.last = {}, {}, []

    def close(self) -> None:
        """Remember the last company told of, also when it has no flow."""
        self._next_company()

    def _listed(self, index: int, filled: Filled) -> Iterator[Record]:
        """Understand a row without header under a section's title: "Cartons", "12 t/an"."""
        label = filled[0][1]
        if self.direction is None or not isinstance(label, str) or len(filled) > 4:
            return
        has_site = bool(self._told_site()) or names_a_site(self.grid.name or "") or "title" in self.told
        if not has_site or len(label) > 80:
            return
        values: dict[str, Cell] = {"label": BULLET.sub("", label).strip(" :"), **self._told_site()}
        if len(filled) > 1:
            amount = " ".join(text_of(cell) for _, cell in filled[1:])
            if not _is_amount(amount) and not is_unknown(amount):
                values["comment"] = amount
            else:
                values["quantity"] = amount
        record = Record(index + 1, values, self._context())
        self._name(record)
        self.last = [record]
        yield record


def _is_amount(text: str) -> bool:
    try:
        return amount_in(text) is not None
    except InvalidFlowError:
        return False
