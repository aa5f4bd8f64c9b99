"""``python -m benchmarks.web``: every page of a territory of 500 sites and 5,000 flows, by one process.

Where the machine does other work meanwhile, the time a reader waits says little: the processor time of the
server beside it says what a page costs.
"""

from __future__ import annotations

import argparse
import gzip
import os
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.db.engine import open_database
from app.db.migrate import migrate
from app.settings import Database as DatabaseSettings
from app.settings import Settings
from benchmarks.service_load import percentile
from benchmarks.web import territory
from benchmarks.web.addresses import FILE, HOW, OUTSIDE, PAGE, PART, addresses, known, unknown
from benchmarks.web.server import Answer, Reader, served
from benchmarks.web.weight import weights

WARM, ASKED = 3, 40
PAGE_S, FIRST_PAGE_BYTES = 0.200, 600_000
FIRST_PAGES = ("/", "/carte")


def main() -> None:
    """Seed, serve, ask, tell."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.web", description=__doc__)
    arguments.add_argument("--folder", type=Path, help="where the territory is kept, for another run")
    arguments.add_argument("--sites", type=int, default=500)
    arguments.add_argument("--flows", type=int, default=5_000)
    arguments.add_argument("--times", type=int, default=ASKED, help="how often each page is asked")
    arguments.add_argument("--core", type=int, default=0, help="the processor of the server")
    arguments.add_argument("--only", default="", help="pages whose address holds this")
    arguments.add_argument("--files", action="store_true", help="exports too")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as fresh:
        file = (chosen.folder or Path(fresh)) / "web.sqlite"
        asked = _asked(file, chosen)
        with served(f"sqlite:///{file}", chosen.core) as (port, server):
            reader = Reader(port, server)
            reader.sign_in(territory.EMAIL, territory.PASSWORD)
            _tell_pages(reader, asked, chosen.times)
            if not chosen.only:
                _tell_weight(port, reader)


def _asked(file: Path, chosen: argparse.Namespace) -> dict[str, str]:
    """Return the addresses to ask, of a territory that is seeded when there is none yet."""
    if unknown():
        raise SystemExit(f"say in benchmarks/web/addresses.py how to ask for {unknown()}")
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{file}"))
    database = open_database(settings.database)
    migrate(database.engine)
    territory_id = territory.territory_named_in(database) or territory.seed(
        database, settings, chosen.sites, chosen.flows
    )
    kinds = (PAGE, PART, OUTSIDE, *((FILE,) if chosen.files else ()))
    found = addresses(known(database, territory_id), *kinds)
    database.close()
    return {path: address for path, address in found.items() if chosen.only in path}


def _tell_pages(reader: Reader, asked: dict[str, str], times: int) -> None:
    table = Table("page", "p50, ms", "p95, ms", "CPU p50, ms", "CPU p95, ms", "kB", "compressed, kB", "")
    slow = 0
    for path, address in asked.items():
        part = HOW[path].kind == PART
        answers = [reader.get(address, part=part) for _ in range(WARM + times)][WARM:]
        p95_s, cpu_p95_s = _share(answers, "wall_s", 0.95), _share(answers, "cpu_s", 0.95)
        wrong = {answer.status for answer in answers} - {200}
        said = f"answers {wrong}" if wrong else _verdict(p95_s, cpu_p95_s)
        slow += said != "ok"
        body = answers[0].body
        table.add_row(
            path,
            *(
                f"{1000 * _share(answers, name, share):.0f}"
                for name in ("wall_s", "cpu_s")
                for share in (0.5, 0.95)
            ),
            f"{len(body) / 1000:.0f}",
            f"{len(gzip.compress(body, 6)) / 1000:.1f}",
            said,
        )
    console = Console(width=130)
    console.print(table)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    console.print(f"{slow} of {len(asked)} pages not within {1000 * PAGE_S:.0f} ms; load average {load}")


def _share(answers: list[Answer], name: str, share: float) -> float:
    return percentile([getattr(answer, name) for answer in answers], share)


def _verdict(p95_s: float, cpu_p95_s: float) -> str:
    if p95_s < PAGE_S:
        return "ok"
    return "busy machine" if cpu_p95_s < PAGE_S else "slow"


def _tell_weight(port: int, reader: Reader) -> None:
    for page in FIRST_PAGES:
        found = weights(f"http://127.0.0.1:{port}", page, reader.cookies)
        total = sum(found.values())
        print(f"\nfirst visit of {page}: {total / 1000:.0f} kB on the wire of {FIRST_PAGE_BYTES / 1000:.0f}")
        for address, weight in sorted(found.items(), key=lambda one: -one[1])[:8]:
            print(f"  {weight / 1000:8.1f} kB  {address}")


if __name__ == "__main__":
    main()
