"""The flash diagnostic in a real browser: by thumb, by keyboard, cut short and taken up, without scripts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.browsing import DESK, PHONE, fits, poll, violations, visit
from tests.web.conftest import MEMBER, PASSWORD, cheap_settings, served, with_plain_spaces

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
RECORDED = Path(__file__).parents[1] / "data" / "business_register" / "establishment.json"
SIRET = "73282932000017"
# What a facilitator has patience for, standing in a company.
MOST_GESTURES = 60
TYPED = (
    ("output", "carton", "12", "t", "year"),
    ("output", "palettes", "30", "palette", "week"),
    ("output", "vapeur", "800", "MWh", "year"),
    ("input", "cariste", "0,5", "ETP", "year"),
    ("input", "nettoyage", "6000", "EUR", "year"),
    ("input", "films plastique", "3", "t", "month"),
)
QUESTIONS = (
    ("output-spent-grain", "120"),
    ("output-trub-hops", "8"),
    ("input-malt", "300"),
    ("input-hops", "4"),
)


class Recorded(BaseHTTPRequestHandler):
    """A register that always gives the same, recorded answer."""

    def do_GET(self) -> None:
        body = RECORDED.read_bytes()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def register() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Recorded) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_address[1]}/search"
        listening.shutdown()
        thread.join()


@pytest.fixture
def server(database_url: str, register: str) -> Iterator[str]:
    """Serve the application with a register, in a thread."""
    from dataclasses import replace

    from app.settings import Register

    settings = replace(cheap_settings(database_url), register=Register(url=register, private=True))
    with served(settings) as address:
        yield address


class Thumb:
    """Counts what a hand does: a tap, a field filled in, a choice of a list are one gesture each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.gestures = 0

    def tap(self, place: Locator) -> None:
        self.gestures += 1
        place.click()

    def fill(self, place: Locator, text: str) -> None:
        self.gestures += 1
        place.click()
        place.fill("")
        place.press_sequentially(text)

    def choose(self, place: Locator, value: str) -> None:
        if place.input_value() != value:
            self.gestures += 1
            place.select_option(value)


def type_flow(thumb: Thumb, number: int, flow: tuple[str, str, str, str, str]) -> None:
    _, words, quantity, unit, period = flow
    page = thumb.page
    thumb.fill(page.locator(f"#flow-{number}-label"), words)
    thumb.tap(page.locator(f"#flow-{number}-options [role=option]").first)
    thumb.fill(page.locator(f"#flow-{number}-quantity"), quantity)
    thumb.choose(page.locator(f"#flow-{number}-unit"), unit)
    thumb.choose(page.locator(f"#flow-{number}-period"), period)


def test_ten_flows_take_at_most_sixty_gestures_on_a_phone(browser: Browser, server: str) -> None:
    """SIRET, four questions of the trade, six flows in words, stored: each tap, field and choice counted."""
    with visit(browser, server, MEMBER, PHONE) as page:
        page.goto(server)
        thumb = Thumb(page)
        thumb.tap(page.get_by_role("button", name="Menu"))
        thumb.tap(page.get_by_role("link", name="Diagnostic", exact=True))
        thumb.tap(page.get_by_role("link", name="Nouveau diagnostic"))
        assert fits(page)
        assert violations(page) == []
        thumb.fill(page.locator("#siret"), SIRET)
        thumb.tap(page.get_by_role("button", name="Remplir"))
        poll(lambda: page.locator(".question").count() > 0)
        filled = [page.locator(f"#{name}").input_value() for name in ("name", "city", "activity_code", "lon")]
        assert filled == ["LES SALINS", "FOS-SUR-MER", "11.05Z", "4.944500"]
        for name, quantity in QUESTIONS:
            thumb.fill(page.locator(f"#typical-{name}"), quantity)
            thumb.tap(page.locator(f"#q-{name} button"))
            page.locator(f"#q-{name}").wait_for(state="detached")
        for place, flow in enumerate(TYPED):
            number = 1
            if place:
                name = "Elle cède" if flow[0] == "output" else "Elle cherche"
                cards = page.locator(".flow-card")
                before = cards.count()
                thumb.tap(page.get_by_role("button", name=name))
                cards.nth(before).wait_for()
                number = int(cards.nth(before).get_attribute("data-number") or 0)
            type_flow(thumb, number, flow)
        poll(lambda: "Ferme des Salins" in page.inner_text("#flows"))
        assert fits(page)
        assert violations(page) == []
        thumb.tap(page.get_by_role("button", name="Enregistrer"))
        page.wait_for_url("**/diagnostics/*?fait=1")
        assert "10 flux" in with_plain_spaces(page.inner_text("main"))
        assert fits(page)
        assert violations(page) == []
        assert thumb.gestures <= MOST_GESTURES, thumb.gestures


