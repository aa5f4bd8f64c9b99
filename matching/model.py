"""Sites and flows as declared, with the invariants every reader, form and API must respect."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from matching.errors import InvalidFlowError
from matching.messages import N_, Message
from matching.siret import siret_is_valid

ALL_YEAR = frozenset(range(1, 13))


class Direction(StrEnum):
    """What the site does with the flow: it needs an input, it gives away an output."""

    INPUT = "input"
    OUTPUT = "output"


class Kind(StrEnum):
    """The nine natures of flow of the contract."""

    MATERIAL = "material"
    ENERGY = "energy"
    WATER = "water"
    PACKAGING = "packaging"
    SKILL = "skill"
    EQUIPMENT = "equipment"
    SPACE = "space"
    SERVICE = "service"
    TRANSPORT = "transport"


class Period(StrEnum):
    """How often the declared quantity comes."""

    YEAR = "year"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"
    ONCE = "once"


class LegalStatus(StrEnum):
    """Legal statuses of an output, never synonyms of each other."""

    WASTE = "waste"
    BY_PRODUCT = "by_product"
    END_OF_WASTE = "end_of_waste"
    PRODUCT = "product"


class Reliability(IntEnum):
    """How the figure is known (scale of the contract)."""

    INFERRED = 1
    DECLARED = 2
    QUANTIFIED = 3
    INVOICE = 4
    MEASURED = 5


class Precision(StrEnum):
    """How exactly a site is placed on the map."""

    POINT = "point"
    COMMUNE = "commune"
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class Range:
    """A number cell: one value (``low == high``) or a range such as 150-200."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high)) or self.low > self.high:
            raise InvalidFlowError(
                "quantity", Message(N_("The range is not made of finite, growing numbers."))
            )

    @classmethod
    def of(cls, value: float) -> Range:
        """Return the range that holds ``value`` alone."""
        return cls(value, value)

    @property
    def middle(self) -> float:
        """The middle of the range."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Site:
    """A place of a company. ``lon`` and ``lat`` are WGS84 degrees, or both None until placed."""

    name: str
    company: str = ""
    siret: str = ""
    activity_code: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    lon: float | None = None
    lat: float | None = None
    precision: Precision = Precision.POINT
    employees: float | None = None
    park: str = ""
    site_id: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InvalidFlowError("site", Message(N_("A site needs a name: fill in the column “site”.")))
        if self.siret and not siret_is_valid(self.siret):
            raise InvalidFlowError(
                "siret",
                Message(
                    N_("“{value}” is not a SIRET: it takes 14 digits whose check digit is right."),
                    {"value": self.siret},
                ),
            )
        _check_coordinates(self.lon, self.lat)

    @property
    def placed(self) -> bool:
        """Whether the site has a point."""
        return self.lon is not None and self.lat is not None


def _check_coordinates(lon: float | None, lat: float | None) -> None:
    if lon is not None and not -180 <= lon <= 180:
        raise InvalidFlowError(
            "lon",
            Message(N_("Longitude {value} is impossible: give degrees from -180 to 180."), {"value": lon}),
        )
    if lat is not None and not -90 <= lat <= 90:
        raise InvalidFlowError(
            "lat", Message(N_("Latitude {value} is impossible: give degrees from -90 to 90."), {"value": lat})
        )
    if (lon is None) != (lat is None):
        field = "lon" if lon is None else "lat"
        raise InvalidFlowError(
            field, Message(N_("Longitude and latitude go together: fill in both or none."))
        )


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as declared: ``value`` of ``unit`` (a symbol of ``matching.units``) each ``period``."""

    value: Range
    unit: str
    period: Period = Period.YEAR
    days_per_week: float | None = None

    def __post_init__(self) -> None:
        if self.value.low < 0:
            raise InvalidFlowError(
                "quantity",
                Message(N_("Quantity {value} is negative: give zero or more."), {"value": self.value.low}),
            )


@dataclass(frozen=True, slots=True)
class Flow:
    """One row of the contract's flow table: what a site needs or has to give.

    Attributes
    ----------
    months
        Active months, 1 to 12; empty means all year.
    temperature_c
        What an output has, what an input needs (at least for heat, at most for cold), in °C.
    concentration_pct, moisture_pct
        An input's are its minimum and its maximum.
    unit_cost_eur
        EUR per declared unit: an output's disposal cost (negative: sold), an input's purchase price.
    resource
        A catalogue id, when the declarant chose one.
    """

    site: Site
    direction: Direction
    kind: Kind
    label: str
    waste_code: str = ""
    quantity: Quantity | None = None
    months: frozenset[int] = frozenset()
    temperature_c: Range | None = None
    concentration_pct: Range | None = None
    moisture_pct: Range | None = None
    pressure_bar: Range | None = None
    unit_cost_eur: Range | None = None
    comment: str = ""
    resource: str = ""
    legal_status: LegalStatus | None = None
    hazardous: bool | None = None
    state: str = ""
    dimensions: str = ""
    available_from: date | None = None
    available_until: date | None = None
    min_lot: float | None = None
    capacity: float | None = None
    storage_max: float | None = None
    destination: str = ""
    weekdays: str = ""
    contract_end: date | None = None
    due_date: date | None = None
    good_share_pct: Range | None = None
    contact: str = ""
    visibility: str = ""
    collected_on: date | None = None
    source: str = ""
    reliability: Reliability = Reliability.DECLARED
    flow_id: str = ""
    row: int | None = None
    sheet: str | None = None

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise InvalidFlowError("label", Message(N_("A flow needs a label: say what it is.")))
        if not self.months <= ALL_YEAR:
            raise InvalidFlowError("months", Message(N_("Months go from 1 to 12.")))
        for name in ("concentration_pct", "moisture_pct", "good_share_pct"):
            _check_percentage(name, getattr(self, name))
        if self.temperature_c is not None and self.temperature_c.low < -273.15:
            raise InvalidFlowError(
                "temperature_c", Message(N_("A temperature below -273.15 °C is impossible."))
            )

    @property
    def active_months(self) -> frozenset[int]:
        """The months in which the flow runs."""
        return self.months or ALL_YEAR

    @property
    def is_output(self) -> bool:
        """Whether the site gives this flow away."""
        return self.direction is Direction.OUTPUT


def _check_percentage(name: str, value: Range | None) -> None:
    if value is not None and not (value.low >= 0 and value.high <= 100):
        raise InvalidFlowError(
            name, Message(N_("“{field}” is a percentage: give a number from 0 to 100."), {"field": name})
        )
