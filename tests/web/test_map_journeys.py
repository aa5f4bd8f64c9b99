"""The map in a real browser: filtered by its legend, clicked, come back to, on a desk and a phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.browsing import DESK, PHONE, drawn, fits, poll, violations, visit
from tests.web.conftest import MEMBER

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-too")]
STATIC = Path(__file__).parents[2] / "app" / "web" / "static"
# Where a site or a flow stands on the screen, once the map is drawn.
WHERE = """([source, name]) => {
  const map = document.querySelector('[data-map]').mapOfSites;
  if (!map || !map.loaded()) return null;
  const layer = source === 'flows' ? 'glyphs' : 'sites';
  const one = map.queryRenderedFeatures({ layers: [layer] }).find((f) => f.properties.name === name);
  if (!one) return null;
  const at = map.project(one.geometry.coordinates);
  const slot = one.properties.slot ?? 0;
  if (source !== 'flows') return at;
  return { x: at.x + (slot % 4 - 1.5) * 36, y: at.y + 28 + 22 * Math.floor(slot / 4) };
}"""
SHOWN = "() => document.querySelector('[data-map]').dataset.sites"
NEAR = """(name) => { const map = document.querySelector('[data-map]').mapOfSites;
  const site = map.querySourceFeatures('sites').find((f) => f.properties.name === name);
  map.jumpTo({ center: site.geometry.coordinates, zoom: 16.5 }); }"""
FETCH = """async (address) => { const answer = await fetch(address);
  return [answer.headers.get('content-encoding'), await answer.text()]; }"""
LINE = """() => { const map = document.querySelector('[data-map]').mapOfSites;
  const line = map.querySourceFeatures('synergies').find((f) => f.geometry.type === 'LineString');
  if (!line) return null;
  const [a, b] = line.geometry.coordinates;
  return map.loaded() && map.project([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]); }"""


def press(page: Page, point: dict[str, float]) -> None:
    box = page.locator("[data-map]").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + point["x"], box["y"] + point["y"])


def press_on(page: Page, source: str, name: str) -> None:
    poll(lambda: page.evaluate(WHERE, [source, name]))
    press(page, page.evaluate(WHERE, [source, name]))


def test_a_button_of_the_legend_narrows_address_map_list_and_table_and_back_restores_them(
    browser: Browser, server: str
) -> None:
    with visit(browser, server, MEMBER, DESK) as page:
        page.goto(f"{server}/carte")
        every = drawn(page)
        poll(lambda: page.evaluate(SHOWN) == "4")
        page.get_by_text("Tableau des sites").click()
        page.locator("#sites-table tbody tr").nth(3).wait_for()
        key = page.get_by_role("button", name="Substitution")
        key.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/carte?kind=substitution")
        poll(lambda: key.get_attribute("aria-pressed") == "true")
        poll(lambda: page.evaluate(SHOWN) == "2")
        assert drawn(page) == page.locator("#results .card").count() < every
        poll(lambda: page.locator("#sites-table tbody tr").count() == 2)
        assert page.evaluate("document.activeElement.dataset.code") == "substitution"
        page.go_back()
        poll(lambda: key.get_attribute("aria-pressed") == "false")
        poll(lambda: page.evaluate(SHOWN) == "4")
        assert page.url == f"{server}/carte"
        page.go_forward()
        poll(lambda: key.get_attribute("aria-pressed") == "true")
        poll(lambda: page.evaluate(SHOWN) == "2")
        page.reload()
        assert key.get_attribute("aria-pressed") == "true"
        key.click()
        page.wait_for_url(f"{server}/carte")


def test_a_click_leads_from_a_site_to_a_flow_to_a_synergy_and_back_on_the_same_map(
    browser: Browser, server: str
) -> None:
    with visit(browser, server, MEMBER, DESK) as page:
        page.goto(f"{server}/carte")
        drawn(page)
        page.evaluate("document.querySelector('[data-map]').dataset.kept = 'yes'")
        press_on(page, "sites", "Ferme des Salins")
        page.wait_for_url("**/carte?site=*")
        assert page.inner_text("#picked") == "Ferme des Salins"
        page.evaluate(NEAR, "Ferme des Salins")
        press_on(page, "flows", "Aliment pour bétail")
        page.wait_for_url("**/carte?flow=*")
        assert "Aliment pour bétail" in page.inner_text("#picked-flow")
        page.locator("#results .card a").first.click()
        page.wait_for_url("**synergy=*")
        assert page.get_by_role("link", name="Ouvrir la synergie").is_visible()
        assert drawn(page) == 1
        for sign in ("#picked-flow", "#picked"):
            page.go_back()
            page.locator(sign).wait_for()
        assert page.evaluate("document.querySelector('[data-map]').dataset.kept") == "yes"


def test_a_line_opens_its_synergy(browser: Browser, server: str) -> None:
    with visit(browser, server, MEMBER, DESK) as page:
        page.goto(f"{server}/carte?kind=substitution")
        drawn(page)
        poll(lambda: page.evaluate(LINE))
        press(page, page.evaluate(LINE))
        page.wait_for_url("**synergy=*")
        page.locator("#picked-synergy").wait_for()


def test_the_keyboard_alone_goes_from_the_table_to_a_site_its_flow_and_its_synergy(
    browser: Browser, server: str
) -> None:
    with visit(browser, server, MEMBER, DESK) as page:
        page.goto(f"{server}/carte")
        drawn(page)
        page.locator("#table-box summary").focus()
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Brasserie du Port", exact=True).focus()
        page.keyboard.press("Enter")
        page.locator("#picked").wait_for()
        poll(lambda: page.evaluate("document.activeElement.id") == "picked")
        # The title's own link, then the first flow.
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator("#picked-flow").wait_for()
        page.locator("#results .card a").first.focus()
        page.keyboard.press("Enter")
        page.locator("#picked-synergy").wait_for()


def test_on_a_phone_what_is_touched_rises_in_a_sheet_over_the_map(browser: Browser, server: str) -> None:
    with visit(browser, server, MEMBER, PHONE) as page:
        page.goto(f"{server}/carte")
        drawn(page)
        page.get_by_role("tab", name="Carte").click()
        press_on(page, "sites", "Ferme des Salins")
        page.locator("#picked").wait_for()
        poll(lambda: page.locator(".panes").get_attribute("data-shown") == "half")
        sheet, whole = page.locator("#pane-list").bounding_box(), page.locator("#pane-map").bounding_box()
        assert sheet is not None
        assert whole is not None
        assert whole["y"] + 100 < sheet["y"] < whole["y"] + whole["height"] - 100
        assert fits(page)


@pytest.mark.parametrize(("scheme", "view"), [("light", DESK), ("dark", PHONE)], ids=["desk", "phone"])
def test_no_state_of_the_map_breaks_the_accessibility_guidelines(
    browser: Browser, server: str, scheme: Any, view: dict[str, Any]
) -> None:
    with visit(browser, server, MEMBER, view, color_scheme=scheme) as page:
        page.goto(f"{server}/carte?flow_kind=material")
        drawn(page)
        panel = page.locator("#results .card a").first.get_attribute("hx-get")
        assert panel
        for address in ("", panel, "/carte/sites"):
            if address:
                page.goto(server + address)
            assert fits(page)
            assert violations(page) == [], address


def test_a_twin_made_smaller_holds_what_its_file_holds(browser: Browser, server: str) -> None:
    with visit(browser, server, MEMBER, DESK) as page:
        page.goto(f"{server}/compte")
        twins = sorted(STATIC.rglob("*.br"))
        assert twins
        for twin in twins:
            file = Path(str(twin).removesuffix(".br"))
            address = f"/static/{file.relative_to(STATIC)}"
            told: list[Any] = page.evaluate(FETCH, address)
            assert told == ["br", file.read_text(encoding="utf-8")], address
