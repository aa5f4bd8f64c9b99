"""A territory for the map: sites in parks around real places, flows, synergies as the engine makes them."""

from __future__ import annotations

import copy
import hashlib
import random
from collections.abc import Sequence
from typing import Any

from shapely.geometry import Point

from app.db.base import new_id
from app.db.bulk import insert_rows
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Flow, Park, Site, Synergy, SynergyMember, Territory
from app.db.tables.places import point_of
from app.exports.document import frozen
from app.repositories.records import add
from app.services.accounts import create_user
from app.services.matching import engine_version, match_flows
from app.settings import Settings
from benchmarks.generator import generated_flows
from matching.parameters import MatchParameters

EMAIL, PASSWORD = "carte@entreflux.example", "un mot de passe long"
PARKS = 25
CENTRE, AROUND = (5.2, 43.45), (0.6, 0.3)
# About 1 km, and an outline that holds nearly all of it.
SPREAD, OUTLINE = 0.008, 0.02
FLOWS_PER_SITE = 5
MODEL_FLOWS = 1_500
FIGURES = (
    "kind", "form", "resource", "rule", "score", "confidence", "distance_km", "quantity_per_year", "unit",
    "saving_eur_per_year", "saving_tco2e_per_year",
)  # fmt: skip
STATUSES = ("identified", "identified", "identified", "contacted", "discussion", "study", "running")
Row = dict[str, Any]


def seed(database: Database, settings: Settings, sites: int, synergies: int, number: int = 1) -> str:
    """Fill an empty database, the same for the same number, and return its territory."""
    dice = random.Random(number)
    with database.writing(SYSTEM) as session:
        territory = add(session, Territory(name="Grand port"))
        create_user(session, settings.web, EMAIL, PASSWORD, territory=territory)
        owner = {"territory_id": territory.id}
        parks = _parks(dice)
        site_rows = [_site(n, parks[n % PARKS], dice) for n in range(sites)]
        flow_rows = _flows(site_rows, dice)
        insert_rows(session, Park, [owner | park for park in parks])
        insert_rows(session, Site, [owner | row for row in site_rows])
        insert_rows(session, Flow, [owner | row for row in flow_rows])
        made = _synergies(flow_rows, synergies, dice)
        insert_rows(session, Synergy, [owner | row for row, _ in made])
        insert_rows(session, SynergyMember, [owner | one for _, members in made for one in members])
        return territory.id


def _parks(dice: random.Random) -> list[Row]:
    found = []
    for number in range(PARKS):
        middle = Point(
            CENTRE[0] + dice.uniform(-1, 1) * AROUND[0], CENTRE[1] + dice.uniform(-1, 1) * AROUND[1]
        )
        found.append(
            {"id": new_id(), "name": f"Zone {number + 1}", "outline": middle.buffer(OUTLINE, quad_segs=3)}
        )
    return found


def _site(number: int, park: Row, dice: random.Random) -> Row:
    middle = park["outline"].centroid
    lon, lat = middle.x + dice.gauss(0, SPREAD), middle.y + dice.gauss(0, SPREAD)
    return {
        "id": new_id(), "name": f"Établissement {number}", "city": park["name"], "park_id": park["id"],
        "lon": lon, "lat": lat, "location": point_of(lon, lat), "precision": "point",
    }  # fmt: skip


def _flows(sites: Sequence[Row], dice: random.Random) -> list[Row]:
    said = generated_flows(len(sites) * FLOWS_PER_SITE, dice.randrange(1_000_000))
    return [
        {
            "id": new_id(), "site_id": sites[number // FLOWS_PER_SITE]["id"],
            "direction": flow.direction.value, "kind": flow.kind.value, "label": flow.label,
        }
        for number, flow in enumerate(said)
    ]  # fmt: skip


def _synergies(flows: Sequence[Row], count: int, dice: random.Random) -> list[tuple[Row, list[Row]]]:
    """Return synergies whose words are a match's, between flows of the territory drawn by lot."""
    parameters = MatchParameters()
    models = [frozen(one) for one in match_flows(generated_flows(MODEL_FLOWS, 7), parameters).synergies]
    engine = {
        "engine_version": engine_version(), "catalogue_digest": "0" * 64,
        "parameters": parameters.as_mapping(),
    }  # fmt: skip
    return [_synergy(models[dice.randrange(len(models))], flows, engine, dice) for _ in range(count)]


def _synergy(model: Row, flows: Sequence[Row], engine: Row, dice: random.Random) -> tuple[Row, list[Row]]:
    shown, row_id = copy.deepcopy(model), new_id()
    members = []
    for position, member in enumerate(shown["members"]):
        flow = flows[dice.randrange(len(flows))]
        member |= {"flow_id": flow["id"], "site_id": flow["site_id"], "label": flow["label"]}
        members.append(
            {
                "synergy_id": row_id, "position": position, "role": member["role"],
                "flow_id": flow["id"], "site_id": flow["site_id"],
            }
        )  # fmt: skip
    if shown["saving_eur_per_year"] is not None:
        shown["saving_eur_per_year"] = round(shown["saving_eur_per_year"] * dice.lognormvariate(0, 1), 2)
    shown["id"] = row_id
    row = {name: shown[name] for name in FIGURES} | engine
    row |= {"id": row_id, "signature": hashlib.sha256(row_id.encode()).hexdigest(), "document": shown}
    row |= {"status": dice.choice(STATUSES), "stale": False}
    return row, members
