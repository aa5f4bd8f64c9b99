"""Drafts of diagnostics, each its author's alone, and the diagnostics stored lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from app.db.tables import Diagnostic, DiagnosticDraft, Flow, Site
from app.db.visibility import VisibleSession, principal_of
from app.repositories.records import add, change


@dataclass(frozen=True, slots=True)
class Visited:
    """A stored diagnostic as a list shows it."""

    diagnostic_id: str
    site_name: str
    made_on: date
    author: str
    flows: int


def _own(session: VisibleSession, territory_id: str) -> Select[DiagnosticDraft]:
    # Named here too: an operator sees every row, and these are nobody else's business.
    subject = principal_of(session).subject
    return select(DiagnosticDraft).where(
        DiagnosticDraft.subject == subject, DiagnosticDraft.territory_id == territory_id
    )


def own_draft(session: VisibleSession, territory_id: str, draft_id: str) -> DiagnosticDraft | None:
    """Return the draft of the person who asks, None when there is none."""
    return session.scalars(_own(session, territory_id).where(DiagnosticDraft.id == draft_id)).first()


def own_drafts(session: VisibleSession, territory_id: str) -> Sequence[DiagnosticDraft]:
    """Return the drafts of the person who asks, the last typed first."""
    statement = _own(session, territory_id).order_by(DiagnosticDraft.saved_at.desc(), DiagnosticDraft.id)
    return session.scalars(statement).all()


def keep_draft(session: VisibleSession, territory_id: str, draft_id: str, values: dict[str, Any]) -> None:
    """Store a draft under the identifier its page was given."""
    stored = own_draft(session, territory_id, draft_id)
    if stored is not None:
        change(session, stored, values)
        return
    subject = principal_of(session).subject
    add(session, DiagnosticDraft(id=draft_id, territory_id=territory_id, subject=subject, **values))


def lately_stored(session: VisibleSession, territory_id: str, count: int) -> list[Visited]:
    """Return the last diagnostics of a territory."""
    flows = (
        select(func.count(Flow.id))
        .where(Flow.diagnostic_id == Diagnostic.id)
        .correlate(Diagnostic)
        .scalar_subquery()
    )
    statement = (
        select(Diagnostic.id, Site.name, Diagnostic.made_on, Diagnostic.author, flows)
        .join_from(Diagnostic, Site, Site.id == Diagnostic.site_id)
        .where(Diagnostic.territory_id == territory_id)
        .order_by(Diagnostic.created_at.desc(), Diagnostic.id)
        .limit(count)
    )
    return [Visited(*row) for row in session.execute(statement)]
