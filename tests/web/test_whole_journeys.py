"""Whole days in a real browser: from a messy workbook to a synergy that moves and a file one can read."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.browsing import DESK, PHONE, drawn, fits, visit
from tests.web.conftest import NEWCOMER, with_plain_spaces
from tests.web.test_imports_journey import workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
MOST_TABS = 120
SYNERGY = re.compile(r"/synergies/[0-9a-f-]{36}")


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    file = tmp_path / "Relevé 2025.xlsx"
    file.write_bytes(workbook())
    return file


def opened(path: Path) -> list[tuple[Any, ...]]:
    """Return the rows of the first sheet of an exported workbook."""
    from openpyxl import load_workbook

    # A download has no suffix.
    book = load_workbook(io.BytesIO(path.read_bytes()), read_only=True)
    rows = [tuple(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    return rows


@pytest.mark.parametrize("view", [DESK, PHONE], ids=["desk", "phone"])
def test_a_messy_workbook_becomes_a_synergy_that_moves_and_a_file_to_take_to_the_meeting(
    browser: Browser, server: str, messy: Path, view: dict[str, Any]
) -> None:
    with visit(browser, server, NEWCOMER, view) as page:
        page.goto(server)
        page.get_by_role("main").get_by_role("link", name="Importer un fichier").click()
        page.set_input_files("#file", messy)
        page.get_by_role("button", name="Voir ce que cela donnerait").click()
        page.wait_for_url("**/imports/essai/*")
        page.get_by_label("Quantité, ligne 5").fill("12 t/an")
        page.get_by_label("Sens, ligne 7").fill("sortant")
        page.get_by_role("button", name="Relire avec ces corrections").click()
        page.get_by_role("button", name="Enregistrer ces flux").click()
        page.wait_for_url("**/imports/*?fait=importe")
        assert fits(page)

        page.goto(f"{server}/carte")
        assert drawn(page) > 0
        assert fits(page)

        page.goto(f"{server}/synergies")
        page.get_by_role("main").locator("a[href^='/synergies/']", has_text="Drêches").first.click()
        page.wait_for_url("**/synergies/*-*")
        assert page.locator(".bars [role=img]").count() == 5
        page.get_by_role("button", name="C’est fait : passer à « Contactée »").click()
        page.wait_for_url("**#suivi")
        assert NEWCOMER in page.inner_text(".history")

        page.goto(f"{server}/synergies?status=contacted")
        with page.expect_download() as download:
            page.get_by_role("link", name="Excel").first.click()
        rows = opened(download.value.path())
        header, (first, *others) = rows[0], rows[1:]
        told = dict(zip(header, first, strict=True))
        assert others == []
        assert "Brasserie du Port" in told["members"]


def tab_to(page: Page, is_there: Callable[[], bool]) -> None:
    """Press Tab until the focus is where it shall be."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if is_there():
            return
    raise AssertionError("the keyboard never comes there")


def focus_on(page: Page, words: str) -> Callable[[], bool]:
    """Return what tells whether the focus is on a link or a button with these words."""
    said = "document.activeElement.matches('a, button') ? document.activeElement.textContent : ''"
    return lambda: words in with_plain_spaces(page.evaluate(said))


def test_the_keyboard_alone_stores_a_workbook_and_moves_a_synergy(
    browser: Browser, server: str, tmp_path: Path
) -> None:
    """Only choosing a file, which the system's own window does, is done for the keyboard."""
    example = Path(__file__).parents[2] / "examples" / "kalundborg.csv"
    with visit(browser, server, NEWCOMER, DESK) as page:
        page.goto(server)
        tab_to(page, focus_on(page, "Importer un fichier"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/imports")
        tab_to(page, lambda: page.evaluate("document.activeElement.id") == "file")
        page.set_input_files("#file", example)
        tab_to(page, focus_on(page, "Voir ce que cela donnerait"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/imports/essai/*")
        page.get_by_role("button", name="Enregistrer ces flux").wait_for()
        tab_to(page, focus_on(page, "Enregistrer ces flux"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/imports/*?fait=importe")
        page.goto(f"{server}/synergies")
        tab_to(
            page,
            lambda: SYNERGY.fullmatch(page.evaluate("document.activeElement.pathname || ''")) is not None,
        )
        page.keyboard.press("Enter")
        page.wait_for_url("**/synergies/*-*")
        tab_to(page, focus_on(page, "passer à « Contactée »"))
        page.keyboard.press("Enter")
        page.wait_for_url("**#suivi")
        assert NEWCOMER in page.inner_text(".history")


def test_the_same_day_in_english(browser: Browser, server: str, messy: Path) -> None:
    with visit(browser, server, NEWCOMER, PHONE) as page:
        page.goto(server)
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("link", name="English").click()
        page.get_by_role("main").get_by_role("link", name="Import a file").click()
        page.set_input_files("#file", messy)
        page.locator("main form button").first.click()
        page.wait_for_url("**/imports/essai/*")
        page.get_by_label("Quantity, row 5").fill("12 t/year")
        page.get_by_label("Direction, row 7").fill("output")
        page.get_by_role("button", name="Read again with these corrections").click()
        page.get_by_role("button", name="Store these flows").click()
        page.wait_for_url("**/imports/*?fait=importe")
        page.goto(f"{server}/synergies")
        assert page.evaluate("document.documentElement.lang") == "en"
        assert fits(page)
        page.get_by_role("main").locator("a[href^='/synergies/']", has_text="Drêches").first.click()
        page.wait_for_url("**/synergies/*-*")
        page.get_by_role("button", name="Done: move to “Contacted”").click()
        page.wait_for_url("**#suivi")
        assert NEWCOMER in page.inner_text(".history")
