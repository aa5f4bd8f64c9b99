"""``entreflux check``: what a file says, in the contract's shape."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app.commands.check import register
from tests.readers.builders import workbook

CSV = (
    "site,company,siret,naf,direction,kind,label,waste_code,quantity,unit,period,months,lon,lat\n"
    "Usine,A,44306184100047,31.09B,output,material,Sciure,030105,2-3,t,month,1-6,5.2,43.4\n"
    "Usine,A,44306184100047,31.09B,output,packaging,Palettes,150103,40,palette,once,,5.2,43.4\n"
    "Usine,A,44306184100047,31.09B,output,packaging,Cartons,150101,4,brouettes,year,,5.2,43.4\n"
)


@pytest.fixture
def app() -> typer.Typer:
    application = typer.Typer()

    @application.callback()
    def root() -> None:
        """Hold one command."""

    register(application)
    return application


def run(app: typer.Typer, folder: Path, content: bytes, *options: str) -> tuple[int, str, str]:
    path = folder / "flux.csv"
    path.write_bytes(content)
    done = CliRunner().invoke(app, ["check", str(path), *options])
    return done.exit_code, done.stdout, done.stderr


def test_the_document_has_the_shape_of_the_contract(app: typer.Typer, tmp_path: Path) -> None:
    code, out, _ = run(app, tmp_path, CSV.encode(), "--format", "json", "--lang", "en")
    document = json.loads(out)
    assert code == 0
    (site,) = document["sites"]
    assert (site["site"], site["company"], site["siret"]) == ("Usine", "A", "44306184100047")
    assert (site["naf"], site["lon"], site["lat"]) == ("31.09B", 5.2, 43.4)
    sawdust, pallets = document["flows"]
    assert (sawdust["quantity_per_year"], sawdust["unit"], sawdust["months"]) == (
        15.0,
        "t",
        [1, 2, 3, 4, 5, 6],
    )
    assert (sawdust["sheet"], sawdust["row"], sawdust["waste_code"]) == (None, 2, "030105")
    assert (pallets["quantity_per_year"], pallets["quantity_once"], pallets["unit"]) == (
        None,
        40.0,
        "palette",
    )
    (finding,) = [f for f in document["findings"] if f["severity"] == "error"]
    assert (finding["sheet"], finding["row"], finding["field"]) == (None, 4, "unit")
    assert "brouettes" in finding["message"]


def test_messages_come_in_the_language_asked(app: typer.Typer, tmp_path: Path) -> None:
    messages = {}
    for language in ("fr", "en"):
        _, out, _ = run(app, tmp_path, CSV.encode(), "--lang", language)
        messages[language] = json.loads(out)["findings"][-1]["message"]
    assert messages["fr"] != messages["en"]
    assert "brouettes" in messages["fr"]


def test_the_sheet_is_named_for_a_workbook(app: typer.Typer, tmp_path: Path) -> None:
    content = workbook({"Mes flux": [["Entreprise", "Flux", "Sens"], ["A", "Bois", "Sortant"]]})
    _, out, _ = run(app, tmp_path, content)
    assert json.loads(out)["flows"][0]["sheet"] == "Mes flux"


def test_an_unreadable_file_exits_with_1_and_says_why_tab_separated(app: typer.Typer, tmp_path: Path) -> None:
    code, out, err = run(app, tmp_path, b"PK\x03\x04 broken", "--lang", "en")
    assert (code, out) == (1, "")
    sheet, row, field, message = err.strip("\n").split("\t")
    assert (sheet, row, field) == ("", "", "file")
    assert "damaged" in message


def test_wrong_usage_exits_with_2(app: typer.Typer, tmp_path: Path) -> None:
    assert run(app, tmp_path, CSV.encode(), "--format", "pdf")[0] == 2
    assert CliRunner().invoke(app, ["check", str(tmp_path / "nowhere.csv")]).exit_code == 2


def test_text_for_people(app: typer.Typer, tmp_path: Path) -> None:
    code, out, _ = run(app, tmp_path, CSV.encode(), "--format", "text", "--lang", "fr")
    assert code == 0
    assert out.startswith("1 sites, 2 flux, 1 remarques")
    assert "Sciure\t15 t" in out


NONSENSE = b"Zorglub,Truc,Machin\nAlpha,Sciure,12\nBravo,Copeaux,7\n"


def test_what_each_column_was_taken_for_is_listed(app: typer.Typer, tmp_path: Path) -> None:
    code, out, _ = run(app, tmp_path, CSV.encode(), "--format", "text", "--lang", "fr")
    assert code == 0
    assert "\tG\tlabel\tlabel\texact\t\tSciure | Palettes | Cartons" in out


def test_a_mapping_makes_a_file_readable(app: typer.Typer, tmp_path: Path) -> None:
    code, out, err = run(app, tmp_path, NONSENSE, "--lang", "en")
    assert code == 1
    assert "No table of flows was found" in err
    (table,) = json.loads(out)["tables"]
    mapping = tmp_path / "mapping.json"
    columns = {"A": "company", "B": {"field": "label", "direction": "output"},
               "C": {"field": "quantity", "unit": "t", "period": "year"}}  # fmt: skip
    mapping.write_text(json.dumps({table["layout"]: {"columns": columns}}))
    code, out, _ = run(app, tmp_path, NONSENSE, "--lang", "en", "--mapping", str(mapping))
    assert code == 0
    assert [flow["quantity_per_year"] for flow in json.loads(out)["flows"]] == [12, 7]


def test_a_mapping_nobody_can_follow_is_wrong_usage(app: typer.Typer, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"a": {"columns": {"C": "tonnage"}}}')
    code, _, err = run(app, tmp_path, NONSENSE, "--lang", "en", "--mapping", str(mapping))
    assert (code, "a.columns.C: “tonnage” is no field" in err) == (2, True)
