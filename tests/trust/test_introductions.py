"""A company is told that somebody could; names are seen once both have agreed, and for as long as they do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.db.base import now
from app.db.principal import SYSTEM, AccountRole, Role
from app.db.tables import AuditEntry, Company, Flow, Introduction, Territory
from app.repositories.records import add, find, rows_of
from app.services.accounts import create_key
from tests.conftest import Asker
from tests.patience import tries
from tests.trust.town import Town, build

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from app.db.engine import Database
    from app.settings import Settings

PATIENCE_S = 120.0


class Neighbours:
    """The two companies of the town, its coordinator, and what they know."""

    def __init__(self, client: TestClient, database: Database, town: Town) -> None:
        self.database, self.town = database, town
        self.asking = Asker(client, town.keys["company"])
        self.staff = Asker(client, town.keys["coordinator"])
        with database.writing(SYSTEM) as session:
            home = find(session, Territory, town.ids["territory"])
            other = find(session, Company, town.ids["other:company"])
            token = create_key(session, "other", AccountRole.MEMBER, home, None, Role.COMPANY, other)
        self.asked = Asker(client, token)
        self.flow = town.ids["own:flow:private:output"]

    def matches(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.asking.get(f"/flows/{self.flow}/matches").json()["blind"]
        return [one for one in found if one["kind"] == "substitution"]

    def words(self, owner: str) -> list[str]:
        return [word for word, about in self.town.canaries.items() if about[0] == owner]

    def ask(self) -> Any:
        """Ask to meet the other company; whose match is whose is found by asking each in turn."""
        for match in self.matches():
            answer = self.asking.post("/introductions", {"flow_id": self.flow, "token": match["token"]})
            assert answer.status_code == 201, answer.text
            if self.asked.get("/introductions").json():
                return answer.json()
        raise AssertionError("no match with the other company")


@pytest.fixture
def neighbours(client: TestClient, database: Database, settings: Settings) -> Neighbours:
    return Neighbours(client, database, build(database, settings.web))


def test_a_company_reads_its_matches_without_a_name_and_in_classes(neighbours: Neighbours) -> None:
    matches = neighbours.matches()
    assert matches
    text = str(matches)
    assert not [word for word in neighbours.town.canaries if word in text]
    assert {"flow_id", "site", "score", "distance_km", "quantity_per_year"}.isdisjoint(matches[0])
    classes = ("under 1", "1 to 10", "10 to 100", "100 to 1 000", "over 1 000")
    assert {match["quantity_class"] for match in matches} <= set(classes)
    assert matches[0]["distance_class"] == "within 10 km"


def test_who_asks_sees_nothing_before_the_answer_and_who_is_asked_sees_first_who_asks(
    neighbours: Neighbours,
) -> None:
    asked = neighbours.ask()
    assert asked["side"] == "asking"
    assert asked["asked"] is None
    assert not [word for word in neighbours.words("other") if word in str(asked)]
    (seen,) = neighbours.asked.get("/introductions").json()
    assert seen["side"] == "asked"
    assert seen["asking"]["company"] in neighbours.words("own")


def test_both_see_the_listed_fields_once_the_other_accepts_and_nothing_once_it_is_taken_back(
    neighbours: Neighbours,
) -> None:
    introduction = neighbours.ask()
    path = f"/introductions/{introduction['id']}"
    accepted = neighbours.asked("PATCH", path, json={"status": "accepted"})
    assert accepted.status_code == 200, accepted.text
    seen = neighbours.asking.get(path).json()
    assert seen["status"] == "accepted"
    assert seen["asked"]["company"] in neighbours.words("other")
    assert set(seen["asked"]) == {"company", "site", "label", "quantity", "contact"}
    assert neighbours.asking("PATCH", path, json={"status": "revoked"}).status_code == 200
    after = neighbours.asking.get(path).json()
    assert after["asked"] is None
    assert after["status"] == "revoked"


def test_only_the_asked_answers(neighbours: Neighbours) -> None:
    path = f"/introductions/{neighbours.ask()['id']}"
    assert neighbours.asking("PATCH", path, json={"status": "accepted"}).status_code == 403
    assert neighbours.asked("PATCH", path, json={"status": "revoked"}).status_code == 403
    assert neighbours.asked("PATCH", path, json={"status": "refused"}).status_code == 200
    assert neighbours.asked("PATCH", path, json={"status": "accepted"}).status_code == 409


def test_a_request_nobody_answered_has_expired_after_a_month(neighbours: Neighbours) -> None:
    path = f"/introductions/{neighbours.ask()['id']}"
    with neighbours.database.writing(SYSTEM) as session:
        for row in rows_of(session, Introduction):
            row.expires_at = now() - timedelta(seconds=1)
    assert neighbours.asked.get(path).json()["status"] == "expired"
    assert neighbours.asked("PATCH", path, json={"status": "accepted"}).status_code == 409
    assert neighbours.asked.get(path).json()["asking"] is None


def test_the_eleventh_open_request_is_refused(neighbours: Neighbours) -> None:
    town = neighbours.town
    neighbours.ask()
    with neighbours.database.writing(SYSTEM) as session:
        (first, *_) = rows_of(session, Introduction)
        present = len(rows_of(session, Introduction))
        for _ in range(10 - present):
            copy = {c.name: getattr(first, c.name) for c in Introduction.__table__.columns}
            flow = {"asking_flow_id": town.ids["own:flow:private:input"]}
            add(
                session,
                Introduction(**{k: v for k, v in (copy | flow).items() if k not in ("id", "version")}),
            )
    body = {"flow_id": neighbours.flow, "other_flow_id": town.ids["granted:flow:private:output"]}
    refused = neighbours.staff.post("/introductions", body)
    assert refused.status_code == 429, refused.text


def test_a_stranger_finds_no_introduction_of_others(neighbours: Neighbours, client: TestClient) -> None:
    path = f"/introductions/{neighbours.ask()['id']}"
    foreign = Asker(client, neighbours.town.keys["foreign"])
    assert foreign.get("/introductions").json() == []
    assert foreign.get(path).status_code == 404
    assert foreign("PATCH", path, json={"status": "accepted"}).status_code == 404


def test_a_company_that_takes_its_mandate_back_is_read_by_the_staff_no_more(neighbours: Neighbours) -> None:
    company, flow = (neighbours.town.ids[f"other:{name}"] for name in ("company", "flow:private:output"))
    assert neighbours.staff.get(f"/flows/{flow}").status_code == 200
    assert neighbours.asked.delete(f"/companies/{company}/mandates").status_code == 204
    assert neighbours.staff.get(f"/flows/{flow}").status_code == 404
    listed = neighbours.staff.get("/synergies", params={"format": "json"}).text
    assert not [word for word in neighbours.words("other") if word in listed]
    assert neighbours.asked.get(f"/flows/{flow}").status_code == 200
    assert neighbours.asked.post(f"/companies/{company}/mandates").status_code == 201
    assert neighbours.staff.get(f"/flows/{flow}").status_code == 200


def test_a_plan_leaves_out_a_company_that_took_its_mandate_back(neighbours: Neighbours) -> None:
    town, planned = neighbours.town, neighbours.staff
    assert neighbours.asked.delete(f"/companies/{town.ids['other:company']}/mandates").status_code == 204
    plan = planned.post("/plans", {"planner": "groups"}).json()["id"]
    # Plans are computed by what the machine has left.
    for _ in tries(PATIENCE_S):
        answer = planned.get(f"/plans/{plan}")
        if answer.json()["status"] not in ("queued", "running"):
            break
    assert answer.json()["status"] in ("done", "failed"), answer.text
    # Three others and the one whose plan it is; two companies withhold theirs.
    with neighbours.database.reading(SYSTEM) as session:
        flows = [row for row in rows_of(session, Flow, territory_id=town.ids["territory"])]
        sites = {town.ids[f"{owner}:site"] for owner in ("other", "withheld")}
    assert answer.json()["flows_read"] == len([flow for flow in flows if flow.site_id not in sites])
    assert not [
        word for word in neighbours.words("other") + neighbours.words("withheld") if word in answer.text
    ]


def test_a_reading_is_written_in_its_own_territory_whatever_the_address_names(
    neighbours: Neighbours, client: TestClient
) -> None:
    town = neighbours.town
    sheet, away = town.ids["own:import"], town.ids["away"]
    # The audit outlives the territories of earlier tests.
    with neighbours.database.reading(SYSTEM) as session:
        before = set(session.scalars(select(AuditEntry.id)))
    assert neighbours.staff.get(f"/imports/{sheet}", params={"territory": away}).status_code == 200
    assert neighbours.staff.get("/introductions", params={"territory": "x" * 100}).status_code == 200
    with neighbours.database.reading(SYSTEM) as session:
        entries = [row for row in session.scalars(select(AuditEntry)) if row.id not in before]
    written = {(row.action, row.territory_id) for row in entries}
    assert ("api.imports.read", town.ids["territory"]) in written
    assert {where for action, where in written if action.startswith("api.i")} == {town.ids["territory"]}


def test_a_company_sees_who_read_its_flows_and_not_who_read_others(neighbours: Neighbours) -> None:
    town = neighbours.town
    for owner in ("own", "other"):
        assert neighbours.staff.get(f"/flows/{town.ids[f'{owner}:flow:private:output']}").status_code == 200
    seen = neighbours.asking.get("/audit").json()["items"]
    read = [entry for entry in seen if entry["action"] == "api.flows.read"]
    assert [entry["object_id"] for entry in read] == [town.ids["own:flow:private:output"]]
    assert read[0]["name"] == "coordinator"


def test_pages_of_a_list_are_one_reading_an_hour_and_each_file_is_an_export(neighbours: Neighbours) -> None:
    """Turning pages costs no write each; every file taken away is told."""
    staff = neighbours.staff
    for query in ("limit=1", "limit=2", "min_score=40"):
        assert staff.get(f"/synergies?{query}").status_code == 200
    told = [one["action"] for one in staff.get("/audit").json()["items"]]
    assert told.count("api.synergies.read_all") == 1
    for _ in range(2):
        assert staff.get("/synergies?format=csv").status_code == 200
    told = [one["action"] for one in staff.get("/audit").json()["items"]]
    assert told.count("api.synergies.read_all") == 3


def test_the_audit_is_neither_changed_nor_cut(neighbours: Neighbours) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    neighbours.staff.get(f"/flows/{neighbours.flow}")
    for statement in ("UPDATE audit_entry SET name = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(DBAPIError), neighbours.database.engine.begin() as connection:
            connection.execute(text(statement))
