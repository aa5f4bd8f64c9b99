"""A plan in a real browser: asked, awaited without a reload, read and printed, on a desk and on a phone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.browsing import DESK, PHONE, drawn, fits, poll, violations, visit
from tests.web.conftest import NEWCOMER

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
HEADER = "site,lon,lat,direction,kind,label,resource,quantity,unit,period,months,unit_cost_eur"
BUYERS = (
    "Alpha,5.06,43.40,input,energy,Électricité,electricity,900,MWh,year,,180",
    "Bêta,5.07,43.41,input,energy,Électricité,electricity,700,MWh,year,1-6,175",
    "Gamma,5.08,43.42,input,energy,Électricité,electricity,400,MWh,year,,190",
)


@pytest.fixture
def purchases(database_url: str) -> None:
    """Give the newcomer's territory three sites that buy electricity."""
    from app.db.engine import open_database
    from app.db.principal import SYSTEM
    from app.repositories.territories import territory_named
    from app.services.imports import import_table
    from tests.web.conftest import cheap_settings

    database = open_database(cheap_settings(database_url).database)
    with database.writing(SYSTEM) as session:
        territory = territory_named(session, "Nouveau port")
        assert territory is not None
        import_table(session, territory, "\n".join([HEADER, *BUYERS]).encode(), "achats.csv")
    database.close()


@pytest.mark.parametrize(("view", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_a_facilitator_goes_from_a_pool_to_a_plan_and_back_to_the_group(
    purchases: None, browser: Browser, server: str, view: dict[str, Any], scheme: str
) -> None:
    """From the pool's page to its plan, read and printed, then to what each member saves."""
    with visit(browser, server, NEWCOMER, view, color_scheme=scheme) as page:
        page.goto(f"{server}/synergies?kind=mutualisation&form=joint_purchase")
        page.locator("#results a[href*='/synergies/']:not([download])").first.click()
        page.get_by_role("link", name="Voir le groupe").click()
        page.wait_for_url("**/groupes/*")
        group = page.url
        assert fits(page)
        assert violations(page) == []

        page.get_by_role("link", name="Bâtir le plan : Achat groupé").click()
        page.wait_for_url("**/plans?*")
        assert page.get_by_role("radio", name="Achat groupé").is_checked()
        assert fits(page)
        assert violations(page) == []
        # Marks the document: a reload would forget it.
        page.get_by_role("button", name="Bâtir le plan").click()
        page.wait_for_url("**/plans/*")
        page.evaluate("document.body.dataset.kept = 'yes'")
        poll(lambda: page.locator("#plan-waits").count() == 0)
        assert page.evaluate("document.body.dataset.kept") == "yes"
        assert drawn(page) == 1
        assert fits(page)
        assert violations(page) == []
        assert page.locator("tbody th", has_text="Gamma").count() == 1
        with page.expect_download() as download:
            page.get_by_role("link", name="Document à imprimer").click()
        assert Path(download.value.path()).read_bytes().startswith(b"%PDF")

        page.goto(f"{server}/plans")
        assert fits(page)
        assert violations(page) == []
        page.goto(group)
        assert re.search(r"environ [\d\s]+€", page.inner_text("table.as-cards"))
        assert violations(page) == []


def test_a_plan_is_asked_with_the_keyboard_alone_and_keeps_the_focus_while_it_waits(
    purchases: None, browser: Browser, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arrows choose the question, Enter asks it; what the page fetches leaves the focus where it was."""
    monkeypatch.setattr("app.services.plan_queue.PlanQueue._compute_next", lambda self: False)
    with visit(browser, server, NEWCOMER, DESK) as page:
        page.goto(f"{server}/plans")
        page.get_by_role("radio", name="Groupes").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert page.get_by_role("radio", name="Achat groupé").is_checked()
        page.keyboard.press("Enter")
        page.wait_for_url("**/plans/*")
        page.focus("#cancel")
        for _ in range(2):
            with page.expect_response(lambda answer: "/plans/" in answer.url):
                pass
        assert page.evaluate("document.activeElement.id") == "cancel"
        page.keyboard.press("Enter")
        poll(lambda: "Ce plan a été annulé" in page.inner_text("main"))
