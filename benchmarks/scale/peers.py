"""Who is measured: the engine, and what people would use instead."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.scale.rules import Found
from benchmarks.scale.territory import Ints, Territory

Search = Callable[[Ints], Found]
OURS = "engine"
EXTENSIONS = "/usr/share/postgresql"


@dataclass(frozen=True, slots=True)
class Peer:
    """One way to the same rows.

    Attributes
    ----------
    module
        Where its ``Search`` stands: made of a territory and a server, then called with outputs.
    needs
        Libraries without which it is left out.
    whole_up_to
        Flows up to which it answers for every output; beyond, for a random ``sample`` of them.
    """

    name: str
    title: str
    module: str
    needs: tuple[str, ...] = ()
    whole_up_to: int = 10**9
    sample: int = 5_000
    has_server: bool = False

    @property
    def installed(self) -> bool:
        """Tell whether it can run here."""
        if self.has_server and not any(Path(EXTENSIONS).glob("*/extension/postgis.control")):
            return False
        return all(find_spec(name) is not None for name in self.needs)

    def server(self) -> AbstractContextManager[Any]:
        """Start what it needs outside of this process, if anything."""
        found: AbstractContextManager[Any] = (
            import_module(self.module).server() if self.has_server else nullcontext()
        )
        return found

    def prepare(self, rows: Territory, server: Any) -> Search:
        """Load a territory, and return what searches it."""
        made: Search = import_module(self.module).Search(rows, server)
        return made


PEERS = (
    Peer(OURS, "this engine", "benchmarks.scale.ours"),
    Peer("polars", "Polars, lazy, chunked", "benchmarks.scale.with_polars", ("polars",), 100_000),
    Peer(
        "balltree",
        "scikit-learn BallTrees",
        "benchmarks.scale.with_balltree",
        ("sklearn",),
        100_000,
    ),
    Peer("duckdb", "DuckDB SQL", "benchmarks.scale.with_duckdb", ("duckdb", "pyarrow"), 100_000),
    Peer("pandas", "pandas merge, chunked", "benchmarks.scale.with_pandas", ("pandas",), 100_000),
    Peer("postgis", "PostGIS LATERAL", "benchmarks.scale.with_postgis", (), 10_000, 1_000, has_server=True),
)


def peer_named(name: str) -> Peer:
    """Return one of the peers."""
    return next(peer for peer in PEERS if peer.name == name)
