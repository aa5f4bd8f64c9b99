"""Journeys in a real browser: from signing in to an export, on a desk and on a phone, for every reader."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.browsing import DESK, PHONE, drawn, fits, poll, violations, visit
from tests.web.conftest import MEMBER, NEWCOMER, PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
EXAMPLE = Path(__file__).parents[2] / "examples" / "kalundborg.csv"
# Dark mode changes colours alone: fewer pages show them all; ``test_every_page`` reads each in the light.
READ_IN_THE_DARK = ("/", "/carte")
DETAILED = ("/synergies", "/flux", "/entreprises", "/imports")


@pytest.mark.parametrize("view", [DESK, PHONE], ids=["desk", "phone"])
def test_a_facilitator_goes_from_a_file_to_a_call(
    browser: Browser, server: str, view: dict[str, Any]
) -> None:
    with visit(browser, server, "", view) as page:
        page.goto(f"{server}/connexion")
        page.fill("#email", NEWCOMER)
        page.fill("#password", PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url(f"{server}/")
        page.get_by_role("main").get_by_role("link", name="Importer un fichier").click()
        page.set_input_files("#file", EXAMPLE)
        page.get_by_role("button", name="Voir ce que cela donnerait").click()
        page.get_by_role("button", name="Enregistrer ces flux").click()
        page.wait_for_url("**/imports/*")
        assert "Enregistré. Les synergies sont prêtes." in page.inner_text("main")

        page.goto(f"{server}/carte")
        assert fits(page)
        assert drawn(page) > 0
        every = page.locator("#results [data-synergy]").count()
        if view is PHONE:
            page.get_by_role("tab", name="Carte").click()
            assert page.locator("[data-map] .maplibregl-canvas").is_visible()
            page.get_by_role("tab", name="Liste").click()
        page.get_by_text("Filtres", exact=True).click()
        page.fill("#q", "steam")
        page.wait_for_url(lambda url: "q=steam" in url)
        narrowed = page.locator("#results [data-synergy]").count()
        assert 0 < narrowed < every
        poll(lambda: drawn(page) == narrowed)
        page.reload()
        assert page.locator("#results [data-synergy]").count() == narrowed

        page.locator("#results .card a").first.click()
        page.get_by_role("link", name="Ouvrir la synergie").click()
        page.wait_for_url("**/synergies/*")
        assert page.locator(".bars [role=img]").count() == 5
        assert fits(page)
        page.get_by_role("button", name="C’est fait : passer à « Contactée »").click()
        page.wait_for_url("**#suivi")
        assert NEWCOMER in page.inner_text(".history")

        page.goto(f"{server}/synergies?status=contacted")
        assert fits(page)
        with page.expect_download() as download:
            page.get_by_role("link", name="Excel").click()
        assert Path(download.value.path()).read_bytes().startswith(b"PK")


def test_clicking_a_site_leads_to_its_flows_and_keeps_the_place_in_the_address(
    browser: Browser, server: str
) -> None:
    with visit(browser, server, MEMBER, DESK) as page:
        page.goto(f"{server}/carte")
        drawn(page)
        where = """() => { const map = document.querySelector('[data-map]').mapOfSites;
            const named = (f) => f.properties.name === 'Ferme des Salins';
            const site = map.querySourceFeatures('sites').find(named);
            return site && map.loaded() && map.project(site.geometry.coordinates); }"""
        poll(lambda: page.evaluate(where))
        point, box = page.evaluate(where), page.locator("[data-map]").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + point["x"], box["y"] + point["y"])
        page.wait_for_url(lambda url: "site=" in url)
        assert page.inner_text("#picked") == "Ferme des Salins"
        page.get_by_role("link", name="Aliment pour bétail", exact=True).click()
        page.wait_for_url(lambda url: "flow=" in url)
        page.go_back()
        poll(lambda: page.locator("#picked").count() == 1)


def test_the_keyboard_alone_reaches_the_content_and_a_synergy(browser: Browser, server: str) -> None:
    with visit(browser, server, MEMBER, DESK) as page:
        page.goto(server)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/synergies/*")


def test_the_interface_speaks_english_once_asked(browser: Browser, server: str) -> None:
    with visit(browser, server, MEMBER, DESK) as page:
        page.goto(server)
        page.get_by_role("link", name="English").click()
        assert page.inner_text("h1") == "What to do today?"
        page.get_by_role("link", name="Synergies", exact=True).click()
        assert page.evaluate("document.documentElement.lang") == "en"
        assert "Download:" in page.inner_text("main")


def test_no_page_breaks_the_accessibility_guidelines_in_the_dark(browser: Browser, server: str) -> None:
    with visit(browser, server, MEMBER, PHONE, color_scheme="dark") as page:
        paths = list(READ_IN_THE_DARK)
        for listing in DETAILED:
            page.goto(server + listing)
            found = page.locator(f"main a[href^='{listing}/']:not([download])").first
            paths.append(found.get_attribute("href") or "")
        for path in paths:
            page.goto(server + path)
            assert fits(page), path
            assert violations(page) == [], path
