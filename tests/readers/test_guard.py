"""Files that must not hurt: bombs, damage, encryption, foreign formats."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.readers import ReadResult, read_untrusted
from app.readers.guard import MAX_COLUMNS, MAX_INFLATED, MAX_MEMBERS
from geo.geocoding import offline_geocoder
from tests.readers.builders import read, workbook

ROWS = [["Entreprise", "Flux", "Sens", "Quantité"], ["A", "Bois", "Sortant", "1 t/an"]]
GOOD = workbook({"F": ROWS})


def repacked(changes: dict[str, bytes], content: bytes = GOOD) -> bytes:
    """Return a workbook some of whose members are replaced or added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in {*old.namelist(), *changes}:
            new.writestr(name, changes[name] if name in changes else old.read(name))
    return stream.getvalue()


def reason(result: ReadResult) -> str:
    assert not result.readable
    (finding,) = result.findings
    return str(finding.message)


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    bomb = repacked({"xl/media/image1.bin": b"\0" * (MAX_INFLATED + 1)})
    assert len(bomb) < 200_000
    assert "not safe" in reason(read(bomb))


def test_too_many_members_are_refused() -> None:
    assert "not safe" in reason(read(repacked({f"xl/x{number}.bin": b"" for number in range(MAX_MEMBERS)})))


@pytest.mark.parametrize("declaration", [b'<!DOCTYPE x [<!ENTITY a "b">]>', b"<!doctype x>"])
def test_a_document_type_is_refused(declaration: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert "not safe" in reason(read(repacked({"xl/worksheets/sheet1.xml": declaration + sheet})))


def test_a_document_type_across_two_chunks_is_refused() -> None:
    padding = b"<!--" + b"x" * (64 * 1024 - 4 - 4 - 5) + b"-->"
    assert "not safe" in reason(
        read(repacked({"xl/worksheets/sheet1.xml": padding + b"<!DOCTYPE x><worksheet/>"}))
    )


def test_an_encrypted_workbook_is_refused() -> None:
    content = bytearray(GOOD)
    start = content.index(b"PK\x01\x02")
    content[start + 8] |= 1
    assert "password" in reason(read(bytes(content)))


def test_a_truncated_workbook_is_called_damaged() -> None:
    assert "damaged" in reason(read(GOOD[: len(GOOD) // 2]))


def test_an_archive_that_is_no_workbook_is_named() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert "not an XLSX" in reason(read(stream.getvalue()))


def test_an_old_xls_file_is_named() -> None:
    assert "XLS" in reason(read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512))


def test_a_cell_in_the_last_corner_does_not_hurt() -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(GOOD))
    book["F"]["XFD1048576"] = "loin"
    stream = io.BytesIO()
    book.save(stream)
    result = read(stream.getvalue())
    assert [flow.label for flow in result.flows] == ["Bois"]


def test_too_many_columns_are_refused() -> None:
    wide = workbook({"F": [[f"c{number}" for number in range(MAX_COLUMNS + 1)], *ROWS]})
    assert "too large" in reason(read(wide))


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_damaged_byte_never_raises(place: int, noise: bytes) -> None:
    result = read(GOOD[:place] + noise + GOOD[place + len(noise) :])
    assert result.readable or result.errors


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_no_bytes_raise(content: bytes) -> None:
    assert isinstance(read(content, "x.csv"), ReadResult)


@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.text(alphabet=st.characters(exclude_categories=["C"]), max_size=12),
                st.integers(-9, 9**9),
                st.floats(allow_nan=False, allow_infinity=False),
            ),
            max_size=6,
        ),
        max_size=8,
    )
)
@settings(max_examples=40, deadline=None)
def test_no_table_of_cells_raises(rows: list[list[object]]) -> None:
    header: list[object] = ["Entreprise", "Flux", "Sens", "Quantité", "Mois", "GPS"]
    assert isinstance(read(workbook({"F": [header, *rows]})), ReadResult)


def test_a_strangers_file_is_read_in_a_process_of_its_own() -> None:
    result = read_untrusted(GOOD, "f.xlsx", offline_geocoder())
    assert result == read(GOOD)


def test_a_strangers_file_that_takes_too_long_is_given_up() -> None:
    result = read_untrusted(GOOD, "f.xlsx", offline_geocoder(), timeout_s=0.01)
    assert "too much time" in reason(result)


def test_an_unreadable_file_of_a_stranger_is_named_too() -> None:
    assert "damaged" in reason(read_untrusted(GOOD[:200], "f.xlsx", offline_geocoder()))
