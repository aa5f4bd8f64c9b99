"""The cells that rows were read from, with their text as it stands in the file and what it was taken for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xlsxwriter.utility import xl_col_to_name

from app.readers.grid import Cell, Grid, text_of
from app.readers.headers import SITE_FIELDS
from app.readers.provenance import TOGETHER, sureness_of, understood
from app.readers.record import Record
from app.readers.result import Finding, Source
from app.readers.tables import Tables
from matching.model import Flow

# Rows whose cells are kept: the first ones, and as many that have findings.
MOST_ROWS = 2_000
LONGEST_TEXT = 200
MOST_ABOVE = 200  # A company's cell is looked for in so many rows above those that leave theirs blank.
GUESSED = ("direction", "kind")  # Told even when no cell says them.
Place = tuple[str | None, int]
Sources = Mapping[Place, tuple[Source, ...]]


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets as they were read, by name."""

    tables: Mapping[str | None, Tables]

    @property
    def headers(self) -> int:
        """How many headers were found."""
        return sum(len(tables.found) for tables in self.tables.values())

    def sources(
        self, records: Sequence[Record], flows: Sequence[Flow], findings: Sequence[Finding]
    ) -> dict[Place, tuple[Source, ...]]:
        """Return the cells of the first rows and of those with findings, by sheet and row."""
        wanted: dict[Place, list[Finding]] = {(flow.sheet, flow.row or 0): [] for flow in flows[:MOST_ROWS]}
        for finding in findings:
            at = (finding.sheet, finding.row or 0)
            if finding.row is not None and (at in wanted or len(wanted) < 2 * MOST_ROWS):
                wanted.setdefault(at, []).append(finding)
        read: dict[Place, list[Flow]] = {}
        for flow in flows:
            if (at := (flow.sheet, flow.row or 0)) in wanted:
                read.setdefault(at, []).append(flow)
        found: dict[Place, dict[tuple[str, str], Source]] = {}
        for record in records:
            at = (record.context.sheet, record.row)
            if at in wanted:
                cells = found.setdefault(at, {})
                for source in self._told(record, wanted[at], read.get(at, [])):
                    cells.setdefault((source.cell, source.field if not source.cell else ""), source)
        return {at: tuple(cells.values()) for at, cells in found.items() if cells}

    def _told(self, record: Record, findings: Sequence[Finding], flows: Sequence[Flow]) -> Iterator[Source]:
        """Yield the cells of a record with how sure they are and what was understood."""
        sure, flow = sureness_of(findings), _flow_of(record, flows)
        named = set()
        for source in self._of(record):
            named.add(source.field)
            said = understood(flow, source.field, source.text) if flow is not None else ""
            yield replace(source, sure=sure.get(source.field, "read"), understood=said)
        for name in GUESSED:
            if flow is not None and name not in named and (said := understood(flow, name, "")):
                yield Source(name, "", "", "guessed", said)

    def _of(self, record: Record) -> Iterable[Source]:
        tables = self.tables.get(record.context.sheet)
        if tables is None or tables.grid.rebuilt or not 0 < record.row <= len(tables.grid.rows):
            return
        spots = _spots(record, tables)
        for name, (row, place) in spots.items():
            text = text_of(tables.grid.rows[row - 1][place])
            yield Source(name, cell_name(tables.grid, row, place), text[:LONGEST_TEXT])


def _flow_of(record: Record, flows: Sequence[Flow]) -> Flow | None:
    """Return the flow that a record became, of those of its row."""
    label = " ".join(text_of(record.values.get("label")).split())
    alike = [flow for flow in flows if flow.label == label]
    return alike[0] if alike else flows[0] if len(flows) == 1 else None


def _spots(record: Record, tables: Tables) -> dict[str, tuple[int, int]]:
    """Return the row (from 1) and the place of the cell of each field of a record."""
    row = tables.grid.rows[record.row - 1]
    columns = tables.column_fields(record.row)
    free = [place for place, cell in enumerate(row) if cell is not None]
    spots: dict[str, tuple[int, int]] = {}
    for name, value in record.values.items():
        own = columns.get(name, [])
        tried = [place for place in own if place in free] + [place for place in free if place not in own]
        place = next((place for place in tried if _same(row[place], value)), None)
        if place is None and len(own) == 1 and own[0] in free:
            place = own[0]  # Somebody typed the right value, or it was joined to others.
        if place is not None:
            free.remove(place)
            spots[name] = record.row, place
        elif (spot := _elsewhere(name, value, record, tables, own)) is not None:
            spots[name] = spot
    if "label" in record.values and "label" not in spots:
        spot = _titled(record, tables, spots) or _listing(record, columns.get("label", []), row)
        if spot is not None:
            spots["label"] = spot
    return spots


def _titled(record: Record, tables: Tables, spots: Mapping[str, tuple[int, int]]) -> tuple[int, int] | None:
    """Return the title that names what a quantity of a matrix is of."""
    header = tables.header_of(record.row)
    if header is None or not header.matrix or not header.row or "quantity" not in spots:
        return None
    return header.row, spots["quantity"][1]


def _listing(record: Record, own: Sequence[int], row: Sequence[Cell]) -> tuple[int, int] | None:
    """Return the cell that lists a label among others."""
    label = text_of(record.values["label"])
    inside = [place for place in own if place < len(row) and label and label in text_of(row[place])]
    return (record.row, inside[0]) if inside else None


def _elsewhere(
    name: str, value: Cell, record: Record, tables: Tables, own: Sequence[int]
) -> tuple[int, int] | None:
    """Return where a field stands when its row leaves it out: above, or in another line of a form."""
    rows = tables.grid.rows
    if name in SITE_FIELDS:
        for number in range(record.row - 1, max(record.row - MOST_ABOVE, 0), -1):
            for place in own:
                if place < len(rows[number - 1]) and _same(rows[number - 1][place], value):
                    return number, place
    answer = text_of(value)
    after = [one for one in tables.questions if one.field == name and one.answer == answer]
    for question in sorted(after, key=lambda one: abs(one.row - record.row)):
        for place, cell in enumerate(rows[question.row - 1]):
            if cell is not None and _ends_with(text_of(cell), answer):
                return question.row, place
    return None


def _ends_with(text: str, answer: str) -> bool:
    return bool(answer) and text.rstrip().endswith(answer)


def _same(cell: Cell, value: Cell) -> bool:
    if cell is value:
        return True
    return isinstance(cell, str) and isinstance(value, str) and " ".join(cell.split()) == value


def cell_name(grid: Grid, row: int, place: int) -> str:
    """Return a cell's name (``C7``) by its row from 1 and its place from 0, as in the file."""
    return f"{xl_col_to_name(row - 1)}{place + 1}" if grid.turned else f"{xl_col_to_name(place)}{row}"


def with_cells(findings: Sequence[Finding], sources: Sources) -> tuple[Finding, ...]:
    """Return findings with the cell that each is about, where it is known."""
    return tuple(
        finding
        if finding.row is None or not finding.field
        else replace(finding, cell=_cell_of(finding, sources.get((finding.sheet, finding.row), ())))
        for finding in findings
    )


def _cell_of(finding: Finding, sources: Sequence[Source]) -> str:
    names = [finding.field, *sorted(TOGETHER.get(finding.field, ()))]
    cells = {source.field: source.cell for source in reversed(sources)}
    return next((cells[name] for name in names if cells.get(name)), "")
