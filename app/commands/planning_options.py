"""What some planners need beside the flows: arrivals, closures, a plant, candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from app.commands.common import EXIT_INPUT_ERRORS, fail_usage, print_findings, read_bytes
from app.commands.matching import usable
from app.exports.plan_sheets import PLANNERS_WITH_PAPER
from app.readers import read_table
from app.readers.applications import read_applications
from app.readers.result import UnreadableFileError
from app.services.planners import PlantRequest
from app.services.planners_request import RoomRequest
from app.translations import gettext, translate
from geo.geocoding import offline_geocoder
from matching.messages import N_
from matching.model import Flow
from matching.planning.masterclass_model import Application

PLANT = N_("Shared plant")
# Which planners take which option; the others refuse it rather than leave it out in silence.
TAKEN_BY = {
    "--with": ("what-if", "groups"),
    "--without": ("what-if",),
    "--plant": ("what-if",),
    "--newcomer": ("groups",),
    "--candidates": ("masterclass",),
    "--sheet": PLANNERS_WITH_PAPER,
    **dict.fromkeys(("--tables", "--seats", "--turns", "--host", "--rivals"), ("workshop",)),
}
With = Annotated[
    str | None,
    typer.Option("--with", help="Flux qui arrivent (what-if, groups) / flows that arrive", metavar="FILE"),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without", help="Site qui ferme (what-if), répétable / a site that closes", metavar="SITE"
    ),
]
PlantResource = Annotated[
    str | None,
    typer.Option("--plant", help="Ressource d'une installation commune (what-if) / what a plant takes"),
]
At = Annotated[
    str | None, typer.Option("--at", help="Place de l'installation / where it stands", metavar="LON,LAT")
]
PlantName = Annotated[
    str | None, typer.Option("--plant-name", help="Son nom, comme dans --with / its site's name")
]
PlantCapacity = Annotated[
    float | None, typer.Option("--plant-capacity", min=0, help="Par an / most it takes a year")
]
PlantCost = Annotated[float, typer.Option("--plant-cost", min=0, help="EUR/an, fixe / whatever it treats")]
TreatmentCost = Annotated[float, typer.Option("--treatment-cost", min=0, help="EUR/unité / a unit treated")]
Newcomer = Annotated[
    str | None,
    typer.Option(
        "--newcomer", help="Site qui rejoindrait les groupes (groups) / who may join", metavar="SITE"
    ),
]
Candidates = Annotated[
    str | None,
    typer.Option(
        "--candidates",
        help="Candidats et classements (masterclass) / who applies, who ranks whom",
        metavar="FILE",
    ),
]
Tables = Annotated[int | None, typer.Option("--tables", min=1, help="Tables de l'atelier / tables")]
Seats = Annotated[int | None, typer.Option("--seats", min=2, help="Places par table / seats at a table")]
Turns = Annotated[int | None, typer.Option("--turns", min=1, help="Tours de table / rounds")]
Hosts = Annotated[
    list[str] | None,
    typer.Option(
        "--host", help="Entreprise qui tient une table, répétable / keeps a table", metavar="COMPANY"
    ),
]
Rivals = Annotated[
    list[str] | None,
    typer.Option("--rivals", help="Jamais à la même table, répétable / kept apart", metavar="A|B"),
]
Sheet = Annotated[
    Path | None, typer.Option("--sheet", help="PDF à imprimer : tournées, calendrier, tables… / to print")
]


def check_taken(planner: str, given: Mapping[str, object]) -> None:
    """Refuse options that mean nothing to the planner, as wrong usage."""
    for option, value in given.items():
        if value and planner not in TAKEN_BY[option]:
            fail_usage(f"{option}: plan {' | '.join(TAKEN_BY[option])}")


def room_request(
    tables: int | None,
    seats: int | None,
    turns: int | None,
    hosts: Sequence[str] | None,
    rivals: Sequence[str] | None,
) -> RoomRequest:
    """Return how a workshop is held; two rivals are named on both sides of a bar."""
    pairs = []
    for pair in rivals or ():
        first, bar, second = (part.strip() for part in pair.partition("|"))
        if not (first and bar and second):
            fail_usage('--rivals "A|B"')
        pairs.append((first, second))
    return RoomRequest(tables, seats, turns, hosts or (), pairs)


def arriving(source: str | None, language: str, *, skip_errors: bool) -> list[Flow]:
    """Return the flows of a second table, its errors told as those of the first."""
    if source is None:
        return []
    content, name = read_bytes(source)
    kept, errors = usable(read_table(content, name, offline_geocoder()))
    print_findings(errors, language)
    if errors and not skip_errors:
        raise typer.Exit(EXIT_INPUT_ERRORS)
    return kept


def applications(source: str | None, language: str) -> tuple[Application, ...]:
    """Return who applies for which post, from its table."""
    if source is None:
        return ()
    try:
        return read_applications(read_bytes(source)[0])
    except UnreadableFileError as error:
        typer.echo(f"\t\tcandidates\t{translate(error.message, language)}", err=True)
        raise typer.Exit(EXIT_INPUT_ERRORS) from error


def plant_request(
    resource: str | None,
    at: str | None,
    name: str | None,
    capacity: float | None,
    yearly_eur: float,
    treatment_eur: float,
    language: str,
) -> PlantRequest | None:
    """Return the plant asked for, None without ``--plant``."""
    if resource is None:
        if at is not None:
            fail_usage("--plant RESOURCE --at LON,LAT")
        return None
    try:
        lon, lat = (float(part) for part in (at or "").split(","))
    except ValueError:
        fail_usage("--plant RESOURCE --at LON,LAT")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        fail_usage("--at LON,LAT: -180..180,-90..90")
    named = name or gettext(PLANT, language)
    return PlantRequest(resource, lon, lat, named, capacity, yearly_eur, treatment_eur)
