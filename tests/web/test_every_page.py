"""Every page of the site, found in its routes, as each reader meets it: a new page is tested as it comes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pprint import pformat
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.web.addresses import HOW, OUTSIDE, PAGE, addresses, known, unknown
from benchmarks.web.territory import rehearse
from tests.web.browsing import CHATTER, DESK, PHONE, enter, fits, violations
from tests.web.conftest import MEMBER, PASSWORD, cheap_settings, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-too")]
HEADER = "site,lon,lat,direction,kind,label,resource,quantity,unit,period,unit_cost_eur"
BUYERS = (
    "Alpha,5.06,43.40,input,energy,Électricité,electricity,900,MWh,year,180",
    "Bêta,5.07,43.41,input,energy,Électricité,electricity,700,MWh,year,175",
    "Gamma,5.08,43.42,input,energy,Électricité,electricity,400,MWh,year,190",
)
MAIN = ("/", "/carte", "/synergies", "/synergies/{synergy_id}", "/flux", "/indicateurs")
UNLABELLED = """() => [...document.querySelectorAll('input, select, textarea, button')]
    .filter((one) => one.type !== 'hidden' && one.checkVisibility())
    .filter((one) => !one.labels?.length && !one.textContent.trim() && !one.ariaLabel
        && !one.getAttribute('aria-labelledby') && !one.value)
    .map((one) => one.outerHTML.slice(0, 120))"""
# What names an action, to tell whether the keyboard has come to it.
KEY = "((one.getAttribute('href') || one.name || one.id || '') + ' ' + one.textContent.trim().slice(0, 40))"
ACTIONS = f"""() => [...document.querySelectorAll('main .button, main button, main input[type=submit]')]
    .filter((one) => one.checkVisibility() && !one.disabled).map((one) => {KEY})"""
# An outline or a shadow shows where the keyboard stands; around a dot of a picture, its line in the colour of
# the text. Of a date, Chromium marks the day, the month or the year inside, which no page can see.
FOCUSED = f"""() => {{ const one = document.activeElement, style = getComputedStyle(one);
    const dot = one.querySelector(':scope > circle, :scope > rect');
    const drawn = dot && getComputedStyle(dot).stroke === getComputedStyle(document.body).color;
    return {{ tag: one.tagName, key: {KEY}, inMain: !!one.closest('main'),
        shown: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
            || style.boxShadow !== 'none' || one.type === 'date' || drawn }}; }}"""
# The pages people act on.
REACHED = ("/", "/carte", "/synergies", "/synergies/{synergy_id}", "/flux", "/flux/{flow_id}", "/imports",
           "/plans", "/indicateurs", "/entreprises/{row_id}", "/compte")  # fmt: skip
MOST_TABS = 80


@pytest.fixture(scope="module")
def site(populated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """Serve a territory that has a row of each sort; yield its address and the pages to ask for, by path."""
    file = tmp_path_factory.mktemp("pages") / "entreflux.sqlite"
    for suffix in ("", "-wal", "-shm"):
        part = Path(f"{populated}{suffix}")
        if part.exists():
            shutil.copy(part, f"{file}{suffix}")
    settings = cheap_settings(f"sqlite:///{file}")
    rows = _furnished(settings)
    with served(settings) as address:
        yield address, rows


def _furnished(settings: Any) -> dict[str, str]:
    """Add what the first territory lacks, and return the identifier of a row of each sort."""
    from app.db.engine import open_database
    from app.db.principal import SYSTEM, Role
    from app.repositories.territories import territory_named
    from app.services.imports import import_table
    from app.services.invitations import invite
    from app.services.plan_queue import PlanQueue
    from app.services.resets import make_link
    from app.services.stored_plans import start_plan
    from app.services.visits import Visit, store_visit

    database = open_database(settings.database)
    with database.writing(SYSTEM) as session:
        territory = territory_named(session, "Étang de Berre")
        assert territory is not None
        import_table(session, territory, "\n".join([HEADER, *BUYERS]).encode(), "achats.csv")
        place = {"name": "Scierie du Canal", "lon": "5.0", "lat": "43.4"}
        said = {"direction": "output", "kind": "material", "label": "sciure"}
        store_visit(session, territory.id, Visit("", place, [said]))
        start_plan(session, territory.id, "purchase", {"time_limit_s": 1})
    while PlanQueue(database)._compute_next():
        pass
    content = "\n".join([HEADER, *BUYERS[:2], "Delta,,,input,energy,Gaz ?,,beaucoup,,,"]).encode()
    rehearse(database, settings, territory.id, content, MEMBER, PASSWORD)
    with database.writing(SYSTEM) as session:
        tokens = {
            "invitation": invite(session, territory, "neuf@port.example", Role.FACILITATOR),
            "reset": make_link(session, MEMBER),
        }
    rows = known(database, territory.id) | tokens
    database.close()
    return rows


def test_every_page_is_known_here() -> None:
    """Say in ``benchmarks/web/addresses.py`` how to ask for a page, and all below looks at it."""
    assert unknown() == []


def test_every_page_has_a_row_to_show_here(site: tuple[str, dict[str, str]]) -> None:
    asked = addresses(site[1], PAGE, OUTSIDE)
    assert [path for path, how in HOW.items() if how.kind in (PAGE, OUTSIDE) and path not in asked] == []


@pytest.mark.parametrize("view", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_in_french_can_be_read_by_everybody(
    browser: Browser, site: tuple[str, dict[str, str]], view: dict[str, Any]
) -> None:
    """No violation of the guidelines, one title, named fields, nothing over the side, no other site asked."""
    found = _faults(browser, site, view, "fr", addresses(site[1], PAGE))
    found |= _faults(browser, site, view, "fr", addresses(site[1], OUTSIDE), signed_in=False)
    assert not found, pformat(found, width=160)


@pytest.mark.parametrize("view", [PHONE], ids=["phone"])
def test_the_main_pages_in_english_can_be_read_by_everybody(
    browser: Browser, site: tuple[str, dict[str, str]], view: dict[str, Any]
) -> None:
    every = addresses(site[1], PAGE)
    found = _faults(browser, site, view, "en", {path: every[path] for path in MAIN})
    assert not found, pformat(found, width=160)


def _faults(
    browser: Browser,
    site: tuple[str, dict[str, str]],
    view: dict[str, Any],
    language: str,
    pages: dict[str, str],
    signed_in: bool = True,
) -> dict[str, list[Any]]:
    """Return what is wrong with each page, by its path; pages in order are left out."""
    address = site[0]
    found: dict[str, list[Any]] = {}
    with _tab(browser, address, view, language, signed_in) as (page, heard):
        for path, asked in pages.items():
            heard.clear()
            answer = page.goto(address + asked)
            page.wait_for_load_state("networkidle")
            assert answer is not None
            wrong: list[Any] = [] if answer.status == 200 else [answer.status]
            wrong += [*violations(page), *_shape(page, language, address), *heard]
            if wrong:
                found[path] = wrong
    return found


@contextmanager
def _tab(
    browser: Browser, address: str, view: dict[str, Any], language: str, signed_in: bool = True
) -> Iterator[tuple[Page, list[Any]]]:
    """Yield a page, and the list where complaints of the browser and requests to others are noted."""
    context = browser.new_context(viewport=view, locale="fr-FR")  # type: ignore[arg-type]
    context.set_default_timeout(45_000)
    context.add_cookies([{"name": "entreflux_lang", "value": language, "url": address}])
    heard: list[Any] = []
    page = context.new_page()
    page.on("console", lambda said: _note(heard, said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: _note(heard, str(error)))
    page.on("request", lambda request: _ask(heard, request.url, address))
    if signed_in:
        enter(context, address, MEMBER)
    try:
        yield page, heard
    finally:
        context.close()


def _note(heard: list[Any], text: str) -> None:
    if not any(word in text for word in CHATTER):
        heard.append(text)


def _ask(heard: list[Any], url: str, address: str) -> None:
    if not url.startswith((address, "blob:", "data:")):
        heard.append(f"asks {url}")


def _shape(page: Page, language: str, address: str) -> list[str]:
    checks = {
        f"lang is not {language}": page.evaluate("document.documentElement.lang") == language,
        "not one h1": page.locator("h1").count() == 1,
        "not one main": page.locator("main").count() == 1,
        "no title": not page.title().startswith(" –"),
        "hangs over the side": fits(page),
    }
    unnamed = page.evaluate(UNLABELLED)
    return [said for said, holds in checks.items() if not holds] + [f"unnamed: {one}" for one in unnamed]


@pytest.mark.parametrize("path", REACHED)
def test_the_keyboard_reaches_the_content_of_a_page_and_always_shows_where_it_stands(
    browser: Browser, site: tuple[str, dict[str, str]], path: str
) -> None:
    with _tab(browser, site[0], DESK, "fr") as (page, _):
        page.goto(site[0] + addresses(site[1], PAGE)[path])
        page.wait_for_load_state("networkidle")
        wanted = page.evaluate(ACTIONS)
        stops: list[dict[str, Any]] = []
        while len(stops) < MOST_TABS and not (stops and stops[-1]["tag"] == "BODY"):
            page.keyboard.press("Tab")
            stops.append(page.evaluate(FOCUSED))
        reached = [stop for stop in stops if stop["tag"] != "BODY"]
        assert [stop for stop in reached if not stop["shown"]] == []
        assert [stop for stop in reached if stop["inMain"]], "nothing of the content"
        # Long lists end after the tabs one tries here: what comes first must have been reached.
        assert not wanted or {stop["key"] for stop in reached} & set(wanted)
