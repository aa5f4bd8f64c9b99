"""What a territory is sent as: its report for a funder, its layers for a map program."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyogrio
from pypdf import PdfReader

from tests.web.conftest import NEWCOMER, MakeVisitor, Visitor, with_plain_spaces


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(with_plain_spaces(" ".join(page.extract_text() for page in pages)).split())


def layers(answer: Any, tmp_path: Path) -> dict[str, int]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geopackage+sqlite3"
    file = tmp_path / "recu.gpkg"
    file.write_bytes(answer.content)
    return {name: pyogrio.read_info(file, layer=name)["features"] for name, _ in pyogrio.list_layers(file)}


def test_the_report_tells_what_was_met_what_it_is_worth_and_how_far_to_trust_it(member: Visitor) -> None:
    """Figures with where they come from, the funnel, the list, the method, the doubts, confidentiality."""
    text = text_of(member.get("/rapport.pdf"))
    for said in (
        "Étang de Berre",
        "4 flux déclarés Avec une quantité : 4",
        "Où en sont les synergies",
        "Drêches de brasserie",
        "Flux sans date, ou de plus de 24 mois : 4",
        "Méthode",
        "charte du territoire",
        "Calculé par Entreflux",
    ):
        assert said in text, said


def test_the_report_is_in_the_language_of_the_reader(member: Visitor) -> None:
    """English for those who chose it."""
    text = text_of(member.speak("en").get("/rapport.pdf"))
    assert "Where the synergies stand" in text
    assert "Réserves" not in text


def test_a_territory_that_begins_has_a_report_too(visitor_of: MakeVisitor) -> None:
    """Nothing to draw, nothing to list, and it says so."""
    text = text_of(visitor_of(NEWCOMER).get("/rapport.pdf"))
    assert "Aucun site n’est encore placé" in text
    assert "Pas encore de synergie" in text


def test_a_geopackage_reopens_with_the_counts_of_the_territory(member: Visitor, tmp_path: Path) -> None:
    """Four sites, four flows, and as many synergies as the list has; filters narrow the file."""
    whole = layers(member.get("/territoire.gpkg"), tmp_path)
    assert whole.keys() == {"sites", "flows", "synergies"}
    assert (whole["sites"], whole["flows"]) == (4, 4)
    geojson = member.get("/synergies/export.geojson").json()
    assert whole["synergies"] == len(geojson["features"]) > 1
    assert layers(member.get("/synergies/export.gpkg"), tmp_path)["synergies"] == whole["synergies"]
    one = layers(member.get("/synergies/export.gpkg?kind=substitution&q=brasserie"), tmp_path)
    assert one == {"sites": 2, "flows": 2, "synergies": 1}


def test_files_are_for_those_who_signed_in(member: Visitor, visitor_of: MakeVisitor, client: Any) -> None:
    """A stranger's file holds nothing of the territory; nobody's leads to the sign-in page."""
    for path in ("/rapport.pdf", "/territoire.gpkg", "/synergies/export.gpkg"):
        answer = client.get(path, headers={"Accept": "text/html"}, follow_redirects=False)
        assert answer.status_code in (303, 401), path
    content = visitor_of(NEWCOMER).get("/territoire.gpkg").content
    assert b"Brasserie" not in content
    assert b"Brasserie" in member.get("/territoire.gpkg").content
