"""A hundred texts that some program would run, through every export: reopened, none is live."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import app as command_line
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Territory
from app.exports import indicators
from app.exports.plan_sheets import sheets_pdf
from app.exports.plan_workbook import plan_workbook
from app.readers import read_table
from app.repositories.records import add
from app.repositories.synergy_criteria import Criteria
from app.services import features
from app.services.exports import Format, export_synergies
from app.services.imports import import_table
from app.services.planners import PlanRequest
from app.services.planning import plans
from app.services.territory_reports import report_pdf
from geo.geocoding import offline_geocoder
from tests.trust.formulas import (
    PAYLOADS,
    live_in_csv,
    live_in_geopackage,
    live_in_pdf,
    live_in_workbook,
    texts_in_workbook,
)
from tests.trust.shares import share, told

HEADER = (
    "site", "company", "lon", "lat", "park", "direction", "kind", "label", "resource", "quantity", "unit",
    "period", "comment",
)  # fmt: skip


def test_there_are_a_hundred_different_texts() -> None:
    assert len(set(PAYLOADS)) == 100


def hostile_table() -> bytes:
    """Return flows that match, every text of which is one of the payloads."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for number, payload in enumerate(PAYLOADS):
        lon, lat = 4.98 + number / 1000, 43.40 + number / 1500
        for direction in ("output", "input"):
            site = f"{payload} {number} {direction}"
            writer.writerow(
                (site, site, lon, lat, payload, direction, "material", f"{payload} palettes bois", "",
                 10 + number, "t", "year", payload)
            )  # fmt: skip
    return text.getvalue().encode()


@pytest.fixture
def hostile(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Territory]]:
    """Return a session and a territory that holds all payloads."""
    monkeypatch.setattr("app.services.imports.read_untrusted", read_table)
    with database.writing(SYSTEM) as session:
        territory = add(session, Territory(name=PAYLOADS[0]))
        import_table(session, territory, hostile_table(), "flux.csv")
        yield session, territory


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_no_export_of_a_territory_holds_a_live_cell_or_a_link(
    hostile: tuple[Any, Territory], tmp_path: Path
) -> None:
    session, territory = hostile
    criteria = Criteria(territory_id=territory.id)
    languages = ("fr", "en")[: share(1, 2)]
    for language in languages:
        made = {
            form: export_synergies(session, criteria, form, language, limit=share(400, 10_000))
            for form in Format
        }
        assert live_in_csv(made[Format.CSV]) == []
        assert live_in_workbook(made[Format.XLSX]) == []
        assert live_in_pdf(made[Format.PDF]) == []
        assert live_in_geopackage(made[Format.GPKG], tmp_path) == []
        shown = texts_in_workbook(made[Format.XLSX])
        assert sum(any(payload.split()[0] in text for text in shown) for payload in PAYLOADS) > 70
        for form in (Format.JSON, Format.GEOJSON):
            json.loads(made[form])
        layers = features.territory_geopackage(session, territory.id, language)
        assert live_in_geopackage(layers, tmp_path) == []
        assert live_in_pdf(report_pdf(session, territory, language, date(2026, 1, 1), None)) == []
    told(f"{len(PAYLOADS)} payloads, {len(languages) * (len(Format) + 2)} files, 0 live cells or links")


def test_no_workbook_or_paper_of_a_plan_holds_one() -> None:
    read = read_table(hostile_table(), "flux.csv", offline_geocoder())
    made = 0
    for planner in ("collection", "purchase", "allocation", "groups"):
        request = PlanRequest(tuple(read.flows), date(2026, 1, 5), time_limit_s=2.0)
        documents = plans(planner, request, "fr").documents[:3]
        assert live_in_workbook(plan_workbook(documents, "fr")) == []
        paper = sheets_pdf(planner, documents, "fr") if documents else None
        if paper is not None:
            assert live_in_pdf(paper) == []
            made += 1
    assert made >= 2


@pytest.mark.parametrize("payload", [PAYLOADS[0], PAYLOADS[5], PAYLOADS[-1]])
def test_no_file_of_indicators_holds_one(payload: str) -> None:
    row: dict[str, Any] = dict.fromkeys(indicators.COLUMNS, payload) | {"value": -1.5}
    assert live_in_csv(indicators.to_csv([row])) == []
    assert live_in_workbook(indicators.to_xlsx([row], payload, "fr")) == []


def test_no_answer_of_a_command_in_csv_holds_one(tmp_path: Path) -> None:
    table = tmp_path / "texts.csv"
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["text", PAYLOADS[0]])
    writer.writerows([f"{payload} palettes bois", payload] for payload in PAYLOADS)
    table.write_text(text.getvalue(), encoding="utf-8", newline="")
    for command in (["classify", "--top", "1"], ["outlets", "--top", "1"]):
        done = CliRunner().invoke(command_line, [*command, "--file", str(table)])
        assert done.exit_code == 0, done.output
        assert live_in_csv(done.stdout.encode()) == []
