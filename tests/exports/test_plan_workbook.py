"""The workbook of plans holds every member, stop, person left out and assumption, and nothing live."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from app.exports.plan_members import members_of, saving_of, title_of
from app.exports.plan_workbook import plan_workbook
from tests.exports.plans import Document, best, demo, master_class

ALL = ("collection", "purchase", "jobs", "training", "space", "transport", "allocation", "workshop", "groups")
SHEETS = ["Synthèse", "Membres", "Calendrier et arrêts", "Laissés de côté", "Hypothèses"]


def opened(documents: list[Document], language: str = "fr") -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(plan_workbook(documents, language)))


@pytest.mark.parametrize("planner", ALL)
def test_a_row_stands_for_each_plan_member_person_left_out_and_assumption(planner: str) -> None:
    documents = demo(planner)
    book = opened(documents)
    assert book.sheetnames == SHEETS
    counts = [
        len(documents),
        sum(len(members_of(document)) for document in documents),
        sum(len(document["unserved"]) for document in documents),
        sum(len(document["assumptions"]) for document in documents),
    ]
    sheets = (SHEETS[0], SHEETS[1], SHEETS[3], SHEETS[4])
    assert [book[name].max_row - 1 for name in sheets] == counts


def test_the_calendar_has_a_row_for_each_stop_of_each_round() -> None:
    document = best("collection")
    rows = list(opened([document])["Calendrier et arrêts"].values)[1:]
    stops = [stop["site"] for one in document["plan"]["rounds"] for stop in one["stops"]]
    assert [row[5] for row in rows] == stops


def test_a_name_that_looks_like_a_formula_stays_a_text() -> None:
    document = best("collection")
    document["plan"]["members"][0]["site"] = "=1+1"
    document["plan"]["rounds"][0]["stops"][0]["site"] = "=1+1"
    document["unserved"] = [{"name": "@SUM(A1)", "why": "http://example.org"}]
    book = opened([document])
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s", "s"]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_figures_are_numbers_and_what_is_not_known_is_empty() -> None:
    document = best("collection")
    row = list(opened([document])["Synthèse"].values)[1]
    assert (row[1], row[3]) == ("collection", len(document["plan"]["members"]))
    assert row[4] == document["plan"]["yearly"]["saving_eur"]
    jobs = best("jobs")
    assert saving_of(jobs) is None
    assert list(opened([jobs])["Synthèse"].values)[1][4] is None


def test_a_workbook_in_english_has_english_headers() -> None:
    book = opened([best("allocation")], "en")
    assert book.sheetnames == ["Summary", "Members", "Calendar and stops", "Left out", "Assumptions"]
    assert book["Members"]["F1"].value == "Role"


def test_a_master_class_has_its_posts_as_members() -> None:
    document = master_class()
    assert [member.label for member in members_of(document)] == ["Soudeur", "Tuyauteur"]
    assert title_of(document) == ""
    assert opened([document])["Membres"].max_row == 3
