"""What a first visit of a page brings over the wire, as Chromium counts it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

SETTLED_MS = 1_500
TOLD = """performance.getEntriesByType('resource').filter((one) => one.name.startsWith('http'))
    .map((one) => [one.name, one.transferSize])"""


def weights(site: str, page: str, cookies: Mapping[str, str]) -> dict[str, int]:
    """Return the bytes of each address that a first visit asks for, with headers; empty without Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("chromium is not installed: nothing is weighed", file=sys.stderr)
        return {}
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(locale="fr-FR")
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
        found: dict[str, int] = {}
        context.on("requestfinished", lambda request: _count(found, request))
        tab = context.new_page()
        tab.goto(site + page, wait_until="networkidle")
        tab.wait_for_timeout(SETTLED_MS)
        for address, size in tab.evaluate(TOLD):
            found.setdefault(_address(address), size)
        # Chromium tells the page nothing of what its workers run.
        for worker in tab.workers:
            if worker.url.startswith(site):
                found.setdefault(_address(worker.url), _size(worker.url))
        browser.close()
    return found


def _count(found: dict[str, int], request: Any) -> None:
    if not request.url.startswith("http"):
        return
    sizes = request.sizes()
    address = _address(request.url)
    found[address] = found.get(address, 0) + sizes["responseBodySize"] + sizes["responseHeadersSize"]


def _address(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _size(address: str) -> int:
    with urlopen(Request(address, headers={"Accept-Encoding": "gzip"})) as answer:  # noqa: S310
        return len(answer.read()) + len(str(answer.headers))
