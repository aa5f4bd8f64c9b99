"""A person is given all that is kept of them, or erased; an operator enters a territory in plain sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.db.base import Base
from app.db.principal import SYSTEM
from app.db.tables import (
    Assignment,
    Charter,
    Contact,
    Grant,
    Mandate,
    Membership,
    OneTimeLink,
    SynergyEvent,
    User,
)
from app.repositories.records import add, rows_of
from app.services import person
from tests.conftest import Asker
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


def test_no_column_names_a_person_once_erased(database: Database, town: Town) -> None:
    address = "coordinator@x.example"
    with database.writing(SYSTEM) as session:
        owner = {"territory_id": town.ids["territory"]}
        synergy = next(synergies_of(database, town.ids["territory"]))
        user = rows_of(session, User, email=address)[0]
        signed = {"charter_number": 0, "author": address, "revoked_by": address}
        for row in (
            Charter(**owner, number=1, body="x", author=address),
            Mandate(**owner, company_id=town.ids["own:company"], origin="signed", **signed),
            Grant(**owner, flow_id=town.ids["own:flow:private:output"], level="private", **signed),
            Assignment(**owner, synergy_id=synergy, assignee=f"user:{user.id}", name=address),
            OneTimeLink(
                purpose="reset", token_hash="x", email=address, author=address, expires_at=user.created_at
            ),
        ):
            add(session, row)
        assert person.erase(session, address) >= 6
    found = []
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(table.select()).all() if table.name != "audit_entry" else []
            found += [table.name for row in rows if address in str(row)]
    assert found == []


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
