"""The table of a master class: who applies for which post, and how each ranks the other."""

from __future__ import annotations

from collections.abc import Sequence

from app.readers.grid import Cell, text_of
from app.readers.reading import load
from app.readers.result import UnreadableFileError
from app.readers.vocabulary import plain
from matching.messages import N_, Message
from matching.planning.masterclass_model import Application

# Each column by its titles as ``plain`` writes them.
COLUMNS = {
    "candidate": ("candidate", "candidat", "personne"),
    "site": ("site", "entreprise", "company"),
    "label": ("label", "post", "poste", "libelle"),
    "wish": ("wish", "voeu", "choix"),
    "company_rank": ("company rank", "rang", "rang de l entreprise", "classement"),
}
NEEDED = ("candidate", "site")


def read_applications(content: bytes) -> tuple[Application, ...]:
    """Return the applications of the first sheet of a CSV or XLSX file, in the order of its rows.

    Raises
    ------
    UnreadableFileError
        If it is no table, a needed column is missing, or a row lacks its candidate or site, or ranks by
        something else than a whole number from 1.
    """
    grid = load(content).grids[0]
    rows = [(i, row) for i, row in enumerate(grid.rows, start=1) if any(cell is not None for cell in row)]
    places = _places(rows[0][1])
    return tuple(_application(number, row, places) for number, row in rows[1:])


def _places(titles: Sequence[Cell]) -> dict[str, int]:
    """Return where each column stands."""
    said = [plain(text_of(title)) for title in titles]
    found = {
        name: said.index(title) for name, known in COLUMNS.items() for title in known[::-1] if title in said
    }
    missing = [name for name in NEEDED if name not in found]
    if missing:
        text = N_("The table of candidates has no column “{column}”.")
        raise UnreadableFileError(Message(text, {"column": missing[0]}))
    return found


def _application(number: int, row: Sequence[Cell], places: dict[str, int]) -> Application:
    cells = {name: text_of(row[i]).strip() if i < len(row) else "" for name, i in places.items()}
    for name in NEEDED:
        if not cells[name]:
            text = N_("Row {row} of the candidates: fill in “{column}”.")
            raise UnreadableFileError(Message(text, {"row": number, "column": name}))
    return Application(
        candidate=cells["candidate"],
        site=cells["site"],
        label=cells.get("label", ""),
        wish=_rank(number, cells.get("wish", "")),
        company_rank=_rank(number, cells.get("company_rank", "")),
    )


def _rank(number: int, text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        message = N_("Row {row} of the candidates: “{value}” is not a rank, a whole number from 1.")
        raise UnreadableFileError(Message(message, {"row": number, "value": text}))
    return int(text)
