"""A person is given all that is kept of them, or erased; an operator enters a territory in plain sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.db.base import Base
from app.db.principal import SYSTEM, AccountRole, Principal
from app.db.tables import (
    ApiKey,
    Assignment,
    Charter,
    Comment,
    Company,
    Contact,
    DeskAction,
    DeskChange,
    Diagnostic,
    Flow,
    Grant,
    Import,
    ImportEntry,
    ImportRow,
    Mandate,
    Membership,
    OneTimeLink,
    SharedView,
    Synergy,
    SynergyEvent,
    User,
)
from app.repositories.records import add, find, rows_of
from app.services import desk, person
from app.services.undo import may_undo, undo
from tests.conftest import DATABASES, Asker
from tests.trust.town import Town, build, synergies_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from app.db.engine import Database
    from app.settings import Settings


@pytest.fixture
def town(database: Database, settings: Settings) -> Town:
    return build(database, settings.web)


def test_all_that_is_kept_of_a_person_is_given_then_erased(database: Database, town: Town) -> None:
    address = "facilitator@x.example"
    synergy = next(synergies_of(database, town.ids["territory"]))
    with database.writing(SYSTEM) as session:
        owner = {"territory_id": town.ids["territory"]}
        add(session, Contact(**owner, site_id=town.ids["own:site"], name="Dupont", email=address.upper()))
        move = {"synergy_id": synergy, "from_status": "identified", "to_status": "contacted"}
        add(session, SynergyEvent(**owner, **move, actor=address))
        found = person.kept_of(session, address)
        assert set(found) >= {"user", "membership", "contact", "synergy_event"}
        assert "password_hash" not in found["user"][0]
        assert person.erase(session, address) == 3
    with database.reading(SYSTEM) as session:
        assert rows_of(session, User, email=address) == []
        assert rows_of(session, Contact, name="Dupont") == []
        assert [row.actor for row in rows_of(session, SynergyEvent)] == ["–"]
        assert set(person.kept_of(session, address)) <= {"audit_entry"}


def fill_with(session: Any, town: Town, synergy: str, user: User, words: str) -> None:
    """Store rows that name a person wherever somebody or something may have written it."""
    address, name = user.email, user.name
    owner = {"territory_id": town.ids["territory"]}
    signed = {"charter_number": 0, "author": address, "revoked_by": address}
    subject = f"user:{user.id}"
    state = {"assignee": subject, "name": name}
    action = add(session, DeskAction(**owner, kind="assign", author=subject, actor=address))
    shelved = add(session, DeskAction(**owner, kind="shelve", author=subject, actor=address))
    row = {"territory_id": owner["territory_id"], "synergy_id": synergy}
    sheet, visit = town.ids["own:import"], town.ids["own:diagnostic"]
    entry = {"import_id": sheet, "position": 0, "resource": "flow", "row_id": "x", "created": False}
    for one in (
        Charter(**owner, number=1, body=words, author=address),
        Mandate(**owner, company_id=town.ids["own:company"], origin="signed", **signed),
        Grant(**owner, flow_id=town.ids["own:flow:private:output"], level="private", **signed),
        Assignment(**row, assignee=subject, name=name),
        DeskChange(**row, action_id=action.id, field="assignee", before={}, after=state),
        DeskChange(**row, action_id=shelved.id, field="shelving", before={}, after={"actor": address}),
        Comment(**row, author="user:x", actor="x", body=words),
        SharedView(**owner, actor=address, name="Vue", query={"q": words}),
        ImportEntry(**owner, **entry, before={"contact": words}, after={"contact": [{words: words}]}),
        ImportRow(**owner, import_id=sheet, position=0, sheet="x", row=1, certainty="sure",
                  content={"flow": {"contact": words}}),
        ApiKey(name=words, key_hash="x", user_id=user.id),
        OneTimeLink(purpose="reset", token_hash="x", email=address, author=address,
                    expires_at=user.created_at),
    ):  # fmt: skip
        add(session, one)
    rows_of(session, Diagnostic, id=visit)[0].note = words
    rows_of(session, Flow, id=town.ids["own:flow:private:output"])[0].comment = words
    rows_of(session, Import, id=sheet)[0].report = {"findings": [{"message": words}]}
    session.flush()


@pytest.fixture(params=DATABASES)
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_no_column_names_a_person_once_erased(database: Database, town: Town) -> None:
    address, name = "coordinator@x.example", "Éloïse Martin"
    with database.writing(SYSTEM) as session:
        synergy = next(synergies_of(database, town.ids["territory"]))
        user = rows_of(session, User, email=address)[0]
        user.name = name
        fill_with(session, town, synergy, user, f"Vu avec {name} ({address.upper()}).")
        mentioned = person.kept_of(session, address)
        assert mentioned["import_row"][0]["named_in"] == ["content"]
        assert person.erase(session, address) >= 15
    found = []
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(table.select()).all() if table.name != "audit_entry" else []
            for word in (address, name, user.id):
                found += [(table.name, word) for row in rows if word.casefold() in str(row).casefold()]
    pseudonyms = {(table, user.id) for table in ("desk_action",)}
    assert sorted(set(found) - pseudonyms) == []


def test_what_somebody_of_another_name_wrote_stays(database: Database, town: Town) -> None:
    others = "joann@x.example et Ann Martin-Petit, société Martin"
    with database.writing(SYSTEM) as session:
        add(session, User(email="ann@x.example", name="Ann Martin", password_hash=""))
        company = rows_of(session, Company, id=town.ids["own:company"])[0]
        company.name, company.note = "Ann Martin", others
        flow = rows_of(session, Flow, id=town.ids["own:flow:private:output"])[0]
        flow.contact = "joann@x.example"
        session.flush()
        assert person.erase(session, "ann@x.example") == 1
        assert (company.name, company.note, flow.contact) == ("Ann Martin", others, "joann@x.example")


def test_undoing_at_the_desk_gives_nothing_to_somebody_erased(database: Database, town: Town) -> None:
    staff = Principal("user:x", "x", AccountRole.MEMBER, frozenset({town.ids["territory"]}))
    with database.writing(SYSTEM) as session:
        user_id = rows_of(session, User, email="facilitator@x.example")[0].id
        other_id = rows_of(session, User, email="coordinator@x.example")[0].id
    synergy = next(synergies_of(database, town.ids["territory"]))
    with database.writing(staff) as session:
        row = find(session, Synergy, synergy)
        first = desk.assign(session, [row], f"user:{user_id}")
        second = desk.assign(session, [row], f"user:{other_id}")
    assert first is not None
    assert second is not None
    with database.writing(SYSTEM) as session:
        person.erase(session, "facilitator@x.example")
    with database.writing(staff) as session:
        undo(session, second.id)
        assert rows_of(session, Assignment, synergy_id=synergy) == []
        assert not may_undo(session, find(session, DeskAction, first.id))


def test_an_operator_sees_a_territory_only_for_a_while_and_in_its_audit(
    client: TestClient, database: Database, town: Town
) -> None:
    operator, staff = (Asker(client, town.keys[name]) for name in ("operator", "coordinator"))
    flow, territory = town.ids["own:flow:private:output"], town.ids["territory"]
    assert operator.get(f"/flows/{flow}").status_code == 403
    path = f"/audit/break-glass/{territory}"
    assert operator.post(path, {"reason": "bug"}).status_code == 422
    assert staff.post(path, {"reason": "une panne à comprendre"}).status_code == 403
    assert operator.post(path, {"reason": "une panne à comprendre"}).status_code == 201
    assert operator.get(f"/flows/{flow}").status_code == 200
    told = [(one["action"], one["object_id"]) for one in staff.get("/audit").json()["items"]]
    assert ("break_glass", "une panne à comprendre") in told
    with database.writing(SYSTEM) as session:
        for seat in rows_of(session, Membership, territory_id=territory):
            if seat.expires_at is not None:
                seat.expires_at = seat.created_at
    assert operator.get(f"/flows/{flow}").status_code == 403
