"""What the home page tells: what to settle, whom to call, where synergies stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.db.tables import Import, Synergy
from app.db.visibility import VisibleSession
from app.exports.document import localised
from app.repositories import imports, synergies, territories
from app.repositories.desk import DeskCriteria
from app.repositories.paging import Slice, listed
from app.repositories.synergy_criteria import Criteria
from app.web import wording
from app.web.cards import in_order_of_promise, most_worth_a_call

CHUNK_ROWS = 500
TO_SETTLE = ("error", "warning")
CALLS = 5
# How many of those worth most, and of those with the best scores, are looked at; then how many of the best.
EXAMINED, COMPARED = 250, 60
FINDINGS = 6


@dataclass(frozen=True, slots=True)
class Step:
    """One status of the funnel, how many synergies stand there, and its share of the fullest."""

    status: str
    count: int
    share: float


def all_imports(session: VisibleSession, territory_id: str) -> list[Import]:
    """Return the imports of a territory, the last one first."""
    rows: list[Import] = []
    cursor: str | None = None
    while True:
        page = listed(session, Import, Slice(CHUNK_ROWS, cursor), territory_id=territory_id)
        rows += page.items
        if page.next is None:
            return rows[::-1]
        cursor = page.next


def last_import(session: VisibleSession, territory_id: str) -> Import | None:
    """Return the last import that was not undone."""
    return imports.last_stored(session, territory_id)


def to_settle(report: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """Return the findings of a report that ask for somebody's eye."""
    return [one for one in localised(report, language)["findings"] if one["severity"] in TO_SETTLE]


def flows_by_row(
    session: VisibleSession, imported: Import, rows: Sequence[int] | None = None
) -> dict[tuple[str | None, int | None], str]:
    """Return the flows an import wrote, by the sheet and row they were read at; ``rows`` narrows them."""
    return imports.flows_by_row(session, imported.id, rows)


def funnel(session: VisibleSession, territory_id: str) -> list[Step]:
    """Return how many synergies stand at each status."""
    counts = synergies.count_by_status(session, territory_id)
    fullest = max([*counts.values(), 1])
    return [
        Step(status, counts.get(status, 0), counts.get(status, 0) / fullest) for status in wording.STATUSES
    ]


def calls(session: VisibleSession, territory_id: str) -> list[Synergy]:
    """Return the five synergies most worth a call, of those that nobody has started on."""
    criteria = Criteria(
        territory_id=territory_id, status="identified", stale=False, desk=DeskCriteria(shelved=False)
    )
    found = {
        row.id: row
        for sort in ("-saving_eur_per_year", "-score")
        for row in synergies.promising(session, criteria, EXAMINED, sort)
    }
    best = sorted(found.values(), key=in_order_of_promise)[:COMPARED]
    flows = synergies.flows_named_in(session, [row.id for row in best])
    chosen = [row.id for row in most_worth_a_call(best, flows, CALLS)]
    page = synergies.listed(session, Criteria(ids=frozenset(chosen)), Slice(CALLS)) if chosen else None
    rows = {row.id: row for row in page.items} if page else {}
    return [rows[row_id] for row_id in chosen if row_id in rows]


def questions(shown: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first question of each synergy shown that has one, each question once."""
    found: dict[str, dict[str, Any]] = {}
    for one in shown:
        for question in one["missing"][:1]:
            found.setdefault(question, {"question": question, "synergy": one})
    return list(found.values())


def sizes(session: VisibleSession, territory_id: str) -> tuple[int, int]:
    """Return how many flows and synergies a territory has."""
    return territories.sizes(session, territory_id)
