"""``python -m benchmarks.map``: the map page in Chromium, with 2,000 sites and 5,000 synergies.

Sites stand in 25 parks; synergies are shaped as the engine makes them. What is told: time until the points
are drawn, time between frames while the map is panned for 5 s, what goes over the wire, compressed.
A frame counts when the browser gives one; beside it stands how often the library drew in them, so that a
map that only waits cannot look smooth. Chromium draws with software here: the load of the machine is told.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from app.db.engine import open_database
from app.db.migrate import migrate
from app.settings import Database, Settings, Web
from benchmarks.map_seed import EMAIL, PASSWORD, seed

if TYPE_CHECKING:
    from playwright.sync_api import Page

VIEWS = {"desk": (1440, 900), "phone": (390, 844)}
PAN_S = 5.0
GOAL_MS = 33.0
PATIENCE_S = 60.0
# Long enough for a map that moved to be drawn whole again.
REST_MS = 2_000
# Zooms: the territory, a town, a park with a sign for each flow.
SCALES = {"territory": None, "town": 11.5, "park": 14.0}
# Pans in a circle by moving the map each frame, as a hand would, and keeps the time between frames.
PAN = """([zoom, seconds]) => new Promise((done) => {
  const map = document.querySelector('[data-map]').mapOfSites;
  if (zoom !== null) {
    const site = map.getSource('sites') && map.querySourceFeatures('sites')[0];
    map.jumpTo({ zoom, center: site ? site.geometry.coordinates : map.getCenter() });
  }
  const settled = () => {
    const start = performance.now(), frames = [];
    let draws = 0;
    map.on('render', () => { draws += 1; });
    let last = start;
    const step = (now) => {
      frames.push(now - last);
      last = now;
      const angle = (now - start) / 400;
      map.panBy([14 * Math.cos(angle), 14 * Math.sin(angle)], { animate: false });
      if (now - start < 1000 * seconds) requestAnimationFrame(step);
      else done([frames.slice(2), draws]);
    };
    requestAnimationFrame(step);
  };
  if (map.loaded()) setTimeout(settled, 500); else map.once('idle', () => setTimeout(settled, 500));
})"""
PAINTED = """() => performance.getEntriesByName('points-painted')[0]?.startTime ?? null"""
MARK = """() => { const wait = () => {
  const map = document.querySelector('[data-map]')?.mapOfSites;
  if (!map) return setTimeout(wait, 5);
  map.on('render', () => {
    if (performance.getEntriesByName('points-painted').length || !map.getLayer('sites')) return;
    if (map.queryRenderedFeatures({ layers: ['sites'] }).length) performance.mark('points-painted');
  });
}; wait(); }"""


def main() -> None:
    """Seed a temporary territory, serve it, and measure its map."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.map", description=__doc__)
    arguments.add_argument("--sites", type=int, default=2_000)
    arguments.add_argument("--synergies", type=int, default=5_000)
    arguments.add_argument("--view", choices=tuple(VIEWS), default="desk")
    arguments.add_argument("--screenshots", type=Path, help="a folder for what was drawn")
    chosen = arguments.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), chosen.sites, chosen.synergies) as address,
    ):
        told = measured(address, VIEWS[chosen.view], chosen.screenshots)
    table = Table("what", "figure")
    for what, figure in told:
        table.add_row(what, figure)
    Console(width=110).print(table)


@contextmanager
def served(folder: Path, sites: int, synergies: int) -> Iterator[str]:
    """Yield the address of a server of a seeded territory."""
    import uvicorn

    from app.main import create_app

    settings = Settings(
        database=Database(url=f"sqlite:///{folder / 'map.sqlite'}"),
        web=Web(password_memory_kib=32, password_passes=1),
    )
    database = open_database(settings.database)
    migrate(database.engine)
    seed(database, settings, sites, synergies)
    database.close()
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        running = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="warning"))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        while not running.started:
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            running.should_exit = True
            thread.join()


def measured(address: str, view: tuple[int, int], folder: Path | None) -> list[tuple[str, str]]:
    """Return what was measured, as lines of a table."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": view[0], "height": view[1]}, locale="fr-FR")
        page = context.new_page()
        _sign_in(page, address)
        sizes = _sizes(page)
        page.add_init_script(f"({MARK})()")
        page.goto(f"{address}/carte")
        painted_ms = _wait(page, PAINTED)
        told = [
            ("load of the machine (1, 5, 15 min)", " ".join(f"{load:.1f}" for load in os.getloadavg())),
            ("cores", str(os.cpu_count())),
            ("first points painted", f"{painted_ms:,.0f} ms"),
            ("over the wire, compressed, all", f"{sum(sizes.values()) / 1000:,.0f} kB"),
        ]
        told += [(f"  {name}", f"{size / 1000:,.1f} kB") for name, size in sizes.items() if size > 5_000]
        if view[0] < 800:
            page.get_by_role("tab", name="Carte").click()
        for name, zoom in SCALES.items():
            frames, draws = page.evaluate(PAN, [zoom, PAN_S])
            told.append((f"between frames, {name}", _frames(frames, draws)))
            if folder:
                page.screenshot(path=folder / f"map-{view[0]}-{name}-moving.png")
                page.wait_for_timeout(REST_MS)
                page.screenshot(path=folder / f"map-{view[0]}-{name}.png")
        told.append(("load of the machine afterwards", f"{os.getloadavg()[0]:.1f}"))
        browser.close()
    return told


def _sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/connexion")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"{address}/")


def _sizes(page: Page) -> dict[str, int]:
    """Return the bytes of each answer of the page to come, as they go over the wire."""
    sizes: dict[str, int] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names: dict[str, str] = {}
    session.on("Network.requestWillBeSent", lambda e: names.update({e["requestId"]: e["request"]["url"]}))

    def finished(event: Any) -> None:
        url = names.get(event["requestId"], "")
        if url.startswith("http"):
            name = "/" + url.split("/", 3)[3].split("?")[0]
            sizes[name] = max(sizes.get(name, 0), int(event["encodedDataLength"]))

    session.on("Network.loadingFinished", finished)
    return sizes


def _wait(page: Page, script: str) -> float:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = page.evaluate(script)
        if found is not None:
            return float(found)
        page.wait_for_timeout(50)
    raise TimeoutError(json.dumps(script))


def _frames(frames: list[float], draws: int) -> str:
    ordered = sorted(frames)
    median, late = statistics.median(ordered), ordered[int(0.95 * len(ordered))]
    verdict = "within" if median < GOAL_MS else "beyond"
    spread = f"median {median:.1f} ms ({verdict} {GOAL_MS:.0f}), p95 {late:.1f} ms"
    return f"{spread}, {len(frames)} frames, {draws} draws"


if __name__ == "__main__":
    main()
