"""``match`` and ``why-not``: the engine on a file, without server or database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from app.commands.common import (
    EXIT_INPUT_ERRORS,
    Language,
    Output,
    fail_usage,
    language_of,
    print_findings,
    progress,
    read_bytes,
    write_bytes,
)
from app.commands.parquet_matching import ENGINES, is_parquet, match_parquet
from app.exports import FORMATS, streamed
from app.exports.blocks import SharedDocuments
from app.exports.showing import ShownDocuments
from app.exports.streaming import json_document
from app.exports.workbook import left_out
from app.readers import Finding, ReadResult, read_table
from app.services.import_apart import MANY_BYTES
from app.services.matching import explain_refusal, match_flows, result_head
from app.translations import translate
from geo.geocoding import offline_geocoder
from matching.ahead import begin_ahead
from matching.errors import MatchingError
from matching.messages import N_, Message
from matching.model import Flow
from matching.parameters import ALL_KINDS, MatchParameters
from matching.sharing import usable_processes
from matching.uncollected import uncollected

FlowsFile = Annotated[str, typer.Argument(help="Tableau des flux (CSV, XLSX, ODS), ou - / flow table, or -")]


def register(app: typer.Typer) -> None:
    """Add the commands to ``entreflux``."""
    app.command("match")(match)
    app.command("why-not")(why_not)


def match(
    flows: FlowsFile,
    max_km: Annotated[
        float | None, typer.Option("--max-km", help="Distance maximale, km / largest distance")
    ] = None,
    top: Annotated[int, typer.Option("--top", help="Receveurs par flux / receivers a flow")] = 20,
    kinds: Annotated[str, typer.Option("--kinds", help=",".join(ALL_KINDS))] = ",".join(ALL_KINDS),
    format_: Annotated[str, typer.Option("--format", help=" | ".join(FORMATS))] = "json",
    out: Output = None,
    skip_errors: Annotated[
        bool, typer.Option("--skip-errors", help="Ignorer les lignes fausses / skip bad rows")
    ] = False,
    engine: Annotated[str, typer.Option("--engine", help=" | ".join(ENGINES))] = "local",
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Adresse du cluster Dask / address of the Dask cluster")
    ] = None,
    lang: Language = None,
) -> None:
    """Trouver et classer les synergies d'un tableau de flux / find and rank the synergies of a flow table."""
    language = language_of(lang)
    if format_ not in FORMATS:
        fail_usage(f"--format: {' | '.join(FORMATS)}")
    if engine not in ENGINES or (scheduler is not None and engine != "dask"):
        fail_usage(f"--engine: {' | '.join(ENGINES)} ; --scheduler: --engine dask")
    parameters = _parameters(max_km, top, kinds, language)
    if is_parquet(flows, engine):
        match_parquet(flows, out, parameters, engine, scheduler, skip_errors, language)
        return
    content, name = read_bytes(flows)
    processes = usable_processes()
    if len(content) >= MANY_BYTES:
        begin_ahead(processes)
    with progress(language) as step, uncollected():
        read = read_table(content, name, offline_geocoder())
        kept, errors = usable(read)
        print_findings(errors, language)
        if errors and not skip_errors:
            raise typer.Exit(EXIT_INPUT_ERRORS)
        result = match_flows(kept, parameters, step, processes)
        step("write")
        told = partial(_tell_written, step, len(result.synergies), language)
        documents = SharedDocuments(ShownDocuments(result.synergies, language), processes, told)
        head = result_head(result, rejected=len({(e.sheet, e.row) for e in errors}))
        _write(_pieces(format_, head, documents, kept, language), out)
    if format_ == "xlsx":
        for notice in left_out(len(documents), kept):
            typer.echo(translate(notice, language), err=True)


def _parameters(max_km: float | None, top: int, kinds: str, language: str) -> MatchParameters:
    wanted = tuple(kind.strip() for kind in kinds.split(",") if kind.strip())
    try:
        return MatchParameters(max_km=max_km, top=top, kinds=wanted)
    except MatchingError as error:
        fail_usage(translate(error.message, language))


def usable(read: ReadResult) -> tuple[list[Flow], list[Finding]]:
    """Return the flows that have a place, and the errors, unplaced flows among them."""
    errors = [finding for finding in read.findings if finding.severity == "error"]
    message = Message(N_("The site cannot be placed: give lon and lat, or a postcode and a city."))
    for flow in read.flows:
        if not flow.site.placed:
            errors.append(Finding("error", flow.sheet, flow.row, "city", message))
    errors.sort(key=lambda finding: (finding.sheet or "", finding.row or 0))
    return [flow for flow in read.flows if flow.site.placed], errors


def _pieces(
    format_: str,
    head: dict[str, Any],
    documents: Sequence[Mapping[str, Any]],
    flows: list[Flow],
    language: str,
) -> Iterator[bytes]:
    if format_ == "json":
        return json_document(head, "synergies", documents)
    return streamed(format_, documents, flows, language)


def _tell_written(step: Callable[[str], None], total: int, language: str, done: int) -> None:
    said = Message(N_("Writing the result: {done} of {total}"), {"done": done, "total": total})
    step(translate(said, language))


def _write(pieces: Iterator[bytes], out: Path | None) -> None:
    """Write to ``out``, or to standard output; a file appears only when it is whole."""
    if out is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def why_not(
    flows: FlowsFile,
    provider: Annotated[tuple[str, str], typer.Option("--provider", metavar="SITE LABEL")],
    receiver: Annotated[tuple[str, str], typer.Option("--receiver", metavar="SITE LABEL")],
    max_km: Annotated[float | None, typer.Option("--max-km")] = None,
    lang: Language = None,
) -> None:
    """Dire pourquoi une paire n'est pas proposée / say why a pair was not proposed."""
    language = language_of(lang)
    content, name = read_bytes(flows)
    read = read_table(content, name, offline_geocoder())
    first = _named(read, provider, output=True)
    second = _named(read, receiver, output=False)
    report = explain_refusal(first, second, MatchParameters(max_km=max_km), language)
    write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n", None)


def _named(read: ReadResult, wanted: tuple[str, str], *, output: bool) -> Flow:
    site, label = (" ".join(part.split()).casefold() for part in wanted)
    found = [
        flow
        for flow in read.flows
        if " ".join(flow.site.name.split()).casefold() == site
        and " ".join(flow.label.split()).casefold() == label
    ]
    if not found:
        typer.echo(f"introuvable / not found: {wanted[0]} | {wanted[1]}", err=True)
        raise typer.Exit(EXIT_INPUT_ERRORS)
    return next((flow for flow in found if flow.is_output is output), found[0])
