"""A hundred texts that some spreadsheet program would run, and what reopens our files to look for them."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import zipfile
from contextlib import closing
from itertools import product
from pathlib import Path

import openpyxl
from pypdf import PdfReader

BODIES = (
    "=1+1", "=cmd|'/C calc'!A0", '=HYPERLINK("http://127.0.0.1/?"&A1,"voir")', "=WEBSERVICE(A1)",
    "+SUM(A1:A9)", "-2+3+cmd|'/C calc'!A0", "@SUM(1+1)", '=IMPORTXML(A1,"//a")',
    '=DDE("soffice";"x";"y")',
    "＝1+1", "＋1+1", "－1+1", "＠SUM(1)",
)  # fmt: skip
AROUND = ("{}", " {}", "\t{}", "x;{}", "x\t{}", 'x"{}', "x\n{}", "'{}")
LINKS = ("http://127.0.0.1/piege", "mailto:x@exemple.fr", "file:///etc/passwd", "javascript:alert(1)")
PAYLOADS = tuple(
    [around.format(body) for around, body in product(AROUND, BODIES)][: 100 - len(LINKS)] + list(LINKS)
)
STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
ACTIVE = ("/OpenAction", "/AA", "/JavaScript", "/EmbeddedFiles")


def live_in_csv(content: bytes) -> list[str]:
    """Return the cells that a spreadsheet would run, whichever separator it cuts lines at."""
    text = content.decode()
    found = []
    for delimiter in (",", ";", "\t", ",;"):
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter[0])
        cells = [cell for row in lines for cell in row]
        if len(delimiter) > 1:
            # As LibreOffice proposes: at both, where a cell is not quoted.
            cells = [part for cell in cells for part in cell.split(delimiter[1])]
        # A program that drops quotes and blanks around a cell.
        found += [
            cell
            for cell in (raw.strip(' "') for raw in cells)
            if cell.startswith(STARTS) and not NUMBER.fullmatch(cell)
        ]
    return found


def live_in_workbook(content: bytes) -> list[str]:
    """Return what is live in a workbook: formulas, links, connections, programs."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            page = archive.read(name).decode(errors="replace")
            if name.startswith(("xl/externalLinks", "xl/connections")) or name.endswith(".bin"):
                found.append(name)
            if name.startswith("xl/worksheets/") and re.search(
                r"<(?:\w+:)?(?:f|hyperlink|oleObject)[ >]", page
            ):
                found.append(name)
            if name.endswith(".rels") and 'TargetMode="External"' in page:
                found.append(name)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    found += [f"{cell.coordinate} {cell.value}" for cell in cells if cell.data_type == "f" or cell.hyperlink]
    return found


def texts_in_workbook(content: bytes) -> set[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}


def live_in_pdf(content: bytes) -> list[str]:
    """Return the actions and links of a PDF: those of its pages, and those done when it is opened."""
    reader = PdfReader(io.BytesIO(content))
    root = reader.root_object
    names = root.get("/Names", {})
    found = [key for key in ACTIVE if key in root or key in names]
    for page in reader.pages:
        found += [key for key in ("/AA",) if key in page]
        found += [str(note.get_object().get("/A", note)) for note in page.get("/Annots", [])]
    return found


def live_in_geopackage(content: bytes, folder: Path) -> list[str]:
    """Return the programs of a GeoPackage that hold one of our texts."""
    file = folder / "layers.gpkg"
    file.write_bytes(content)
    with closing(sqlite3.connect(file)) as base:
        programs = [
            str(row[0])
            for row in base.execute("SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'view')")
        ]
        return [text for text in programs if any(payload in text for payload in PAYLOADS)]
