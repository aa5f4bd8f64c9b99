"""One territory from its creation to an import undone."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest

from tests.api.conftest import GARAGE, ROWS, table, upload
from tests.conftest import Asker


def _flow(asker: Asker, words: str) -> Any:
    found = asker.get("/flows", params={"q": words}).json()["items"]
    assert len(found) == 1
    return found[0]


def _synergy(asker: Asker, **criteria: str) -> Any:
    return asker.get("/synergies", params=criteria).json()["items"][0]


def test_a_workbook_is_imported_corrected_matched_followed_exported_and_undone(
    operator: Asker, own_process: None
) -> None:
    territory = operator.created("/territories", {"name": "Port"})["id"]
    answer = upload(operator, _workbook(), "flux.xlsx", territory_id=territory)
    assert answer.status_code == 201, answer.text
    assert answer.json()["report"]["done"]["flows_created"] == len(ROWS)

    grain = _flow(operator, "drêches")
    changed = operator.change(f"/flows/{grain['id']}", {"quantity": "150-170"}, grain["version"])
    assert changed.status_code == 200, changed.text
    assert changed.json()["quantity"] == "150-170"

    matches = operator.get(f"/flows/{grain['id']}/matches").json()["items"]
    assert [member["site"] for member in matches[0]["members"]] == ["Brasserie du Port", "Ferme des Salins"]
    synergy = _synergy(operator, kind="substitution")
    assert synergy["status"] == "identified"
    assert synergy["members"][0]["quantity_per_year"] == pytest.approx(160)

    moved = operator.change(
        f"/synergies/{synergy['id']}", {"status": "contacted", "comment": "Appel"}, synergy["version"]
    )
    assert moved.status_code == 200, moved.text
    assert [(move["from"], move["to"], move["actor"]) for move in moved.json()["history"]] == [
        ("identified", "contacted", "operator")
    ]

    for form in ("json", "geojson", "csv", "xlsx", "pdf"):
        export = operator.get("/synergies", params={"format": form})
        assert export.status_code == 200, export.text
        assert len(export.content) > 300

    undone = operator.delete(f"/imports/{answer.json()['id']}")
    assert undone.status_code == 200, undone.text
    assert operator.get("/flows").json()["items"] == []
    assert operator.get("/sites").json()["items"] == []
    left = operator.get("/synergies").json()["items"]
    assert [(row["id"], row["status"], row["stale"]) for row in left] == [(synergy["id"], "contacted", True)]


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in table().decode().splitlines():
        sheet.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_an_import_again_changes_nothing(member: Asker, imported: Any) -> None:
    before = member.get("/flows").json()
    done = upload(member, table()).json()["report"]["done"]
    assert {name: count for name, count in done.items() if count and "unchanged" not in name} == {}
    assert member.get("/flows").json() == before


def test_an_import_updates_what_it_recognises_and_its_undoing_puts_it_back(
    member: Asker, imported: Any
) -> None:
    before = member.get("/flows").json()["items"]
    rows = [ROWS[0].replace(",120,", ",90,"), ROWS[1].replace(",200,t,year,", ",,,,sans gluten")]
    second = upload(member, table(*rows, f"{GARAGE},output,material,Pneus usagés,160103,3,t,year,")).json()
    assert second["report"]["done"]["flows_created"] == 1
    assert second["report"]["done"]["flows_updated"] == 2
    assert second["report"]["done"]["sites_created"] == 0
    feed = _flow(member, "bétail")
    assert (feed["quantity"], feed["comment"]) == (200, "sans gluten")
    assert _flow(member, "drêches")["quantity"] == 90

    assert member.delete(f"/imports/{second['id']}").status_code == 200
    after = member.get("/flows").json()["items"]
    without_version = [{k: v for k, v in row.items() if k not in ("version", "row")} for row in after]
    assert without_version == [
        {k: v for k, v in row.items() if k not in ("version", "row")} for row in before
    ]


def test_the_undoing_keeps_what_people_corrected_since(member: Asker, imported: Any) -> None:
    second = upload(member, table(ROWS[0].replace(",120,t,year,", ",90,t,year,farine"))).json()
    grain = _flow(member, "drêches")
    member.change(f"/flows/{grain['id']}", {"quantity": 95}, grain["version"])
    assert member.delete(f"/imports/{second['id']}").status_code == 200
    grain = _flow(member, "drêches")
    assert (grain["quantity"], grain["comment"]) == (95, "")


def test_an_import_that_another_built_on_is_undone_last(member: Asker, imported: Any) -> None:
    second = upload(member, table(ROWS[0].replace(",120,", ",90,"))).json()
    assert member.delete(f"/imports/{imported['id']}").status_code == 409
    assert member.delete(f"/imports/{second['id']}").status_code == 200
    assert member.delete(f"/imports/{imported['id']}").status_code == 200
    assert member.delete(f"/imports/{imported['id']}").status_code == 409


def test_a_site_that_has_other_flows_by_now_stays_when_its_import_is_undone(
    member: Asker, imported: Any
) -> None:
    site = _flow(member, "drêches")["site_id"]
    member.created(
        "/flows", {"site_id": site, "direction": "output", "kind": "energy", "label": "Eau chaude"}
    )
    member.delete(f"/imports/{imported['id']}")
    assert [row["id"] for row in member.get("/sites").json()["items"]] == [site]
    assert [row["label"] for row in member.get("/flows").json()["items"]] == ["Eau chaude"]


def test_a_rehearsal_reports_and_stores_nothing(member: Asker) -> None:
    answer = upload(member, table(), dry_run="true")
    assert answer.status_code == 200
    assert answer.json()["report"]["done"]["flows_created"] == len(ROWS)
    assert member.get("/sites").json()["items"] == []
    assert member.get("/imports").json()["items"] == []


def test_a_wrong_row_keeps_the_whole_file_out_and_is_named(member: Asker) -> None:
    wrong = table(ROWS[0], ROWS[1].replace("input", "sideways"))
    answer = upload(member, wrong)
    assert answer.status_code == 422
    assert [(error["row"], error["field"]) for error in answer.json()["errors"]] == [(3, "direction")]
    assert member.get("/flows").json()["items"] == []
    report = upload(member, wrong, dry_run="true").json()["report"]
    assert "error" in {finding["severity"] for finding in report["findings"]}


def test_a_diagnostic_is_stored_with_its_flows_or_not_at_all(member: Asker) -> None:
    site = member.created("/sites", {"name": "Scierie", "postcode": "13500", "city": "Martigues"})
    assert site["precision"] == "commune"
    good = {"direction": "output", "kind": "material", "label": "Sciure", "quantity": 3, "unit": "t"}
    path = f"/sites/{site['id']}/diagnostics"
    refused = member.post(path, {"flows": [good, {**good, "unit": "boisseaux"}]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "flows.1.unit"
    assert member.get("/flows").json()["items"] == []

    stored = member.created(path, {"method": "interview", "made_on": "2026-03-01", "flows": [good]})
    assert stored["made_on"] == "2026-03-01"
    assert member.get(f"/diagnostics/{stored['id']}").json()["flows"] == stored["flows"]
    assert member.delete(f"/diagnostics/{stored['id']}").status_code == 204
    assert member.get("/flows").json()["items"] == []


def test_a_flow_not_saved_is_matched_and_not_stored(member: Asker, imported: Any) -> None:
    farm = _flow(member, "bétail")
    flow = {"site_id": farm["site_id"], "direction": "input", "kind": "material", "label": "Drêches"}
    found = member.post("/matches/preview", flow).json()["items"]
    assert "Brasserie du Port" in {m["site"] for proposal in found for m in proposal["members"]}
    assert len(member.get("/flows").json()["items"]) == len(ROWS)


def test_a_refused_pair_is_explained(member: Asker, imported: Any) -> None:
    grain, feed = _flow(member, "drêches"), _flow(member, "bétail")
    told = member.get("/matches/why-not", params={"provider": grain["id"], "receiver": feed["id"]}).json()
    assert told["proposed"] is True
    assert set(told["criteria"]) == {"material", "quantity", "timing", "distance", "quality"}


def test_a_followed_synergy_keeps_its_status_when_its_flows_change(member: Asker, imported: Any) -> None:
    synergy = _synergy(member, kind="substitution")
    member.change(f"/synergies/{synergy['id']}", {"status": "study"}, synergy["version"])
    grain = _flow(member, "drêches")
    member.change(f"/flows/{grain['id']}", {"quantity": 60}, grain["version"])
    after = member.get(f"/synergies/{synergy['id']}").json()
    assert (after["status"], after["stale"]) == ("study", False)
    assert after["members"][0]["quantity_per_year"] == pytest.approx(60)


def test_a_synergy_nobody_followed_goes_with_its_flow(member: Asker, imported: Any) -> None:
    synergy = _synergy(member, kind="substitution")
    assert member.delete(f"/flows/{_flow(member, 'drêches')['id']}").status_code == 204
    assert member.get(f"/synergies/{synergy['id']}").status_code == 404


def test_a_territory_keeps_its_own_parameters(
    operator: Asker, member: Asker, territory: str, imported: Any
) -> None:
    row = operator.get(f"/territories/{territory}").json()
    near = operator.change(f"/territories/{territory}", {"parameters": {"max_km": 0.5}}, row["version"])
    assert near.status_code == 200, near.text
    assert member.get("/synergies", params={"kind": "substitution"}).json()["items"] == []
    wrong = operator.change(
        f"/territories/{territory}", {"parameters": {"max_km": -1}}, near.json()["version"]
    )
    assert wrong.status_code == 422


def test_a_stopped_synergy_says_why(member: Asker, imported: Any) -> None:
    synergy = _synergy(member)
    path = f"/synergies/{synergy['id']}"
    for body in ({"status": "paused"}, {"status": "abandoned", "obstacle": "weather"}):
        refused = member.change(path, body, synergy["version"])
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "obstacle"
    moved = member.change(path, {"status": "paused", "obstacle": "price"}, synergy["version"]).json()
    assert moved["history"][0]["obstacle_label"] == "Price: nothing to save"


def test_synergies_are_narrowed_and_sorted(member: Asker, imported: Any) -> None:
    everything = member.get("/synergies").json()["items"]
    scores = [row["score"] for row in everything]
    assert scores == sorted(scores, reverse=True)
    assert len(everything) > 1

    def ids(**criteria: Any) -> set[str]:
        return {row["id"] for row in member.get("/synergies", params=criteria).json()["items"]}

    every = ids()
    pool = ids(kind="mutualisation")
    brewery = _flow(member, "drêches")["site_id"]
    park = member.get("/parks").json()["items"][0]["id"]
    assert ids(site=brewery) == ids(kind="substitution")
    assert ids(park=park) == every
    assert ids(bbox="5.0,43.3,5.2,43.5") == pool
    assert ids(near="5.056,43.405", within_km=2) == pool
    assert ids(min_score=100.0) == set()
    assert ids(status="running") == set()
    assert ids(min_quantity=100, kind="substitution") == ids(kind="substitution")
    assert [row["id"] for row in member.get("/synergies", params={"sort": "score"}).json()["items"]] == [
        row["id"] for row in sorted(everything, key=lambda row: (row["score"], row["id"]))
    ]


def test_geojson_has_a_line_for_a_substitution(member: Asker, imported: Any) -> None:
    answer = member.get("/synergies", headers={"Accept": "application/geo+json"})
    assert answer.headers["content-type"] == "application/geo+json"
    kinds = {f["properties"]["kind"]: f["geometry"]["type"] for f in json.loads(answer.content)["features"]}
    assert kinds["substitution"] == "LineString"
