"""Flows nobody has confirmed for long: declared, changed or told again, a flow counts as known that day."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files

from app.db.base import now
from app.db.bulk import mark_rows
from app.db.tables import Flow
from app.db.visibility import VisibleSession
from app.repositories import confirmations
from app.repositories.records import find

DAYS_PER_MONTH = 365.25 / 12


@lru_cache(maxsize=1)
def confirmed_within() -> timedelta:
    """Return how long a flow counts as known once it was confirmed, from ``freshness.csv``."""
    table = (files("app.services") / "freshness.csv").read_text(encoding="utf-8")
    months = {row["name"]: float(row["value"]) for row in csv.DictReader(table.splitlines())}
    return timedelta(days=months["confirmed_within"] * DAYS_PER_MONTH)


def limit() -> datetime:
    """Return the moment before which a confirmation is too old."""
    return now() - confirmed_within()


def count_to_confirm(session: VisibleSession, territory_id: str) -> int:
    """Return how many flows of a territory nobody has confirmed for that long."""
    return confirmations.count_older(session, territory_id, limit())


def to_confirm(session: VisibleSession, flow_ids: Iterable[str]) -> dict[str, datetime]:
    """Return those of some flows that nobody has confirmed for that long, with the last time somebody did."""
    oldest = limit()
    held = confirmations.moments(session, flow_ids)
    return {flow_id: moment for flow_id, moment in held.items() if moment < oldest}


def confirm(session: VisibleSession, flow_id: str) -> Flow:
    """Say that a flow still holds as it stands; its version stays, since nothing of it changes."""
    row = find(session, Flow, flow_id)
    mark_rows(session, Flow, row.territory_id, [flow_id], {"confirmed_at": now()})
    return find(session, Flow, flow_id)
