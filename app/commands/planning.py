"""``entreflux plan``: who should join, when, what it costs and saves each, from a table of flows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

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
from app.commands.planning_options import (
    At,
    Candidates,
    Hosts,
    Newcomer,
    PlantCapacity,
    PlantCost,
    PlantName,
    PlantResource,
    Rivals,
    Seats,
    Sheet,
    Tables,
    TreatmentCost,
    Turns,
    With,
    Without,
    applications,
    arriving,
    check_taken,
    plant_request,
    room_request,
)
from app.exports.plan_sheets import places_of, sheets_pdf
from app.readers import read_table
from app.services.planners import DEFAULT_TIME_LIMIT_S, PLANNERS, PlanRequest
from app.services.planners_ranking import one_document
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
    with_: With = None,
    without: Without = None,
    plant: PlantResource = None,
    at: At = None,
    plant_name: PlantName = None,
    plant_capacity: PlantCapacity = None,
    plant_cost: PlantCost = 0.0,
    treatment_cost: TreatmentCost = 0.0,
    newcomer: Newcomer = None,
    candidates: Candidates = None,
    tables: Tables = None,
    seats: Seats = None,
    turns: Turns = None,
    host: Hosts = None,
    rivals: Rivals = None,
    sheet: Sheet = None,
    out: Output = None,
    lang: Language = None,
) -> None:
    """Bâtir un plan à partir d'un tableau de flux / build a plan from a flow table."""
    language = language_of(lang)
    if planner not in PLANNERS:
        fail_usage(f"plan {' | '.join(PLANNERS)}")
    check_taken(
        planner,
        {
            "--with": with_,
            "--without": without,
            "--plant": plant,
            "--newcomer": newcomer,
            "--candidates": candidates,
            "--tables": tables,
            "--seats": seats,
            "--turns": turns,
            "--host": host,
            "--rivals": rivals,
            "--sheet": sheet,
        },
    )
    built = plant_request(plant, at, plant_name, plant_capacity, plant_cost, treatment_cost, language)
    people = applications(candidates, language)
    content, name = read_bytes(flows)
    with progress(language) as step:
        read = read_table(content, name, offline_geocoder())
        kept, errors = usable(read)
        print_findings(errors, language)
        if errors and not skip_errors:
            raise typer.Exit(EXIT_INPUT_ERRORS)
        added = arriving(with_, language, skip_errors=skip_errors)
        step("plan")
        request = PlanRequest(
            kept,
            start.date(),
            max_km,
            resource,
            objective,
            seed,
            time_limit,
            added=added,
            closed=without or (),
            plant=built,
            newcomer=newcomer or "",
            applications=people,
            room=room_request(tables, seats, turns, host, rivals),
        )
        try:
            found = plans(planner, request, language)
        except MatchingError as error:
            typer.echo(f"\t\tplan\t{translate(error.message, language)}", err=True)
            raise typer.Exit(EXIT_INPUT_ERRORS) from error
    for sentence in found.refused:
        typer.echo(f"\t\tplan\t{sentence}", err=True)
    answer = one_document(found.documents)
    if sheet is not None:
        papers = sheets_pdf(planner, [answer, *answer.get("others", [])], language, places_of(kept))
        if papers is not None:
            sheet.write_bytes(papers)
    write_bytes(orjson.dumps(answer, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY) + b"\n", out)
