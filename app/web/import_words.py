"""Values of a file as people write them: what a field held before and holds after, what was understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.readers.understanding import FIELDS as COLUMNS
from app.web import wording
from app.web.figures import FIXED, Figures
from matching.messages import N_
from matching.model import Period, Quantity, Range

GROUPS: Mapping[str, str] = {
    "refused": N_("To correct"),
    "guessed": N_("To check"),
    "understood": N_("Understood"),
    "aside": N_("Not flows"),
}
STEPS: Mapping[str, str] = {
    "waiting": N_("Waiting for its turn"),
    "reading": N_("Reading the file"),
    "storing": N_("Storing the flows"),
    "matching": N_("Looking for synergies"),
}
STATES: Mapping[str, tuple[str, str]] = {
    "running": (N_("Under way"), ""),
    "stored": (N_("Stored"), "on"),
    "refused": (N_("Refused"), "stopped"),
    "failed": (N_("Failed"), "stopped"),
    "undone": (N_("Undone"), "stopped"),
}
FIELDS: Mapping[str, str] = {
    **wording.FIELDS,
    "name": N_("Name"),
    "place": N_("Place"),
    "park": N_("Activity park"),
    "employees": N_("Employees"),
    "state": N_("Condition"),
    "dimensions": N_("Dimensions"),
    "available_from": N_("Available from"),
    "available_until": N_("Available until"),
    "min_lot": N_("Smallest lot"),
    "capacity": N_("Capacity"),
    "storage_max": N_("Storage"),
    "destination": N_("Destination"),
    "weekdays": N_("Days of the week"),
    "contract_end": N_("End of the contract"),
    "due_date": N_("Due date"),
    "contact": N_("Person to call"),
    "collected_on": N_("Collected on"),
    "source": N_("Source"),
    "pressure_bar": N_("Pressure"),
    "good_share_pct": N_("Usable share"),
    "visibility": N_("Visibility"),
    "naf": N_("Activity code (NAF)"),
    "site_code": N_("Code of the company, explained in another sheet"),
    "postcode_city": N_("Postcode and city"),
    "coordinates": N_("Coordinates"),
    "amount": N_("Amounts of what the title names"),
    "moved_on": N_("Date of the load"),
    "mark": N_("Tick"),
    "month": N_("Amounts of one month"),
}
CODES: Mapping[str, Mapping[Any, str]] = {
    "direction": wording.DIRECTIONS,
    "kind": wording.FLOW_KINDS,
    "legal_status": wording.LEGAL_STATUSES,
    "reliability": wording.RELIABILITIES,
    "hazardous": {True: N_("Yes"), False: N_("No")},
}


class ImportWords:
    """Says the values of files in one language."""

    groups, steps, states, columns = GROUPS, STEPS, STATES, COLUMNS

    def __init__(self, language: str) -> None:
        self._figures = Figures(language)

    def field(self, name: str) -> str:
        """Return what a field is called."""
        return self._figures.text(FIELDS[name]) if name in FIELDS else name

    def value(self, name: str, value: Any) -> str:
        """Return a value of a field, empty when there is none."""
        if value is None or value == "":
            return ""
        if name == "quantity":
            return self.quantity(value)
        if name == "place":
            return f"{value['lat']:.4f}, {value['lon']:.4f}"
        if name in CODES:
            known = CODES[name].get(value)
            return str(value) if known is None else self._figures.text(known)
        if name == "months":
            return self._figures.months(frozenset(int(month) for month in str(value).split(",")))
        if isinstance(value, Mapping):
            return self._figures.cell(Range(value["low"], value["high"]))
        return self._figures.number(value) if isinstance(value, int | float) else str(value)

    def quantity(self, value: Mapping[str, Any] | None) -> str:
        """Return a quantity with its unit and period, empty when there is none."""
        if value is None:
            return ""
        amount, days = Range(value["low"], value["high"]), value["days_per_week"]
        told = self._figures.declared(Quantity(amount, value["unit"], Period(value["period"]), days))
        if days is None:
            return told
        return f"{told} ({self._figures.text(N_('{count} days a week'), count=self._figures.number(days))})"

    def size(self, size_bytes: int) -> str:
        """Return the size of a file in megabytes, with one decimal."""
        return f"{self._figures.number(max(round(size_bytes / 1024 / 1024, 1), 0.1))}{FIXED}" + (
            self._figures.text(N_("MB"))
        )
