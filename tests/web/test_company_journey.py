"""A company's pages in a real browser: keyboard, desk and phone, nobody kept out by how they are drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.trust.town import PASSWORD, Town
from tests.web.browsing import DESK, PHONE, fits, violations, visit
from tests.web.test_company_pages import database_url, town

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
# Fixtures of other pages' tests, under their own names.
__all__ = ["database_url", "town"]


def look(page: Page, name: str, folder: Path) -> None:
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    assert fits(page), name
    assert violations(page) == [], name


@pytest.mark.parametrize(("view", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_a_company_asks_by_keyboard_and_its_neighbour_accepts(
    town: Town, browser: Browser, server: str, tmp_path: Path, view: dict[str, Any], scheme: str
) -> None:
    with visit(browser, server, "company@x.example", view, PASSWORD, color_scheme=scheme) as page:
        page.goto(server)
        look(page, "home", tmp_path)
        page.locator(".card a.whole").first.press("Enter")
        page.locator("h2#pistes").wait_for()
        look(page, "flow", tmp_path)
        page.get_by_role("link", name="Demander une mise en relation").first.press("Enter")
        page.fill("#message", "Parlons-en")
        look(page, "asks", tmp_path)
        page.get_by_role("button", name="Envoyer la demande").press("Enter")
        page.locator("#envoyees").wait_for()
        look(page, "sent", tmp_path)
        for name in ("charte", "journal", "annonces"):
            page.goto(f"{server}/{name}")
            look(page, name, tmp_path)
        page.goto(f"{server}/flux/{town.ids['own:flow:private:output']}")
        look(page, "own-flow", tmp_path)
    for owner in ("other", "granted", "withheld"):
        with visit(browser, server, f"{owner}@x.example", view, PASSWORD, color_scheme=scheme) as page:
            page.goto(f"{server}/mises-en-relation")
            if page.get_by_text("Parlons-en").count():
                look(page, "received", tmp_path)
                page.get_by_role("button", name="Accepter").press("Enter")
                page.locator("#faites").wait_for()
                look(page, "met", tmp_path)
                break
    else:
        pytest.fail("nobody was asked")


@pytest.mark.parametrize("view", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_of_observers_and_of_who_runs_the_server_are_for_everybody(
    town: Town, browser: Browser, server: str, tmp_path: Path, view: dict[str, Any]
) -> None:
    for who, paths in {
        "observer": ("/indicateurs", "/charte"),
        "operator": ("/exploitation",),
        "coordinator": ("/mises-en-relation", "/charte", "/journal", "/annonces"),
    }.items():
        with visit(browser, server, f"{who}@x.example", view, PASSWORD) as page:
            for path in paths:
                page.goto(server + path)
                look(page, who + path.replace("/", "-"), tmp_path)
