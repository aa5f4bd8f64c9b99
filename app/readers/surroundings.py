"""What surrounds the rows of a sheet: whose they are, and what the section's title says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_col_to_name

from app.readers.grid import Cell, Grid, text_of
from app.readers.headers import SITE_FIELDS
from app.readers.legends import company_told, same_sign, signs_told, unit_told, without_unit
from app.readers.number_marks import marks_of
from app.readers.record import Context, Findings, Record
from app.readers.titles import named_in_title, names_a_site, section_of, sheet_direction, sheet_kind
from app.readers.units import Rhythm
from app.readers.vocabulary import plain, sole_direction
from matching.messages import N_, Message
from matching.model import Direction, Kind

MAX_NAME = 60
DOCUMENT_WORDS = re.compile(
    r"\b(?:diagnostic|flux|dechets?|ressources?|synergies?|inventaire|bilan|tableau|suivi"
    r"|questionnaire|atelier|liste|registre|enlevements?|collectes?|visites?|tonnages?)\b"
)
NAMES = frozenset({"site", "company", "site_code"})
# What a line above a table of several companies says of all of them.
COMMON = frozenset({"collected_on", "source", "park"})


@dataclass(slots=True)
class Surroundings:
    """Carried from row to row.

    Attributes
    ----------
    told
        What "Entreprise : X" lines and titles said since the last company.
    site
        The site cells of the last row that had a company, for rows that leave them blank.
    last
        The records that the next answers of a questionnaire complete.
    unit, rhythm
        What a line above says of all quantities ("en tonnes par an").
    signs
        What a legend says that "+" or "S" means.
    in_section
        Whether a section's title was met, under which lines can be a list.
    bulleted
        Whether the last line of a list had a bullet: one without is then no further one.
    """

    grid: Grid
    findings: Findings
    fallback_site: str = ""
    direction: Direction | None = None
    kind: Kind | None = None
    told: dict[str, Cell] = field(default_factory=dict)
    site: dict[str, Cell] = field(default_factory=dict)
    last: list[Record] = field(default_factory=list)
    site_records: list[Record] = field(default_factory=list)
    unit: str = ""
    rhythm: Rhythm | None = None
    signs: dict[str, Direction] = field(default_factory=dict)
    in_section: bool = False
    bulleted: bool = False

    def __post_init__(self) -> None:
        name = self.grid.name or ""
        self.direction, self.kind = sheet_direction(name), sheet_kind(name)
        for column in sorted(self.grid.hidden_columns):
            text = N_("Column {letters} is hidden: it was not read. Show it if it counts.")
            message = Message(text, {"letters": xl_col_to_name(column - 1)})
            self.findings.add("warning", self.grid.name, None, "", message)

    def context(self) -> Context:
        """Return the context of the next record."""
        return Context(
            self.grid.name,
            False,
            marks_of(self.grid),
            self.direction,
            self.kind,
            self.unit,
            self.rhythm,
            self.grid.comma_told,
        )

    def note_legend(self, text: str) -> bool:
        """Remember the unit or the signs that a line tells; True when it is a legend and nothing else."""
        unit, rhythm = unit_told(text)
        if unit:
            self.unit, self.rhythm = unit, rhythm
        signs = signs_told(text)
        self.signs |= signs
        return bool(signs)

    def enter_section(self, text: str) -> bool:
        """Take a section's title into account; False when the text is none."""
        section = section_of(without_unit(text))
        if section is None:
            return False
        self.direction = section[0] or self.direction
        self.kind = section[1]
        self.in_section, self.bulleted = True, False
        self.last = []
        return True

    def note_title(self, text: str) -> None:
        """Remember a lone cell above any table: it can name the company, or tell the direction of all."""
        if self.note_legend(text):
            return
        if self.direction is None and len(text) <= 2 * MAX_NAME:
            self.direction = sole_direction(text)
        if not self.told.keys() & NAMES and (company := company_told(text)):
            self.enter_company(company)
        elif named := named_in_title(text):
            self.told.setdefault("title", named)
        elif self._may_name(text):
            self.told.setdefault("heading", text)

    def enter_company(self, company: dict[str, str]) -> None:
        """Begin the block of a company that a line names with its town."""
        self.next_company()
        self.told.update(company)

    def _may_name(self, text: str) -> bool:
        short = not self.told and len(text) <= MAX_NAME and ":" not in text
        return short and names_a_site(text) and not DOCUMENT_WORDS.search(plain(text))

    def told_site(self) -> dict[str, Cell]:
        """Return what is known of the site of a row that says nothing of it."""
        return {name: cell for name, cell in {**self.told, **self.site}.items() if name in SITE_FIELDS}

    def has_site(self) -> bool:
        """Tell whether something names the company of the rows to come."""
        named = bool(self.told.keys() & {"title", "heading"}) or names_a_site(self.grid.name or "")
        return named or bool(self.told_site().keys() & NAMES)

    def carry(self, record: Record, own: dict[str, Cell]) -> None:
        """Let a row with blank company cells (``own`` names none) belong to the company above."""
        direction = record.values.get("direction")
        if self.signs and direction is not None and (said := self.signs.get(same_sign(text_of(direction)))):
            record.values["direction"] = said.value
        if own.keys() & NAMES:
            for name in COMMON & self.told.keys():
                record.values.setdefault(name, self.told[name])
            self.site = own
            return
        for name, cell in self.told_site().items():
            record.values.setdefault(name, cell)
        self.name(record)

    def name(self, record: Record) -> None:
        """Name the site after the title, the sheet or the file when nothing else does."""
        if record.values.keys() & NAMES:
            return
        sheet = (self.grid.name or "").strip()
        heading = text_of(self.told.get("heading"))
        name = text_of(self.told.get("title")) or (sheet if names_a_site(sheet) else heading)
        name = name or self.fallback_site
        if name:
            record.values["company"] = name
            text = N_("No company in the table: “{name}” was taken from the title, the sheet or the file.")
            self.findings.on(record, "info", "site", Message(text, {"name": name}))

    def next_company(self) -> None:
        """Close the block of a company: what follows is another's."""
        if self.told.keys() & NAMES:
            self.site_records.append(Record(1, self.told_site(), self.context()))
        self.told, self.site, self.last = {}, {}, []
