"""``entreflux plan``: who should join, when, what it costs and saves each, from a table of flows."""

from __future__ import annotations

from datetime import datetime
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
from app.commands.matching import FlowsFile, usable
from app.exports.consultation import consultation_pdf
from app.readers import read_table
from app.services.planners import DEFAULT_TIME_LIMIT_S, PLANNERS, PlanRequest
from app.services.planning import plans
from app.translations import translate
from geo.geocoding import offline_geocoder
from matching.errors import MatchingError


def register(app: typer.Typer) -> None:
    """Add the command to ``entreflux``."""
    app.command("plan")(plan)


def plan(
    planner: Annotated[str, typer.Argument(help=" | ".join(PLANNERS))],
    flows: FlowsFile,
    max_km: Annotated[float | None, typer.Option("--max-km", help="Distance maximale, km / distance")] = None,
    resource: Annotated[
        str | None, typer.Option("--resource", help="Une seule ressource / one resource, catalogue id")
    ] = None,
    objective: Annotated[str, typer.Option("--objective", help="eur | tco2e")] = "eur",
    time_limit: Annotated[float, typer.Option("--time-limit", min=0.1, help="s")] = DEFAULT_TIME_LIMIT_S,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    start: Annotated[
        datetime, typer.Option("--start", formats=["%Y-%m-%d"], help="Premier jour possible / first day")
    ] = datetime.now(),  # noqa: B008 - today, wherever the user is
    skip_errors: Annotated[
        bool, typer.Option("--skip-errors", help="Ignorer les lignes fausses / skip bad rows")
    ] = False,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", help="PDF : projet de consultation d'un achat / purchase draft")
    ] = None,
    out: Output = None,
    lang: Language = None,
) -> None:
    """Bâtir un plan à partir d'un tableau de flux / build a plan from a flow table."""
    language = language_of(lang)
    if planner not in PLANNERS:
        fail_usage(f"plan {' | '.join(PLANNERS)}")
    content, name = read_bytes(flows)
    with progress(language) as step:
        read = read_table(content, name, offline_geocoder())
        kept, errors = usable(read)
        print_findings(errors, language)
        if errors and not skip_errors:
            raise typer.Exit(EXIT_INPUT_ERRORS)
        step("plan")
        request = PlanRequest(kept, start.date(), max_km, resource, objective, seed, time_limit)
        try:
            found = plans(planner, request, language)
        except MatchingError as error:
            typer.echo(f"\t\tplan\t{translate(error.message, language)}", err=True)
            raise typer.Exit(EXIT_INPUT_ERRORS) from error
    for sentence in found.refused:
        typer.echo(f"\t\tplan\t{sentence}", err=True)
    answer = found.documents[0] if len(found.documents) == 1 else found.documents
    if sheet is not None:
        _write_sheet(sheet, found.documents[0], language)
    write_bytes(orjson.dumps(answer, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY) + b"\n", out)


def _write_sheet(path: Path, document: dict[str, Any], language: str) -> None:
    """Write the draft to send to suppliers, of the purchase that saves most."""
    draft = document["plan"].get("consultation")
    if draft is None:
        fail_usage("--sheet: plan purchase")
    path.write_bytes(consultation_pdf(draft, language))
