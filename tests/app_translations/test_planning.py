"""``entreflux plan`` on the example territory: every planner answers with the contract's document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from app.commands import planning
from app.services.planners import PLANNERS

DEMO = Path(__file__).parents[2] / "examples" / "demo.csv"
# What a planner cannot answer without.
NEEDED = {"what-if": ("--without", "Palettes du Loup")}
FIELDS = {"engine", "problem", "plan", "objective", "bound", "gap", "unserved", "assumptions", "warnings"}


def _run(*arguments: str) -> Any:
    command = typer.Typer()
    planning.register(command)
    return CliRunner().invoke(command, [*arguments])


@pytest.mark.parametrize("planner", sorted(PLANNERS))
def test_a_planner_answers_on_the_example_in_french(planner: str) -> None:
    limit = ("--time-limit", "6", "--start", "2026-12-01", "--lang", "fr")
    done = _run(planner, str(DEMO), "--max-km", "40", *limit, *NEEDED.get(planner, ()))
    assert done.exit_code == 0, done.stderr
    best = json.loads(done.stdout)
    for document in [best, *best.pop("others", [])]:
        assert set(document) == FIELDS
        assert document["plan"]
        assert document["gap"] is None or document["gap"] >= 0


def test_several_plans_are_one_document_with_the_best_at_the_top() -> None:
    """Each of the others saves no more than what stands before it, and none is lost."""
    done = _run("purchase", str(DEMO), "--max-km", "40", "--time-limit", "6", "--start", "2026-12-01")
    best = json.loads(done.stdout)
    savings = [document["plan"]["saving_eur_per_year"] for document in [best, *best["others"]]]
    known = [saving for saving in savings if saving is not None]
    assert len(savings) > 10
    assert known == sorted(known, reverse=True)
    assert savings[: len(known)] == known


def test_a_planner_that_does_not_exist_is_wrong_usage() -> None:
    assert _run("nothing", str(DEMO)).exit_code == 2


def test_a_table_with_nothing_to_plan_says_what_to_declare(tmp_path: Path) -> None:
    table = tmp_path / "one.csv"
    table.write_text(
        "site,lon,lat,direction,kind,label\nSeul,5.4,43.3,output,material,Palettes perdues\n",
        encoding="utf-8",
    )
    done = _run("jobs", str(table), "--lang", "en")
    assert done.exit_code == 1
    assert "at least two sites" in done.stderr


def test_a_purchase_has_a_draft_to_send_to_suppliers(tmp_path: Path) -> None:
    sheet = tmp_path / "consultation.pdf"
    done = _run("purchase", str(DEMO), "--time-limit", "6", "--start", "2026-12-01", "--sheet", str(sheet))
    assert done.exit_code == 0, done.stderr
    assert sheet.read_bytes().startswith(b"%PDF")


def test_a_plan_without_a_paper_says_which_have_one(tmp_path: Path) -> None:
    done = _run("heat", str(DEMO), "--time-limit", "3", "--sheet", str(tmp_path / "no.pdf"))
    assert done.exit_code == 2
