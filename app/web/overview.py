"""What the home page tells: what to settle, whom to call, where synergies stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.db.tables import Flow, Import, Synergy
from app.db.visibility import VisibleSession
from app.exports.document import localised
from app.repositories import imports, territories
from app.repositories.paging import Slice, listed
from app.repositories.records import find_or_none
from app.repositories.synergies import Criteria
from app.repositories.synergies import listed as listed_synergies
from app.web import wording
from app.web.cards import most_worth_a_call

CHUNK_ROWS = 500
TO_SETTLE = ("error", "warning")
CALLS = 5
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
    found = all_imports(session, territory_id)
    return next((row for row in found if row.status == imports.STORED), None)


def to_settle(report: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """Return the findings of a report that ask for somebody's eye."""
    return [one for one in localised(report, language)["findings"] if one["severity"] in TO_SETTLE]


def flows_by_row(session: VisibleSession, imported: Import) -> dict[tuple[str | None, int | None], str]:
    """Return the flows an import wrote, by the sheet and row they were read at."""
    found: dict[tuple[str | None, int | None], str] = {}
    for entry in imports.entries_of(session, imported.id):
        if entry.resource == "flow":
            row = find_or_none(session, Flow, entry.row_id)
            if row is not None:
                found[row.sheet, row.row] = row.id
    return found


def funnel(session: VisibleSession, territory_id: str, total: int) -> list[Step]:
    """Return how many synergies stand at each status; those nobody moved are all the others."""
    counts = {
        status: _count(session, territory_id, status) for status in wording.STATUSES if status != "identified"
    }
    counts["identified"] = max(total - sum(counts.values()), 0)
    fullest = max([*counts.values(), 1])
    return [Step(status, counts[status], counts[status] / fullest) for status in wording.STATUSES]


def _count(session: VisibleSession, territory_id: str, status: str) -> int:
    criteria, count, cursor = Criteria(territory_id=territory_id, status=status), 0, None
    while True:
        page = listed_synergies(session, criteria, Slice(CHUNK_ROWS, cursor))
        count += len(page.items)
        if page.next is None:
            return count
        cursor = page.next


def calls(session: VisibleSession, territory_id: str) -> list[Synergy]:
    """Return the five synergies most worth a call."""
    criteria = Criteria(territory_id=territory_id, status="identified", stale=False)
    found: dict[str, Synergy] = {}
    for sort in ("-saving_eur_per_year", "-score"):
        page = listed_synergies(session, criteria, Slice(CHUNK_ROWS // 2), sort)
        found |= {row.id: row for row in page.items}
    return most_worth_a_call(list(found.values()), CALLS)


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
