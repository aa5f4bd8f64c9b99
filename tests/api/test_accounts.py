"""Accounts through the API: who enters, who is invited, one's own keys; each deed in the audit."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db.base import now
from app.db.engine import Database
from app.db.principal import SYSTEM, Role
from app.db.tables import ApiKey, Company, IdempotencyKey, Membership, Territory, User
from app.repositories.records import add, find, rows_of
from app.services import accounts
from app.services.invitations import accept
from app.services.keys import create_own_key
from app.settings import Settings
from tests.conftest import Asker

PASSWORD = "un mot de passe assez long"
Person = Callable[..., Asker]


@pytest.fixture
def person(client: TestClient, database: Database, settings: Settings, territory: str) -> Person:
    """Return a maker of people of the territory, who ask by a key of their own."""

    def make(email: str, role: Role = Role.COORDINATOR, scopes: Any = ("read", "write", "admin")) -> Asker:
        with database.writing(SYSTEM) as session:
            home = find(session, Territory, territory)
            user = accounts.create_user(session, settings.web, email, PASSWORD)
            accounts.join(session, home, user, role)
            return Asker(client, create_own_key(session, user.id, "la mienne", scopes, 30))

    return make


def seat_of(asker: Asker, territory: str, email: str) -> str:
    people = asker.get(f"/territories/{territory}/people").json()
    return str(next(one["id"] for one in people if one["email"] == email))


def told(asker: Asker) -> list[str]:
    return [one["action"] for one in asker.get("/audit").json()["items"]]


def test_a_coordinator_invites_and_the_link_opens_the_territory(
    person: Person, database: Database, settings: Settings, territory: str
) -> None:
    chief = person("chief@x.example")
    path = f"/territories/{territory}/invitations"
    made = chief.post(path, {"email": "New@x.example", "role": "facilitator"})
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    link = made.json()["link"]
    (waiting,) = chief.get(path).json()
    assert "link" not in waiting
    assert (waiting["email"], waiting["role"], waiting["id"]) == (
        "new@x.example",
        "facilitator",
        made.json()["id"],
    )
    accept(database, settings.web, link.rsplit("/", 1)[1], "Nouvelle", PASSWORD)
    assert chief.get(path).json() == []
    people = {one["email"]: one["role"] for one in chief.get(f"/territories/{territory}/people").json()}
    assert people == {"chief@x.example": "coordinator", "new@x.example": "facilitator"}
    assert "invitation_made" in told(chief)


def test_an_invitation_taken_back_opens_nothing(person: Person, territory: str, client: TestClient) -> None:
    chief = person("chief@x.example")
    path = f"/territories/{territory}/invitations"
    made = chief.created(path, {"email": "new@x.example", "role": "observer"})
    assert chief.delete(f"{path}/{made['id']}").status_code == 204
    assert chief.delete(f"{path}/{made['id']}").status_code == 404
    assert client.get(f"/invitation/{made['link'].rsplit('/', 1)[1]}").status_code == 404


def test_what_is_wrong_with_an_invitation_is_a_problem_on_its_field(person: Person, territory: str) -> None:
    chief = person("chief@x.example")
    for body, field in (
        ({"email": "personne", "role": "facilitator"}, "email"),
        ({"email": "a@x.example", "role": "company"}, "company_id"),
        ({"email": "a@x.example", "role": "company", "company_id": "nowhere"}, "company_id"),
        ({"email": "a@x.example", "role": "chief"}, "role"),
    ):
        answer = chief.post(f"/territories/{territory}/invitations", body)
        assert answer.status_code == 422, body
        assert answer.headers["content-type"] == "application/problem+json"
        assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_a_role_changes_from_the_next_request_on(person: Person, database: Database, territory: str) -> None:
    chief, other = person("chief@x.example"), person("other@x.example", Role.FACILITATOR)
    with database.writing(SYSTEM) as session:
        company = add(session, Company(territory_id=territory, name="ACME")).id
    path = f"/territories/{territory}/people/{seat_of(chief, territory, 'other@x.example')}"
    assert other.get("/synergies").status_code == 200
    changed = chief("PATCH", path, json={"role": "company", "company_id": company})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["role"], changed.json()["company_id"]) == ("company", company)
    assert other.get("/synergies").status_code == 403
    assert chief("PATCH", path, json={"role": "company"}).json()["errors"][0]["field"] == "company_id"
    assert chief("PATCH", path, json={"role": "observer", "company_id": company}).status_code == 422
    assert chief.delete(path).status_code == 204
    assert other.get(f"/territories/{territory}").status_code == 404
    assert chief.delete(path).status_code == 404
    assert {"seat_changed", "seat_removed"} <= set(told(chief))


def test_the_last_coordinator_stays(person: Person, database: Database, territory: str) -> None:
    chief = person("chief@x.example")
    path = f"/territories/{territory}/people/{seat_of(chief, territory, 'chief@x.example')}"
    for answer in (chief("PATCH", path, json={"role": "observer"}), chief.delete(path)):
        assert answer.status_code == 409
    person("second@x.example")
    assert chief.delete(path).status_code == 204


def test_two_coordinators_who_send_each_other_away_leave_one(
    person: Person, database: Database, territory: str
) -> None:
    chiefs = [person(f"{name}@x.example") for name in ("one", "two")]
    ids = [seat_of(chiefs[0], territory, f"{name}@x.example") for name in ("two", "one")]

    def send_away(number: int) -> int:
        asker = Asker(TestClient(chiefs[0].client.app, raise_server_exceptions=False), chiefs[number].token)
        return int(asker.delete(f"/territories/{territory}/people/{ids[number]}").status_code)

    with ThreadPoolExecutor(2) as threads:
        codes = sorted(threads.map(send_away, range(2)))
    assert codes[0] == 204
    assert codes[1] in (403, 404, 409)
    with database.reading(SYSTEM) as session:
        seats = rows_of(session, Membership, territory_id=territory, role="coordinator")
        assert len([seat for seat in seats if seat.user_id]) == 1


def test_an_operator_who_opened_the_territory_does_not_count_as_its_coordinator(
    person: Person, database: Database, territory: str
) -> None:
    chief = person("chief@x.example")
    guest = person("guest@x.example")
    with database.writing(SYSTEM) as session:
        (user,) = rows_of(session, User, email="guest@x.example")
        (seat,) = rows_of(session, Membership, user_id=user.id)
        seat.expires_at = now() + timedelta(hours=1)
    path = f"/territories/{territory}/people"
    assert guest.delete(f"{path}/{seat_of(chief, territory, 'chief@x.example')}").status_code == 409
    assert chief.delete(f"{path}/{seat_of(chief, territory, 'guest@x.example')}").status_code == 204


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.OBSERVER])
def test_only_coordinators_say_who_enters(person: Person, territory: str, role: Role) -> None:
    person("chief@x.example")
    asker = person("other@x.example", role)
    here = f"/territories/{territory}"
    body = {"email": "a@x.example", "role": "coordinator"}
    assert asker.get(f"{here}/people").status_code == 403
    assert asker.get(f"{here}/invitations").status_code == 403
    assert asker.post(f"{here}/invitations", body).status_code == 403


def test_another_territory_and_a_missing_one_look_the_same(
    person: Person, operator: Asker, territory: str
) -> None:
    chief = person("chief@x.example")
    away = operator.created("/territories", {"name": "Ailleurs"})["id"]
    body = {"email": "a@x.example", "role": "coordinator"}
    for where in (away, "nowhere"):
        assert chief.get(f"/territories/{where}/people").status_code == 404
        assert chief.post(f"/territories/{where}/invitations", body).status_code == 404
        assert chief.delete(f"/territories/{where}/people/x").status_code == 404


def test_a_key_is_told_once_read_without_its_secret_and_ended(person: Person, client: TestClient) -> None:
    chief = person("chief@x.example")
    made = chief.post("/account/keys", {"name": "tableur", "scopes": ["read"], "days": 10})
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    own = Asker(client, made.json()["key"])
    assert own.get("/companies").status_code == 200
    assert own.post("/companies", {"name": "x"}).status_code == 403
    listed = chief.get("/account/keys").json()
    assert {one["name"]: one["scopes"] for one in listed}["tableur"] == ["read"]
    assert "efx_" not in str(listed)
    assert chief.delete(f"/account/keys/{made.json()['id']}").status_code == 204
    assert own.get("/companies").status_code == 401
    assert chief.delete(f"/account/keys/{made.json()['id']}").status_code == 404


def test_a_key_makes_none_that_may_do_more_or_lasts_longer(person: Person) -> None:
    asker = person("chief@x.example", scopes=("read", "write"))
    for body, field in (
        ({"name": "x", "scopes": ["read", "admin"], "days": 1}, "scopes"),
        ({"name": "x", "scopes": ["read"], "days": 31}, "days"),
    ):
        answer = asker.post("/account/keys", body)
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == [field]
    other = asker.created("/account/keys", {"name": "x", "scopes": ["read"], "days": 1})
    assert asker.delete(f"/account/keys/{other['id']}").status_code == 403, "it ends itself alone"


def test_nobody_ends_the_key_of_somebody_else(person: Person) -> None:
    chief, other = person("chief@x.example"), person("other@x.example")
    (key,) = other.get("/account/keys").json()
    assert chief.delete(f"/account/keys/{key['id']}").status_code == 404
    assert other.get("/account/keys").status_code == 200


def test_a_key_of_the_server_is_nobodys(member: Asker) -> None:
    assert member.get("/account/keys").status_code == 404
    body = {"name": "x", "scopes": ["read"], "days": 1}
    assert member.post("/account/keys", body).status_code == 404


def test_secrets_are_not_kept_to_be_told_again(person: Person, database: Database, territory: str) -> None:
    chief = person("chief@x.example")
    once = {"Idempotency-Key": "one"}
    key = chief.post("/account/keys", {"name": "x", "scopes": ["read"], "days": 1}, headers=once).json()
    two = {"Idempotency-Key": "two"}
    body = {"email": "new@x.example", "role": "observer"}
    link = chief.post(f"/territories/{territory}/invitations", body, headers=two).json()["link"]
    with database.reading(SYSTEM) as session:
        kept = str([row.body for row in rows_of(session, IdempotencyKey)])
        kept += str([row.key_hash for row in rows_of(session, ApiKey)])
    assert key["key"] not in kept
    assert link.rsplit("/", 1)[1] not in kept
