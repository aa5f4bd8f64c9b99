"""A file whose titles say nothing, sent with what its columns are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.conftest import upload
from tests.conftest import Asker

FILE = b"Zorglub;Truc;Machin 2023\nAlpha;Sciure;11\n"
LATER = b"Zorglub;Truc;Machin 2024\nAlpha;Sciure;12\nBravo;Copeaux;7\n"
COLUMNS = {"A": "company", "B": {"field": "label", "direction": "output"},
           "C": {"field": "quantity", "unit": "t", "period": "year"}}  # fmt: skip


def rehearse(asker: Asker, content: bytes, **form: str) -> Any:
    answer = upload(asker, content, dry_run="true", **form)
    assert answer.status_code == 200, answer.text
    return answer.json()["report"]


@pytest.fixture
def mapping(member: Asker) -> str:
    (table,) = rehearse(member, FILE)["tables"]
    assert [column["how"] for column in table["columns"]] == ["ignored"] * 3
    return json.dumps({table["layout"]: {"columns": COLUMNS}})


def test_a_mapping_is_applied_and_remembered_when_asked(member: Asker, mapping: str) -> None:
    assert rehearse(member, FILE, mapping=mapping)["done"]["flows_created"] == 1
    stored = upload(member, FILE, mapping=mapping, remember="true")
    assert stored.status_code == 201, stored.text
    assert stored.json()["report"]["tables"][0]["corrected"]
    report = rehearse(member, LATER)
    assert (report["read"]["flows"], report["tables"][0]["remembered"]) == (2, True)


def test_a_mapping_is_for_one_file_unless_it_is_to_be_remembered(member: Asker, mapping: str) -> None:
    assert upload(member, FILE, mapping=mapping).status_code == 201
    assert rehearse(member, LATER)["read"]["flows"] == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ("{", "mapping"),
        ("[" * 50_000, "mapping"),
        ('{"a": {"columns": {"C": "tonnage"}}}', "mapping.a.columns.C"),
        ('{"a": {"ignored": true}}', "mapping.a"),
    ],
)
def test_a_mapping_nobody_can_follow_is_refused_in_plain_words(member: Asker, wrong: str, field: str) -> None:
    answer = upload(member, FILE, mapping=wrong)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_findings_name_their_cell(member: Asker) -> None:
    content = "Entreprise;Déchet;Tonnage\nAlpha;Bois;-3\n".encode()
    (finding,) = [one for one in rehearse(member, content)["findings"] if one["severity"] == "error"]
    assert (finding["field"], finding["cell"]) == ("quantity", "C2")
