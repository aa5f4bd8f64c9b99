"""What a file may weigh before any library opens it."""

from __future__ import annotations

import io
import zipfile
import zlib

from app.readers.result import UnreadableFileError
from matching.messages import N_, Message

MAX_ROWS = 200_000
MAX_COLUMNS = 300
MAX_MEMBERS = 2_000
MAX_INFLATED = 64 * 1024 * 1024
CHUNK = 64 * 1024
ENCRYPTED_FLAG = 0x1
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK"
OPEN_SHEET = b"application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = "META-INF/manifest.xml"
PROTECTED = N_("The workbook is protected by a password: save it without.")


def too_many() -> UnreadableFileError:
    """Return the error of a table with too many rows or columns."""
    text = N_("The table is too large: {rows} rows and {columns} columns at most in a sheet.")
    return UnreadableFileError(Message(text, {"rows": MAX_ROWS, "columns": MAX_COLUMNS}))


def check_workbook(content: bytes) -> None:
    """Refuse an archive that is damaged, encrypted, not a workbook, or that inflates without measure.

    Every member is inflated once, counting real bytes: sizes written in the archive are not believed.

    Raises
    ------
    UnreadableFileError
        With the reason.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise _refused()
            if any(member.flag_bits & ENCRYPTED_FLAG for member in members):
                raise UnreadableFileError(Message(PROTECTED))
            names = {member.filename for member in members}
            if "xl/workbook.xml" not in names and not _is_open_document(archive, names):
                raise UnreadableFileError(
                    Message(N_("This is not an XLSX or ODS workbook: save the table as XLSX, ODS or CSV."))
                )
            if len(names) != len(members):
                raise _refused()
            _inflate(archive, members)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
    ) as error:
        raise UnreadableFileError(
            Message(N_("The workbook is damaged: open it and save it again."))
        ) from error
    except RuntimeError as error:
        raise _refused() from error


def is_open_document(content: bytes) -> bool:
    """Tell whether an archive that the guard let through is an OpenDocument spreadsheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "xl/workbook.xml" not in archive.namelist()


def _is_open_document(archive: zipfile.ZipFile, names: set[str]) -> bool:
    """Tell whether an archive says that it is a spreadsheet of OpenDocument.

    Raises
    ------
    UnreadableFileError
        If its content is encrypted, which only its manifest tells.
    """
    if not {"mimetype", "content.xml"} <= names:
        return False
    with archive.open("mimetype") as stream:
        if not stream.read(CHUNK).startswith(OPEN_SHEET):
            return False
    if MANIFEST in names:
        with archive.open(MANIFEST) as stream:
            if b"encryption-data" in stream.read(CHUNK):
                raise UnreadableFileError(Message(PROTECTED))
    return True


def _inflate(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    total = 0
    for member in members:
        head = b""
        with archive.open(member) as stream:
            while chunk := stream.read(CHUNK):
                total += len(chunk)
                if total > MAX_INFLATED:
                    raise _refused()
                if member.filename.lower().endswith((".xml", ".rels")):
                    _refuse_doctype(head[-16:] + chunk)
                    head = chunk


def _refuse_doctype(chunk: bytes) -> None:
    upper = chunk.replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in upper or b"<!ENTITY" in upper:
        raise _refused()


def _refused() -> UnreadableFileError:
    return UnreadableFileError(
        Message(N_("The workbook is not safe to open: save its table as a new, simple file."))
    )
