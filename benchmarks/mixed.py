"""``python -m benchmarks.mixed``: reads and writes at once, while a planner runs, on two processes.

The database is seeded once into ``--folder`` and kept there. Prints the errors and the percentiles of each
kind of request, counted from the moment it was due, and how busy the machine was: figures taken while other
work holds the processors tell nothing of the service.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import delete, select

from app.db.engine import Database, open_database
from app.db.migrate import migrate
from app.db.principal import SYSTEM
from app.db.tables import Flow, Plan, Site, Synergy
from app.settings import Database as DatabaseSettings
from benchmarks.mixed_load import Asked, Client, load
from benchmarks.service import cpu_s, served
from benchmarks.service_cluster import cluster, postgres_of
from benchmarks.service_load import Outcome, percentile
from benchmarks.service_seed import seed

KNOWN_ROWS = 5_000
WARM_S = 5.0
PLAN = {"planner": "collection", "max_km": 10, "time_limit_s": 5}
POLL_S = 1.0


def main() -> None:
    """Seed when the folder is new, then measure."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.mixed", description=__doc__)
    arguments.add_argument("--folder", type=Path, required=True, help="where the cluster is kept")
    arguments.add_argument("--flows", type=int, default=10_000)
    arguments.add_argument("--synergies", type=int, default=50_000)
    arguments.add_argument("--rate", type=float, default=200, help="requests a second")
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--writes", type=float, default=0.1, help="share of the requests that change rows")
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    with cluster(chosen.folder) as url:
        database = open_database(DatabaseSettings(url=url))
        migrate(database.engine)
        key = _seeded(database, chosen)
        with database.writing(SYSTEM) as session:
            # Those of an earlier run would be computed first.
            session.execute(delete(Plan))
        draw = _drawer(database, random.Random(chosen.seed), chosen.writes)
        database.close()
        with served(url) as (port, server):
            before = os.getloadavg()[0]
            watched = {"servers": server, "PostgreSQL": postgres_of(chosen.folder)}
            outcome, plans, spent = asyncio.run(_measure(port, key, draw, chosen, watched))
        _report(outcome, plans, spent, (before, os.getloadavg()[0]))


def _seeded(database: Database, chosen: argparse.Namespace) -> str:
    kept: Path = chosen.folder / "key"
    if not kept.exists():
        kept.write_text(seed(database, chosen.flows, chosen.synergies, random.Random(chosen.seed)))
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return kept.read_text()


def _drawer(database: Database, dice: random.Random, writes: float) -> Callable[[], Asked]:
    """Return what draws a request, among rows that exist."""
    with database.reading(SYSTEM) as session:
        synergies = session.scalars(select(Synergy.id).limit(KNOWN_ROWS)).all()
        flows = session.scalars(select(Flow.id).limit(KNOWN_ROWS)).all()
        sites = session.scalars(select(Site.id).limit(KNOWN_ROWS)).all()

    def write() -> Asked:
        drawn = dice.random()
        if drawn < 0.4:
            body = {"employees": dice.randrange(1, 500)}
            return Asked("change a site", "PATCH", f"/api/v1/sites/{dice.choice(sites)}", body)
        if drawn < 0.7:
            moved = {"status": dice.choice(("contacted", "discussion"))}
            return Asked("move a synergy", "PATCH", f"/api/v1/synergies/{dice.choice(synergies)}", moved)
        key = (("Idempotency-Key", uuid.UUID(int=dice.getrandbits(128)).hex),)
        name = {"name": f"Site {dice.getrandbits(60)}", "lon": 5.0, "lat": 43.4}
        return Asked("add a site", "POST", "/api/v1/sites", name, key)

    def read() -> Asked:
        drawn = dice.random()
        if drawn < 0.5:
            return Asked(
                "page of synergies", "GET", f"/api/v1/synergies?limit=25&min_score={dice.randrange(30, 80)}"
            )
        if drawn < 0.65:
            return Asked("matches of a flow", "GET", f"/api/v1/flows/{dice.choice(flows)}/matches")
        rows, kind = dice.choice(((synergies, "synergies"), (flows, "flows"), (sites, "sites")))
        return Asked(f"one of {kind}", "GET", f"/api/v1/{kind}/{dice.choice(rows)}")

    return lambda: write() if dice.random() < writes else read()


async def _measure(
    port: int, key: str, draw: Callable[[], Asked], chosen: argparse.Namespace, watched: Mapping[str, int]
) -> tuple[Outcome, int, dict[str, float]]:
    """Return what came back, how many plans were computed meanwhile, and the processor seconds it took."""
    client = Client(port, key)
    await load(client, draw, min(chosen.rate, 20), WARM_S)
    planner = asyncio.create_task(_plan_on(Client(port, key)))
    before = cpu_s(watched) | {"client": time.process_time()}
    outcome = await load(client, draw, chosen.rate, chosen.seconds)
    after = cpu_s(watched) | {"client": time.process_time()}
    planner.cancel()
    (computed,) = await asyncio.gather(planner)
    client.close()
    return outcome, computed, {name: after[name] - before[name] for name in after}


async def _plan_on(client: Client) -> int:
    """Ask for a plan, wait for it, ask for the next one, until cancelled; return how many were computed."""
    computed = 0
    try:
        while True:
            status, _, body = await client.ask(Asked("plan", "POST", "/api/v1/plans", PLAN))
            if status not in (201, 202):
                raise SystemExit(f"no plan: {status} {body[:300].decode()}")
            target = f"/api/v1/plans/{json.loads(body)['id']}"
            while json.loads(body)["status"] in ("queued", "running"):
                await asyncio.sleep(POLL_S)
                _, _, body = await client.ask(Asked("plan", "GET", target))
            computed += 1
    except asyncio.CancelledError:
        client.close()
    return computed


def _report(outcome: Outcome, plans: int, spent: Mapping[str, float], busy: tuple[float, float]) -> None:
    table = Table("request", "answers", "p50, ms", "p99, ms", "longest, ms")
    everything = [value for values in outcome.seconds.values() for value in values]
    for kind, values in [*sorted(outcome.seconds.items()), ("all", everything)]:
        figures = [percentile(values, share) for share in (0.5, 0.99, 1.0)]
        table.add_row(kind, f"{len(values):,}", *(f"{1000 * value:.0f}" for value in figures))
    console = Console(width=120)
    console.print(table)
    console.print(f"errors: {dict(outcome.errors) or 'none'}; {plans} plans computed meanwhile")
    shares = ", ".join(f"{name} {1000 * value / len(everything):.1f}" for name, value in spent.items())
    console.print(f"processor time, ms a request: {shares}")
    console.print(
        f"load of the machine: {busy[0]:.1f} before, {busy[1]:.1f} after, {os.cpu_count()} processors"
    )


if __name__ == "__main__":
    main()
