"""A hurried facilitator and a messy workbook: understood, corrected, stored, read again."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.browsing import DESK, PHONE, fits, violations, visit
from tests.web.conftest import NEWCOMER

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SHOTS = os.environ.get("ENTREFLUX_TEST_SHOTS")
ROWS = (
    ("Relevé des flux – ZI du Port, printemps",),
    (),
    ("Entreprise", "Commune", "Sens", "Désignation", "Quantité", "Unité", "Fréquence"),
    ("Brasserie du Port", "Port-de-Bouc", "sortant", "Drêches de brasserie", "2 à 3", "t", "par semaine"),
    ("Brasserie du Port", "Port-de-Bouc", "entrant", "Bouteilles en verre", "beaucoup", "t", "par an"),
    ("Ferme des Salins", "Fos-sur-Mer", "entrant", "Aliment pour bétail", "200", "t", "par an"),
    ("Garage Central", "Martigues", "de côté", "Cartons d’emballage", "3 camions/mois", "", ""),
    ("TOTAL", "", "", "", "205", "", ""),
)


def workbook() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def check(page: Page, name: str) -> None:
    """Look at a page as every reader would."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    assert fits(page), name
    assert violations(page) == [], name


def send(page: Page, address: str, file: Path) -> None:
    page.goto(f"{address}/imports")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Voir ce que cela donnerait").click()
    page.wait_for_url("**/imports/essai/*")


@pytest.mark.parametrize(
    ("view", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone in the dark"]
)
def test_a_messy_workbook_is_corrected_stored_and_read_again_without_any_difference(
    browser: Browser, server: str, view: dict[str, Any], scheme: str, tmp_path: Path
) -> None:
    file = tmp_path / "Relevé 2025.xlsx"
    file.write_bytes(workbook())
    size = f"{view['width']}-{scheme}"
    with visit(browser, server, NEWCOMER, view, color_scheme=scheme) as page:
        page.goto(f"{server}/imports")
        check(page, f"imports-{size}")
        send(page, server, file)
        check(page, f"rehearsal-{size}")
        page.get_by_label("Quantité, ligne 5").fill("12 t/an")
        page.get_by_label("Sens, ligne 7").fill("sortant")
        page.get_by_text("Ce qui a été compris des colonnes").first.click()
        page.get_by_label("Cette colonne est… Fréquence").select_option("period")
        page.get_by_role("button", name="Relire avec ces corrections").click()
        page.get_by_role("button", name="Enregistrer ces flux").wait_for()
        check(page, f"corrected-{size}")
        page.get_by_role("button", name="Enregistrer ces flux").click()
        page.wait_for_url("**/imports/*?fait=importe")
        check(page, f"stored-{size}")
        page.get_by_role("link", name="Bouteilles en verre").click()
        assert page.input_value("#quantity") == "12"
        send(page, server, file)
        page.get_by_label("Quantité, ligne 5").fill("12 t/an")
        page.get_by_label("Sens, ligne 7").fill("sortant")
        page.get_by_role("button", name="Relire avec ces corrections").click()
        page.get_by_text("Rien n’y diffère de ce qui est enregistré.").wait_for()
        check(page, f"again-{size}")
