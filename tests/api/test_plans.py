"""Plans over the API: started, computed in the background, read in both languages, cancelled, protected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from threading import Event
from typing import Any

import pytest
from openpyxl import load_workbook

from app.db.base import now
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Plan
from app.repositories import plans
from app.repositories.records import add, find
from app.services import stored_plans
from app.services.plan_queue import MOST_ATTEMPTS, SILENT_S, PlanQueue
from app.services.planners import PLANNERS
from matching.messages import N_, Message
from matching.planning.plan import InfeasiblePlanError
from tests.api.conftest import upload
from tests.api.planning_here import PlannerHere
from tests.conftest import Asker
from tests.patience import tries

HEADER = "site,lon,lat,park,direction,kind,label,resource,quantity,unit,period,unit_cost_eur"
BUYERS = (
    "Alpha,5.06,43.40,Nord,input,energy,Électricité,electricity,900,MWh,year,180",
    "Bêta,5.07,43.41,Nord,input,energy,Électricité,electricity,700,MWh,year,175",
    "Gamma,5.08,43.42,Nord,input,energy,Électricité,electricity,400,MWh,year,190",
    "Delta,5.20,43.50,Sud,input,energy,Électricité,electricity,500,MWh,year,185",
)
FIELDS = {"engine", "problem", "plan", "objective", "bound", "gap", "unserved", "assumptions", "warnings"}
PURCHASE = {"planner": "purchase", "start": "2026-12-01", "time_limit_s": 2}
WAIT_S = 120.0


@pytest.fixture
def buyers(member: Asker) -> Asker:
    """Return a member of a territory in which four sites buy electricity."""
    answer = upload(member, "\n".join([HEADER, *BUYERS]).encode())
    assert answer.status_code == 201, answer.text
    return member


@pytest.fixture
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the server's own queue from taking anything up."""
    monkeypatch.setattr(PlanQueue, "start", lambda self: None)


def finished(asker: Asker, plan_id: str, language: str = "en") -> Any:
    """Return a plan once it is finished."""
    for _ in tries(WAIT_S):
        answer = asker.get(f"/plans/{plan_id}", headers={"Accept-Language": language})
        assert answer.status_code == 200, answer.text
        if answer.json()["status"] not in plans.UNFINISHED:
            break
    return answer.json()


def started(asker: Asker, **asked: Any) -> Any:
    answer = asker.post("/plans", {**PURCHASE, **asked})
    assert answer.status_code == 202, answer.text
    return answer.json()


def wrong_fields(answer: Any) -> set[str]:
    assert answer.status_code == 422, answer.text
    return {error["field"] for error in answer.json()["errors"]}


def test_a_plan_is_started_computed_and_read_in_both_languages(buyers: Asker, territory: str) -> None:
    answer = buyers.post("/plans", PURCHASE)
    begun = answer.json()
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/api/v1/plans/{begun['id']}"
    assert begun["status"] == "queued"
    assert begun["territory_id"] == territory
    english, french = (finished(buyers, begun["id"], language) for language in ("en", "fr"))
    assert english["status"] == "done", english["error"]
    assert english["flows_read"] == len(BUYERS)
    assert english["count"] == len(english["documents"]) >= 1
    assert all(set(document) == FIELDS for document in english["documents"])
    assert english["saving_eur_per_year"] > 0
    assert "joint purchase" in english["headline"]
    assert "achat" in french["headline"]
    first, premier = english["documents"][0], french["documents"][0]
    assert first["plan"]["saving_eur_per_year"] == premier["plan"]["saving_eur_per_year"]
    assert first["assumptions"] != premier["assumptions"]
    assert english["started_at"] <= english["finished_at"]
    listed = buyers.get("/plans", params={"planner": "purchase", "status": "done"}).json()["items"]
    assert [row["id"] for row in listed] == [begun["id"]]
    assert "documents" not in listed[0]
    assert buyers.get("/plans", params={"planner": "jobs"}).json()["items"] == []


def test_a_plan_is_kept_to_the_sites_of_a_park_or_of_a_list(buyers: Asker) -> None:
    park = next(row for row in buyers.get("/parks").json()["items"] if row["name"] == "Nord")
    sites = {row["name"]: row["id"] for row in buyers.get("/sites").json()["items"]}
    in_park = finished(buyers, started(buyers, park_id=park["id"])["id"])
    of_two = finished(buyers, started(buyers, site_ids=[sites["Alpha"], sites["Delta"]])["id"])
    for plan, names in ((in_park, {"Alpha", "Bêta", "Gamma"}), (of_two, {"Alpha", "Delta"})):
        assert plan["flows_read"] == len(names)
        assert plan["status"] == "done", plan["error"]
        assert {row["site"] for row in plan["documents"][0]["plan"]["members"]} == names


