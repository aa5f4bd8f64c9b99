"""Plans that people ask for and come back to: started, cancelled, deleted, shown in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.db.base import now
from app.db.tables import Plan
from app.db.visibility import VisibleSession, principal_of
from app.errors import ConflictError, MissingError, StaleVersionError, TooManyError
from app.exports.document import Document, freeze, localised
from app.repositories import plans, territories
from app.repositories.records import add, change, find, remove
from app.services.plan_figures import summary_of
from app.services.plan_requests import checked_request
from app.translations import gettext
from matching.messages import N_, Message

# A facilitator compares a few variants; more would keep the other territories of the server waiting.
MOST_UNFINISHED = 5
EMPTY_SUMMARY: Mapping[str, Any] = {"count": 0, "saving_eur_per_year": None, "companies": 0, "parts": []}
STANDING: Mapping[str, str] = {
    plans.QUEUED: N_("Waiting for its turn"),
    plans.RUNNING: N_("Being computed"),
    plans.FAILED: N_("No plan"),
    plans.CANCELLED: N_("Cancelled"),
}


def start_plan(session: VisibleSession, territory_id: str, planner: str, request: Mapping[str, Any]) -> Plan:
    """Store a plan for the queue to compute.

    Parameters
    ----------
    planner
        A name of ``PLANNERS``.
    request
        ``max_km``, ``resource``, ``objective``, ``seed``, ``time_limit_s``, ``start``, ``park_id``,
        ``site_ids`` and what some planners take besides; what is left out has its default.

    Raises
    ------
    InvalidInputError
        Naming each wrong field with the remedy.
    MissingError
        If the territory is not open to the principal.
    TooManyError
        If too many of the territory's plans are not finished yet.
    """
    # Held, so that two requests at once do not both take the last place.
    if territories.lock_territory(session, territory_id) is None:
        raise MissingError
    checked = checked_request(session, territory_id, planner, request)
    if plans.count_unfinished(session, territory_id) >= MOST_UNFINISHED:
        text = N_("{count} plans of this territory are not finished yet: wait for one, or cancel one.")
        raise TooManyError(Message(text, {"count": MOST_UNFINISHED}))
    return add(
        session,
        Plan(
            territory_id=territory_id,
            planner=planner,
            status=plans.QUEUED,
            actor=principal_of(session).name,
            request=checked,
        ),
    )


def cancel_plan(session: VisibleSession, plan_id: str, version: int | None = None) -> Plan:
    """Stop a plan that waits or is being computed; one that is cancelled already stays so.

    Raises
    ------
    ConflictError
        If it is finished.
    """
    row = plans.held(session, plan_id)
    if version is not None and row.version != version:
        raise StaleVersionError
    if row.status == plans.CANCELLED:
        return row
    if row.status not in plans.UNFINISHED:
        raise ConflictError(
            Message(N_("This plan is finished: there is nothing to cancel. Delete it instead."))
        )
    return change(session, row, {"status": plans.CANCELLED, "finished_at": now()})


def delete_plan(session: VisibleSession, plan_id: str, version: int | None = None) -> None:
    """Delete a plan, whatever has become of it; a process that computes it stores nothing any more."""
    remove(session, find(session, Plan, plan_id), version)


def outcome(planner: str, documents: list[Any], refused: list[Message]) -> dict[str, Any]:
    """Return the columns of a plan that is done."""
    summary = summary_of(planner, documents)
    return {
        "status": plans.DONE,
        "documents": documents,
        "summary": summary | {"parts": [freeze(part) for part in summary["parts"]]},
        "refused": [freeze(message) for message in refused],
        "error": None,
        "finished_at": now(),
    }


def failure(error: Message, refused: list[Message]) -> dict[str, Any]:
    """Return the columns of a plan that cannot be."""
    return {
        "status": plans.FAILED,
        "refused": [freeze(message) for message in refused],
        "error": freeze(error),
        "finished_at": now(),
    }


def plan_summary(row: Plan, language: str) -> dict[str, Any]:
    """Return what a list shows of a plan, in ``language``."""
    summary = {**EMPTY_SUMMARY, **row.summary}
    return {
        "id": row.id,
        "territory_id": row.territory_id,
        "planner": row.planner,
        "status": row.status,
        "version": row.version,
        "created_at": row.created_at,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
        "actor": row.actor,
        "request": row.request,
        "flows_read": row.flows_read,
        "count": summary["count"],
        "saving_eur_per_year": summary["saving_eur_per_year"],
        "headline": _headline(row, summary["parts"], language),
        "refused": localised({"all": row.refused}, language)["all"],
        "error": localised({"why": row.error}, language)["why"],
    }


def plan_detail(row: Plan, language: str) -> dict[str, Any]:
    """Return a plan with its result documents, in ``language``."""
    return plan_summary(row, language) | {"documents": plan_documents(row, language, 0, len(row.documents))}


def plan_documents(row: Plan, language: str, start: int, stop: int) -> list[Document]:
    """Return the result documents of a plan from ``start`` to before ``stop``, counted from 0."""
    return [localised(document, language) for document in row.documents[start:stop]]


def _headline(row: Plan, parts: list[Any], language: str) -> str:
    if row.status == plans.DONE:
        return ", ".join(localised({"parts": parts}, language)["parts"])
    return gettext(STANDING[row.status], language)
