"""A sheet as rows of plain cells, whatever file it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

Cell = str | float | int | bool | date | None


# As spreadsheets write the result of a formula that fails, in English and in French.
ERRORS = frozenset(
    "#REF! #N/A #VALUE! #DIV/0! #NAME? #NUM! #NULL! #ERROR! #SPILL! #CALC! "
    "#N/D #VALEUR! #NOM? #NOMBRE! #NUL! #ERREUR! #EPARS! #CALCUL!".split()
)


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet.

    Attributes
    ----------
    name
        The sheet's name, None for a CSV file.
    rows
        Cells by row; index 0 is the spreadsheet's row 1. Text is stripped, empty text is None.
    hidden_rows
        Rows (counted from 1) that somebody hid by hand.
    hidden_columns
        Columns (counted from 1) that somebody hid by hand; their cells are left out.
    spans
        Last column (from 0) of cells merged to the right, by (row from 1, column from 0).
    decimal_dot
        Whether a dot with three digits behind is a decimal point, as in tables made by programs.
    english
        Whether a comma separates thousands, as in "3,400".
    comma_told
        Whether some number shows that a comma is the decimal mark.
    rebuilt
        Whether cells no longer stand where the file has them, so that nobody is sent to look there.
    turned
        Whether rows and columns changed places since the file: the table lay on its side.
    """

    name: str | None
    rows: Sequence[Sequence[Cell]]
    hidden_rows: frozenset[int] = frozenset()
    spans: Mapping[tuple[int, int], int] = field(default_factory=dict)
    decimal_dot: bool = False
    hidden_columns: frozenset[int] = frozenset()
    turned: bool = False
    rebuilt: bool = False
    english: bool = False
    comma_told: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a file, and the names of those that were left out because they are hidden."""

    grids: tuple[Grid, ...]
    hidden_sheets: tuple[str, ...] = ()


def text_of(cell: Cell) -> str:
    """Return a cell as text: whole numbers without a decimal point, dates in ISO form."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return cell.isoformat()[:10] if isinstance(cell, date) else str(cell)
