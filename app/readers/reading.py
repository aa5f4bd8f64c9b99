"""From the bytes of a file to flows, sites and findings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import PurePath
from types import MappingProxyType

from app.readers.boxes import ticked
from app.readers.corrections import NO_CORRECTIONS, Correction, Corrections
from app.readers.described import missing_columns, tables_read
from app.readers.duplicates import without_doubles
from app.readers.flows import FlowReader
from app.readers.grid import Workbook
from app.readers.guard import OLD_OFFICE, ZIP
from app.readers.keys import named_by_code
from app.readers.lines import assembled
from app.readers.movements import summed
from app.readers.number_marks import with_marks
from app.readers.pivots import levelled
from app.readers.placing import place
from app.readers.record import Findings, Record
from app.readers.result import Finding, ReadResult, UnreadableFileError, unreadable
from app.readers.settled import Settled, settle
from app.readers.sites import Draft, SiteBook
from app.readers.sources import Sheets, with_cells
from app.readers.surroundings import Surroundings
from app.readers.tables import Tables
from app.readers.text_files import read_csv
from app.readers.titles import is_aside, names_a_site
from app.readers.transpose import upright
from app.readers.understanding import TableRead
from app.readers.unpack import unpacked
from app.readers.walk import Walker
from geo.geocoding import Geocoder
from matching.messages import N_, Message
from matching.model import Flow, Site

NOTHING_SETTLED: Settled = MappingProxyType({})
MOST_TABLES = 50


def read_table(
    content: bytes,
    filename: str,
    gazetteer: Geocoder,
    settled: Settled = NOTHING_SETTLED,
    corrections: Corrections = NO_CORRECTIONS,
) -> ReadResult:
    """Read a CSV, TSV, XLSX or ODS file, however messy.

    Parameters
    ----------
    content, filename
        The file; its content tells its format, its name may name the company.
    gazetteer
        Places the sites that have no coordinates.
    settled
        Values to read in place of what some rows hold.
    corrections
        What the layouts that somebody has corrected are.

    Returns
    -------
    ReadResult
        Every flow that could be read; what could not is a finding of severity error. A file that cannot be
        read at all gives ``readable`` False and one finding.
    """
    return placed(read_unplaced(content, filename, settled, corrections), gazetteer)


def placed(result: ReadResult, gazetteer: Geocoder) -> ReadResult:
    """Return a result whose sites are placed where their address tells."""
    flows, sites, found = place(result.flows, result.sites, gazetteer)
    findings = with_cells(ordered([*result.findings, *found]), result.sources)
    return replace(result, flows=flows, sites=sites, findings=findings)


def read_unplaced(
    content: bytes,
    filename: str,
    settled: Settled = NOTHING_SETTLED,
    corrections: Corrections = NO_CORRECTIONS,
) -> ReadResult:
    """Read a file and leave the sites without coordinates unplaced."""
    try:
        return interpret(load(content), filename, settled, corrections)
    except UnreadableFileError as error:
        return unreadable(error)


def load(content: bytes) -> Workbook:
    """Return the sheets of a file, by its content: an archive is a workbook, the rest is text."""
    if content.startswith(OLD_OFFICE):
        text = N_("Old XLS files and workbooks with a password are not read: save the table as XLSX or CSV.")
        raise UnreadableFileError(Message(text))
    if content.startswith(ZIP):
        from app.readers.workbooks import read_workbook

        return read_workbook(content)
    return read_csv(content)


def interpret(
    workbook: Workbook,
    filename: str,
    settled: Settled = NOTHING_SETTLED,
    corrections: Corrections = NO_CORRECTIONS,
) -> ReadResult:
    """Return the flows of sheets; not ``readable`` when nothing looks like flows or sites."""
    findings = Findings()
    for name in workbook.hidden_sheets:
        findings.add("info", name, None, "", Message(N_("This sheet is hidden: it was not read.")))
    records, site_records, sheets = _records(workbook, filename, findings, corrections)
    settle(records, settled)
    named_by_code(records, site_records)
    book = SiteBook(findings)
    drafts = [(record, book.draft(record)) for record in summed(records, findings)]
    for record in site_records:
        book.draft(record)
    flows = _flows(drafts, book, findings)
    sites = tuple(site for draft in book.drafts if (site := book.site(draft)) is not None)
    tables = _tables(sheets, {record.context.sheet for record in records}, corrections, findings)
    if not (flows or sites or sheets.headers or findings.found):
        text = N_("No table of flows was found: a header with at least a company and a label is needed.")
        return replace(unreadable(UnreadableFileError(Message(text))), tables=tables)
    if not flows and not any(finding.severity == "error" for finding in findings.found):
        findings.add("warning", None, None, "", Message(N_("The file holds no flow.")))
    told = ordered(findings.found)
    return ReadResult(tuple(flows), sites, told, True, sheets.sources(records, flows, told), tables)


def _records(
    workbook: Workbook, filename: str, findings: Findings, corrections: Corrections
) -> tuple[list[Record], list[Record], Sheets]:
    records: list[Record] = []
    site_records: list[Record] = []
    tables: dict[str | None, Tables] = {}
    stem = PurePath(filename).stem.replace("_", " ").strip()
    for grid in workbook.grids:
        if grid.name is not None and is_aside(grid.name) and len(workbook.grids) > 1:
            continue
        fallback = stem if names_a_site(stem) else ""
        around = Surroundings(
            with_marks(levelled(upright(assembled(unpacked(ticked(grid)))))), findings, fallback
        )
        tables[grid.name] = Tables(around.grid, corrections)
        walker = Walker(around, tables[grid.name])
        records.extend(walker.records())
        site_records.extend(around.site_records)
    return records, site_records, Sheets(tables)


def _tables(
    sheets: Sheets, read: Collection[str | None], corrections: Corrections, findings: Findings
) -> tuple[TableRead, ...]:
    """Return the tables of the sheets, one a layout, and say which corrected columns they do not have."""
    found: dict[str, TableRead] = {}
    for name, tables in sheets.tables.items():
        for table in tables_read(tables, name in read):
            found.setdefault(table.layout, table)
    for table in found.values():
        for column in missing_columns(table, corrections.get(table.layout, Correction())):
            text = N_("The mapping names a column “{name}” that this table does not have.")
            findings.add("warning", table.sheet, None, "", Message(text, {"name": column}))
    return tuple(found.values())[:MOST_TABLES]


def _flows(drafts: list[tuple[Record, Draft | None]], book: SiteBook, findings: Findings) -> list[Flow]:
    reader = FlowReader(findings)
    flows: list[Flow] = []
    loose: set[int] = set()
    for record, draft in drafts:
        site: Site | None = book.site(draft) if draft is not None else None
        flow = reader.flow(record, site or UNKNOWN_SITE)
        if flow is not None and site is not None:
            if not record.context.strict:
                loose.add(len(flows))
            flows.append(flow)
    return without_doubles(flows, loose, findings)


UNKNOWN_SITE = Site("?")
SEVERITIES = {"error": 0, "warning": 1, "info": 2}


def ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    """Return findings by sheet then row, those about the whole file first, each once."""
    sheets = {name: place for place, name in enumerate(dict.fromkeys(finding.sheet for finding in findings))}
    unique = {(f.severity, f.sheet, f.row, f.field, str(f.message)): f for f in findings}
    return tuple(
        sorted(unique.values(), key=lambda f: (sheets[f.sheet], f.row or 0, SEVERITIES[f.severity], f.field))
    )