def test_a_browser_that_is_closed_loses_nothing(browser: Browser, server: str) -> None:
    """The draft keeps itself; another day, another browser, it is taken up or dropped from the list."""
    with visit(browser, server, MEMBER, PHONE) as page:
        page.goto(f"{server}/diagnostics/nouveau")
        page.fill("#name", "Scierie du Pin")
        page.get_by_role("button", name="Elle cherche").click()
        page.locator("#flow-2-label").fill("Électricité verte")
        poll(lambda: "Brouillon gardé" in page.inner_text("#kept"))
    with visit(browser, server, MEMBER, DESK, color_scheme="dark") as page:
        page.goto(f"{server}/diagnostics")
        assert violations(page) == []
        page.get_by_role("link", name="Reprendre Scierie du Pin").click()
        assert page.locator("#name").input_value() == "Scierie du Pin"
        assert page.locator("#flow-2-label").input_value() == "Électricité verte"
        assert page.locator("#flow-2-direction").input_value() == "input"
        page.goto(f"{server}/diagnostics")
        page.get_by_role("button", name="Abandonner Scierie du Pin").click()
        assert page.get_by_text("Scierie du Pin").count() == 0


def test_the_keyboard_chooses_a_suggestion_and_a_point(browser: Browser, server: str) -> None:
    """Arrows, Enter and Escape as in any combobox; the map has fields beside it that say the same."""
    with visit(browser, server, MEMBER, DESK, color_scheme="dark") as page:
        page.goto(f"{server}/diagnostics/nouveau")
        box = page.locator("#flow-1-label")
        # A button half under the bar that stays in sight counts as too small: one scrolls it free.
        box.evaluate("place => place.scrollIntoView({ block: 'center' })")
        box.press_sequentially("drêches")
        poll(lambda: box.get_attribute("aria-expanded") == "true")
        box.press("ArrowDown")
        active = box.get_attribute("aria-activedescendant")
        assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
        assert violations(page) == []
        box.press("Escape")
        assert box.get_attribute("aria-expanded") == "false"
        box.press("ArrowDown")
        box.press("ArrowDown")
        box.press("Enter")
        assert box.input_value().startswith("Drêches")
        assert page.locator("#flow-1-resource").input_value() != ""
        box.press("Enter")
        assert page.evaluate("document.activeElement.id") == "flow-1-quantity"
        page.get_by_text("Adresse, ou un point sur la carte").click()
        poll(lambda: page.locator("[data-pick]").get_attribute("data-ready") is not None)
        place = page.locator("[data-pick]")
        place.click(position={"x": 120, "y": 120})
        assert float(page.locator("#lon").input_value()) != 0
        poll(lambda: "Placé exactement." in page.inner_text("#place"))
        assert fits(page)
        assert violations(page) == []


def test_a_company_already_known_is_found_by_its_name(browser: Browser, server: str) -> None:
    """Two letters too many to type: the territory's own sites are offered while one types."""
    with visit(browser, server, MEMBER, PHONE) as page:
        page.goto(f"{server}/diagnostics/nouveau")
        page.locator("#name").press_sequentially("ferme")
        page.get_by_role("button", name="Ferme des Salins").click()
        poll(lambda: page.locator("#site_id").input_value() != "")
        page.get_by_role("button", name="Une autre entreprise").click()
        poll(lambda: page.locator("#siret").count() == 1)
        assert page.locator("#site_id").input_value() == ""


def test_without_scripts_one_still_enters_and_stores(browser: Browser, server: str) -> None:
    """Every button is a button of the form: nothing needs a script."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/connexion")
    page.fill("#email", MEMBER)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.goto(f"{server}/diagnostics/nouveau")
    page.fill("#siret", SIRET)
    page.get_by_role("button", name="Remplir").click()
    assert page.locator("#name").input_value() == "LES SALINS"
    page.fill("#typical-output-spent-grain", "120")
    page.get_by_role("button", name="Oui : Drêches de brasserie").click()
    page.get_by_role("button", name="Elle cherche").click()
    page.fill("#flow-3-label", "Palettes")
    page.get_by_role("button", name="Enregistrer").click()
    assert "2 flux" in with_plain_spaces(page.inner_text("main"))
    context.close()
