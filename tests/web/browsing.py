"""What every journey in a real browser needs: sizes of screens, signing in, waiting, checking a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.patience import tries
from tests.web.conftest import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# Elements that break no rule are not described: on a long page that takes longer than to look.
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
VIOLATIONS = """(options) => axe.run(document, options).then((found) => found.violations
    .map((one) => [one.id, one.nodes.map((node) => node.html.slice(0, 160))]))"""
PATIENCE_S = 45.0
# Between two looks: a journey waits many times, mostly for what comes soon (own choice).
SELDOM_S = 0.2
# What Chromium says of its own software rendering, and of an answer that is meant to refuse.
CHATTER = ("GPU stall", "GL Driver", "status of 422")


def poll(holds: Callable[[], Any]) -> None:
    """Wait until something holds; a strict policy forbids the browser to evaluate text for us."""
    for _ in tries(PATIENCE_S, SELDOM_S):
        if holds():
            return


def enter(context: BrowserContext, server: str, email: str, password: str = PASSWORD) -> None:
    """Sign in without drawing a page: the sign-in page and the first one have journeys of their own."""
    form = context.request.get(f"{server}/connexion").text()
    token = re.search(r'name="csrf" value="([^"]+)"', form)
    assert token is not None
    fields = {"csrf": token[1], "email": email, "password": password}
    answer = context.request.post(f"{server}/connexion", form=fields, max_redirects=0)
    assert answer.status == 303, answer.text()


@contextmanager
def visit(
    browser: Browser,
    server: str,
    email: str,
    view: dict[str, Any],
    password: str = PASSWORD,
    **options: Any,
) -> Iterator[Page]:
    """Yield an empty page of somebody signed in, or of nobody; what the browser complains about fails."""
    context = browser.new_context(viewport=view, locale="fr-FR", accept_downloads=True, **options)  # type: ignore[arg-type]
    context.set_default_timeout(1000 * PATIENCE_S)
    if email:
        enter(context, server, email, password)
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    try:
        yield page
    finally:
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


@cache
def _axe() -> str:
    from axe_playwright_python.sync_playwright import Axe

    return str(Axe().axe_script)


def violations(page: Page) -> list[Any]:
    """Return the guidelines that a page breaks, each with the elements that do."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found: list[Any] = page.evaluate(VIOLATIONS, WCAG)
    return found
