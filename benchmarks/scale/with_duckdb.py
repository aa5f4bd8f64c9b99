"""DuckDB: one statement that joins on resource and cell and ranks within each output."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from benchmarks.scale.rules import LEAST, ROWS, TOP, Found, joined, rules, unpacked
from benchmarks.scale.sides import Columns, sides
from benchmarks.scale.sql import road_km, score, square
from benchmarks.scale.territory import Ints, Territory

# Pairs a statement: what it keeps of them for the ranking then fits in memory.
PAIRS = 30_000_000


class Search:
    """A territory in tables of DuckDB."""

    def __init__(self, rows: Territory, _server: Any = None) -> None:
        self.arrow: Any = import_module("pyarrow")
        self.base: Any = import_module("duckdb").connect()
        r = rules()
        self.sides = sides(rows, r)
        self._load("i", self.sides.inputs, "* REPLACE (nullif(i_value, 'nan'::DOUBLE) AS i_value)")
        self._load("l", self.sides.links, "*")
        self._load("s", {"step": self.sides.steps}, "*")
        self.chunk = self.sides.chunk(PAIRS)
        km = f"(SELECT {road_km(r)} AS km)"
        self.statement = f"""
            SELECT o, unnest(list_sort(min(rank, {TOP}))) AS rank FROM (
                SELECT o, score, round((100 - score) * 10)::BIGINT * {ROWS} + i AS rank FROM (
                    SELECT o.o, i.i, {score(r, "bit_count(o.o_months & i.i_months)", "km")} AS score
                    FROM o JOIN l ON l.given = o.o_resource CROSS JOIN s
                    JOIN i ON i.key = l.base + o.o_cell + s.step, LATERAL {km}
                    WHERE {square()} <= {r.straight_km**2} AND km <= {r.cut_km}
                        AND o.o_site <> i.i_site AND o.o_months & i.i_months <> 0
                )
            ) WHERE score >= {LEAST} GROUP BY o ORDER BY o, rank
        """  # noqa: S608 - made of this package's own constants

    def _load(self, name: str, columns: Columns, chosen: str) -> None:
        self.base.register("incoming", self.arrow.table(columns))
        copied = f"CREATE OR REPLACE TABLE {name} AS SELECT {chosen} FROM incoming"  # noqa: S608 - own constants
        self.base.execute(copied)
        self.base.unregister("incoming")

    def __call__(self, outputs: Ints) -> Found:
        """Return the best receivers of ``outputs``."""
        return joined([self._part(outputs[n : n + self.chunk]) for n in range(0, len(outputs), self.chunk)])

    def _part(self, outputs: Ints) -> Found:
        self._load("o", self.sides.some(outputs), "* REPLACE (nullif(o_value, 'nan'::DOUBLE) AS o_value)")
        found = self.base.execute(self.statement).fetchnumpy()
        return unpacked(found["o"], found["rank"])
