"""Plans that people asked for: what was asked, how far it is, what came out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import NAME_LENGTH, Base, Identified, Owned, Versioned


class Plan(Identified, Owned, Versioned, Base):
    """One run of a planner over a territory's flows; its results belong to the territory alone.

    Attributes
    ----------
    request
        What was asked, checked, as JSON.
    documents
        The plans, best first, with their sentences as templates so that any language can be shown. Loaded
        only when read: lists do without.
    summary
        What a list shows of the documents: their number, the saving, the headline.
    refused
        Why problems of the table have no plan.
    error
        Why there is none at all.
    heartbeat_at
        When the process that computes it last said so; ``runner`` names that process.
    attempts
        How many times a process has taken it up.
    """

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="status"),
        Index("ix_plan_territory_id_created_at", "territory_id", "created_at"),
    )

    planner: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(12), default="queued", index=True)
    actor: Mapped[str] = mapped_column(String(NAME_LENGTH))
    request: Mapped[dict[str, Any]] = mapped_column(default=dict)
    documents: Mapped[list[Any]] = mapped_column(default=list, deferred=True)
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    refused: Mapped[list[Any]] = mapped_column(default=list)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    flows_read: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    runner: Mapped[str] = mapped_column(String(60), default="")
    attempts: Mapped[int] = mapped_column(default=0)