def test_what_is_wrong_with_a_request_is_named_field_by_field(buyers: Asker, stranger: Asker) -> None:
    foreign = stranger.created("/sites", {"name": "Ailleurs"})["id"]
    wrong = {
        "planner": "magic",
        "resource": "unobtainium",
        "objective": "glory",
        "max_km": -3,
        "seed": -1,
        "time_limit_s": 1e6,
        "park_id": "nowhere",
        "site_ids": [foreign],
        "closed_site_ids": [foreign],
    }
    answer = buyers.post("/plans", {**PURCHASE, **wrong})
    assert wrong_fields(answer) == set(wrong)
    assert all(len(error["message"]) > 10 for error in answer.json()["errors"])
    assert wrong_fields(buyers.post("/plans", {**PURCHASE, "colour": "red"})) == {"colour"}
    assert wrong_fields(buyers.post("/plans", {**PURCHASE, "start": "tomorrow"})) == {"start"}
    assert wrong_fields(buyers.post("/plans", {**PURCHASE, "start": "9999-12-31"})) == {"start"}
    assert wrong_fields(buyers.post("/plans", {**PURCHASE, "seed": 10**400})) == {"seed"}
    assert wrong_fields(buyers.post("/plans", {"max_km": 3})) == {"planner"}
    assert buyers.get("/plans").json()["items"] == []


def test_a_plan_asked_twice_with_one_key_is_one_plan(buyers: Asker) -> None:
    once = {"Idempotency-Key": "plan-1"}
    first, second = (buyers.post("/plans", PURCHASE, headers=once) for _ in range(2))
    assert first.json() == second.json()
    assert first.headers["location"] == second.headers["location"]
    assert len(buyers.get("/plans").json()["items"]) == 1


