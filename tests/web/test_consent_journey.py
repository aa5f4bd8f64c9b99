"""Signing in, the charter and the mandate in both languages: for everybody, and with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.trust.town import PASSWORD, Town
from tests.web.browsing import CHATTER, DESK, PATIENCE_S, PHONE, fits, violations
from tests.web.test_company_pages import database_url, town

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
# Fixtures of other pages' tests, under their own names.
__all__ = ["database_url", "town"]
MOST_STOPS = 120
LOOKS = [
    pytest.param("fr", DESK, id="French, desk"),
    pytest.param("en", PHONE, id="English, phone"),
]
WORDS = {
    "fr": {
        "in": "Se connecter",
        "text": "Texte de la charte",
        "preview": "Aperçu",
        "publish": "Publier",
        "back": "Reprendre mon mandat",
        "give": "Donner mon mandat",
        "given": "Mandat donné",
        "taken": "Mandat repris",
    },
    "en": {
        "in": "Sign in",
        "text": "Text of the charter",
        "preview": "Preview",
        "publish": "Publish",
        "back": "Take my mandate back",
        "give": "Give my mandate",
        "given": "Mandate given",
        "taken": "Mandate taken back",
    },
}
# What can be used in the page's own part, and where the keyboard is; names as a reader hears them.
USABLE = """() => [...document.querySelectorAll("main :is(a[href], button, input, select, textarea)")]
  .filter((one) => one.type !== "hidden" && one.checkVisibility()).length"""
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const seen = outlined || style.boxShadow !== "none";
  const own = one.closest("main") !== null;
  one.dataset.stops = 1 + Number(one.dataset.stops || 0);
  return { own, seen, again: one.dataset.stops > 1, what: one.outerHTML.slice(0, 90) };
}"""


@contextmanager
def opened(browser: Browser, server: str, language: str, view: dict[str, Any]) -> Iterator[Page]:
    """Yield a page of nobody in particular; what the browser complains about fails the test."""
    context = browser.new_context(viewport=view)  # type: ignore[arg-type]
    context.set_default_timeout(1000 * PATIENCE_S)
    context.add_cookies([{"name": "entreflux_lang", "value": language, "url": server}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    try:
        yield page
    finally:
        context.close()
    assert [said for said in complaints if not any(word in said for word in CHATTER)] == []


def check(page: Page, language: str) -> None:
    """Check that a page says its language, fits, breaks no guideline and is within the keyboard's reach."""
    assert page.get_attribute("html", "lang") == language
    assert fits(page)
    assert violations(page) == []
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    usable, reached = page.evaluate(USABLE), 0
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None or focused["again"]:
            break
        assert focused["seen"], f"nothing shows that the keyboard is on {focused['what']}"
        reached += focused["own"]
    else:
        pytest.fail("the keyboard never comes to the end of the page")
    assert reached == usable > 0


def tab_to(page: Page, role: Any, name: str) -> None:
    """Press Tab until something with this role and name has the keyboard."""
    wanted = page.get_by_role(role, name=name, exact=True).first
    for _ in range(MOST_STOPS):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach “{name}”")


def sign_in(page: Page, server: str, email: str, language: str) -> None:
    page.goto(f"{server}/connexion")
    tab_to(page, "textbox", "Adresse électronique" if language == "fr" else "E-mail address")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText").strip() == WORDS[language]["in"]
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/connexion" not in url)


@pytest.mark.parametrize(("language", "view"), LOOKS)
def test_signing_in_is_for_everybody(
    town: Town, browser: Browser, server: str, language: str, view: dict[str, Any]
) -> None:
    with opened(browser, server, language, view) as page:
        page.goto(f"{server}/connexion")
        check(page, language)
        sign_in(page, server, "company@x.example", language)


@pytest.mark.parametrize(("language", "view"), LOOKS)
def test_a_charter_is_published_and_a_mandate_given_by_keyboard(
    town: Town, browser: Browser, server: str, language: str, view: dict[str, Any]
) -> None:
    words = WORDS[language]
    with opened(browser, server, language, view) as page:
        sign_in(page, server, "coordinator@x.example", language)
        page.goto(f"{server}/charte")
        check(page, language)
        page.goto(f"{server}/charte")
        tab_to(page, "textbox", words["text"])
        page.keyboard.type("Chacun garde ses secrets.")
        tab_to(page, "button", words["preview"])
        page.keyboard.press("Enter")
        page.locator("#apercu").wait_for()
        check(page, language)
        page.evaluate("document.activeElement.blur()")
        tab_to(page, "button", words["publish"])
        page.keyboard.press("Enter")
        page.locator("#version").wait_for()
        page.get_by_role("status").wait_for()
        check(page, language)
    with opened(browser, server, language, view) as page:
        sign_in(page, server, "company@x.example", language)
        page.goto(f"{server}/charte")
        check(page, language)
        for button, told in ((words["back"], words["taken"]), (words["give"], words["given"])):
            page.goto(f"{server}/charte")
            tab_to(page, "button", button)
            page.keyboard.press("Enter")
            page.get_by_role("status").get_by_text(told).wait_for()
            check(page, language)
