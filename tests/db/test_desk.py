"""The desk on both databases: set aside, taken on, spoken of, and all of it undone exactly or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.base import new_id, now
from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole, Principal, Role
from app.db.tables import Comment, DeskAction, Membership, Shelving, Synergy, SynergyEvent, Territory, User
from app.db.visibility import VisibleSession
from app.errors import ConflictError, InvalidInputError, MissingError, NotPermittedError, StaleVersionError
from app.repositories.desk import DeskCriteria, comments, journal
from app.repositories.paging import Slice
from app.repositories.records import add, find
from app.repositories.synergies import followed, listed
from app.repositories.synergy_criteria import Criteria
from app.services import desk, desk_actions, saved_views, synergies
from app.services.statuses import Status
from app.services.undo import may_undo, undo


@dataclass(frozen=True)
class Office:
    """A territory with three synergies and two facilitators, beside another territory."""

    database: Database
    territory: str
    elsewhere: str
    ids: tuple[str, ...]
    anne: Principal
    bob: Principal

    @contextmanager
    def as_(self, principal: Principal) -> Iterator[VisibleSession]:
        with self.database.writing(principal) as session:
            yield session

    def rows(self, session: VisibleSession, *places: int) -> list[Synergy]:
        return [find(session, Synergy, self.ids[place]) for place in places or (0,)]

    def state(self, place: int = 0) -> dict[str, Any]:
        with self.database.reading(SYSTEM) as session:
            row = find(session, Synergy, self.ids[place])
            fields = ("status", "assignee", "shelving")
            return {field: dict(desk_actions.read(session, row, field)) for field in fields}

    def listed(self, **criteria: Any) -> list[int]:
        with self.database.reading(self.anne) as session:
            wanted = Criteria(territory_id=self.territory, desk=DeskCriteria(**criteria))
            return sorted(self.ids.index(row.id) for row in listed(session, wanted, Slice(10)).items)


@pytest.fixture
def office(database: Database) -> Office:
    with database.writing(SYSTEM) as session:
        here, there = (add(session, Territory(name=name)) for name in ("Ici", "Ailleurs"))
        ids = []
        for score in (90.0, 80.0, 70.0):
            row = Synergy(
                territory_id=here.id, signature=new_id(), kind="substitution", score=score, confidence=0.5,
                document={"missing": []}, engine_version="", catalogue_digest="",
            )  # fmt: skip
            ids.append(add(session, row).id)
        seats = (
            ("anne", Role.COORDINATOR, here),
            ("bob", Role.FACILITATOR, here),
            ("carl", Role.COMPANY, here),
            ("dora", Role.COORDINATOR, there),
        )
        people = {}
        for name, role, territory in seats:
            user = add(session, User(email=f"{name}@t.example", name=name.title(), password_hash=""))
            add(session, Membership(territory_id=territory.id, user_id=user.id, role=role.value))
            mine = frozenset({territory.id})
            people[name] = Principal(f"user:{user.id}", user.email, AccountRole.MEMBER, mine)
        return Office(database, here.id, there.id, tuple(ids), people["anne"], people["bob"])


def test_only_the_names_of_fellow_staff_are_told_and_only_to_staff(office: Office) -> None:
    with office.as_(office.anne) as session:
        assert [person.name for person in desk.people_of(session, office.territory)] == ["Anne", "Bob"]
        with pytest.raises(MissingError):
            desk.people_of(session, office.elsewhere)
        assert session.scalars(select(User)).all() == []


def test_a_synergy_is_taken_on_by_oneself_by_a_colleague_or_by_nobody(office: Office) -> None:
    with office.as_(office.anne) as session:
        desk.assign(session, office.rows(session, 0, 1), "me")
        desk.assign(session, office.rows(session, 1), office.bob.subject)
    assert office.state(0)["assignee"] == {"assignee": office.anne.subject, "name": "Anne"}
    assert office.listed(assignee=office.bob.subject) == [1]
    assert office.listed(assignee="") == [2]
    with office.as_(office.bob) as session:
        desk.assign(session, office.rows(session, 1), "")
    assert office.listed(assignee="") == [1, 2]


@pytest.mark.parametrize("who", ["dora", "carl", "user:none", "membre"])
def test_nobody_from_elsewhere_and_no_company_is_given_a_synergy(office: Office, who: str) -> None:
    with office.database.reading(SYSTEM) as session:
        user = session.scalars(select(User).where(User.email == f"{who}@t.example")).first()
    with pytest.raises(InvalidInputError), office.as_(office.anne) as session:
        desk.assign(session, office.rows(session), f"user:{user.id}" if user else who)
    assert office.state()["assignee"] == {}


def test_what_is_set_aside_leaves_the_list_and_comes_back_on_its_day(office: Office) -> None:
    tomorrow = now().date() + timedelta(days=1)
    with office.as_(office.anne) as session:
        desk.shelve(session, office.rows(session, 0), reason="Trop loin")
        desk.shelve(session, office.rows(session, 1), until=tomorrow)
        with pytest.raises(InvalidInputError):
            desk.shelve(session, office.rows(session, 2), until=now().date())
    assert office.listed(shelved=False) == [2]
    assert office.listed(shelved=True) == [0, 1]
    assert office.listed(shelved=False, day=tomorrow) == [1, 2]
    assert office.listed() == [0, 1, 2]
    with office.as_(office.bob) as session:
        desk.take_back(session, office.rows(session, 0))
    assert office.listed(shelved=False) == [0, 2]


def test_every_kind_of_action_is_undone_exactly_and_done_again(office: Office) -> None:
    with office.as_(office.anne) as session:
        desk.assign(session, office.rows(session, 0), office.anne.subject)
        desk.shelve(session, office.rows(session, 0), reason="Plus tard")
        synergies.move_all(session, office.rows(session, 0), Status.PAUSED, "no_land", "Rien en vue")
    before = office.state()
    with office.as_(office.bob) as session:
        rows = office.rows(session)
        actions = [
            synergies.move_all(session, rows, Status.STUDY),
            desk.assign(session, rows, "me"),
            desk.take_back(session, rows),
        ]
    after = office.state()
    assert {field: before[field] == after[field] for field in before} == dict.fromkeys(before, False)
    undone = []
    for action in actions:
        assert action is not None
        with office.as_(office.anne) as session:
            undone.append(undo(session, action.id).id)
    assert office.state() == before
    for action_id in undone:
        with office.as_(office.anne) as session:
            undo(session, action_id)
    assert office.state() == after


def test_the_undoing_is_kept_in_the_history(office: Office) -> None:
    with office.as_(office.anne) as session:
        action = synergies.move_all(session, office.rows(session), Status.CONTACTED, comment="Appelé")
        assert action is not None
    with office.as_(office.bob) as session:
        undo(session, action.id)
    with office.database.reading(office.anne) as session:
        events = session.scalars(select(SynergyEvent).order_by(SynergyEvent.at)).all()
        assert [(event.to_status, event.actor, event.comment) for event in events] == [
            ("contacted", "anne@t.example", "Appelé"),
            ("identified", "bob@t.example", ""),
        ]
        assert [one.kind for one, _ in journal(session, office.ids[0])] == ["move", "undo"]


def test_nothing_is_undone_once_somebody_changed_the_same_even_back_again(office: Office) -> None:
    with office.as_(office.anne) as session:
        first = synergies.move_all(session, office.rows(session, 0, 1), Status.CONTACTED)
        aside = desk.shelve(session, office.rows(session, 0))
        assert first is not None
        assert aside is not None
    for status in (Status.STUDY, Status.CONTACTED):
        with office.as_(office.bob) as session:
            synergies.move_all(session, office.rows(session, 1), status)
    with office.as_(office.anne) as session:
        assert not may_undo(session, find(session, DeskAction, first.id))
        assert may_undo(session, find(session, DeskAction, aside.id))
    with pytest.raises(ConflictError), office.as_(office.anne) as session:
        undo(session, first.id)
    assert office.state(0)["status"]["status"] == "contacted"
    with office.as_(office.bob) as session:
        undo(session, aside.id)
    with pytest.raises(ConflictError), office.as_(office.bob) as session:
        undo(session, aside.id)


def test_actions_are_undone_one_after_the_other(office: Office) -> None:
    actions = []
    for status in (Status.CONTACTED, Status.DISCUSSION, Status.STUDY):
        with office.as_(office.anne) as session:
            action = synergies.move_all(session, office.rows(session), status)
            assert action is not None
            actions.append(action.id)
    for action_id in reversed(actions):
        with office.as_(office.anne) as session:
            undo(session, action_id)
    assert office.state()["status"]["status"] == "identified"


def test_what_the_engine_renews_does_not_stand_in_the_way_of_undoing(office: Office) -> None:
    with office.as_(office.anne) as session:
        action = desk.shelve(session, office.rows(session))
        assert action is not None
    with office.as_(SYSTEM) as session:
        office.rows(session)[0].score = 12.0
    with office.as_(office.anne) as session:
        undo(session, action.id)
    assert office.state()["shelving"] == {}


def test_a_comment_is_told_deleted_by_its_author_alone_and_brought_back(office: Office) -> None:
    with office.as_(office.anne) as session:
        said, _ = desk.comment(session, office.rows(session)[0], "  Rappeler en mars ")
    with pytest.raises(NotPermittedError), office.as_(office.bob) as session:
        desk.delete_comment(session, said.id)
    with office.as_(office.anne) as session:
        action = desk.delete_comment(session, said.id)
        assert action is not None
        assert comments(session, office.ids) == []
    with pytest.raises(NotPermittedError), office.as_(office.bob) as session:
        undo(session, action.id)
    with office.as_(office.anne) as session:
        undo(session, action.id)
        assert [one.body for one in comments(session, office.ids)] == ["Rappeler en mars"]
    with pytest.raises(InvalidInputError), office.as_(office.anne) as session:
        desk.comment(session, office.rows(session)[0], "  ")


def test_the_text_of_a_deleted_comment_goes_after_a_day(office: Office) -> None:
    with office.as_(office.anne) as session:
        said, _ = desk.comment(session, office.rows(session)[0], "À oublier")
        action = desk.delete_comment(session, said.id)
        assert action is not None
    with office.as_(SYSTEM) as session:
        find(session, Comment, said.id).deleted_at = now() - timedelta(days=2)
    with office.as_(office.bob) as session:
        desk.comment(session, office.rows(session)[0], "Autre chose")
    with office.database.reading(SYSTEM) as session:
        assert find(session, Comment, said.id).body == ""
    with pytest.raises(ConflictError), office.as_(office.anne) as session:
        undo(session, action.id)


def test_each_action_moves_the_version_so_that_an_older_one_is_refused(office: Office) -> None:
    with office.as_(office.anne) as session:
        before = office.rows(session)[0].version
        desk.shelve(session, office.rows(session))
    with office.as_(office.anne) as session:
        assert office.rows(session)[0].version == before + 1
    with pytest.raises(StaleVersionError), office.as_(office.bob) as session:
        synergies.move(session, office.ids[0], Status.STUDY, before)


def test_what_has_not_moved_is_what_was_begun_and_left(office: Office) -> None:
    with office.as_(office.anne) as session:
        synergies.move_all(session, office.rows(session, 0, 1), Status.CONTACTED)
    with office.as_(SYSTEM) as session:
        for event in session.scalars(select(SynergyEvent).where(SynergyEvent.synergy_id == office.ids[0])):
            event.at = now() - timedelta(days=200)
    assert office.listed(unmoved_since=now() - timedelta(days=180)) == [0]
    with office.as_(office.bob) as session:
        synergies.move_all(session, office.rows(session, 0), Status.RUNNING)
    assert office.listed(unmoved_since=now() + timedelta(days=1)) == [1]


def test_whatever_was_done_keeps_a_synergy_that_the_engine_drops(office: Office) -> None:
    with office.as_(office.anne) as session:
        desk.shelve(session, office.rows(session, 0))
        desk.assign(session, office.rows(session, 1), "me")
    with office.database.reading(SYSTEM) as session:
        assert followed(session, office.territory) == frozenset(office.ids[:2])


def test_the_desk_of_another_territory_is_out_of_reach(office: Office) -> None:
    stranger = Principal("user:x", "x", AccountRole.MEMBER, frozenset({office.elsewhere}))
    with office.as_(office.anne) as session:
        action = desk.shelve(session, office.rows(session))
        assert action is not None
    with office.as_(stranger) as session:
        assert session.scalars(select(Shelving)).all() == []
        with pytest.raises(MissingError):
            undo(session, action.id)


def test_views_are_their_owners_or_the_staffs(office: Office) -> None:
    query = {"kind": "substitution", "sort": "distance_km"}
    with office.as_(office.anne) as session:
        mine = saved_views.save(session, office.territory, "  Les  miennes ", query)
        ours = saved_views.save(session, office.territory, "Les nôtres", query, shared=True)
        saved_views.open_first(session, office.territory, mine.id)
        assert saved_views.first_query(session, office.territory) == query
    with office.as_(office.bob) as session:
        assert [view.name for view in saved_views.views_of(session, office.territory)] == ["Les nôtres"]
        assert saved_views.first_query(session, office.territory) == {}
        for act in (saved_views.view_named, saved_views.delete):
            with pytest.raises(MissingError):
                act(session, mine.id)
        assert saved_views.rename(session, ours.id, "À nous", ours.version).name == "À nous"
    with office.as_(office.anne) as session:
        names = [view.name for view in saved_views.views_of(session, office.territory)]
        assert names == ["Les miennes", "À nous"]
        saved_views.delete(session, mine.id)
        assert saved_views.first_query(session, office.territory) == {}
        saved_views.open_first(session, office.territory, "unmoved")
        assert saved_views.first_query(session, office.territory) == {"unmoved": "180"}


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_view_has_a_name_of_its_own(office: Office, name: str) -> None:
    with office.as_(office.anne) as session, pytest.raises(InvalidInputError):
        saved_views.save(session, office.territory, name, {})
    with office.as_(office.anne) as session:
        saved_views.save(session, office.territory, "Deux fois", {})
    with pytest.raises(ConflictError), office.as_(office.anne) as session:
        saved_views.save(session, office.territory, "Deux fois", {})
