"""Drafts of diagnostics on both databases: their author's alone, gone with their territory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import func, select

from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole, Principal
from app.db.tables import Diagnostic, DiagnosticDraft, Flow, Site, Territory
from app.errors import ConflictError, MissingError, TooLargeError
from app.repositories.diagnostic_drafts import Visited, lately_stored
from app.services.drafts import MOST_CHARACTERS, draft_of, drop_draft, keep_draft, new_draft_id, own_drafts


@dataclass(frozen=True)
class Desk:
    """A territory, two of its members, a draft's identifier."""

    database: Database
    territory: str
    author: Principal
    colleague: Principal
    draft: str


@pytest.fixture
def desk(database: Database) -> Desk:
    with database.writing(SYSTEM) as session:
        territory = Territory(name="T")
        session.add(territory)
        session.flush()
        ours = frozenset({territory.id})
    author, colleague = (Principal(f"user:{n}", n, AccountRole.MEMBER, ours) for n in ("a", "b"))
    draft = new_draft_id()
    with database.writing(author) as session:
        keep_draft(session, next(iter(ours)), draft, "Scierie", {"name": "Scierie", "note": "é"})
    return Desk(database, next(iter(ours)), author, colleague, draft)


def test_what_was_typed_last_is_what_is_kept(desk: Desk) -> None:
    """Saving again replaces the fields and moves the draft to the top of the list."""
    other = new_draft_id()
    with desk.database.writing(desk.author) as session:
        keep_draft(session, desk.territory, other, "Autre", {"name": "Autre"})
    with desk.database.writing(desk.author) as session:
        keep_draft(session, desk.territory, desk.draft, "Scierie du Pin", {"name": "Scierie du Pin"})
    with desk.database.reading(desk.author) as session:
        assert draft_of(session, desk.territory, desk.draft) == {"name": "Scierie du Pin"}
        assert [row.title for row in own_drafts(session, desk.territory)] == ["Scierie du Pin", "Autre"]


@pytest.mark.parametrize("who", ["colleague", "operator"])
def test_nobody_else_reads_drops_or_overwrites_a_draft(desk: Desk, who: str) -> None:
    """Neither a member of the territory nor whoever runs the server."""
    principal = desk.colleague if who == "colleague" else SYSTEM
    with desk.database.reading(principal) as session:
        assert draft_of(session, desk.territory, desk.draft) is None
        assert own_drafts(session, desk.territory) == []
    with desk.database.writing(principal) as session:
        drop_draft(session, desk.territory, desk.draft)
    with pytest.raises(ConflictError), desk.database.writing(principal) as session:
        keep_draft(session, desk.territory, desk.draft, "Vol", {"name": "Vol"})
    with desk.database.reading(desk.author) as session:
        assert draft_of(session, desk.territory, desk.draft) == {"name": "Scierie", "note": "é"}


def test_a_draft_needs_a_name_of_ours_and_a_sensible_size(desk: Desk) -> None:
    """A stranger's identifier or a flood of text is refused."""
    with pytest.raises(MissingError), desk.database.writing(desk.author) as session:
        keep_draft(session, desk.territory, "../etc", "", {})
    flood = {"note": "x" * (MOST_CHARACTERS + 1)}
    with pytest.raises(TooLargeError), desk.database.writing(desk.author) as session:
        keep_draft(session, desk.territory, desk.draft, "", flood)


def test_drafts_go_with_their_territory(desk: Desk) -> None:
    """Nothing of a territory that was deleted stays behind."""
    with desk.database.writing(SYSTEM) as session:
        session.delete(session.get_one(Territory, desk.territory))
    with desk.database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(DiagnosticDraft)) == 0


def test_the_last_diagnostics_come_with_their_site_and_number_of_flows(desk: Desk) -> None:
    """One statement says all that the list shows."""
    with desk.database.writing(SYSTEM) as session:
        site = Site(territory_id=desk.territory, name="S")
        session.add(site)
        session.flush()
        row = Diagnostic(territory_id=desk.territory, site_id=site.id, made_on=date(2026, 5, 4), author="a")
        session.add(row)
        session.flush()
        owner = {"territory_id": desk.territory, "site_id": site.id, "diagnostic_id": row.id}
        session.add(Flow(direction="input", kind="water", label="Eau", **owner))
        diagnostic_id = row.id
    with desk.database.reading(desk.colleague) as session:
        found = lately_stored(session, desk.territory, 5)
    assert found == [Visited(diagnostic_id, "S", date(2026, 5, 4), "a", 1)]
