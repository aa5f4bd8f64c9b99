"""``python -m benchmarks.service``: the API on PostGIS under load, 100,000 flows and a million synergies.

The database is seeded once into ``--folder`` and kept there. Percentiles count from the moment each request
was due; processor time tells what a request costs where the machine does other work meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from app.db.engine import Database, open_database
from app.db.migrate import migrate
from app.db.principal import SYSTEM
from app.db.tables import Flow, Site, Synergy
from app.settings import Database as DatabaseSettings
from benchmarks.service_cluster import cluster, free_port, postgres_of, processor_s
from benchmarks.service_load import Outcome, load, percentile
from benchmarks.service_mix import Known, Mix
from benchmarks.service_seed import seed

KNOWN_ROWS = 20_000
SERVERS = 2
# Connections are opened and first statements compiled before anything is counted.
WARM_S = 5.0
# So many times two seconds.
AT_REST = 3
LONGEST_START_S = 600


def main() -> None:
    """Seed when the folder is new, then measure."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__)
    arguments.add_argument("--folder", type=Path, required=True, help="where the cluster is kept")
    arguments.add_argument("--flows", type=int, default=100_000)
    arguments.add_argument("--synergies", type=int, default=1_000_000)
    arguments.add_argument("--rate", type=float, default=200, help="requests a second")
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--limit", type=int, default=25, help="synergies a page")
    arguments.add_argument("--no-matches", action="store_true", help="leave out GET /flows/{id}/matches")
    arguments.add_argument("--only", default="", help="one kind of request alone, such as “page in box”")
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    with cluster(chosen.folder) as url:
        database = open_database(DatabaseSettings(url=url))
        migrate(database.engine)
        key = _seeded(database, chosen)
        known = _known(database)
        database.close()
        mix = Mix(known, random.Random(chosen.seed), chosen.limit, not chosen.no_matches, chosen.only)
        with served(url) as (port, server):
            asyncio.run(load(port, key, mix.draw, chosen.rate, WARM_S))
            watched = {"servers": server, "PostgreSQL": postgres_of(chosen.folder)}
            before = cpu_s(watched)
            outcome = asyncio.run(load(port, key, mix.draw, chosen.rate, chosen.seconds))
            after = cpu_s(watched)
        _report(outcome, {name: after[name] - before[name] for name in after}, chosen.rate * chosen.seconds)


def _seeded(database: Database, chosen: argparse.Namespace) -> str:
    """Return the key of a member; the database is filled when it has none yet."""
    kept: Path = chosen.folder / "key"
    if not kept.exists():
        started = time.perf_counter()
        kept.write_text(seed(database, chosen.flows, chosen.synergies, random.Random(chosen.seed)))
        print(f"seeded in {time.perf_counter() - started:.0f} s", file=sys.stderr)
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return kept.read_text()


def _known(database: Database) -> Known:
    with database.reading(SYSTEM) as session:
        places = session.execute(select(Site.id, Site.lon, Site.lat).limit(KNOWN_ROWS))
        return Known(
            synergies=session.scalars(select(Synergy.id).limit(KNOWN_ROWS)).all(),
            flows=session.scalars(select(Flow.id).limit(KNOWN_ROWS)).all(),
            sites=[(row[0], row[1] or 0.0, row[2] or 0.0) for row in places],
            resources=[
                name
                for name in session.scalars(select(Synergy.resource).limit(KNOWN_ROWS).distinct())
                if name
            ],
        )


@contextmanager
def served(url: str) -> Iterator[tuple[int, int]]:
    """Run the service as it is deployed, in two processes, and yield its port and its main process."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", "app.main:factory", "--workers", str(SERVERS)]
    command += ["--port", str(port), "--log-level", "warning", "--no-access-log"]
    server = subprocess.Popen(command, env=os.environ | {"ENTREFLUX_DATABASE_URL": url})
    try:
        _wait(port)
        _wait_until_read(server.pid)
        yield port, server.pid
    finally:
        server.terminate()
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_until_read(server: int) -> None:
    """Wait until the processes of the server rest: each reads its engine and the territory at its start."""
    until = time.monotonic() + LONGEST_START_S
    at_rest = 0
    while at_rest < AT_REST and time.monotonic() < until:
        before = processor_s(server)
        time.sleep(2)
        at_rest = at_rest + 1 if processor_s(server) - before < 0.2 else 0


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            with urlopen(f"http://127.0.0.1:{port}/health/ready") as answer:
                answer.read()
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the service does not start")


def cpu_s(parents: Mapping[str, int]) -> dict[str, float]:
    """Return the processor seconds so far of some processes with their children."""
    return {name: processor_s(parent) for name, parent in parents.items()}


def _report(outcome: Outcome, cpu: dict[str, float], requests: float) -> None:
    table = Table("request", "answers", "p50, ms", "p95, ms", "p99, ms", "longest, ms")
    everything = [value for values in outcome.seconds.values() for value in values]
    for kind, values in [*sorted(outcome.seconds.items()), ("all", everything)]:
        figures = [percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)]
        table.add_row(kind, f"{len(values):,}", *(f"{1000 * value:.0f}" for value in figures))
    console = Console(width=120)
    console.print(table)
    console.print(f"errors: {dict(outcome.errors) or 'none'}; {outcome.bytes / 1e6:.0f} MB of answers")
    shares = ", ".join(f"{name} {1000 * seconds / requests:.1f}" for name, seconds in cpu.items())
    console.print(f"processor time, ms a request: {shares}")


if __name__ == "__main__":
    main()
