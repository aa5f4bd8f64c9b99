"""Signing in, second factor, invitation, keys in a real browser: keyboard, desk and phone, light and dark."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.services.second_factor import STEP_S, code_at
from tests.trust.shares import share
from tests.web.browsing import CHATTER, DESK, PHONE, fits, violations, visit
from tests.web.conftest import MEMBER, PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-too")]
NEW = "un autre mot de passe"
LOOKS = [
    pytest.param("fr", PHONE, "dark", id="French, phone, dark"),
    pytest.param("en", DESK, "light", id="English, desk, light"),
    pytest.param("fr", DESK, "light", id="French, desk, light"),
    pytest.param("en", PHONE, "light", id="English, phone, light"),
    pytest.param("en", DESK, "dark", id="English, desk, dark"),
][: share(2, 5)]
# Answers that are meant to refuse.
REFUSALS = (*CHATTER, "status of 401", "status of 403")


@contextmanager
def outside(
    browser: Browser, server: str, view: dict[str, Any] = DESK, language: str = "fr", scheme: str = "light"
) -> Iterator[Page]:
    """Yield a page of nobody in particular; what the browser complains about fails the test."""
    context = browser.new_context(viewport=view, color_scheme=scheme)  # type: ignore[arg-type]
    context.add_cookies([{"name": "entreflux_lang", "value": language, "url": server}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    try:
        yield page
    finally:
        context.close()
    assert [said for said in complaints if not any(word in said for word in REFUSALS)] == []


def look(page: Page, name: str, folder: Path) -> None:
    """Check that a page fits and breaks no guideline."""
    # A button half under the header, where an anchor leads, is none the smaller.
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    assert fits(page), name
    assert violations(page) == [], name


def code_of(page: Page, ahead: int = 0) -> str:
    secret = page.inner_text("code.secret")
    return code_at(base64.b32decode(secret), int(time.time() // STEP_S) + ahead)


@pytest.mark.parametrize(("language", "view", "scheme"), LOOKS)
def test_the_pages_around_signing_in_are_for_everybody(
    browser: Browser, server: str, tmp_path: Path, language: str, view: dict[str, Any], scheme: str
) -> None:
    with outside(browser, server, view, language, scheme) as page:
        page.goto(f"{server}/connexion")
        look(page, "sign-in", tmp_path)
        page.fill("#email", MEMBER)
        page.fill("#password", "faux")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        look(page, "sign-in-wrong", tmp_path)
        page.goto(f"{server}/mot-de-passe")
        look(page, "forgotten", tmp_path)
        page.goto(f"{server}/connexion")
        page.fill("#email", MEMBER)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{server}/")
        page.goto(f"{server}/compte")
        look(page, "account", tmp_path)
        page.fill("#factor-present", PASSWORD)
        page.keyboard.press("Enter")
        page.locator("code.secret").wait_for()
        look(page, "enrol", tmp_path)
        page.fill("#code", code_of(page, -1))
        page.keyboard.press("Enter")
        page.locator(".codes").wait_for()
        look(page, "codes", tmp_path)
        page.goto(f"{server}/equipe")
        page.fill("#email", "n@exemple.fr")
        page.keyboard.press("Enter")
        page.locator("#link").wait_for()
        look(page, "team", tmp_path)
        link = page.input_value("#link")
        page.goto(f"{server}/compte")
        page.fill("#name", "QGIS")
        page.keyboard.press("Enter")
        page.locator("#new-key").wait_for()
        look(page, "keys", tmp_path)
    with outside(browser, server, view, language, scheme) as page:
        page.goto(link)
        look(page, "invitation", tmp_path)
        page.goto(f"{server}/connexion")
        page.fill("#email", MEMBER)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/second-facteur")
        look(page, "second-factor", tmp_path)


def test_the_keyboard_alone_signs_in_in_the_order_that_is_read(browser: Browser, server: str) -> None:
    with outside(browser, server) as page:
        page.goto(f"{server}/connexion")
        reached = []
        for _ in range(7):
            page.keyboard.press("Tab")
            reached.append(
                page.evaluate(
                    "document.activeElement.id || document.activeElement.className"
                    " || document.activeElement.textContent.trim()"
                )
            )
        assert reached == ["skip", "brand", "English", "email", "password", "button", "Mot de passe oublié"]
        page.locator("#email").focus()
        page.keyboard.type(MEMBER)
        page.keyboard.press("Tab")
        page.keyboard.type("faux")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        # What is to be corrected has the focus, and the address is still there.
        assert page.evaluate("document.activeElement.id") == "password"
        assert page.input_value("#email") == MEMBER
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{server}/")


def test_somebody_invited_chooses_a_password_and_enters(browser: Browser, server: str) -> None:
    with visit(browser, server, MEMBER, DESK) as page:
        page.goto(server)
        page.get_by_role("link", name="Mon compte").click()
        page.get_by_role("link", name="Qui entre dans Étang de Berre").click()
        page.get_by_label("Adresse électronique").fill("n@exemple.fr")
        page.get_by_role("button", name="Faire l’invitation").click()
        link = page.input_value("#link")
    with outside(browser, server, PHONE) as page:
        page.goto(link)
        page.get_by_label("Votre nom").fill("Nadia")
        page.get_by_label("Choisissez un mot de passe").fill(NEW)
        page.get_by_role("button", name="Créer mon compte").click()
        page.get_by_role("link", name="Se connecter").click()
        page.get_by_label("Adresse électronique").fill("n@exemple.fr")
        page.get_by_label("Mot de passe", exact=True).fill(NEW)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url(f"{server}/")


def test_another_site_cannot_post_a_form_here_even_with_the_cookie(
    browser: Browser, server: str, tmp_path: Path
) -> None:
    """A page of elsewhere sends a form to us, in the browser of somebody signed in."""
    with outside(browser, server) as page:
        page.goto(f"{server}/connexion")
        page.fill("#email", MEMBER)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{server}/")
        trap = tmp_path / "trap.html"
        trap.write_text(
            f'<form method="post" action="{server}/deconnexion"><button>win a prize</button></form>'
        )
        page.goto(trap.as_uri())
        with page.expect_response("**/deconnexion") as answered:
            page.get_by_role("button").click()
        assert answered.value.status == 403
        page.goto(f"{server}/compte")
        assert page.url == f"{server}/compte"
