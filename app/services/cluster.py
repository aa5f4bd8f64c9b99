"""Substitutions of a table too large for one machine: from Parquet to Parquet, cell by cell."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from app.readers import Finding
from app.readers.parquet import Part, parts_of
from app.services.cluster_runners import Runner
from app.services.cluster_tasks import Job, classify, divide, findings_of, frame, match_cell, plan, survey
from app.services.matching import engine_version
from matching.engine import default_engine
from matching.parameters import MatchParameters

# With such a cell and what it sees a worker takes 2 to 3 GB (measured, see docs/cluster.md).
FLOWS_A_CELL = 1_000_000
# Shares of the texts for each worker, so that none waits long for another.
SHARES_A_WORKER = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a table: flows matched, rows refused and why, pairs written."""

    flows: int
    rejected: int
    findings: tuple[Finding, ...]
    pairs: int
    matched: bool


def match_table(
    source: Path,
    out: Path,
    parameters: MatchParameters,
    runner: Runner,
    *,
    skip_errors: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> Outcome:
    """Write the best receivers of each output of ``source`` to files in the folder ``out``.

    Raises
    ------
    UnreadableFileError
        If ``source`` is no table of flows in Parquet.
    """
    parts = parts_of(str(source))
    flows = sum(part.rows for part in parts)
    cells = max(-(-flows // FLOWS_A_CELL), runner.workers if runner.workers > 1 else 1)
    threads = 1 if runner.workers > 1 else None
    job = Job(str(source.resolve()), str(out.resolve()), parameters, cells, threads)
    job.work.mkdir(parents=True, exist_ok=True)
    try:
        return _run(job, parts, runner, skip_errors, progress)
    finally:
        shutil.rmtree(job.work, ignore_errors=True)


def _run(
    job: Job, parts: Sequence[Part], runner: Runner, skip_errors: bool, progress: Callable[[str], None]
) -> Outcome:
    """Send all tasks, and wait where the next ones depend on what was found."""
    progress("read")
    surveys = [runner.submit(survey, job, number, part) for number, part in enumerate(parts)]
    read = runner.values([runner.submit(findings_of, found) for found in surveys])
    findings = tuple(finding for _, _, some in read for finding in some)
    flows, rejected = sum(part[0] for part in read), sum(part[1] for part in read)
    if (rejected and not skip_errors) or not flows:
        return Outcome(flows, rejected, findings, 0, matched=False)
    progress("classify")
    planned = runner.submit(plan, job, surveys)
    shares = SHARES_A_WORKER * runner.workers
    said = [runner.submit(classify, planned, share, shares) for share in range(shares)]
    shared = runner.submit(frame, job, planned, said)
    divided = [runner.submit(divide, job, planned, shared, number) for number in range(len(parts))]
    runner.values(divided)
    progress("substitution")
    matched = [runner.submit(match_cell, job, planned, shared, cell, divided) for cell in range(job.cells)]
    pairs = sum(runner.values(matched))
    _describe(job, flows, rejected, pairs)
    return Outcome(flows, rejected, findings, pairs, matched=True)


def _describe(job: Job, flows: int, rejected: int, pairs: int) -> None:
    """Write what the pairs were found by beside them, as the result document says it."""
    document = {
        "engine": {
            "version": engine_version(),
            "catalogue_digest": default_engine().catalogue.digest,
            "parameters": job.parameters.as_mapping(),
        },
        "input": {"flows": flows, "rejected": rejected},
        "pairs": pairs,
    }
    path = Path(job.out) / "result.json"
    path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")
