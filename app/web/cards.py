"""Synergies and flows as templates show them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.db.tables import Synergy
from app.db.visibility import VisibleSession
from app.repositories.synergies import Promising
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


def most_worth_a_call(
    rows: Sequence[Promising], flows: Mapping[str, Collection[str]], count: int
) -> list[Promising]:
    """Return the synergies that promise most, each flow once.

    What they promise is their worth times how sure it is; those without a figure follow, by score.

    Parameters
    ----------
    flows
        The flows of each synergy, by its identifier.
    """
    ranked = sorted(rows, key=in_order_of_promise)
    chosen: list[Promising] = []
    used: set[str] = set()
    for row in ranked:
        own = flows.get(row.id, ())
        if used.isdisjoint(own):
            chosen.append(row)
            used.update(own)
        if len(chosen) == count:
            break
    return chosen


def in_order_of_promise(row: Promising) -> tuple[float, float, str]:
    """Return what sorts synergies: what they promise, then their score, the most first."""
    return -promise(row), -row.score, row.id


def promise(row: Promising) -> float:
    """Return what a synergy promises, in EUR a year: its worth, weighed by its score and confidence."""
    return max(row.eur or 0.0, 0.0) * row.confidence * row.score / 100
