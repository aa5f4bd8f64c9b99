"""A member of another territory meets the same wall on every route."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import ROWS, table, upload
from tests.conftest import Asker

NO_SUCH_ROUTE = {("PATCH", "imports"), ("PATCH", "diagnostics"), ("DELETE", "synergies"), ("PATCH", "plans")}
NOWHERE = "00000000-0000-4000-8000-000000000000"
LISTS = ("territories", "parks", "companies", "sites", "contacts", "flows", "imports", "synergies", "plans")


@pytest.fixture
def theirs(member: Asker, territory: str, imported: Any) -> dict[str, str]:
    """Return the identifier of one row of each resource of the territory."""
    ids = {"territories": territory}
    site = member.get("/sites").json()["items"][0]["id"]
    ids["contacts"] = member.created("/contacts", {"site_id": site, "name": "Mme Martin"})["id"]
    flow = {"direction": "output", "kind": "material", "label": "Sciure"}
    ids["diagnostics"] = member.created(f"/sites/{site}/diagnostics", {"flows": [flow]})["id"]
    ids["plans"] = member.post("/plans", {"planner": "groups"}).json()["id"]
    for name in LISTS:
        ids.setdefault(name, member.get(f"/{name}").json()["items"][0]["id"])
    return ids


def test_lists_hold_nothing_of_others(stranger: Asker, theirs: dict[str, str]) -> None:
    for name in LISTS[1:]:
        assert stranger.get(f"/{name}").json()["items"] == [], name
    assert [row["name"] for row in stranger.get("/territories").json()["items"]] == ["Ailleurs"]
    for name in ("parks", "companies", "sites", "contacts", "flows", "imports", "synergies", "plans"):
        assert stranger.get(f"/{name}", params={"territory": theirs["territories"]}).status_code == 404
    for form in ("csv", "geojson", "json"):
        export = stranger.get("/synergies", params={"format": form}).text
        assert "Brasserie" not in export


def test_a_foreign_row_and_a_missing_one_give_the_same_answer(
    stranger: Asker, theirs: dict[str, str]
) -> None:
    def asked(template: str, name: str) -> list[tuple[str, str, dict[str, Any]]]:
        return [("GET", template, {}), ("DELETE", template, {}), ("PATCH", template, {"json": _body(name)})]

    for name, row_id in theirs.items():
        for method, template, options in asked(f"/{name}/%s", name):
            if (method, name) in NO_SUCH_ROUTE:
                continue
            answers = [
                stranger(method, template % one, headers={"If-Match": '"1"'}, **options)
                for one in (row_id, NOWHERE)
            ]
            assert [answer.status_code for answer in answers] == [404, 404], (method, name)
            bodies = [answer.json() for answer in answers]
            for body in bodies:
                body.pop("instance")
            assert bodies[0] == bodies[1]


def _body(name: str) -> dict[str, Any]:
    return {"flows": {"comment": "x"}, "synergies": {"status": "contacted"}, "contacts": {"role": "x"}}.get(
        name, {"name": "x"}
    )


def test_what_hangs_on_a_foreign_row_is_not_found_either(stranger: Asker, theirs: dict[str, str]) -> None:
    flow, site = theirs["flows"], theirs["sites"]
    for path in (f"/flows/{flow}/matches", f"/flows/{flow}/outlets", f"/sites/{site}/diagnostics"):
        assert stranger.get(path).status_code == 404
    pair = {"provider": flow, "receiver": flow}
    assert stranger.get("/matches/why-not", params=pair).status_code == 404
    declared = {"direction": "output", "kind": "material", "label": "x"}
    assert stranger.post(f"/sites/{site}/diagnostics", {"flows": [declared]}).status_code == 404


def test_nothing_can_be_written_into_another_territory(
    operator: Asker, stranger: Asker, theirs: dict[str, str]
) -> None:
    territory, site = theirs["territories"], theirs["sites"]
    for path in ("/sites", "/parks", "/companies"):
        assert stranger.post(path, {"name": "x", "territory_id": territory}).status_code == 404
    assert upload(stranger, table(), territory_id=territory).status_code == 404
    declared = {"direction": "output", "kind": "material", "label": "x", "site_id": site}
    refused = [
        stranger.post("/flows", declared),
        stranger.post("/matches/preview", declared),
        stranger.post("/contacts", {"name": "x", "site_id": site}),
        stranger.post("/sites", {"name": "x", "park_id": theirs["parks"]}),
        stranger.post("/sites", {"name": "x", "company_id": theirs["companies"]}),
    ]
    assert [answer.status_code for answer in refused] == [422] * 5
    own = stranger.created("/sites", {"name": "le mien"})
    moved = stranger.change(f"/sites/{own['id']}", {"park_id": theirs["parks"]}, own["version"])
    assert moved.status_code == 422
    assert len(operator.get("/flows", params={"territory": territory}).json()["items"]) == len(ROWS) + 1


def test_an_operator_cannot_tie_rows_of_two_territories(operator: Asker, theirs: dict[str, str]) -> None:
    other = operator.created("/territories", {"name": "Troisième"})["id"]
    body = {"name": "x", "territory_id": other, "park_id": theirs["parks"]}
    assert operator.post("/sites", body).status_code == 422


def test_members_do_not_run_the_server(member: Asker, territory: str) -> None:
    assert member.post("/territories", {"name": "à moi"}).status_code == 403
    assert member.delete(f"/territories/{territory}").status_code == 403


def test_every_route_wants_a_key(client: Any, application: Any) -> None:
    open_routes = {"/health/live", "/health/ready", "/metrics"}
    for path, operations in application.openapi()["paths"].items():
        if path in open_routes:
            continue
        address = path.replace("{", "").replace("}", "")
        for method in operations:
            answer = client.request(method, address)
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"] == "Bearer"


def test_an_unknown_key_opens_nothing(client: Any) -> None:
    answer = client.get("/api/v1/sites", headers={"Authorization": "Bearer efx_wrong"})
    assert answer.status_code == 401
