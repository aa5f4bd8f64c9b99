"""``match`` and ``why-not``: the engine on a file, without server or database."""

from __future__ import annotations

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
from app.exports import FORMATS, render
from app.readers import Finding, ReadResult, read_table
from app.services.matching import explain_refusal, match_flows, result_document
from app.translations import translate
from geo.geocoding import offline_geocoder
from matching.errors import MatchingError
from matching.messages import N_, Message
from matching.model import Flow
from matching.parameters import ALL_KINDS, MatchParameters

FlowsFile = Annotated[str, typer.Argument(help="Tableau des flux (CSV ou XLSX), ou - / flow table, or -")]


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
    engine: Annotated[str, typer.Option("--engine", help="local")] = "local",
    lang: Language = None,
) -> None:
    """Trouver et classer les synergies d'un tableau de flux / find and rank the synergies of a flow table."""
    language = language_of(lang)
    if format_ not in FORMATS:
        fail_usage(f"--format: {' | '.join(FORMATS)}")
    if engine != "local":
        fail_usage("--engine: local")
    parameters = _parameters(max_km, top, kinds, language)
    content, name = read_bytes(flows)
    with progress(language) as step:
        read = read_table(content, name, offline_geocoder())
        kept, errors = usable(read)
        print_findings(errors, language)
        if errors and not skip_errors:
            raise typer.Exit(EXIT_INPUT_ERRORS)
        result = match_flows(kept, parameters, step)
        step("write")
        document = result_document(result, language, rejected=len({(e.sheet, e.row) for e in errors}))
        rendered = _rendered(format_, document, kept, language)
    write_bytes(rendered, out)


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


def _rendered(format_: str, document: dict[str, Any], flows: list[Flow], language: str) -> bytes:
    if format_ == "json":
        return orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n"
    return render(format_, document["synergies"], flows, language)


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
