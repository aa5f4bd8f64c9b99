"""``python -m benchmarks.web.screenshots``: every page of the demonstration, on a desk and on a phone.

They are for whoever changes a page: to look at all of them, as a stranger would.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.db.engine import open_database
from app.db.migrate import migrate
from app.services.demo import DEMO_EMAIL, load_demo
from app.settings import Database as DatabaseSettings
from app.settings import Settings
from benchmarks.web import territory
from benchmarks.web.addresses import OUTSIDE, PAGE, addresses, known
from benchmarks.web.server import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

VIEWS = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
# Dark mode changes colours alone: a few pages show them all.
DARK = ("/", "/carte", "/synergies", "/synergies/{synergy_id}", "/indicateurs")
SETTLED_MS = 800
# What the README shows: the top of a few pages, small enough to be kept with the code.
README = Path("docs/images")
SHOWN = {"/": "home", "/synergies": "list", "/synergies/{synergy_id}": "synergy", "/plans/{plan_id}": "plan"}


def main() -> None:
    """Load the demonstration in a folder of its own, serve it and take the pictures."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.web.screenshots", description=__doc__)
    arguments.add_argument("--out", type=Path, default=Path("build/screenshots"))
    arguments.add_argument("--only", default="", help="pages whose path holds this")
    arguments.add_argument("--readme", action="store_true", help="renew the pictures of the README alone")
    chosen = arguments.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/demo.sqlite"
        password, pages, outside = _demo(url)
        pages = {path: address for path, address in pages.items() if chosen.only in path}
        with served(url, None) as (port, _):
            site = f"http://127.0.0.1:{port}"
            if chosen.readme:
                take_for_readme(site, password, pages)
                return
            take(site, password, pages, outside, chosen.out)
    print(f"{len(list(chosen.out.glob('*.png')))} pictures in {chosen.out}")


def _demo(url: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return the password of the demonstration, its pages, and those before signing in."""
    settings = Settings(database=DatabaseSettings(url=url))
    database = open_database(settings.database)
    migrate(database.engine)
    demo = load_demo(database, settings.web)
    territory_id = territory.furnish(database, settings, DEMO_EMAIL, demo.password)
    rows = known(database, territory_id)
    database.close()
    return demo.password, addresses(rows, PAGE), addresses(rows, OUTSIDE)


def take(site: str, password: str, pages: dict[str, str], outside: dict[str, str], out: Path) -> None:
    """Write one picture a page, screen and, for a few, colour scheme."""
    with _chromium() as browser:
        for name, view in VIEWS.items():
            _shoot(browser, site, "", outside, out, name, view)
            _shoot(browser, site, password, pages, out, name, view)
            dark = {path: pages[path] for path in DARK if path in pages}
            _shoot(browser, site, password, dark, out, f"{name}-dark", view, color_scheme="dark")


def take_for_readme(site: str, password: str, pages: dict[str, str]) -> None:
    """Write the pictures that the README shows."""
    with _chromium() as browser, _entered(browser, site, password, VIEWS["desk"]) as page:
        for path, name in SHOWN.items():
            _open(page, site + pages[path])
            page.screenshot(path=README / f"{name}.png")


@contextmanager
def _chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])


def _shoot(
    browser: Browser,
    site: str,
    password: str,
    pages: dict[str, str],
    out: Path,
    name: str,
    view: dict[str, int],
    **options: Any,
) -> None:
    with _entered(browser, site, password, view, **options) as page:
        for path, address in pages.items():
            _open(page, site + address)
            page.screenshot(path=out / f"{_named(path)}-{name}.png", full_page=True)


def _open(page: Page, address: str) -> None:
    answer = page.goto(address, wait_until="networkidle")
    if answer is None or not answer.ok:
        raise SystemExit(f"{address} answers {answer and answer.status}")
    page.wait_for_timeout(SETTLED_MS)


@contextmanager
def _entered(
    browser: Browser, site: str, password: str, view: dict[str, int], **options: Any
) -> Iterator[Page]:
    """Yield a page of somebody signed in, of nobody without a password."""
    context = browser.new_context(viewport=view, locale="fr-FR", **options)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    page = context.new_page()
    if password:
        page.goto(f"{site}/connexion")
        page.fill("#email", DEMO_EMAIL)
        page.fill("#password", password)
        page.locator("#password").press("Enter")
        page.wait_for_url(f"{site}/")
    yield page
    context.close()


def _named(path: str) -> str:
    return path.strip("/").replace("/", "-").replace("{", "").replace("}", "") or "accueil"


if __name__ == "__main__":
    main()
