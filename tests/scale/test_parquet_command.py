"""``entreflux match`` from Parquet to Parquet: what it takes, what it says when it does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from app.cli import app

ROW: dict[str, Any] = {
    "site": "Scierie",
    "direction": "output",
    "kind": "material",
    "label": "sciure de bois",
    "resource": "",
    "quantity": "100-140",
    "unit": "t",
    "period": "year",
    "lon": 5.0,
    "lat": 43.5,
    "postcode": "",
}


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    """Return a table whose rows differ from ``ROW`` as said."""
    path = folder / "flows.parquet"
    pq.write_table(pa.Table.from_pylist([{**ROW, **row} for row in rows]), path)
    return path


def called(*words: object) -> Result:
    return CliRunner().invoke(app, ["match", *map(str, words), "--lang", "en"])


NEED: dict[str, Any] = {"site": "Panneaux", "direction": "input", "lon": 5.1, "quantity": "60"}


def test_a_parquet_table_becomes_a_folder_of_pairs_and_what_they_were_found_by(tmp_path: Path) -> None:
    """The pair names the rows as a spreadsheet would count them."""
    path = written(tmp_path, {}, NEED)
    result = called(path, "--out", tmp_path / "out", "--kinds", "substitution")
    assert result.exit_code == 0, result.output
    (pair,) = pq.read_table(tmp_path / "out" / "part-00000.parquet").to_pylist()
    assert (pair["provider_row"], pair["receiver_row"]) == (2, 3)
    assert (pair["quantity_per_year"], pair["unit"]) == (60, "t")
    document = json.loads((tmp_path / "out" / "result.json").read_text())
    assert document["input"] == {"flows": 2, "rejected": 0}
    assert document["pairs"] == 1


def test_a_row_without_a_point_is_placed_by_its_postcode(tmp_path: Path) -> None:
    """The commune's centre, as in a CSV file."""
    path = written(tmp_path, {}, {**NEED, "lon": None, "lat": None, "postcode": "13127"})
    assert called(path, "--out", tmp_path / "out", "--kinds", "substitution").exit_code == 0
    (pair,) = pq.read_table(tmp_path / "out" / "part-00000.parquet").to_pylist()
    assert 5 < pair["distance_km"] < 60


WRONG: dict[str, dict[str, Any]] = {
    "direction": {"direction": "sideways"},
    "quantity": {"quantity": "-5"},
    "unit": {"unit": "parsecs"},
    "lon": {"lon": 43.5, "lat": 5.0},
    "city": {"lon": None, "lat": None},
    "label": {"label": " "},
    "siret": {"siret": "123"},
    "site": {"site": ""},
    "moisture_pct": {"moisture_pct": 140.0},
}


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_row_is_told_by_number_and_nothing_is_matched(tmp_path: Path, field: str) -> None:
    """Exit 1, and the line names the row, the field and the remedy."""
    more = {name: None for name in ("siret", "moisture_pct")}
    path = written(tmp_path, more, {**more, **NEED}, {**more, **WRONG[field]})
    result = called(path, "--out", tmp_path / "out", "--kinds", "substitution")
    assert result.exit_code == 1, result.output
    lines = [line.split("\t") for line in result.stderr.splitlines() if "\t" in line]
    assert [line[:3] for line in lines] == [["", "4", field]]
    assert "{" not in lines[0][3]
    assert not list((tmp_path / "out").glob("part-*"))


def test_wrong_rows_can_be_left_out(tmp_path: Path) -> None:
    """The others are matched, and the result says how many were refused."""
    path = written(tmp_path, {"unit": "parsecs"}, {}, NEED)
    result = called(path, "--out", tmp_path / "out", "--kinds", "substitution", "--skip-errors")
    assert result.exit_code == 0
    assert json.loads((tmp_path / "out" / "result.json").read_text())["input"] == {"flows": 2, "rejected": 1}


def test_pools_asked_for_by_name_are_refused_and_left_out_by_default_with_a_word(tmp_path: Path) -> None:
    """No one takes what is missing for what does not exist."""
    path = written(tmp_path, {}, NEED)
    refused = called(path, "--out", tmp_path / "out", "--kinds", "mutualisation")
    assert refused.exit_code == 2
    assert "one machine" in refused.stderr
    told = called(path, "--out", tmp_path / "out")
    assert told.exit_code == 0
    assert "one machine" in told.stderr


def test_a_cluster_reads_parquet_into_an_empty_folder_only(tmp_path: Path) -> None:
    """Wrong usage is told before anything starts."""
    path = written(tmp_path, {}, NEED)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "kept.txt").write_text("kept")
    only = ("--kinds", "substitution")
    assert called("flows.csv", "--engine", "dask", "--out", tmp_path / "out", *only).exit_code == 2
    assert called(path, "--out", tmp_path / "full", *only).exit_code == 2
    assert called(path, *only).exit_code == 2
    assert called(path, "--out", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:1", *only).exit_code == 2
    assert called(path, "--engine", "spark", "--out", tmp_path / "out", *only).exit_code == 2


def test_what_is_no_table_is_told_so(tmp_path: Path) -> None:
    """A file of another kind, and a table without its columns."""
    path = tmp_path / "flows.parquet"
    path.write_text("not parquet")
    assert called(path, "--out", tmp_path / "out", "--kinds", "substitution").exit_code == 1
    pq.write_table(pa.table({"site": ["A"]}), path)
    result = called(path, "--out", tmp_path / "out", "--kinds", "substitution")
    assert result.exit_code == 1
    assert "label" in result.stderr
