"""Synergies and flows as templates show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.db.tables import Synergy
from app.db.visibility import VisibleSession
from app.services.synergies import document_of, flows_of
from matching.model import Flow

Card = dict[str, Any]


def cards(session: VisibleSession, rows: Sequence[Synergy], language: str) -> list[Card]:
    """Return synergies as short cards, each with its members and the kind of flow it is about."""
    flows = {flow.flow_id: flow for flow in flows_of(session, rows)}
    return [card(document_of(row, language), flows) for row in rows]


def card(document: Mapping[str, Any], flows: Mapping[str, Flow]) -> Card:
    """Return one synergy document with its flows, None for a flow that is gone."""
    members = [member | {"flow": flows.get(member["flow_id"])} for member in document["members"]]
    kinds = [member["flow"].kind.value for member in members if member["flow"] is not None]
    return {**document, "members": members, "flow_kind": kinds[0] if kinds else ""}


def most_worth_a_call(rows: Sequence[Synergy], count: int) -> list[Synergy]:
    """Return the synergies nobody has started on that promise most, each flow once.

    What they promise is their worth times how sure it is; those without a figure follow, by score.
    """
    waiting = [row for row in rows if row.status == "identified" and not row.stale]
    ranked = sorted(waiting, key=lambda row: (-promise(row), -row.score, row.id))
    chosen: list[Synergy] = []
    used: set[str] = set()
    for row in ranked:
        flows = {member["flow_id"] for member in row.document["members"]}
        if not flows & used:
            chosen.append(row)
            used |= flows
        if len(chosen) == count:
            break
    return chosen


def promise(row: Synergy) -> float:
    """Return what a synergy promises, in EUR a year: its worth, weighed by its score and confidence."""
    return max(row.saving_eur_per_year or 0.0, 0.0) * row.confidence * row.score / 100
