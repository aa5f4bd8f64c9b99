"""The tables that were found in a file, column by column: what each was taken for, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

How = Literal["exact", "guessed", "corrected", "ignored"]
Shape = Literal["table", "contract", "matrix", "turned", "questions", "list", "unknown"]

# A column whose title names a thing and whose cells are its amounts ("Cartons (t/an)"): no contract field.
AMOUNT = "amount"
# Fields that a column may be corrected to, in the order to offer them; "" leaves the column out.
FIELDS = (
    "site",
    "company",
    "site_code",
    "siret",
    "naf",
    "address",
    "postcode",
    "city",
    "postcode_city",
    "lon",
    "lat",
    "coordinates",
    "employees",
    "park",
    "contact",
    "direction",
    "kind",
    "label",
    AMOUNT,
    "quantity",
    "unit",
    "period",
    "months",
    "waste_code",
    "temperature_c",
    "concentration_pct",
    "moisture_pct",
    "pressure_bar",
    "state",
    "dimensions",
    "unit_cost_eur",
    "legal_status",
    "hazardous",
    "available_from",
    "available_until",
    "min_lot",
    "capacity",
    "storage_max",
    "good_share_pct",
    "destination",
    "weekdays",
    "contract_end",
    "due_date",
    "collected_on",
    "moved_on",
    "source",
    "visibility",
    "reliability",
    "comment",
    "resource",
)


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """One column of a table, or one question of a questionnaire.

    Attributes
    ----------
    place
        The column's letters (``C``); for a question, or a table on its side, its row (``7``; ``7.2`` for the
        second question of one row).
    title
        The title as it stands in the file; empty when there is none.
    field
        What it was taken for: one of ``FIELDS``, or ``mark`` (a tick or an amount under a direction), or
        ``month`` (the amounts of one month); empty when it is not used.
    how
        ``exact``: the title says so; ``guessed``: from part of the title or from the cells;
        ``corrected``: somebody said so; ``ignored``: not used.
    direction, unit, period
        What the title or a correction fixes for the cells: ``input`` or ``output``, a unit, ``year``,
        ``month``, ``week``, ``day`` or ``once``; empty when they do not.
    samples
        The first filled cells, three at most, as they stand in the file.
    """

    place: str
    title: str
    field: str
    how: How
    direction: str = ""
    unit: str = ""
    period: str = ""
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableRead:
    """One table of a file; a header that comes back on each page, or sheets of one form, count once each.

    Attributes
    ----------
    sheet
        The sheet's name, None for a CSV file.
    row
        The row of the titles, counted from 1; 0 when the table has none.
    layout
        The signature of the layout: the same for another file with the same titles, whatever its rows,
        its name and the lines above the titles.
    shape
        ``table``; ``contract``: the titles are the contract's own; ``matrix``: one column a thing;
        ``turned``: one row a title, one column a flow; ``questions``: a questionnaire; ``list``: rows under a
        section's title; ``unknown``: too little was recognised to read it, the columns wait for a correction.
    columns
        Every column that has a title or cells, those that are not used included.
    found_row
        The row where titles were found before any correction; a corrected ``header_shift`` counts from it.
    ignored
        Whether somebody said to leave the table out.
    direction
        The direction that a correction gives to rows that say none; else empty.
    """

    sheet: str | None
    row: int
    layout: str
    shape: Shape
    columns: tuple[ColumnRead, ...]
    found_row: int = 0
    ignored: bool = False
    direction: str = ""

    @property
    def corrected(self) -> bool:
        """Whether somebody corrected anything of this table."""
        by_hand = any(column.how == "corrected" for column in self.columns)
        return self.ignored or bool(self.direction) or self.row != self.found_row or by_hand

    def to_plain(self) -> dict[str, Any]:
        """Return the table as JSON keeps it, without any language."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "found_row": self.found_row,
            "layout": self.layout,
            "shape": self.shape,
            "corrected": self.corrected,
            "ignored": self.ignored,
            "direction": self.direction,
            "columns": [
                {
                    "place": column.place,
                    "title": column.title,
                    "field": column.field,
                    "how": column.how,
                    "direction": column.direction,
                    "unit": column.unit,
                    "period": column.period,
                    "samples": list(column.samples),
                }
                for column in self.columns
            ],
        }
