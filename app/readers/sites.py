"""The sites of a file: rows of one site told together, each cell of a place understood once."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from app.readers.codes import LostSiretError, siret_of
from app.readers.coordinates import degrees_of, from_lambert_93, pair_of
from app.readers.fields import range_of
from app.readers.grid import Cell, text_of
from app.readers.record import Findings, Record
from app.readers.vocabulary import is_unknown, plain
from geo.points import looks_swapped
from matching.errors import InvalidFlowError
from matching.messages import N_, Message
from matching.model import Precision, Site

FIELDS = ("site", "company", "siret", "naf", "address", "postcode", "city", "postcode_city", "lon", "lat",
          "coordinates", "employees", "park")  # fmt: skip
IDENTITY = ("siret", "postcode", "city")
SHORT_POSTCODE = 4
POSTCODE = re.compile(r"\b(\d{2}) ?(\d{3})\b")


@dataclass(slots=True)
class Draft:
    """What the rows of one site say of it."""

    parts: dict[str, str | float] = field(default_factory=dict)
    row: int = 0
    sheet: str | None = None

    def agrees(self, other: dict[str, str | float]) -> bool:
        """Tell whether ``other`` can be the same place: nothing that identifies it differs."""
        for name in IDENTITY:
            mine, theirs = self.parts.get(name), other.get(name)
            if mine and theirs and plain(str(mine)) != plain(str(theirs)):
                return False
        if "lon" in self.parts and "lon" in other:
            return (self.parts["lon"], self.parts["lat"]) == (other["lon"], other["lat"])
        return True


class SiteBook:
    """Every site met in a file, by name."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._by_cells: dict[tuple[Cell, ...], Draft | None] = {}
        self._errors: dict[tuple[Cell, ...], list[InvalidFlowError]] = {}
        self._by_name: dict[str, list[Draft]] = {}
        self._sites: dict[int, Site | None] = {}
        self.drafts: list[Draft] = []

    def draft(self, record: Record) -> Draft | None:
        """Return the site of a record, or None when a cell of it is wrong: every such row has its finding."""
        key = (record.context.strict, *map(record.values.get, FIELDS))
        if key not in self._by_cells:
            errors: list[InvalidFlowError] = []
            parts = self._parts(record, errors)
            self._errors[key] = errors
            self._by_cells[key] = None if errors else self._merge(parts, record)
        for error in self._errors[key]:
            self._findings.on(record, "error", error.field, error.message)
        return self._by_cells[key]

    def _parts(self, record: Record, errors: list[InvalidFlowError]) -> dict[str, str | float]:
        values, strict = record.values, record.context.strict
        parts: dict[str, str | float] = {}
        for name in ("company", "address", "park", "city", "postcode"):
            text = " ".join(text_of(values.get(name)).split())
            if text and not is_unknown(text):
                parts[name] = text
        code = str(parts.get("postcode", ""))
        if len(code) == SHORT_POSTCODE and code.isdigit():  # A spreadsheet ate the leading zero.
            parts["postcode"] = "0" + code
        _split_places(text_of(values.get("postcode_city")), parts)
        if naf := text_of(values.get("naf")).strip():
            parts["activity_code"] = naf
        name = " ".join(text_of(values.get("site")).split())
        if name and not is_unknown(name):
            parts["name"] = name
        elif parts.get("company") and not strict:
            parts["name"] = parts["company"]
        else:
            errors.append(
                InvalidFlowError("site", Message(N_("A site needs a name: fill in the column “site”.")))
            )
        self._siret(record, parts, errors)
        self._employees(record, parts, errors)
        self._point(record, parts, errors)
        return parts

    def _siret(self, record: Record, parts: dict[str, str | float], errors: list[InvalidFlowError]) -> None:
        cell = record.values.get("siret")
        if cell is None or is_unknown(text_of(cell)):
            return
        try:
            siret = siret_of(cell)
        except LostSiretError as error:
            self._findings.on(record, "warning", "siret", error.message)
        except InvalidFlowError as error:
            errors.append(error)
        else:
            if siret:
                parts["siret"] = siret

    def _employees(
        self, record: Record, parts: dict[str, str | float], errors: list[InvalidFlowError]
    ) -> None:
        cell = record.values.get("employees")
        if cell is None or is_unknown(text_of(cell)):
            return
        try:
            parts["employees"] = range_of(cell, "employees", record.context.decimal_dot).middle
        except InvalidFlowError as error:
            if record.context.strict:
                errors.append(error)
            else:
                self._findings.on(record, "warning", "employees", error.message)

    def _point(self, record: Record, parts: dict[str, str | float], errors: list[InvalidFlowError]) -> None:
        try:
            point = self._coordinates(record)
            if (
                point == (0.0, 0.0) and not record.context.strict
            ):  # Off Africa: an empty cell as programs write it.
                text = N_("Coordinates 0, 0 are no place: they were left out.")
                self._findings.on(record, "warning", "lon", Message(text))
            elif point is not None:
                parts["lon"], parts["lat"] = self._checked(record, *point)
        except InvalidFlowError as error:
            errors.append(error)

    def _coordinates(self, record: Record) -> tuple[float, float] | None:
        values = record.values
        both = text_of(values.get("coordinates"))
        if both and not is_unknown(both):
            pair = pair_of(both)
            if pair is None:
                text = N_(
                    "“{value}” is not a pair of coordinates: give latitude and longitude: 43.4380, 5.2560."
                )
                raise InvalidFlowError("lon", Message(text, {"value": both}))
            return pair
        lon, lat = (_told(values.get(name)) for name in ("lon", "lat"))
        if lon is None and lat is None:
            return None
        if lon is None or lat is None:
            name = "lon" if lon is None else "lat"
            raise InvalidFlowError(
                name, Message(N_("Longitude and latitude go together: fill in both or none."))
            )
        return degrees_of(lon, "lon"), degrees_of(lat, "lat")

    def _checked(self, record: Record, lon: float, lat: float) -> tuple[float, float]:
        if not record.context.strict and (found := from_lambert_93(lon, lat)):
            self._findings.on(
                record, "info", "lon", Message(N_("The coordinates were read as Lambert-93 metres."))
            )
            return found
        if -180 <= lat <= 180 and -90 <= lon <= 90 and looks_swapped(lon, lat):
            if record.context.strict:
                raise InvalidFlowError(
                    "lon",
                    Message(
                        N_("Longitude {lon} and latitude {lat} look swapped: exchange them."),
                        {"lon": lon, "lat": lat},
                    ),
                )
            self._findings.on(
                record,
                "warning",
                "lon",
                Message(N_("Longitude and latitude were swapped: they were exchanged.")),
            )
            return lat, lon
        for name, value, limit in (("lon", lon, 180), ("lat", lat, 90)):
            if not math.isfinite(value) or abs(value) > limit:
                raise InvalidFlowError(name, _impossible(name, value))
        return lon, lat

    def _merge(self, parts: dict[str, str | float], record: Record) -> Draft:
        same_name = self._by_name.setdefault(plain(str(parts["name"])), [])
        for draft in same_name:
            if draft.agrees(parts):
                for name, value in parts.items():
                    draft.parts.setdefault(name, value)
                return draft
        draft = Draft(parts, record.row, record.context.sheet)
        same_name.append(draft)
        self.drafts.append(draft)
        return draft

    def site(self, draft: Draft) -> Site | None:
        """Return the site of a draft once all rows were seen; None, with a finding, when it is invalid."""
        key = id(draft)
        if key not in self._sites:
            try:
                precision = Precision.POINT if "lon" in draft.parts else Precision.UNPLACED
                self._sites[key] = Site(precision=precision, **draft.parts)  # type: ignore[arg-type]
            except InvalidFlowError as error:
                self._findings.add("error", draft.sheet, draft.row, error.field, error.message)
                self._sites[key] = None
        return self._sites[key]


def _told(cell: Cell) -> Cell:
    return None if isinstance(cell, str) and is_unknown(cell) else cell


def _impossible(name: str, value: float) -> Message:
    if name == "lon":
        return Message(
            N_("Longitude {value} is impossible: give degrees from -180 to 180."), {"value": value}
        )
    return Message(N_("Latitude {value} is impossible: give degrees from -90 to 90."), {"value": value})


def _split_places(text: str, parts: dict[str, str | float]) -> None:
    """Split "13127 Vitrolles" of one cell, and a city cell that holds a postcode."""
    for source in (text, str(parts.get("city", ""))):
        found = POSTCODE.search(source)
        if found is not None:
            parts.setdefault("postcode", found[1] + found[2])
            parts["city"] = POSTCODE.sub("", source).strip(" ,-–()") or parts.get("city", "")
        elif source and source == text:
            parts.setdefault("city", source)
