"""The tasks of a match out of one machine: each reads and writes files, and may be run again anywhere."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from app.exports.pairs import PairWriter
from app.readers import Finding
from app.readers.parquet import Part, read_part
from app.readers.parquet_texts import read_text
from app.services.cluster_pairs import PairTable
from app.services.cluster_plan import Plan, plan_of
from app.services.matching import destinations_km
from matching.blocks.finding import Block, best_pairs, prepare_block
from matching.blocks.frame import Frame, frame_of
from matching.blocks.order import canonical_order
from matching.blocks.rows import Rows
from matching.blocks.texts import Said, read_texts, texts_of
from matching.engine import default_engine
from matching.model import Direction, Flow, Kind, Site
from matching.parameters import MatchParameters, constant
from matching.partitions import seen_from, straight_km


@dataclass(frozen=True, slots=True)
class Job:
    """One match: the table, where the result goes, and how; paths are the same on all machines."""

    source: str
    out: str
    parameters: MatchParameters
    cells: int
    threads: int | None

    @property
    def work(self) -> Path:
        """Where the tasks keep what the next ones read."""
        return Path(self.out) / "_work"


@dataclass(frozen=True, slots=True)
class Survey:
    """What one part of the table holds, beside its rows, which stay in a file."""

    texts: pa.Table
    sites: pa.Table
    activities: tuple[str, ...]
    findings: tuple[Finding, ...]
    flows: int
    rejected: int


def survey(job: Job, number: int, part: Part) -> Survey:
    """Read one part of the table; its rows go to a file."""
    read = read_part(job.source, part)
    _save(job.work / f"rows-{number}.npy", read.rows)
    return Survey(read.texts, read.sites, read.activities, read.findings, len(read.rows), read.rejected)


def findings_of(found: Survey) -> tuple[int, int, tuple[Finding, ...]]:
    """Return how many flows a part holds, how many were refused, and why."""
    return found.flows, found.rejected, found.findings


def plan(job: Job, surveys: Sequence[Survey]) -> Plan:
    """Return texts, sites and activities numbered once for all parts, and the cells of the territory."""
    return plan_of(
        [found.texts for found in surveys],
        [found.sites for found in surveys],
        [found.activities for found in surveys],
        job.cells,
    )


def classify(found: Plan, share: int, shares: int) -> Said:
    """Read one share of the texts."""
    engine = default_engine()
    return read_texts(_flows(_share(found.texts, share, shares)), engine.catalogue, engine.classifier)


def frame(job: Job, found: Plan, said: Sequence[Said]) -> Frame:
    """Return what all cells share: the texts as read, the links between them, the terms of the score."""
    engine = default_engine()
    flows = [flow for share in range(len(said)) for flow in _flows(_share(found.texts, share, len(said)))]
    texts = texts_of(flows, said, destinations_km(flows))
    return frame_of(texts, found.activities, engine.catalogue, engine.compatibility, job.parameters)


def _share(texts: pa.Table, share: int, shares: int) -> pa.Table:
    edges = np.linspace(0, len(texts), shares + 1).astype(int)
    return texts.slice(edges[share], edges[share + 1] - edges[share])


def _flows(texts: pa.Table) -> list[Flow]:
    """Return a flow for each text; what stands for a text of refused rows takes part in nothing."""
    return [read_text(row)[0] or _NOTHING for row in texts.to_pylist()]


def divide(job: Job, found: Plan, shared: Frame, number: int) -> int:
    """Hand the rows of one part to the cells: each output to its own, each input to all that can reach it."""
    rows: Rows = np.load(job.work / f"rows-{number}.npy")
    numbering = found.numberings[number]
    for name in ("text", "site", "activity"):
        rows[name] = getattr(numbering, name)[rows[name]]
    gives = np.array([flow.is_output for flow in shared.texts.columns.flows], dtype=bool)[rows["text"]]
    reach = shared.reach_km[rows["text"]]
    straight = straight_km(reach, float(shared.terms["road_factor"][0]))
    own = found.cells.cell[rows["site"]]
    position = found.position_km[rows["site"]]
    for cell in range(len(found.cells)):
        seen = seen_from(found.cells, cell, position, straight) & (reach >= 0)
        _save(job.work / f"cell-{cell}-{number}.npy", rows[np.where(gives, own == cell, seen)])
    return number


def match_cell(job: Job, found: Plan, shared: Frame, cell: int, divided: Sequence[int]) -> int:
    """Write the best receivers of the outputs of one cell; return how many pairs there are."""
    rows = np.concatenate([np.load(job.work / f"cell-{cell}-{number}.npy") for number in divided])
    texts = shared.texts
    order = canonical_order(rows, found.site_rank[rows["site"]], texts.head[rows["text"]], texts.columns)
    rows = rows[order]
    block = Block(rows, found.site[rows["site"]], found.position_km[rows["site"]])
    searched = prepare_block(block, shared)
    table = PairTable(searched, shared, default_engine().catalogue, job.parameters)
    with PairWriter(Path(job.out) / f"part-{cell:05d}.parquet") as writer:
        least = constant("minimum_score")
        for pairs, score in best_pairs(searched, shared, job.parameters.top, least, job.threads):
            writer.write(table.columns(pairs, score))
    return writer.count


def _save(path: Path, rows: Rows) -> None:
    """Write rows so that a file is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.stem}.{os.getpid()}.npy")
    np.save(draft, rows)
    draft.replace(path)


_NOTHING = Flow(Site("?"), Direction.INPUT, Kind.SERVICE, "?")
