"""The desk over HTTP: give, set aside, comment, name lists; what is set aside or left is found again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Asker


def _first(asker: Asker, **criteria: Any) -> Any:
    return asker.get("/synergies", params=criteria).json()["items"][0]


def test_one_change_moves_gives_and_sets_aside_all_or_nothing(member: Asker, imported: Any) -> None:
    one = _first(member)
    address = f"/synergies/{one['id']}"
    assert member.get(address).json()["shelved"] is None
    refused = member.change(address, {"status": "study", "assignee": "user:nobody"}, one["version"])
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "assignee"
    assert member.get(address).json()["status"] == "identified"
    changed = member.change(
        address,
        {"status": "study", "shelved": {"until": "2999-01-01", "reason": "Plus tard"}},
        one["version"],
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["status"] == "study"
    assert (changed.json()["shelved"]["until"], changed.json()["shelved"]["reason"]) == (
        "2999-01-01",
        "Plus tard",
    )
    assert changed.headers["ETag"] == f'"{changed.json()["version"]}"'
    assert member.change(address, {"shelved": True}, one["version"]).status_code == 412
    back = member.change(address, {"shelved": False, "assignee": None}, changed.json()["version"])
    assert back.json()["shelved"] is None
    assert back.json()["assignee"] is None


@pytest.mark.parametrize(
    "body", [{}, {"comment": "Rien"}, {"status": None}, {"shelved": "2999"}, {"assigne": "me"}]
)
def test_a_change_of_nothing_or_of_something_else_is_refused(member: Asker, imported: Any, body: Any) -> None:
    one = _first(member)
    answer = member.change(f"/synergies/{one['id']}", body, one["version"])
    assert answer.status_code == 422, answer.text


def test_lists_are_narrowed_to_what_is_set_aside_given_or_left(member: Asker, imported: Any) -> None:
    every = [one["id"] for one in member.get("/synergies").json()["items"]]
    one = _first(member)
    assert member.change(f"/synergies/{one['id']}", {"shelved": True}, one["version"]).status_code == 200

    def found(**criteria: Any) -> list[str]:
        return [row["id"] for row in member.get("/synergies", params=criteria).json()["items"]]

    assert found() == every
    assert found(shelved=True) == [one["id"]]
    assert found(shelved=False) == every[1:]
    assert found(assigned_to="nobody") == every
    assert found(assigned_to="me") == []
    assert found(unmoved_days=1) == []
    assert member.get("/synergies", params={"unmoved_days": 0}).status_code == 422


def test_comments_are_read_added_and_deleted(member: Asker, stranger: Asker, imported: Any) -> None:
    address = f"/synergies/{_first(member)['id']}/comments"
    said = member.created(address, {"body": " Vu mardi "})
    assert said["body"] == "Vu mardi"
    assert member.post(address, {"body": " "}).status_code == 422
    assert [one["id"] for one in member.get(address).json()["items"]] == [said["id"]]
    assert stranger.get(address).status_code == 404
    assert stranger.delete(f"{address}/{said['id']}").status_code == 404
    assert member.delete(f"{address}/{said['id']}").status_code == 204
    assert member.delete(f"{address}/{said['id']}").status_code == 404
    assert member.get(address).json()["items"] == []


def test_named_lists_are_saved_renamed_and_deleted(member: Asker, stranger: Asker, territory: str) -> None:
    body = {"territory_id": territory, "name": "Voisines", "query": {"max_km": "5"}, "shared": True}
    saved = member.created("/saved-views", body)
    assert member.post("/saved-views", body).status_code == 409
    assert stranger.post("/saved-views", body).status_code == 404
    renamed = member.change(f"/saved-views/{saved['id']}", {"name": "Tout près"}, saved["version"])
    assert renamed.json()["name"] == "Tout près"
    items = member.get("/saved-views", params={"territory": territory}).json()["items"]
    assert [(one["name"], one["query"], one["shared"]) for one in items] == [
        ("Tout près", {"max_km": "5"}, True)
    ]
    assert stranger.delete(f"/saved-views/{saved['id']}").status_code == 404
    assert member.delete(f"/saved-views/{saved['id']}").status_code == 204


def test_the_names_of_the_staff_are_for_the_staff(member: Asker, stranger: Asker, territory: str) -> None:
    assert member.get("/synergies/assignees", params={"territory": territory}).json() == {"items": []}
    assert stranger.get("/synergies/assignees", params={"territory": territory}).status_code == 404
