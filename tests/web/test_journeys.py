"""Journeys in a real browser: from signing in to an export, on a desk and on a phone, for every reader."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.conftest import MEMBER, NEWCOMER, PASSWORD, cheap_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
REQUIRE_BROWSER = "ENTREFLUX_TEST_REQUIRE_BROWSER"
EXAMPLE = Path(__file__).parents[2] / "examples" / "kalundborg.csv"
VENDOR = Path(__file__).parents[2] / "app" / "web" / "static" / "vendor" / "maplibre-gl.mjs"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# Dark mode changes colours alone: fewer pages show them all.
READ_BY_ALL = {
    "light": ("/", "/carte", "/synergies", "/flux", "/entreprises", "/imports", "/pourquoi-pas"),
    "dark": ("/", "/carte"),
}
DETAILED = ("/synergies", "/flux", "/entreprises", "/imports")
PATIENCE_S = 45.0
# What Chromium says of its own software rendering, and of an answer that is meant to refuse.
CHATTER = ("GPU stall", "GL Driver", "status of 422")


def missing(reason: str) -> None:
    pytest.fail(reason) if os.environ.get(REQUIRE_BROWSER) else pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium; skip where it, or the front-end files, are missing."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        missing("chromium is not installed")
    if not VENDOR.is_file():
        missing("the front-end files are not there: make setup brings them")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def server(database_url: str) -> Iterator[str]:
    """Serve the application on the test's database, in a thread."""
    import uvicorn

    from app.main import create_app

    application = create_app(cheap_settings(database_url))
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        running = uvicorn.Server(uvicorn.Config(application, log_level="warning", lifespan="on"))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        poll(lambda: running.started)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        running.should_exit = True
        thread.join()


def poll(holds: Callable[[], Any]) -> None:
    """Wait until something holds; a strict policy forbids the browser to evaluate text for us."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


@contextmanager
def visit(browser: Browser, server: str, email: str, view: dict[str, Any], **options: Any) -> Iterator[Page]:
    """Yield a page signed in; anything the browser complains about fails the test."""
    context = browser.new_context(viewport=view, locale="fr-FR", accept_downloads=True, **options)  # type: ignore[arg-type]
    context.set_default_timeout(1000 * PATIENCE_S)
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server}/connexion")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"{server}/")
    yield page
    context.close()
    assert [said for said in complaints if not any(word in said for word in CHATTER)] == []
    assert [url for url in asked if not url.startswith((server, "blob:", "data:"))] == []


def drawn(page: Page) -> int:
    """Return how many synergies the map shows, once it is ready."""
    poll(lambda: page.evaluate("document.querySelector('[data-map]').dataset.ready"))
    return int(page.evaluate("document.querySelector('[data-map]').dataset.ready"))


def fits(page: Page) -> bool:
    """Tell whether nothing hangs over the side of the screen."""
    # A form may still be on its way to the next page.
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("view", [DESK, PHONE], ids=["desk", "phone"])
def test_a_facilitator_goes_from_a_file_to_a_call(
    browser: Browser, server: str, view: dict[str, Any]
) -> None:
    with visit(browser, server, NEWCOMER, view) as page:
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
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/synergies/*")


def test_the_interface_speaks_english_once_asked(browser: Browser, server: str) -> None:
    with visit(browser, server, MEMBER, DESK) as page:
        page.get_by_role("link", name="English").click()
        assert page.inner_text("h1") == "What to do today?"
        page.get_by_role("link", name="Synergies", exact=True).click()
        assert page.evaluate("document.documentElement.lang") == "en"
        assert "Download:" in page.inner_text("main")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_the_accessibility_guidelines(browser: Browser, server: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with visit(browser, server, MEMBER, PHONE if scheme == "dark" else DESK, color_scheme=scheme) as page:
        paths = list(READ_BY_ALL[scheme])
        for listing in DETAILED:
            page.goto(server + listing)
            found = page.locator(f"main a[href^='{listing}/']:not([download])").first
            paths.append(found.get_attribute("href") or "")
        for path in paths:
            page.goto(server + path)
            assert fits(page), path
            broken = Axe().run(page, options=WCAG).response["violations"]
            told = [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in broken]
            assert told == [], path
