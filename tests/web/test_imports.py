"""Files before and after they are stored: rehearsed, settled, stored, undone."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from app.db.engine import Database
from app.services.waiting_files import sweep
from tests.api.conftest import ROWS, table
from tests.web.conftest import NEWCOMER, MakeVisitor, Visitor, with_plain_spaces

NEW_FILE = table(ROWS[0].replace(",120,", ",90,"))
WRONG = table(ROWS[0].replace(",120,", ",90,"), ROWS[1].replace(",200,", ",abc,"))


def send(visitor: Visitor, content: bytes, name: str = "suite.csv") -> str:
    """Send a file and return the address of its rehearsal."""
    answer = visitor.send("/imports/essai", "/imports", files={"file": (name, content)})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def store(visitor: Visitor, rehearsal: str, **fields: str) -> Any:
    return visitor.send(f"{rehearsal}/enregistrer", "/imports", **fields)


def quantity(visitor: Visitor) -> str:
    page = visitor.page(visitor.first("/flux?q=dr%C3%AAches", "flux"))
    found = re.search(r'id="quantity"[^>]* value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_a_rehearsal_tells_field_by_field_what_changes_and_stores_nothing(member: Visitor) -> None:
    rehearsal = send(member, NEW_FILE)
    page = with_plain_spaces(member.page(rehearsal))
    assert "Ce que « suite.csv » ferait" in page
    assert "1 flux change" in page
    assert re.search(r"<del>.*?120 t par an</del>.*?<ins>.*?90 t par an</ins>", page), page
    assert "suite.csv" not in member.page("/imports").split("Imports déjà faits")[1]
    assert quantity(member) == "120"


def test_a_file_is_stored_once_confirmed_and_undone(member: Visitor) -> None:
    stored = store(member, send(member, NEW_FILE))
    assert stored.status_code == 303, stored.text
    address = stored.headers["location"].split("?")[0]
    page = member.page(address)
    assert "suite.csv" in page
    assert re.search(r'<a href="/flux/[0-9a-f-]{36}">Drêches', page)
    assert quantity(member) == "90"
    assert member.send(f"{address}/annuler").status_code == 303
    assert quantity(member) == "120"
    assert member.send(f"{address}/annuler").status_code == 409


def test_a_file_read_again_changes_nothing_and_doubles_nothing(member: Visitor) -> None:
    assert store(member, send(member, NEW_FILE)).status_code == 303
    again = send(member, NEW_FILE)
    assert "Rien n’y diffère" in member.page(again)
    assert store(member, again).status_code == 303
    assert len(re.findall(r'href="/flux/[0-9a-f-]{36}"', member.page("/flux?q=dr%C3%AAches"))) == 1


def test_a_row_stands_beside_its_cells(member: Visitor) -> None:
    page = with_plain_spaces(member.page(send(member, NEW_FILE)))
    assert re.search(r'<span class="cell-name">M2</span> « 90 »', page)


def test_a_refused_row_can_be_corrected_in_place(member: Visitor) -> None:
    rehearsal = send(member, WRONG)
    page = member.page(rehearsal)
    assert "Enregistrer ces flux" not in page
    name = f"value|quantity|{json.dumps([None, 3])}"
    assert html_name(name) in page
    assert member.send(rehearsal, "/imports", **{name: "150 t/an"}).status_code == 303
    page = with_plain_spaces(member.page(rehearsal))
    assert "Enregistrer ces flux" in page
    assert "150 t par an" in page
    assert store(member, rehearsal).status_code == 303
    assert "150 t par an" in with_plain_spaces(member.page("/flux?q=aliment"))


def html_name(name: str) -> str:
    return f'name="{name}"'.replace('["', "[&#34;").replace('", ', "&#34;, ")


def test_a_refused_row_keeps_the_file_out_unless_it_is_left_out(member: Visitor) -> None:
    rehearsal = send(member, WRONG)
    assert "Enregistrer sans cette ligne" in with_plain_spaces(member.page(rehearsal))
    forced = store(member, rehearsal)
    assert forced.status_code == 422
    assert quantity(member) == "120"
    assert store(member, rehearsal, sans_refus="1").status_code == 303
    assert quantity(member) == "90"
    assert "200 t par an" in with_plain_spaces(member.page("/flux?q=aliment"))


def test_a_row_ticked_is_left_out_and_can_be_taken_in_again(member: Visitor) -> None:
    rehearsal, key = send(member, WRONG), json.dumps([None, 3])
    member.send(rehearsal, "/imports", **{"seen|1": key, f"row|{key}": "1"})
    page = member.page(rehearsal)
    assert "laissée de côté" in page
    assert "Enregistrer ces flux" in page
    member.send(rehearsal, "/imports", **{"seen|1": key})
    assert "Enregistrer ces flux" not in member.page(rehearsal)


def test_rows_are_shown_by_group_and_by_page(member: Visitor) -> None:
    many = [ROWS[0].replace("Drêches de brasserie", f"Drêche {number}") for number in range(60)]
    rehearsal = send(member, table(*many, ROWS[1].replace(",200,", ",abc,")))
    assert "Page 1 sur 3" in member.page(rehearsal)
    assert "Drêche 59" in member.page(f"{rehearsal}?page=3")
    refused = member.page(f"{rehearsal}?montrer=refused")
    assert "abc" in refused
    assert "Drêche 59" not in refused.split("Ligne par ligne")[-1]


def test_another_years_file_tells_what_it_no_longer_holds_and_can_end_it(member: Visitor) -> None:
    both = table(ROWS[0], ROWS[0].replace("Drêches de brasserie", "Levure usée"))
    assert store(member, send(member, both, "Relevé 2024.csv")).status_code == 303
    rehearsal = send(member, table(ROWS[0]), "Relevé 2025.csv")
    page = with_plain_spaces(member.page(rehearsal))
    assert "1 flux n’est plus dans le fichier : gardé" in page
    assert "Levure usée" in page
    kept = store(member, rehearsal).headers["location"].split("?")[0]
    assert member.send(f"{kept}/annuler").status_code == 303
    ended = store(member, send(member, table(ROWS[0]), "Relevé 2025.csv"), finir="1")
    page = member.page(ended.headers["location"])
    assert "Disponible jusqu’au" in page
    assert "Levure usée" in member.page("/flux?q=levure")


def test_a_file_nobody_stored_waits_and_can_be_given_up(member: Visitor) -> None:
    rehearsal = send(member, NEW_FILE)
    assert rehearsal in member.page("/imports")
    assert member.send(f"{rehearsal}/abandonner", "/imports").status_code == 303
    assert rehearsal not in member.page("/imports")
    assert member.get(rehearsal).status_code == 404
    assert "n’est plus gardé" in member.get(rehearsal).text


def test_a_file_is_its_senders_alone(member: Visitor, stranger: Visitor) -> None:
    rehearsal = send(member, NEW_FILE)
    assert stranger.get(rehearsal).status_code == 404
    assert store(stranger, rehearsal).status_code == 404


def test_a_file_is_forgotten_after_a_day(
    member: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsal = send(member, NEW_FILE)
    monkeypatch.setattr("app.services.waiting_files.KEPT_FOR", timedelta(0))
    assert member.get(rehearsal).status_code == 404
    sweep(database)
    monkeypatch.undo()
    assert member.get(rehearsal).status_code == 404


def test_no_file_is_said_beside_the_form(member: Visitor) -> None:
    answer = member.send("/imports/essai", "/imports")
    assert answer.status_code == 422
    assert "Choisissez d’abord un fichier." in answer.text


def test_a_file_that_cannot_be_read_says_so_and_offers_no_storing(member: Visitor) -> None:
    page = member.page(send(member, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "vieux.xls"))
    assert "pas lus" in page or "pas lisible" in page
    assert "Enregistrer" not in page.split("<h2")[1]


def test_the_workbook_to_fill_in_is_offered(member: Visitor) -> None:
    assert "/imports/modele.xlsx" in member.page("/imports")
    assert member.get("/imports/modele.xlsx").content.startswith(b"PK")


def test_findings_of_the_last_import_are_to_settle_today(visitor_of: MakeVisitor) -> None:
    newcomer = visitor_of(NEWCOMER)
    store(newcomer, send(newcomer, table("Scierie,Scierie,,,,,,,output,material,Sciure,,3,t,year,")))
    home = newcomer.page("/")
    assert re.search(r'<a href="/flux/[0-9a-f-]{36}">Ligne 2', home)
    assert "Non situé" in newcomer.page("/entreprises")
