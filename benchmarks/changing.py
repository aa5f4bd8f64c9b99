"""``python -m benchmarks.changing``: seconds to store one flow changed, added or deleted, synergies included.

The first change of a process computes the whole territory; those after it compute what changes. PostGIS is in
a folder of its own. On a shared machine processor seconds compare, elapsed ones do not.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.db.engine import Database, open_database
from app.db.migrate import migrate
from app.db.principal import SYSTEM
from app.db.tables import Flow, Territory
from app.db.visibility import VisibleSession
from app.repositories.records import add, rows_of
from app.services import flows as services
from app.services.import_rows import ImportRows
from app.services.imports import enter
from app.services.matches import refresh_matches
from app.services.residents import residents
from app.settings import Database as DatabaseSettings
from benchmarks.generator import generated_flows
from benchmarks.service_cluster import cluster, postgres_of, processor_s

FIELDS = {
    "direction": "output",
    "kind": "packaging",
    "label": "Palettes usagées",
    "quantity": 40,
    "unit": "palette",
}
Times = tuple[float, float, float]


def main() -> None:
    """Measure and print a table."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.changing", description=__doc__)
    arguments.add_argument("--flows", type=int, default=5_000)
    arguments.add_argument("--times", type=int, default=9)
    chosen = arguments.parse_args()
    table = Table("change", "time, s", "processor of this process, s", "of PostgreSQL, s")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with cluster(folder / "cluster") as url:
            database = open_database(DatabaseSettings(url=url))
            migrate(database.engine)
            residents().warm_up(database)
            while not residents().is_ready:
                time.sleep(0.1)
            for what, times in _measured(database, folder / "cluster", chosen.flows, chosen.times):
                table.add_row(
                    what, *(f"{statistics.median(column):.2f}" for column in zip(*times, strict=True))
                )
            database.close()
    Console(width=110).print(table)
    print(f"load {os.getloadavg()[0]:.1f}; medians of {chosen.times}")


def _measured(database: Database, folder: Path, count: int, times: int) -> list[tuple[str, list[Times]]]:
    with database.writing(SYSTEM) as session:
        territory_id = add(session, Territory(name="Région")).id
        rows = ImportRows(session, territory_id)
        rows.write(generated_flows(count))
        rows.store(enter(session, territory_id, b"", "flux.csv").id)
    dice, server = random.Random(1), postgres_of(folder)

    def timed(work: Callable[[VisibleSession, Flow], object]) -> Times:
        with database.reading(SYSTEM) as session:
            row = dice.choice(rows_of(session, Flow, territory_id=territory_id))
        began, own, other = time.perf_counter(), time.process_time(), processor_s(server)
        with database.writing(SYSTEM) as session:
            work(session, row)
        return time.perf_counter() - began, time.process_time() - own, processor_s(server) - other

    whole = [timed(lambda session, row: refresh_matches(session, territory_id))]
    first = [timed(_change)]
    works = {"one flow changed": _change, "one flow added": _declare, "one flow deleted": _delete}
    return [
        (f"the whole of {count:,} flows, stored for the first time", whole),
        ("the first flow changed after it", first),
        *((what, [timed(work) for _ in range(times)]) for what, work in works.items()),
    ]


def _change(session: VisibleSession, row: Flow) -> None:
    services.change_flow(session, row.id, {"quantity": 12, "unit": row.unit or "t"}, row.version)


def _declare(session: VisibleSession, row: Flow) -> None:
    services.declare_flow(session, row.site_id, FIELDS)


def _delete(session: VisibleSession, row: Flow) -> None:
    services.delete_flow(session, row.id, row.version)


if __name__ == "__main__":
    main()
