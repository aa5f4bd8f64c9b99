"""Stored matches that people follow, and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import ID_LENGTH, NAME_LENGTH, Base, Identified, Owned, Versioned, now
from app.db.tables.keys import own_key, within_territory


class Synergy(Identified, Owned, Versioned, Base):
    """A match with a life: the engine renews its figures, people move its status.

    ``content`` is a digest of everything the engine says of it and of its members: what has not changed is
    neither read nor written again. Its lists are served by the indexes of ``migrations.list_indexes``.
    """

    __tablename__ = "synergy"
    __table_args__ = (
        own_key(),
        UniqueConstraint("territory_id", "signature"),
    )

    # No index of its own: those of lists begin with it.
    territory_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("territory.id", ondelete="CASCADE"), nullable=False
    )
    signature: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    form: Mapped[str | None] = mapped_column(String(30))
    resource: Mapped[str | None] = mapped_column(String(120))
    rule: Mapped[str | None] = mapped_column(String(120))
    score: Mapped[float]
    confidence: Mapped[float]
    distance_km: Mapped[float | None]
    quantity_per_year: Mapped[float | None]
    unit: Mapped[str | None] = mapped_column(String(20))
    saving_eur_per_year: Mapped[float | None]
    saving_tco2e_per_year: Mapped[float | None]
    status: Mapped[str] = mapped_column(String(20), default="identified")
    stale: Mapped[bool] = mapped_column(default=False)
    document: Mapped[dict[str, Any]]
    engine_version: Mapped[str] = mapped_column(String(40))
    catalogue_digest: Mapped[str] = mapped_column(String(64))
    parameters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    content: Mapped[str] = mapped_column(String(64), default="")


class SynergyMember(Identified, Owned, Base):
    """A flow of a synergy; it outlives the flow, so that a followed synergy keeps its story."""

    __tablename__ = "synergy_member"
    __table_args__ = (within_territory("synergy_id", "synergy", cascade=True),)

    # The key of its synergy keeps it in its territory: neither a key nor an index of its own.
    territory_id: Mapped[str] = mapped_column(String(ID_LENGTH), nullable=False)
    synergy_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    position: Mapped[int]
    role: Mapped[str] = mapped_column(String(10))
    flow_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    # No index of its own: that of places (``migrations.list_indexes``) is asked with the territory.
    site_id: Mapped[str] = mapped_column(String(ID_LENGTH))


class SynergyEvent(Identified, Owned, Base):
    """One move of a synergy's status: who, when, from, to, why; ``action_id`` is what of the desk made it."""

    __tablename__ = "synergy_event"
    __table_args__ = (within_territory("synergy_id", "synergy", cascade=True),)

    synergy_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str] = mapped_column(String(NAME_LENGTH))
    from_status: Mapped[str] = mapped_column(String(20))
    to_status: Mapped[str] = mapped_column(String(20))
    obstacle: Mapped[str] = mapped_column(String(40), default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    action_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
