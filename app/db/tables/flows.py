"""Flows as they were declared: units, periods and ranges are those of the declarant."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import ID_LENGTH, NAME_LENGTH, Base, Identified, Owned, Versioned, now
from app.db.tables.keys import own_key, within_territory

# Columns of the flow table that take a range such as 150-200, kept as two bounds.
RANGES = (
    "quantity",
    "temperature_c",
    "concentration_pct",
    "moisture_pct",
    "pressure_bar",
    "unit_cost_eur",
    "good_share_pct",
)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Flow(Identified, Owned, Versioned, Base):
    """What a site needs (input) or has to give (output)."""

    __tablename__ = "flow"
    __table_args__ = (
        own_key(),
        within_territory("site_id", "site", cascade=True),
        within_territory("diagnostic_id", "diagnostic"),
        CheckConstraint("direction IN ('input', 'output')", name="direction"),
        CheckConstraint("quantity_low >= 0 AND quantity_low <= quantity_high", name="quantity"),
        Index("ix_flow_territory_id_confirmed_at", "territory_id", "confirmed_at"),
        Index("ix_flow_shown", "territory_id", "site_id", **_where("level <> 'private'")),
    )

    site_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    diagnostic_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    direction: Mapped[str] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(Text)
    waste_code: Mapped[str] = mapped_column(String(6), default="")
    quantity_low: Mapped[float | None]
    quantity_high: Mapped[float | None]
    unit: Mapped[str] = mapped_column(String(20), default="")
    period: Mapped[str] = mapped_column(String(10), default="")
    days_per_week: Mapped[float | None]
    months: Mapped[str] = mapped_column(String(40), default="")
    temperature_c_low: Mapped[float | None]
    temperature_c_high: Mapped[float | None]
    concentration_pct_low: Mapped[float | None]
    concentration_pct_high: Mapped[float | None]
    moisture_pct_low: Mapped[float | None]
    moisture_pct_high: Mapped[float | None]
    pressure_bar_low: Mapped[float | None]
    pressure_bar_high: Mapped[float | None]
    unit_cost_eur_low: Mapped[float | None]
    unit_cost_eur_high: Mapped[float | None]
    good_share_pct_low: Mapped[float | None]
    good_share_pct_high: Mapped[float | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    resource: Mapped[str] = mapped_column(String(120), default="")
    legal_status: Mapped[str] = mapped_column(String(20), default="")
    hazardous: Mapped[bool | None]
    state: Mapped[str] = mapped_column(Text, default="")
    dimensions: Mapped[str] = mapped_column(Text, default="")
    available_from: Mapped[date | None]
    available_until: Mapped[date | None]
    min_lot: Mapped[float | None]
    capacity: Mapped[float | None]
    storage_max: Mapped[float | None]
    destination: Mapped[str] = mapped_column(Text, default="")
    weekdays: Mapped[str] = mapped_column(Text, default="")
    contract_end: Mapped[date | None]
    due_date: Mapped[date | None]
    contact: Mapped[str] = mapped_column(Text, default="")
    visibility: Mapped[str] = mapped_column(String(40), default="")
    level: Mapped[str] = mapped_column(String(10), default="private")
    collected_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text, default="")
    reliability: Mapped[int] = mapped_column(default=2)
    confirmed_at: Mapped[datetime] = mapped_column(default=now)
    row: Mapped[int | None]
    sheet: Mapped[str | None] = mapped_column(String(NAME_LENGTH))
