"""A table matched out of one machine: the same rows as in one process, whatever happens to a worker."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from distributed import Client, LocalCluster

from app.services.cluster import match_table
from app.services.cluster_runners import Here, OnCluster
from app.services.matching import match_flows
from benchmarks.cluster_table import write_table
from benchmarks.generator import generated_flows
from matching.model import Flow, Kind, Range
from matching.parameters import CRITERIA, MatchParameters
from matching.results import Estimate, Synergy

pytestmark = pytest.mark.xdist_group("cluster")
FLOWS = 5_000
SUBSTITUTIONS = MatchParameters(kinds=("substitution",), top=5)
PATIENCE_S = 60
Pairs = dict[tuple[int, int], dict[str, Any]]


def pairs_in(folder: Path) -> list[dict[str, Any]]:
    """Return the pairs of a result, by provider then best first."""
    rows = [row for path in sorted(folder.glob("part-*.parquet")) for row in pq.read_table(path).to_pylist()]
    return sorted(rows, key=lambda row: (row["provider_row"], -row["score"]))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("table") / "flows.parquet"
    write_table(path, FLOWS)
    # Row groups as a large table would have.
    pq.write_table(pq.read_table(path), path, row_group_size=1_000)
    return path


@pytest.fixture(scope="module")
def alone(table: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return what one process finds."""
    out = tmp_path_factory.mktemp("alone")
    match_table(table, out, SUBSTITUTIONS, Here())
    return pairs_in(out)


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as started:
        yield started


def test_two_workers_find_what_one_process_finds_ties_included(
    table: Path, alone: list[dict[str, Any]], cluster: LocalCluster, tmp_path: Path
) -> None:
    """Every row is equal, and in the same order within each provider; no cell holds everything."""
    with Client(cluster) as client:
        outcome = match_table(table, tmp_path, SUBSTITUTIONS, OnCluster(client))
    assert outcome.pairs == len(alone) > FLOWS / 10
    assert pairs_in(tmp_path) == alone
    assert all(len(pq.read_table(path)) > 0 for path in tmp_path.glob("part-*.parquet"))
    assert not (tmp_path / "_work").exists()


def test_a_worker_killed_midway_costs_a_retry_and_not_the_result(
    table: Path, alone: list[dict[str, Any]], cluster: LocalCluster, tmp_path: Path
) -> None:
    """One of two workers dies once the flows are being handed to the cells."""
    found: list[bool] = []
    victim = next(iter(cluster.workers.values())).pid

    def kill() -> None:
        limit = monotonic() + PATIENCE_S
        while not list(tmp_path.glob("_work/rows-*.npy")) and monotonic() < limit:
            sleep(0.005)
        found.append(not list(tmp_path.glob("result.json")))
        os.kill(victim, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    with Client(cluster) as client:
        killer.start()
        match_table(table, tmp_path, SUBSTITUTIONS, OnCluster(client))
        killer.join()
    assert found == [True]
    assert pairs_in(tmp_path) == alone


def told(synergy: Synergy) -> dict[str, Any]:
    """Return a synergy of the engine as a row of the result."""

    def figures(unit: str, worth: Estimate | None) -> dict[str, float | None]:
        ends = {"_low": "low", "": "middle", "_high": "high"}
        return {
            f"saving_{unit}_per_year{end}": None if worth is None else getattr(worth, name)
            for end, name in ends.items()
        }

    provider, receiver = (member.flow.row for member in synergy.members)
    return {
        "provider_row": provider,
        "receiver_row": receiver,
        "score": synergy.score,
        "confidence": synergy.confidence,
        **{name: synergy.criteria[name].value for name in CRITERIA},
        "quantity_per_year": synergy.quantity_per_year,
        "distance_km": synergy.distance_km,
        **figures("eur", synergy.saving_eur),
        **figures("tco2e", synergy.saving_tco2e),
        "resource": synergy.resource,
        "rule": synergy.rule,
        "form": synergy.form,
        "unit": synergy.unit,
    }


def varied_flows() -> list[Flow]:
    """Return flows that say all that a table can: costs, temperatures, comments, words nobody knows."""
    flows = []
    for i, flow in enumerate(generated_flows(1_200, seed=3)):
        said: dict[str, Any] = {"row": i + 2}
        if flow.quantity is not None and i % 3 == 0:
            said["unit_cost_eur"] = Range.of(float(i % 110 - 20))
        if flow.kind in (Kind.ENERGY, Kind.SPACE) or i % 7 == 0:
            said["temperature_c"] = Range(float(i % 80), float(i % 80 + i % 3))
        if i % 5 == 0:
            said["comment"] = ("propre et sec", "sauf peint", "vers Lyon", "usagé")[i // 5 % 4]
        if i % 11 == 0:
            said["label"] = "xylobande flimarde"
        elif i % 6 == 0:
            said["label"] = f"{flow.label} {('en été', 'janvier-mars', '45 °C', '80/60 °C')[i // 6 % 4]}"
            said |= {"temperature_c": None, "months": frozenset()}
        if i % 4 == 0:
            said["hazardous"] = i % 8 == 0
        site = replace(flow.site, activity_code=("10.71", "38.32", "", "46.73")[i // 4 % 4])
        flows.append(replace(flow, site=site, **said))
    return flows


def parquet_of(flows: list[Flow], path: Path) -> None:
    """Write flows as the contract's table."""

    def text(value: Range | None) -> str | None:
        return None if value is None else f"{value.low:g}-{value.high:g}"

    rows = [
        {
            "site": flow.site.name,
            "naf": flow.site.activity_code,
            "lon": flow.site.lon,
            "lat": flow.site.lat,
            "direction": flow.direction.value,
            "kind": flow.kind.value,
            "label": flow.label,
            "quantity": None if flow.quantity is None else flow.quantity.value.middle,
            "unit": None if flow.quantity is None else flow.quantity.unit,
            "period": None if flow.quantity is None else flow.quantity.period.value,
            "months": ";".join(map(str, sorted(flow.months))),
            "temperature_c": text(flow.temperature_c),
            "unit_cost_eur": None if flow.unit_cost_eur is None else flow.unit_cost_eur.middle,
            "comment": flow.comment,
            "hazardous": flow.hazardous,
        }
        for flow in flows
    ]
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=500)


def test_columns_give_the_engines_own_synergies_to_the_last_digit(tmp_path: Path) -> None:
    """Scores, criteria, confidence, quantities and worth are those of the engine of one flow an object."""
    flows = varied_flows()
    parquet_of(flows, tmp_path / "flows.parquet")
    everything = replace(SUBSTITUTIONS, top=20)
    match_table(tmp_path / "flows.parquet", tmp_path / "out", everything, Here())
    engine = sorted((told(s) for s in match_flows(flows, everything).synergies), key=_place)
    assert len(engine) > 100
    assert any(row["rule"] is None and row["resource"] is not None for row in engine)
    assert sorted(pairs_in(tmp_path / "out"), key=_place) == engine


def _place(row: dict[str, Any]) -> tuple[int, int]:
    return row["provider_row"], row["receiver_row"]
