"""A map on a machine that draws slowly: a picture while it moves, whole again at rest, held by the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.browsing import DESK, drawn, poll, visit
from tests.web.conftest import MEMBER
from tests.web.test_map_journeys import WHERE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-too")]
# Frames that come this far apart, whatever the machine that tests.
FRAMES_APART = """(() => { let told = 0; const real = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (act) => real(() => act(told));
  const count = () => { told += %d; real(count); }; real(count); })()"""
# Pans there and back, tells what was seen on the way.
PAN = """() => new Promise((done) => {
  const map = document.querySelector('[data-map]').mapOfSites;
  const picture = document.querySelector('.map-picture');
  const names = () => map.getPaintProperty('site-names', 'text-opacity') ?? 1;
  const seen = [];
  let frame = 0;
  const step = () => {
    map.panBy([frame < 12 ? 9 : -9, 0], { animate: false });
    seen.push([map.getCanvas().width, picture.hidden, names()]);
    frame += 1;
    if (frame < 24) requestAnimationFrame(step); else done(seen);
  };
  requestAnimationFrame(step);
})"""
WHOLE = """() => { const map = document.querySelector('[data-map]').mapOfSites;
  return map.getCanvas().width === Math.round(map.getContainer().clientWidth * devicePixelRatio); }"""
AT_REST = """() => document.querySelector('[data-map]').mapOfSites.loaded()
  && document.querySelector('.map-picture').hidden"""
DRAWING = """() => new Promise((done) => {
  const map = document.querySelector('[data-map]').mapOfSites;
  map.once('render', () => done(map.getCanvas().toDataURL()));
  map.triggerRepaint();
})"""
WIDTH = "() => document.querySelector('[data-map]').mapOfSites.getCanvas().width"
VIEW = """() => { const map = document.querySelector('[data-map]').mapOfSites;
  return { center: map.getCenter().toArray(), zoom: map.getZoom() }; }"""
GO = """(view) => document.querySelector('[data-map]').mapOfSites.jumpTo(view)"""
ON_SCREEN = """(name) => { const map = document.querySelector('[data-map]').mapOfSites;
  const site = map.querySourceFeatures('sites').find((f) => f.properties.name === name);
  return site && map.project(site.geometry.coordinates).x; }"""


def rest(page: Page) -> None:
    poll(lambda: page.evaluate(WHOLE) and page.evaluate(AT_REST))


def opened(page: Page, server: str, apart_ms: int) -> None:
    page.add_init_script(FRAMES_APART % apart_ms)
    page.goto(f"{server}/carte")
    drawn(page)
    poll(lambda: page.evaluate(WHERE, ["sites", "Ferme des Salins"]))
    rest(page)


def test_where_frames_come_late_a_moving_map_is_a_picture_over_a_coarse_one_and_whole_again_at_rest(
    browser: Browser, server: str
) -> None:
    with visit(browser, server, MEMBER, DESK) as page:
        opened(page, server, 100)
        # Known before anything moves, and nothing shows it yet.
        poll(lambda: page.locator("[data-map]").get_attribute("data-eased"))
        rest(page)
        before, view, whole = page.evaluate(DRAWING), page.evaluate(VIEW), page.evaluate(WIDTH)
        for width, hidden, names in page.evaluate(PAN)[1:]:
            assert width < whole / 2
            assert (hidden, names) == (False, 0)
        rest(page)
        page.evaluate(GO, view)
        rest(page)
        assert page.evaluate(DRAWING) == before


def test_where_frames_come_in_time_a_moving_map_is_drawn_as_one_at_rest(
    browser: Browser, server: str
) -> None:
    with visit(browser, server, MEMBER, DESK) as page:
        opened(page, server, 16)
        seen = page.evaluate(PAN)
        assert seen == [seen[0]] * len(seen)
        assert seen[0][1:] == [True, 1]


def test_a_hand_that_drags_keeps_hold_of_the_ground_while_the_map_is_eased(
    browser: Browser, server: str
) -> None:
    with visit(browser, server, MEMBER, DESK, reduced_motion="reduce") as page:
        opened(page, server, 100)
        start = page.evaluate(ON_SCREEN, "Ferme des Salins")
        box = page.locator("[data-map]").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] - 120, box["y"] + 300
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(1, 21):
            page.mouse.move(x - 10 * step, y)
            page.wait_for_timeout(30)
        assert page.locator("[data-map]").get_attribute("data-eased")
        # Held still long enough to be drawn whole, then dragged on.
        poll(lambda: page.evaluate(WHOLE))
        page.mouse.move(x - 250, y, steps=5)
        page.mouse.up()
        rest(page)
        assert page.evaluate(ON_SCREEN, "Ferme des Salins") == pytest.approx(start - 250, abs=12)