@pytest.mark.usefixtures("no_queue")
def test_a_plan_that_waits_is_cancelled_and_a_finished_one_is_not(buyers: Asker) -> None:
    begun = started(buyers)
    stale = buyers.post(f"/plans/{begun['id']}/cancel", headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    cancelled = buyers.post(f"/plans/{begun['id']}/cancel", headers={"If-Match": '"1"'})
    assert cancelled.status_code == 200
    assert cancelled.json()["status"] == "cancelled"
    assert buyers.post(f"/plans/{begun['id']}/cancel").json()["status"] == "cancelled"
    assert buyers.delete(f"/plans/{begun['id']}").status_code == 204
    assert buyers.get(f"/plans/{begun['id']}").status_code == 404


def test_a_plan_that_is_done_cannot_be_cancelled(buyers: Asker) -> None:
    plan = finished(buyers, started(buyers)["id"])
    answer = buyers.post(f"/plans/{plan['id']}/cancel")
    assert answer.status_code == 409
    assert "nothing to cancel" in answer.json()["detail"]
    assert buyers.get(f"/plans/{plan['id']}").json()["status"] == "done"


@pytest.fixture
def planning_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have plans computed in this process, where a test can replace the planners."""
    monkeypatch.setattr("app.services.plan_queue.planner_apart", PlannerHere)


@pytest.fixture
def slow_planner(planning_here: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Event, Event]]:
    """Replace a planner by one of two problems whose first waits: events “it began” and “let it end”."""
    began, go_on = Event(), Event()
    solved: list[int] = []

    def solve(_seed: int, _time_limit_s: float) -> Any:
        solved.append(len(solved))
        began.set()
        assert go_on.wait(WAIT_S)
        raise InfeasiblePlanError(Message(N_("Give text.")))

    monkeypatch.setattr("app.services.planning.PLANNERS", {**PLANNERS, "jobs": lambda *_: [solve, solve]})
    yield began, go_on
    go_on.set()


def test_a_plan_is_cancelled_while_it_is_computed(buyers: Asker, slow_planner: tuple[Event, Event]) -> None:
    """Nothing of it is stored, and the queue goes on with the next plan."""
    began, go_on = slow_planner
    begun = started(buyers, planner="jobs")
    assert began.wait(WAIT_S)
    assert buyers.get(f"/plans/{begun['id']}").json()["status"] == "running"
    assert buyers.post(f"/plans/{begun['id']}/cancel").json()["status"] == "cancelled"
    go_on.set()
    assert finished(buyers, started(buyers)["id"])["status"] == "done"
    after = buyers.get(f"/plans/{begun['id']}").json()
    assert (after["status"], after["documents"], after["error"]) == ("cancelled", [], None)


def test_a_table_with_nothing_to_plan_fails_with_what_to_declare(buyers: Asker) -> None:
    begun = started(buyers, planner="training")
    for language, words in (("en", "at least two sites"), ("fr", "au moins deux sites")):
        plan = finished(buyers, begun["id"], language)
        assert plan["status"] == "failed"
        assert words in plan["error"]
        assert plan["documents"] == []


@pytest.mark.usefixtures("planning_here")
def test_a_planner_that_breaks_fails_without_stopping_the_queue(
    buyers: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("app.services.planning.PLANNERS", {**PLANNERS, "jobs": broken})
    plan = finished(buyers, started(buyers, planner="jobs")["id"])
    assert plan["status"] == "failed"
    assert "whoever runs this server" in plan["error"]
    assert finished(buyers, started(buyers)["id"])["status"] == "done"


def test_a_plan_is_taken_away_as_a_map_a_workbook_and_a_paper(buyers: Asker) -> None:
    path = f"/plans/{finished(buyers, started(buyers)['id'])['id']}"
    drawn = buyers.get(path, params={"format": "geojson"})
    assert drawn.headers["content-type"] == "application/geo+json"
    assert {"Alpha", "Bêta"} <= {one["properties"].get("site") for one in drawn.json()["features"]}
    book = load_workbook(BytesIO(buyers.get(path, params={"format": "xlsx"}).content))
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert "Alpha" in cells
    assert buyers.get(f"{path}/sheet.pdf").content.startswith(b"%PDF")
    assert buyers.get(f"{path}/sheet.pdf", params={"document": 50}).status_code == 404
    assert buyers.get(path, params={"format": "png"}).status_code == 422


def test_a_plan_without_result_or_without_paper_gives_no_file(buyers: Asker) -> None:
    failed = finished(buyers, started(buyers, planner="training")["id"])
    assert buyers.get(f"/plans/{failed['id']}/sheet.pdf").status_code == 409
    assert buyers.get(f"/plans/{failed['id']}", params={"format": "geojson"}).status_code == 409
    closure = [buyers.get("/sites").json()["items"][0]["id"]]
    done = finished(buyers, started(buyers, planner="what-if", closed_site_ids=closure)["id"])
    assert done["status"] == "done", done["error"]
    assert buyers.get(f"/plans/{done['id']}/sheet.pdf").status_code == 404


PALLETS = {"kind": "packaging", "label": "Palettes Europe d'occasion", "unit": "palette"}


def test_what_a_newcomer_changes_is_planned_from_the_flows_it_would_bring(buyers: Asker) -> None:
    site = next(row for row in buyers.get("/sites").json()["items"] if row["name"] == "Alpha")
    buyers.created("/flows", {**PALLETS, "direction": "output", "quantity": 900, "site_id": site["id"]})
    need = {
        **PALLETS,
        "direction": "input",
        "quantity": 500,
        "unit_cost_eur": 6,
        "contract_end": "2027-01-31",
    }
    newcomer = {"name": "Usine", "lon": 5.065, "lat": 43.405, "flows": [need]}
    plan = finished(buyers, started(buyers, planner="what-if", added=newcomer)["id"])
    assert plan["status"] == "done", plan["error"]
    links = plan["documents"][0]["plan"]["new_links"]
    assert [(link["provider"], link["receiver"]) for link in links] == [("Alpha", "Usine")]
    assert len(buyers.get("/sites").json()["items"]) == len(BUYERS)
    newcomer["flows"] = [need, {**need, "unit": "boisseau"}]
    refused = buyers.post("/plans", {**PURCHASE, "planner": "what-if", "added": newcomer})
    assert wrong_fields(refused) == {"added.flows.1.unit"}


@pytest.mark.usefixtures("no_queue")
def test_a_territory_has_a_few_unfinished_plans_at_most(buyers: Asker, stranger: Asker) -> None:
    begun = [started(buyers) for _ in range(stored_plans.MOST_UNFINISHED)]
    refused = buyers.post("/plans", PURCHASE)
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert stranger.post("/plans", PURCHASE).status_code == 202
    buyers.post(f"/plans/{begun[0]['id']}/cancel")
    assert started(buyers)["status"] == "queued"


def test_the_plans_of_a_territory_are_not_there_for_others(
    buyers: Asker, stranger: Asker, territory: str
) -> None:
    plan = finished(buyers, started(buyers)["id"])
    assert stranger.get("/plans").json()["items"] == []
    for method, path in (
        ("GET", f"/plans/{plan['id']}"),
        ("POST", f"/plans/{plan['id']}/cancel"),
        ("DELETE", f"/plans/{plan['id']}"),
        ("GET", f"/plans?territory={territory}"),
    ):
        assert stranger(method, path).status_code == 404, (method, path)
    assert stranger.post("/plans", {**PURCHASE, "territory_id": territory}).status_code == 404
    assert buyers.get(f"/plans/{plan['id']}").json() == plan


Left = Callable[..., str]


@pytest.fixture
def left_running(database: Database, territory: str) -> Left:
    """Return a maker of plans that a process has taken up and not been heard of since."""

    def make(silent_s: float, attempts: int) -> str:
        with database.writing(SYSTEM) as session:
            row = stored_plans.start_plan(session, territory, "purchase", {"start": "2026-12-01"})
            row.status, row.runner, row.attempts = "running", "another process", attempts
            row.heartbeat_at = row.started_at = now() - timedelta(seconds=silent_s)
            return add(session, row).id

    return make


def test_a_plan_left_by_a_server_that_stopped_is_taken_up_again(buyers: Asker, left_running: Left) -> None:
    plan = finished(buyers, left_running(SILENT_S + 1, 1))
    assert plan["status"] == "done", plan["error"]


def test_a_plan_that_a_server_left_twice_fails_with_advice(buyers: Asker, left_running: Left) -> None:
    plan = finished(buyers, left_running(SILENT_S + 1, MOST_ATTEMPTS))
    assert plan["status"] == "failed"
    assert "ask for less" in plan["error"]


def test_a_plan_that_another_process_computes_is_left_to_it(
    buyers: Asker, left_running: Left, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The queue's clock stands still: however slow this machine, the other was heard of just in time.
    began = now()
    monkeypatch.setattr("app.services.plan_queue.now", lambda: began)
    theirs = left_running(SILENT_S - 1, 1)
    assert finished(buyers, started(buyers)["id"])["status"] == "done"
    with database.reading(SYSTEM) as session:
        row = find(session, Plan, theirs)
        assert (row.status, row.runner) == ("running", "another process")


@pytest.mark.usefixtures("no_queue")
def test_of_two_processes_one_takes_up_a_plan_and_alone_stores_what_comes_out(
    buyers: Asker, database: Database
) -> None:
    plan_id = started(buyers)["id"]
    with database.writing(SYSTEM) as session:
        assert plans.claim(session, plan_id, "first", now()) is not None
    with database.writing(SYSTEM) as session:
        assert plans.claim(session, plan_id, "second", now()) is None
        assert not plans.beat(session, plan_id, "second", now())
        assert not plans.finish(session, plan_id, "second", {"status": "done"})
        assert plans.beat(session, plan_id, "first", now())
    assert buyers.get(f"/plans/{plan_id}").json()["status"] == "running"


@pytest.mark.usefixtures("planning_here")
def test_two_processes_share_the_queue_and_compute_each_plan_once(
    buyers: Asker, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[int] = []

    def planner(*_: Any) -> Any:
        computed.append(1)
        return []

    monkeypatch.setattr("app.services.planning.PLANNERS", {**PLANNERS, "jobs": planner})
    second = PlanQueue(database)
    second.start()
    try:
        for _ in range(3):
            ids = [started(buyers, planner="jobs")["id"] for _ in range(stored_plans.MOST_UNFINISHED)]
            second.wake()
            assert {finished(buyers, one)["status"] for one in ids} == {"failed"}
    finally:
        second.stop()
    assert len(computed) == 3 * stored_plans.MOST_UNFINISHED


def test_a_server_that_stops_gives_its_plan_back(
    buyers: Asker, database: Database, slow_planner: tuple[Event, Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.plan_queue.STOP_S", 0.1)
    began, _ = slow_planner
    begun = started(buyers, planner="jobs")
    assert began.wait(WAIT_S)
    application: Any = buyers.client.app
    application.state.plan_queue.stop()
    with database.reading(SYSTEM) as session:
        row = find(session, Plan, begun["id"])
        assert (row.status, row.runner) == ("queued", "")
