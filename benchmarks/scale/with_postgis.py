"""PostGIS: for each output, a LATERAL query through an index on resource and place."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from benchmarks.scale.rules import LEAST, TOP, Found, joined, rules
from benchmarks.scale.sides import Columns, sides
from benchmarks.scale.sql import road_km, score
from benchmarks.scale.territory import Ints, Territory
from benchmarks.service_cluster import cluster

OUTPUTS = 2_000  # a statement
Base = psycopg.Connection[tuple[Any, ...]]


@contextmanager
def server() -> Iterator[Base]:
    """Start a cluster in a temporary folder, and yield a connection to its database."""
    with tempfile.TemporaryDirectory(prefix="entreflux-bench-") as folder:
        # Its own user must be able to walk in.
        Path(folder).chmod(0o755)
        with cluster(Path(folder) / "cluster") as address:
            plain = address.replace("postgresql+psycopg", "postgresql")
            with psycopg.connect(plain, autocommit=True) as base:
                yield base


class Search:
    """A territory in tables of PostgreSQL, indexed and analysed."""

    def __init__(self, rows: Territory, base: Base) -> None:
        self.base = base
        r = rules()
        self.sides = sides(rows, r)
        self._do("CREATE EXTENSION IF NOT EXISTS postgis; CREATE EXTENSION IF NOT EXISTS btree_gist")
        # What a query touches should be compiled once and read in parallel where the planner wants to.
        self._do("SET work_mem = '256MB'; SET max_parallel_workers_per_gather = 2; SET jit = off")
        for name, columns in (("o", self.sides.outputs), ("i", self.sides.inputs), ("l", self.sides.links)):
            self._load(name, columns)
        for name in "oi":
            point = f"ST_SetSRID(ST_MakePoint({name}_lon, {name}_lat), 4326)::geography"
            self._do(f"ALTER TABLE {name} ADD place geography")
            self._do(f"UPDATE {name} SET place = {point}")  # noqa: S608 - made of constants
        self._do("CREATE INDEX ON i USING gist (i_resource, place); CREATE INDEX ON o (o)")
        self._do("CREATE INDEX ON l (given)")
        for name in "oil":
            self._do(f"VACUUM ANALYZE {name}")
        # OFFSET 0 keeps the planner from reading what is near first, of whatever resource: ten times slower.
        self.statement = f"""
            SELECT o.o, best.i, best.score FROM o CROSS JOIN LATERAL (
                SELECT i.i, {score(r, "bit_count((o.o_months & i.i_months)::bit(12))", "km")} AS score
                FROM l CROSS JOIN LATERAL (
                    SELECT * FROM i WHERE i.i_resource = l.wanted
                    AND ST_DWithin(i.place, o.place, {1000 * r.straight_km + 10}, false) OFFSET 0
                ) AS i
                CROSS JOIN LATERAL (SELECT {road_km(r)} AS km) AS d
                WHERE l.given = o.o_resource AND km <= {r.cut_km}
                    AND o.o_site <> i.i_site AND o.o_months & i.i_months <> 0
                ORDER BY score DESC, i.i LIMIT {TOP}
            ) AS best WHERE o.o = ANY(%s) AND best.score >= {LEAST} ORDER BY o.o, best.score DESC, best.i
        """  # noqa: S608 - made of this package's own constants

    def _do(self, statement: str) -> None:
        for part in statement.split(";"):
            self.base.execute(part.encode())

    def _load(self, name: str, columns: Columns) -> None:
        kinds = {"i": "bigint", "f": "double precision"}
        described = ", ".join(f"{column} {kinds[values.dtype.kind]}" for column, values in columns.items())
        self._do(f"DROP TABLE IF EXISTS {name}")
        self._do(f"CREATE TABLE {name} ({described})")
        lists: list[list[Any]] = [
            [None if x != x else x for x in column.tolist()] for column in columns.values()
        ]
        with self.base.cursor().copy(f"COPY {name} FROM STDIN".encode()) as copy:
            for row in zip(*lists, strict=True):
                copy.write_row(row)

    def __call__(self, outputs: Ints) -> Found:
        """Return the best receivers of ``outputs``."""
        return joined([self._part(outputs[n : n + OUTPUTS]) for n in range(0, len(outputs), OUTPUTS)])

    def _part(self, outputs: Ints) -> Found:
        found = self.base.execute(self.statement.encode(), (outputs.tolist(),)).fetchall()
        columns = zip(*found, strict=True) if found else ((), (), ())
        output, receiver, points = columns
        return Found(np.array(output, np.int64), np.array(receiver, np.int64), np.array(points, np.float64))

    def memory_mb(self) -> float:
        """Return the most that the server's process for this connection held, in MB."""
        row = self.base.execute("SELECT pg_backend_pid()").fetchone()
        status = Path(f"/proc/{row[0] if row else 'self'}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
