"""The territory the site is measured on: its companies, their flows, and what people have done with them."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Synergy, Territory
from app.readers import read_table
from app.repositories.paging import Slice
from app.repositories.records import add
from app.repositories.synergies import listed
from app.repositories.synergy_criteria import Criteria
from app.repositories.territories import territory_named
from app.services import waiting_files
from app.services.accounts import create_user, principal_of_session, sign_in
from app.services.demo import DEMO_TERRITORY
from app.services.imports import enter, store_result
from app.services.plan_queue import PlanQueue
from app.services.rehearsals import Rehearsal
from app.services.statuses import Status
from app.services.stored_plans import start_plan
from app.services.synergies import move
from app.services.visits import Visit, store_visit
from app.settings import Settings
from geo.geocoding import offline_geocoder
from matching.catalogue.loader import load_catalogue
from matching.catalogue.model import Resource

NAME = "Toulon-Ouest"
EMAIL, PASSWORD = "mesure@entreflux.example", "un mot de passe long"
PLACES = 25
# Communes so near this point that their companies can work together.
CENTRE = (5.93, 43.15)
AROUND_DEGREES = (0.35, 0.18)  # about 28 km and 20 km
SPREAD_DEGREES = 0.01  # about 1 km
# Companies have much in common, pallets and electricity first: half of the flows are of few resources.
COMMON, COMMON_SHARE = 40, 0.5
QUANTIFIED_SHARE = 0.7
# Each visit has the territory matched again.
FILES, FOLLOWED, VISITS = 2, 400, 3
MOVES = (
    Status.CONTACTED, Status.CONTACTED, Status.DISCUSSION, Status.STUDY, Status.NEGOTIATION,
    Status.IMPLEMENTING, Status.RUNNING,
)  # fmt: skip
REHEARSED = 300
PLANS = ("collection", "purchase", "groups")
TRADES = (
    "Menuiserie", "Brasserie", "Imprimerie", "Garage", "Fonderie", "Conserverie", "Scierie", "Plasturgie",
    "Logistique", "Boulangerie", "Chaudronnerie", "Maraîchage", "Chantier naval", "Papeterie", "Laverie",
)  # fmt: skip
COLUMNS = (
    "site", "company", "lon", "lat", "park", "direction", "kind", "label", "quantity", "unit", "period",
    "months",
)  # fmt: skip


def seed(database: Database, settings: Settings, sites: int, flows: int, seed: int = 1) -> str:
    """Fill an empty database, the same for the same seed, and return the identifier of its territory."""
    dice = random.Random(seed)
    rows = list(_rows(sites, flows, dice))
    with database.writing(SYSTEM) as session:
        territory = add(session, Territory(name=NAME))
        create_user(session, settings.web, EMAIL, PASSWORD, territory=territory)
    for number in range(FILES):
        content = _table(rows[number * len(rows) // FILES : (number + 1) * len(rows) // FILES])
        name = f"diagnostics-{2022 + number}.csv"
        with database.writing(SYSTEM) as session:
            row = enter(session, territory.id, content, name)
            store_result(session, row.id, read_table(content, name, offline_geocoder()))
    _follow(database, territory.id, dice)
    _visit(database, territory.id, dice.sample(rows, k=VISITS))
    _plan(database, territory.id)
    rehearse(database, settings, territory.id, _table(rows[:REHEARSED]), EMAIL, PASSWORD)
    return territory.id


def territory_named_in(database: Database, name: str = NAME) -> str | None:
    """Return the identifier of a territory when a database holds it."""
    with database.reading(SYSTEM) as session:
        found = territory_named(session, name)
        return found.id if found else None


def _rows(sites: int, flows: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    places = dice.sample(_communes(), k=PLACES)
    resources = sorted(load_catalogue().resources.values(), key=lambda one: one.resource_id)
    common = dice.sample(resources, k=COMMON)
    for number in range(sites):
        place, lon, lat = places[number % PLACES]
        site = {
            "site": f"{dice.choice(TRADES)} de {place} {number}",
            "lon": round(lon + dice.gauss(0, SPREAD_DEGREES), 5),
            "lat": round(lat + dice.gauss(0, SPREAD_DEGREES), 5),
            "park": f"Zone d’activités de {place}",
        }
        for _ in range(flows // sites):
            resource = dice.choice(common if dice.random() < COMMON_SHARE else resources)
            yield {**site, "company": site["site"], **_flow(resource, dice)}


@cache
def _communes() -> Sequence[tuple[str, float, float]]:
    lines = (files("geo") / "data" / "communes.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    every = [(row["name"], float(row["lon"]), float(row["lat"])) for row in rows]
    (west, south), (wide, high) = CENTRE, AROUND_DEGREES
    return [one for one in every if abs(one[1] - west) < wide and abs(one[2] - south) < high]


def _flow(resource: Resource, dice: random.Random) -> dict[str, Any]:
    said = dice.random() < QUANTIFIED_SHARE
    return {
        "direction": dice.choice(("input", "output")) if resource.role == "both" else resource.role,
        "kind": resource.kind.value,
        "label": dice.choice((resource.name.fr, *resource.synonyms_fr)),
        "quantity": round(dice.lognormvariate(3, 1.5), 1) if said else "",
        "unit": resource.unit if said else "",
        "period": "year" if said else "",
        "months": "11-4" if dice.random() < 0.2 else "",
    }


def _table(rows: Sequence[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _follow(database: Database, territory_id: str, dice: random.Random, most: int = FOLLOWED) -> None:
    """Move synergies along, some of them to their end."""
    with database.writing(SYSTEM) as session:
        found = listed(session, Criteria(territory_id=territory_id), Slice(most)).items
        for row in found:
            _move(session, row, dice)


def _move(session: Any, row: Synergy, dice: random.Random) -> None:
    for status in MOVES[: dice.randrange(1, len(MOVES))]:
        if status != row.status:
            move(session, row.id, status, row.version, comment="Appelé ce matin.")
            session.flush()
    if dice.random() < 0.1:
        move(session, row.id, Status.ABANDONED, row.version, obstacle="volume")
        session.flush()


def _visit(database: Database, territory_id: str, rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        site = {"name": f"{row['site']} (annexe)", "lon": str(row["lon"]), "lat": str(row["lat"])}
        said = {name: str(row[name]) for name in ("direction", "kind", "label")}
        with database.writing(SYSTEM) as session:
            store_visit(session, territory_id, Visit("", site, [said], "Vu avec le directeur."))


def rehearse(
    database: Database, settings: Settings, territory_id: str, content: bytes, who: str, password: str
) -> None:
    """Send a file as somebody would, and leave it at its rehearsal."""
    principal = principal_of_session(database, sign_in(database, settings.web, who, password))
    with database.writing(principal) as session:
        row = waiting_files.keep(session, territory_id, content, "flux.csv")
    Rehearsal(database, principal, territory_id, row.id).now()


def furnish(database: Database, settings: Settings, who: str, password: str) -> str:
    """Give the demonstration a visit, plans and a file in rehearsal; return its territory's identifier."""
    territory_id = territory_named_in(database, DEMO_TERRITORY) or ""
    dice = random.Random(1)
    _follow(database, territory_id, dice, most=12)
    rows = list(_rows(4, 20, dice))
    _visit(database, territory_id, rows[:1])
    _plan(database, territory_id)
    rehearse(database, settings, territory_id, _table(rows), who, password)
    return territory_id


def _plan(database: Database, territory_id: str) -> None:
    """Have a few plans computed, as the server does."""
    for planner in PLANS:
        with database.writing(SYSTEM) as session:
            start_plan(session, territory_id, planner, {"time_limit_s": 2})
    queue = PlanQueue(database)
    while queue._compute_next():
        pass
