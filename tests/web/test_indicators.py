"""The page of indicators: pictures with their tables, for every reader, in both languages."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.browsing import DESK, PHONE, fits, violations, visit
from tests.web.conftest import MEMBER, NEWCOMER, MakeVisitor, Visitor, with_plain_spaces
from tests.web.test_pages import Reader

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGE = "/indicateurs"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_keeps_to_the_policy_and_shows_every_picture_with_its_table(
    member: Visitor, language: str
) -> None:
    """Nothing inline, one title, and a table beside each drawing."""
    page = member.speak(language).page(PAGE)
    reader = Reader(page)
    assert (reader.refused, reader.headings, reader.language) == ([], 1, language)
    for section in ("suivi", "valeur", "flux", "reseau", "tableau"):
        body = page.split(f'aria-labelledby="{section}"')[1].split("</section>")[0]
        assert "<table" in body, section
    for drawing in re.findall(r'<svg class="(?:sankey|network)[^>]*>', page):
        assert re.search(r'role="(img|group)" aria-label="[^"]+"', drawing), drawing
    for place in reader.loaded:
        assert member.client.get(place).status_code == 200, place


def test_estimates_are_rounded_and_say_so(member: Visitor) -> None:
    """The 120 t of brewers' grains that the farm can take are an estimate with its unit."""
    page = with_plain_spaces(member.page(PAGE))
    assert "environ 120 t par an" in page
    assert "Chaque flux compte dans une seule synergie" in page
    assert "Drêches" not in page.split('id="tableau"')[1]


def test_a_move_is_seen_in_the_funnel_at_once(member: Visitor) -> None:
    """A synergy contacted stands at its step; one that stops tells its obstacle."""
    synergy = member.first("/synergies", "synergies")
    version = re.search(r'name="version" value="(\d+)"', member.page(synergy))
    assert version is not None
    assert "ont mené" in member.page(PAGE)
    answer = member.send(
        f"{synergy}/statut", synergy, version=version[1], status="abandoned", obstacle="price", comment=""
    )
    assert answer.status_code == 303
    assert "Prix : pas d’économie" in with_plain_spaces(member.page(PAGE))


def test_the_picture_of_flows_follows_the_address(member: Visitor) -> None:
    """One kind and unit at a time; an unknown one shows the first."""
    codes = re.findall(r'href="/indicateurs\?flux=([^"]+)#flux"', member.page(PAGE))
    assert codes
    for code in (codes[-1], "material-nothing"):
        picked = re.findall(r'flux=([^"]+)#flux" aria-current="true"', member.page(f"{PAGE}?flux={code}"))
        assert picked == [code if code in codes else codes[0]]


def test_an_empty_territory_teaches_the_first_step(visitor_of: MakeVisitor) -> None:
    """Nothing to count leads to an import."""
    page = visitor_of(NEWCOMER).page(PAGE)
    assert "Importer un fichier" in page


def test_indicators_of_another_territory_hold_nothing_of_ours(member: Visitor, stranger: Visitor) -> None:
    """Neither names nor figures."""
    assert "Brasserie" in member.page(PAGE) or "Ferme des Salins" in member.page(PAGE)
    theirs = stranger.page(PAGE)
    assert "Brasserie" not in theirs
    assert "Ferme des Salins" not in theirs


def test_funders_get_a_file_and_nothing_else(member: Visitor) -> None:
    """CSV and XLSX; other forms are not there."""
    answer = member.get(f"{PAGE}/export.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert rows[0]["name"] == "Flux recensés"
    assert member.get(f"{PAGE}/export.xlsx").content.startswith(b"PK")
    assert "attachment" in answer.headers["content-disposition"]
    assert member.get(f"{PAGE}/export.pdf").status_code == 404


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize(("view", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_the_page_is_read_by_all_on_a_desk_and_on_a_phone(
    browser: Browser, server: str, view: dict[str, Any], scheme: str
) -> None:
    """No violation with every table open; one drawing a width; sites of the network take the focus."""
    with visit(browser, server, MEMBER, view, color_scheme=scheme) as page:
        page.goto(f"{server}{PAGE}")
        assert fits(page)
        for summary in page.locator("main summary").all():
            summary.click()
        assert fits(page)
        for picture in ("sankey", "network"):
            assert page.locator(f"svg.{picture}:visible").count() == 1
        assert violations(page) == []
        site = page.locator("svg.network:visible a.site").first
        site.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/entreprises/*")
