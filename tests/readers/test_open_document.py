"""OpenDocument spreadsheets: read as XLSX are, behind the same guard."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.readers import reading
from app.readers.guard import MAX_COLUMNS, MAX_ROWS
from app.readers.result import UnreadableFileError
from app.readers.untrusted import read_untrusted
from geo.geocoding import offline_geocoder
from tests.readers.builders import read

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style")
)
MIME = "application/vnd.oasis.opendocument.spreadsheet"
STRING = 'office:value-type="string"'
COLUMNS = (
    '<table:table-column table:number-columns-repeated="4"/><table:table-column table:visibility="collapse"/>'
)
HEADER = ("Entreprise", "Libellé", "Sens", "Quantité (t/an)")


def text(value: str, attributes: str = "") -> str:
    """Return a cell of text."""
    return f"<table:table-cell {STRING} {attributes}><text:p>{value}</text:p></table:table-cell>"


def number(value: float, kind: str = "float") -> str:
    """Return a cell that holds a number."""
    told = f'office:value-type="{kind}" office:value="{value}"'
    return f"<table:table-cell {told}><text:p>?</text:p></table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    """Return a row."""
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


HEADER_ROW = row(*map(text, HEADER))


def document(body: str, styles: str = "", mime: str = MIME, manifest: str = "") -> bytes:
    """Return the bytes of a spreadsheet with these tables."""
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mime)
        archive.writestr("content.xml", content)
        if manifest:
            archive.writestr("META-INF/manifest.xml", manifest)
    return stream.getvalue()


def sheet(*rows: str, name: str = "Flux", attributes: str = "", columns: str = "") -> str:
    """Return a table."""
    return f'<table:table table:name="{name}" {attributes}>{columns}{"".join(rows)}</table:table>'


def flow(label: str, amount: float, attributes: str = "") -> str:
    """Return the row of an output."""
    return row(text("Alpha"), text(label), text("sortant"), number(amount), attributes=attributes)


def told(content: bytes) -> list[tuple[str, int | None, float]]:
    """Return the label, row and quantity of each flow."""
    flows = read(content, "flux.ods").flows
    return [(one.label, one.row, one.quantity.value.middle if one.quantity else 0.0) for one in flows]


def test_a_spreadsheet_is_read_with_its_numbers_and_its_rows() -> None:
    assert told(document(sheet(HEADER_ROW, flow("Carton", 12.5), flow("Bois", 3)))) == [
        ("Carton", 2, 12.5),
        ("Bois", 3, 3.0),
    ]


def test_it_is_read_in_the_limited_process_too() -> None:
    content = document(sheet(HEADER_ROW, flow("Carton", 12)))
    result = read_untrusted(content, "flux.ods", offline_geocoder())
    assert [one.label for one in result.flows] == ["Carton"]


def test_blank_rows_that_are_repeated_keep_the_numbers_of_those_below() -> None:
    blank = row(
        '<table:table-cell table:number-columns-repeated="1024"/>',
        attributes='table:number-rows-repeated="7"',
    )
    assert told(document(sheet(HEADER_ROW, blank, flow("Carton", 1)))) == [("Carton", 9, 1.0)]


def test_a_million_blank_rows_at_the_end_cost_nothing() -> None:
    blank = row("<table:table-cell/>", attributes='table:number-rows-repeated="1048000"')
    assert len(told(document(sheet(HEADER_ROW, flow("Carton", 1), blank, flow("Loin", 1))))) == 1


def test_hidden_rows_columns_and_sheets_are_told_and_not_read() -> None:
    styles = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    seen = sheet(
        row(*map(text, (*HEADER, "Commentaire"))),
        flow("Caché", 1, 'table:visibility="collapse"'),
        flow("Filtré", 2, 'table:visibility="filter"'),
        row(text("Alpha"), text("Carton"), text("sortant"), number(3), text("secret")),
        columns=COLUMNS,
    )
    old = sheet(HEADER_ROW, flow("Bois", 3), name="Vieux", attributes='table:style-name="ta2"')
    result = read(document(seen + old, styles), "flux.ods")
    assert [(one.label, one.comment) for one in result.flows] == [("Filtré", ""), ("Carton", "")]
    assert {finding.row for finding in result.findings if "hidden" in str(finding.message)} == {2, None}


def test_merged_cells_dates_percentages_notes_and_broken_formulas_are_understood() -> None:
    note = "<office:annotation><text:p>note</text:p></office:annotation>"
    merged = 'table:number-rows-spanned="2" table:number-columns-spanned="1"'
    covered = "<table:covered-table-cell/>"
    titles = row(
        *map(text, ("Entreprise", "Libellé", "Sens", "Quantité (t/an)", "Humidité %", "Disponible dès"))
    )
    label = (
        f'<table:table-cell {STRING}>{note}<text:p>Bois<text:s text:c="1"/>sec</text:p></table:table-cell>'
    )
    day = '<table:table-cell office:value-type="date" office:date-value="2025-03-01"/>'
    broken = text("Err:502")
    first = row(text("Alpha", merged), label, text("sortant"), broken, number(0.2, "percentage"), day)
    second = row(covered, text("Sciure"), text("sortant"), number(4))
    result = read(document(sheet(titles, first, second)), "flux.ods")
    wood, dust = result.flows
    assert (wood.label, wood.quantity, str(wood.available_from)) == ("Bois sec", None, "2025-03-01")
    assert wood.moisture_pct is not None
    assert wood.moisture_pct.middle == 20
    assert (dust.site.name, dust.label) == ("Alpha", "Sciure")
    assert any("#VALUE!" in str(finding.message.params) for finding in result.findings)


WIDE = sheet(row(text("x", f'table:number-columns-repeated="{MAX_COLUMNS + 1}"')))
LONG = sheet(row(text("x"), attributes=f'table:number-rows-repeated="{MAX_ROWS + 1}"'))
FILLED = row(
    text("x", 'table:number-columns-repeated="200"'), attributes='table:number-rows-repeated="190000"'
)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (document(sheet(HEADER_ROW), mime="application/vnd.oasis.opendocument.text"), "XLSX or ODS"),
        (document(sheet(HEADER_ROW), manifest="<m><encryption-data/></m>"), "password"),
        (document("<table:table>"), "damaged"),
        (document('<!DOCTYPE x [<!ENTITY a "b">]>' + sheet(HEADER_ROW)), "not safe"),
        (document(WIDE), "too large"),
        (document(LONG), "too large"),
        (document(sheet(FILLED)), "too large"),
    ],
    ids=["a text", "encrypted", "damaged", "entities", "wide", "long", "filled without measure"],
)
def test_what_is_no_safe_spreadsheet_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        reading.load(content)
    assert reason in str(refused.value.message)
