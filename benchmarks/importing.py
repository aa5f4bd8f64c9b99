"""``python -m benchmarks.importing``: seconds from a long CSV to its stored synergies, as a server does it.

The file is read in a process of its own, as any stranger's; PostGIS is in a folder of its own. This process
stands for the one that a server starts for a long import: it loads the engine meanwhile, and shares its work
with copies of itself; ``--here`` imports as in the server itself. On a shared machine processor seconds
compare, elapsed ones do not.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app import garbage
from app.db.engine import Database, open_database
from app.db.migrate import migrate
from app.db.principal import SYSTEM, AccountRole, Principal
from app.db.tables import Territory
from app.repositories.records import add
from app.services.import_apart import begin_alone
from app.services.imports import enter, errors_of, read_file, store_result
from app.settings import Database as DatabaseSettings
from benchmarks.reading import flow_table_in_own_process
from benchmarks.service_cluster import cluster, postgres_of, processor_s
from matching.engine import default_engine
from matching.sharing import usable_processes

FILE = "flux.csv"
Step = tuple[str, float, float, float, float]
WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def main() -> None:
    """Import a table and print what each step took."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__)
    arguments.add_argument("--rows", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--here", action="store_true", help="as in a server, without copies")
    chosen = arguments.parse_args()
    content = flow_table_in_own_process(chosen.rows, chosen.seed)
    if chosen.here:
        # A server has read its engine long before, and looks for garbage as seldom as ``app.main`` has it.
        default_engine()
        garbage.search_seldom()
        garbage.leave_out_what_stays()
    table = Table("step", "elapsed, s", "processor here, s", "of other Python, s", "of PostgreSQL, s", "load")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with cluster(folder / "cluster") as url:
            database = open_database(DatabaseSettings(url=url))
            migrate(database.engine)
            steps = Steps(postgres_of(folder / "cluster"))
            if not chosen.here:
                begin_alone(many=True)
            run(database, content, steps, 1 if chosen.here else usable_processes())
            database.close()
    for step, *spent in steps.done:
        table.add_row(step, *(f"{value:.1f}" for value in spent), "")
    whole = [sum(spent) for spent in zip(*(step[1:] for step in steps.done), strict=True)]
    table.add_row("whole", *(f"{value:.1f}" for value in whole), f"{os.getloadavg()[0]:.1f}")
    console = Console(width=110)
    console.print(table)
    console.print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


class Steps:
    """Closes the running step each time another one is told."""

    def __init__(self, server: int) -> None:
        self._server = server
        self.done: list[Step] = []
        self._name, self._since = "reading", self._now()

    def __call__(self, name: str) -> None:
        """Note what the running step took."""
        now = self._now()
        spent = [after - before for after, before in zip(now, self._since, strict=True)]
        self.done.append((self._name, spent[0], spent[1], spent[2], spent[3]))
        self._name, self._since = name, now

    def _now(self) -> tuple[float, float, float, float]:
        own, others = (usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, WHO))
        return time.perf_counter(), own, others, processor_s(self._server)


def run(database: Database, content: bytes, steps: Steps, processes: int) -> None:
    """Import the content into an empty territory, in one transaction."""
    with database.writing(SYSTEM) as session:
        territory_id = add(session, Territory(name="Région")).id
    member = Principal("key:load", "load", AccountRole.MEMBER, frozenset({territory_id}))
    with database.writing(member) as session:
        import_id = enter(session, territory_id, content, FILE, status="running").id
    result = read_file(content, FILE)
    if errors_of(result):
        raise SystemExit(f"{len(errors_of(result))} errors")
    with database.writing(member) as session:
        store_result(session, import_id, result, on_step=steps, processes=processes, status="stored")
    steps("end")


if __name__ == "__main__":
    main()
