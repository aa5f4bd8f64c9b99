"""The map's page: what it draws, and the lists and table that hold the same under the same filters."""

from __future__ import annotations

import base64
import html
import json
import re
from typing import Any

import pytest

from tests.web.conftest import NEWCOMER, MakeVisitor, Visitor, with_plain_spaces

FILTERS = (
    "",
    "?kind=substitution",
    "?flow_kind=water",
    "?flow_kind=material,energy",
    "?q=drêches",
    "?min_eur=1",
)


def told(page: str, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', page[page.index('id="results"') :])
    assert found is not None, name
    return html.unescape(found[1])


def numbers(text: str, count: int) -> set[int]:
    """Return the numbers that a text of bits holds; all of them for an empty one."""
    held = base64.b64decode(text)
    return {n for n in range(count) if held[n >> 3] & (1 << (n & 7))} if text else set(range(count))


def columns(visitor: Visitor, part: str) -> dict[str, Any]:
    found: dict[str, Any] = visitor.get(f"/carte/{part}").json()
    return found


def sites_drawn(visitor: Visitor, query: str) -> set[str]:
    names = columns(visitor, "points")["sites"]["name"]
    return {names[n] for n in numbers(told(visitor.page(f"/carte{query}"), "sites"), len(names))}


def sites_of_table(visitor: Visitor, query: str) -> set[str]:
    table = visitor.page(f"/carte/sites{query}")
    return {html.unescape(name) for name in re.findall(r"<tr>\s*<td><a [^>]*>([^<]*)</a>", table)}


@pytest.mark.parametrize("query", FILTERS)
def test_the_table_holds_the_sites_that_the_map_draws(member: Visitor, query: str) -> None:
    drawn = sites_drawn(member, query)
    assert drawn == sites_of_table(member, query)
    if not query:
        assert drawn == {"Brasserie du Port", "Ferme des Salins", "Garage Central", "Atelier Mistral"}


@pytest.mark.parametrize("query", FILTERS)
def test_the_list_holds_the_synergies_that_the_map_draws(member: Visitor, query: str) -> None:
    page = member.page(f"/carte{query}")
    lines = [line[0] for line in json.loads(told(page, "lines"))]
    assert lines == re.findall(r'data-synergy="([^"]+)"', page)
    assert lines or query


def test_a_line_that_is_drawn_has_both_its_ends(member: Visitor) -> None:
    page = member.page("/carte?q=drêches")
    shown = numbers(told(page, "sites"), len(columns(member, "points")["sites"]["name"]))
    lines = json.loads(told(page, "lines"))
    assert lines
    assert {site for _, _, sites, _ in lines for site in sites} <= shown


def test_the_flows_drawn_are_those_of_the_kinds_asked(member: Visitor) -> None:
    flows = columns(member, "flux")
    kinds = member.page("/carte").split('data-kinds="')[1].split('"')[0].split()
    shown = numbers(told(member.page("/carte?flow_kind=material"), "flows"), len(flows["kind"]))
    assert shown == {n for n, kind in enumerate(flows["kind"]) if kinds[kind] == "material"}
    assert shown
    assert numbers(told(member.page("/carte?flow_kind=water"), "flows"), len(flows["kind"])) == set()


def test_what_is_asked_of_synergies_leaves_the_flows_in_them(member: Visitor) -> None:
    flows = columns(member, "flux")
    shown = numbers(told(member.page("/carte?kind=substitution"), "flows"), len(flows["label"]))
    assert "Drêches de brasserie" in {flows["label"][n] for n in shown}
    none = numbers(told(member.page("/carte?status=running"), "flows"), len(flows["label"]))
    assert none == set()


def test_a_worth_asked_for_keeps_out_what_is_worth_less(member: Visitor) -> None:
    assert json.loads(told(member.page("/carte?min_eur=999999999"), "lines")) == []


def test_a_button_of_the_legend_says_whether_it_is_pressed_and_what_pressing_it_asks(member: Visitor) -> None:
    page = member.page("/carte?flow_kind=water")
    water = re.search(r'<button [^>]*value="([^"]*)"[^>]*data-code="water"[^>]*aria-pressed="(\w+)"', page)
    energy = re.search(r'<button [^>]*value="([^"]*)"[^>]*data-code="energy"[^>]*aria-pressed="(\w+)"', page)
    assert water is not None
    assert energy is not None
    assert water.groups() == ("", "true")
    assert energy.groups() == ("energy,water", "false")


def test_a_site_leads_to_its_flows_a_flow_to_its_synergies_a_synergy_to_its_page(member: Visitor) -> None:
    names = columns(member, "points")["sites"]["name"]
    digest = columns(member, "points")["digest"]
    answer = member.fragment(f"/carte?site=~{digest}.{names.index('Brasserie du Port')}")
    site = answer.headers["hx-push-url"]
    assert re.fullmatch(r"/carte\?site=[0-9a-f-]{36}", site)
    flow = re.search(r'href="(/carte\?flow=[^"]+)"[^>]*>Drêches de brasserie', answer.text)
    assert flow is not None
    panel = member.fragment(flow[1]).text
    assert "Ouvrir le flux" in panel
    synergy = re.search(r'hx-get="(/carte\?[^"]*synergy=[^"]+)"', panel)
    assert synergy is not None
    last = member.fragment(html.unescape(synergy[1])).text
    assert len(json.loads(told(last, "lines"))) == 1
    assert re.search(r'href="/synergies/[0-9a-f-]{36}">Ouvrir la synergie', last)


def test_a_number_of_a_map_that_has_changed_selects_nothing(member: Visitor) -> None:
    assert member.fragment("/carte?site=~0123456789abcdef.0").headers["hx-push-url"] == "/carte"


def test_going_back_leaves_the_address_to_the_browser(member: Visitor) -> None:
    headers = {"HX-Request": "true", "X-Going-Back": "1"}
    assert "hx-push-url" not in member.client.get("/carte?q=eau", headers=headers).headers


def test_the_map_is_fetched_compressed_once_until_something_changes(member: Visitor) -> None:
    first = member.get("/carte/points", headers={"Accept-Encoding": "gzip"})
    tag = first.headers["etag"]
    assert member.get("/carte/points", headers={"If-None-Match": tag}).status_code == 304
    address = member.first("/synergies", "synergies")
    moved = member.send(f"{address}/statut", address, version="1", status="contacted")
    assert moved.status_code == 303
    assert member.get("/carte/points", headers={"If-None-Match": tag}).status_code == 200
    assert address.rsplit("/", 1)[1] in member.page("/carte?status=contacted")


def test_what_is_set_aside_or_elsewhere_is_not_drawn(member: Visitor, stranger: Visitor) -> None:
    assert "Brasserie" not in stranger.get("/carte/points").text
    assert "brasserie" not in stranger.get("/carte/flux").text
    assert told(stranger.page("/carte"), "lines") == "[]"
    assert "Brasserie" in member.get("/carte/points").text
    address = member.first("/synergies?kind=substitution", "synergies")
    synergy = address.rsplit("/", 1)[1]
    assert synergy in told(member.page("/carte"), "lines")
    member.send(f"{address}/mettre-de-cote", address)
    assert synergy not in told(member.page("/carte"), "lines")


def test_an_empty_map_teaches_the_first_step_and_values_that_mean_nothing_are_left_out(
    visitor_of: MakeVisitor,
) -> None:
    newcomer = visitor_of(NEWCOMER)
    assert "Importer un fichier" in newcomer.page("/carte")
    answer = newcomer.fragment("/carte?kind=x&flow_kind=water,x&min_eur=-3&status=x&park=")
    assert answer.headers["hx-push-url"] == "/carte?flow_kind=water"


def test_counts_are_said_in_words(member: Visitor) -> None:
    assert "4 sites" in with_plain_spaces(member.page("/carte"))


def test_static_files_are_compressed_and_kept_for_good_under_an_address_that_names_their_content(
    member: Visitor,
) -> None:
    address = re.search(r"/static/css/base\.css\?v=\w+", member.page("/carte"))
    assert address is not None
    packed = member.get(address[0], headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "immutable" in packed.headers["cache-control"]
    plain = member.get(address[0], headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == packed.text
    assert plain.headers["etag"] != packed.headers["etag"]
    again = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["etag"]}
    assert member.get(address[0], headers=again).status_code == 304
    unnamed = member.get("/static/css/base.css", headers={"Accept-Encoding": "gzip;q=0"})
    assert unnamed.headers["cache-control"] == "no-cache"
    assert "content-encoding" not in unnamed.headers
