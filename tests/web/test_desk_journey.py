"""The desk in a real browser, on a desk and a phone: choose, compare, give, set aside, undo, name a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.web.browsing import DESK, PHONE, fits, violations, visit
from tests.web.conftest import MEMBER

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def sound(page: Page) -> None:
    """Check what is shown now against the guidelines, and that nothing hangs over the side."""
    assert fits(page)
    assert violations(page) == []


def rows(page: Page) -> int:
    return page.locator(".rows > .row").count()


@pytest.mark.parametrize(("view", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_a_coordinator_works_through_the_list(
    browser: Browser, server: str, view: dict[str, Any], scheme: str
) -> None:
    with visit(browser, server, MEMBER, view, color_scheme=scheme) as page:
        page.goto(f"{server}/synergies")
        every = rows(page)
        assert every >= 2
        assert page.locator("#selection").is_hidden()

        page.locator(".unfold summary").first.click()
        page.get_by_role("button", name="Je m’en charge").wait_for()
        assert page.locator(".unfolded .bars [role=img]").count() == 5
        sound(page)
        page.get_by_role("button", name="Je m’en charge").click()
        page.get_by_text("Confiée à vous").wait_for()
        page.get_by_role("button", name="Annuler").click()
        page.get_by_role("button", name="Rétablir").wait_for()
        assert page.get_by_text("Confiée à vous").count() == 0

        for place in (1, 2):
            page.locator(f"#pick-{place}").check()
        assert "2" in page.inner_text(".selection-count")
        page.locator(".drop > summary").filter(has_text="Mettre de côté").click()
        sound(page)
        page.fill("#reason-of-all", "Après l’été")
        page.get_by_role("button", name="Les mettre de côté").click()
        page.get_by_text("Mise de côté.").wait_for()
        assert rows(page) == every - 2
        page.get_by_role("button", name="Annuler").click()
        page.get_by_text("Annulé.").wait_for()
        assert rows(page) == every

        for place in (1, 2):
            page.locator(f"#pick-{place}").check()
        page.get_by_role("button", name="Comparer").click()
        page.wait_for_url("**/comparer?id=*")
        assert page.locator(".compare th[scope=col]").count() == 2
        sound(page)


def test_a_list_is_named_and_opens_first(browser: Browser, server: str) -> None:
    with visit(browser, server, MEMBER, DESK) as page:
        page.goto(f"{server}/synergies")
        page.get_by_text("Filtres", exact=True).click()
        page.select_option("#kind", "substitution")
        page.wait_for_url("**/synergies?kind=substitution")
        page.get_by_text("Cette liste…").click()
        page.fill("#view-name", "Échanges")
        page.get_by_label("Ouvrir cette liste en premier").check()
        sound(page)
        page.get_by_role("button", name="Enregistrer cette liste").click()
        page.locator(".view-list a[aria-current]", has_text="Échanges").wait_for()
        page.goto(f"{server}/synergies")
        page.wait_for_url("**/synergies?kind=substitution")
        page.get_by_role("link", name="Toutes", exact=True).click()
        page.wait_for_url("**/synergies?vue=toutes")


def test_the_keyboard_alone_chooses_comments_and_asks_why_not(browser: Browser, server: str) -> None:
    with visit(browser, server, MEMBER, DESK) as page:
        page.goto(f"{server}/synergies")
        page.locator("#pick-1").focus()
        page.keyboard.press("Space")
        assert page.locator("#selection").is_visible()
        page.locator(".drop > summary").first.focus()
        page.keyboard.press("Enter")
        assert page.locator("#status-of-all").is_visible()
        page.keyboard.press("Escape")
        assert page.locator("#status-of-all").is_hidden()

        page.locator(".row-main h2 a").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/synergies/*-*")
        page.locator("#body").focus()
        page.keyboard.type("Rappeler mardi")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("Commentaire ajouté.").wait_for()
        assert "Rappeler mardi" in page.inner_text(".history")
        sound(page)

        page.goto(f"{server}/pourquoi-pas")
        for side, words in (("emetteur", "dreches"), ("receveur", "salins")):
            page.locator(f"#{side}-dit").focus()
            page.keyboard.type(words)
            page.locator(f"#{side}-options [role=option]").wait_for()
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
        assert " – " in page.input_value("#emetteur-dit")
        page.keyboard.press("Enter")
        page.get_by_text("Cette paire est une synergie de la liste").wait_for()
        sound(page)
