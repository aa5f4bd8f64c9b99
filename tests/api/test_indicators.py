"""Indicators by the API: figures with their definitions, alternatives counted once, files for funders."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest

from tests.api.conftest import ROWS, table, upload
from tests.conftest import Asker

FIELDS = {"code", "family", "name", "stage", "value", "low", "high", "unit", "definition", "method"}
# A second farm wants the same brewers' grains.
RIVAL = (
    "Ferme de Fos,Ferme de Fos,,13270,Fos-sur-Mer,4.9500,43.4400,,"
    "input,material,Aliment pour bétail,,150,t,year,"
)
GRAINS, FARM = ROWS[:2]


def by_code(asker: Asker, query: str = "") -> dict[str, Any]:
    answer = asker.get(f"/indicators{query}")
    assert answer.status_code == 200, answer.text
    return {one["code"]: one for one in answer.json()["items"]}


def move(asker: Asker, row: Any, status: str, **more: str) -> Any:
    answer = asker.change(f"/synergies/{row['id']}", {"status": status, **more}, row["version"])
    assert answer.status_code == 200, answer.text
    return answer.json()


def substitutions(asker: Asker) -> list[Any]:
    found = asker.get("/synergies?kind=substitution&resource=spent-grain").json()["items"]
    assert found
    return list(found)


def test_each_indicator_says_what_it_means_and_how_it_is_reckoned(imported: Any, member: Asker) -> None:
    """The four flows of the table are at four sites of four companies, and nothing is done yet."""
    found = by_code(member)
    assert all(set(one) >= FIELDS and one["definition"] and one["method"] for one in found.values())
    assert [found[code]["value"] for code in ("flows_recorded", "sites_diagnosed")] == [4, 4]
    assert found["contacted"]["value"] == 0
    assert found["savings_achieved"]["value"] == 0
    assert found["material_reused_potential"]["value"] == 120
    low, value, high = (found["savings_potential"][name] for name in ("low", "value", "high"))
    assert low <= value <= high


def test_a_move_changes_the_figures_at_once(imported: Any, member: Asker) -> None:
    """What runs goes from potential to achieved; what is abandoned counts nowhere but among its obstacles."""
    before = by_code(member)["material_reused_potential"]["value"]
    row = move(member, substitutions(member)[0], "running")
    found = by_code(member)
    assert found["material_reused_achieved"]["value"] == before
    assert found["material_reused_potential"]["value"] == 0
    assert [found[code]["value"] for code in ("contacted", "implemented", "running")] == [1, 1, 1]
    move(member, row, "abandoned", obstacle="price")
    found = by_code(member)
    assert found["material_reused_achieved"]["value"] == 0
    assert [found[code]["value"] for code in ("running", "abandoned", "abandoned_for_price")] == [0, 1, 1]
    assert found["contacted"]["value"] == 1


def test_receivers_that_compete_for_one_flow_are_not_added(member: Asker) -> None:
    """Two farms want the same 120 t: two synergies are proposed, 120 t count."""
    assert upload(member, table(GRAINS, FARM, RIVAL)).status_code == 201
    assert len(substitutions(member)) == 2
    found = by_code(member)
    assert found["material_reused_potential"]["value"] == 120
    best = max(row["saving_eur_per_year"] or 0 for row in substitutions(member))
    assert found["savings_potential"]["value"] <= best


def test_the_files_for_funders_hold_the_same_rows(imported: Any, member: Asker) -> None:
    """CSV has the names of the API; the workbook has titles in the reader's language."""
    items = member.get("/indicators").json()["items"]
    answer = member.get("/indicators?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["code"] for row in rows] == [one["code"] for one in items]
    assert [float(row["value"]) for row in rows] == [one["value"] for one in items]
    assert {row["date"] for row in rows} == {items[0]["date"]}
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = member.get("/indicators", headers={"Accept": media, "Accept-Language": "fr"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    values = list(sheet.iter_rows(values_only=True))
    assert values[0][0] == "Étang de Berre"
    assert values[1][2] == "Indicateur"
    assert [row[0] for row in values[2:]] == [one["code"] for one in items]


def test_formats_that_hold_no_indicator_are_refused(imported: Any, member: Asker) -> None:
    """There is nothing to draw on a map."""
    for form in ("geojson", "pdf"):
        assert member.get(f"/indicators?format={form}").status_code == 406


def test_indicators_are_those_of_ones_own_territory(
    imported: Any, territory: str, member: Asker, stranger: Asker
) -> None:
    """A territory that is not open is not there, and a stranger counts nothing of ours."""
    assert by_code(member, f"?territory={territory}")["flows_recorded"]["value"] == 4
    assert stranger.get(f"/indicators?territory={territory}").status_code == 404
    assert by_code(stranger)["flows_recorded"]["value"] == 0


@pytest.mark.parametrize("language", ["fr", "en"])
def test_indicators_speak_the_language_asked(imported: Any, member: Asker, language: str) -> None:
    """Names, definitions and methods follow ``Accept-Language``."""
    items = member.get("/indicators", headers={"Accept-Language": language}).json()["items"]
    assert items[0]["name"] == {"fr": "Flux recensés", "en": "Flows recorded"}[language]
