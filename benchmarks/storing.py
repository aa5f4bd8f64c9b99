"""``python -m benchmarks.storing``: seconds to store, recognise and undo an import, and its synergies.

Reading files and matching are measured elsewhere; here both are given, and PostGIS is in a folder of its own.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.db.engine import Database, open_database
from app.db.migrate import migrate
from app.db.principal import SYSTEM, AccountRole, Principal
from app.db.tables import Territory
from app.db.visibility import VisibleSession
from app.readers import ReadResult
from app.repositories import flows, imports
from app.repositories.records import add
from app.services.import_rows import TABLES, ImportRows
from app.services.imports import enter
from app.services.match_storage import store_matches
from app.services.matching import match_flows
from app.services.undoing import take_back
from app.settings import Database as DatabaseSettings
from benchmarks.generator import generated_flows
from benchmarks.service_cluster import cluster
from matching.model import Flow
from matching.results import MatchResult

MODEL_FLOWS = 2_000
Work = Callable[[VisibleSession], object]


def main() -> None:
    """Measure each step in a transaction of its own."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.storing", description=__doc__)
    arguments.add_argument("--flows", type=int, default=100_000)
    arguments.add_argument("--synergies", type=int, default=200_000)
    arguments.add_argument("--sqlite", action="store_true", help="on SQLite instead of PostGIS")
    chosen = arguments.parse_args()
    declared = generated_flows(chosen.flows)
    models = match_flows(generated_flows(MODEL_FLOWS, 2))
    with _database(chosen.sqlite) as database:
        table = Table("step", "time, s", "processor of this process, s")
        for name, seconds, cpu in _steps(database, declared, models, chosen.synergies):
            print(f"{name}: {seconds:.1f} s", file=sys.stderr)
            table.add_row(name, f"{seconds:.1f}", f"{cpu:.1f}")
    console = Console(width=120)
    console.print(table)
    console.print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


@contextmanager
def _database(sqlite: bool) -> Iterator[Database]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        if sqlite:
            yield _opened(f"sqlite:///{folder / 'entreflux.sqlite'}")
            return
        with cluster(folder / "cluster") as url:
            yield _opened(url)


def _opened(url: str) -> Database:
    database = open_database(DatabaseSettings(url=url))
    migrate(database.engine)
    return database


def _steps(
    database: Database, declared: Sequence[Flow], models: MatchResult, count: int
) -> Iterator[tuple[str, float, float]]:
    with database.writing(SYSTEM) as session:
        territory_id = add(session, Territory(name="Région")).id
    member = Principal("key:load", "load", AccountRole.MEMBER, frozenset({territory_id}))
    result = ReadResult(flows=tuple(declared), sites=(), findings=())
    ids: list[str] = []

    def store(session: VisibleSession) -> None:
        rows = ImportRows(session, territory_id)
        rows.write(result.flows)
        ids.append(enter(session, territory_id, b"", "flux.csv").id)
        rows.store(ids[-1])

    yield _timed(database, member, f"store {len(declared):,} new flows with their sites", store)
    yield _timed(database, member, "store the same file again: nothing changes", store)
    with database.reading(member) as session:
        stored = flows.of_territory(session, territory_id)
    proposed = _proposed(models, stored, count)
    for name in ("new", "unchanged"):
        yield _timed(
            database,
            member,
            f"store {len(proposed.synergies):,} synergies: {name}",
            lambda session: store_matches(session, territory_id, proposed),
        )
    none = replace(proposed, synergies=())
    yield _timed(
        database, member, "remove them all", lambda session: store_matches(session, territory_id, none)
    )
    yield _timed(
        database,
        member,
        "undo the import",
        lambda session: take_back(session, territory_id, imports.entries_of(session, ids[0])),
    )
    assert set(TABLES) == {"company", "park", "site", "flow"}  # noqa: S101 - what is undone


def _timed(database: Database, member: Principal, name: str, work: Work) -> tuple[str, float, float]:
    started, cpu = time.perf_counter(), time.process_time()
    with database.writing(member) as session:
        work(session)
    return name, time.perf_counter() - started, time.process_time() - cpu


def _proposed(models: MatchResult, stored: Sequence[Flow], count: int) -> MatchResult:
    """Return ``count`` synergies shaped like the models, between flows drawn at random."""
    dice = random.Random(1)
    made = []
    for _ in range(count):
        shape = dice.choice(models.synergies)
        drawn = dice.sample(range(len(stored)), len(shape.members))
        members = tuple(
            replace(member, flow=stored[number]) for member, number in zip(shape.members, drawn, strict=True)
        )
        made.append(replace(shape, members=members))
    return replace(models, synergies=tuple(made))


if __name__ == "__main__":
    main()
