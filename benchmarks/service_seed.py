"""A territory as large as a region's: flows at real places, synergies shaped as the engine makes them."""

from __future__ import annotations

import copy
import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from app.db.base import new_id
from app.db.bulk import chunks, insert_rows
from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole
from app.db.tables import Flow, Park, Site, Synergy, SynergyEvent, SynergyMember, Territory
from app.db.tables.places import point_of
from app.exports.document import frozen
from app.repositories import flows, sites
from app.repositories.records import add
from app.services.accounts import create_key
from app.services.matching import engine_version, match_flows
from benchmarks.generator import generated_flows
from matching import model
from matching.parameters import MatchParameters

MODEL_FLOWS = 2_000
NEAREST_PARKS = 8
CHUNK = 20_000
FOLLOWED_SHARE = 0.03
STATUSES = ("contacted", "discussion", "study", "negotiation", "implementing", "running")
FIGURES = (
    "kind", "form", "resource", "rule", "score", "confidence", "distance_km", "quantity_per_year", "unit",
    "saving_eur_per_year", "saving_tco2e_per_year",
)  # fmt: skip
Row = dict[str, Any]


def seed(database: Database, flow_count: int, synergy_count: int, dice: random.Random) -> str:
    """Fill an empty database and return a key of a member of its one territory."""
    with database.writing(SYSTEM) as session:
        territory = add(session, Territory(name="Région"))
        flow_rows, near = _places(session, territory.id, flow_count)
        models = _models()
        parameters = MatchParameters().as_mapping()
        engine = {"engine_version": engine_version(), "catalogue_digest": "0" * 64, "parameters": parameters}
        made = (
            _synergy(models[dice.randrange(len(models))], flow_rows, near, engine, dice)
            for _ in range(synergy_count)
        )
        for chunk in chunks(made, CHUNK):
            owner = {"territory_id": territory.id}
            insert_rows(session, Synergy, [owner | row for row, _, _ in chunk])
            insert_rows(session, SynergyMember, [owner | m for _, members, _ in chunk for m in members])
            insert_rows(session, SynergyEvent, [owner | e for _, _, events in chunk for e in events])
        return create_key(session, "load", AccountRole.MEMBER, territory)


def _places(session: Any, territory_id: str, count: int) -> tuple[list[Row], list[list[int]]]:
    """Store parks, sites and flows; return the flows with their site, and for each the flows around it."""
    declared = generated_flows(count)
    places = list(dict.fromkeys(flow.site for flow in declared))
    parks = {name: new_id() for name in dict.fromkeys(site.park for site in places)}
    ids = {site: new_id() for site in places}
    owner = {"territory_id": territory_id}
    insert_rows(session, Park, [owner | {"id": row_id, "name": name} for name, row_id in parks.items()])
    insert_rows(session, Site, [
        owner
        | sites.to_columns(site)
        | {"id": ids[site], "park_id": parks[site.park], "location": point_of(site.lon, site.lat)}
        for site in places
    ])  # fmt: skip
    rows = [owner | flows.to_columns(flow) | {"id": new_id(), "site_id": ids[flow.site]} for flow in declared]
    insert_rows(session, Flow, rows)
    shown = [
        {"flow_id": row["id"], "site_id": row["site_id"], "site": flow.site.name, "label": flow.label}
        for row, flow in zip(rows, declared, strict=True)
    ]
    return shown, _around(declared)


def _around(declared: Sequence[model.Flow]) -> list[list[int]]:
    """Return, for each flow, the parks around it as lists of flows."""
    by_park: dict[str, list[int]] = {}
    for number, flow in enumerate(declared):
        by_park.setdefault(flow.site.park, []).append(number)
    members = list(by_park.values())
    centres = np.array([[declared[m[0]].site.lon, declared[m[0]].site.lat] for m in members])
    nearest = cKDTree(centres).query(centres, k=min(NEAREST_PARKS, len(members)))[1].reshape(len(members), -1)
    around = [[number for park in row for number in members[park]] for row in nearest]
    found: list[list[int]] = [[] for _ in declared]
    for park, numbers in enumerate(members):
        for number in numbers:
            found[number] = around[park]
    return found


def _models() -> list[Row]:
    """Return documents that the engine makes of a smaller territory."""
    return [frozen(synergy) for synergy in match_flows(generated_flows(MODEL_FLOWS, 2)).synergies]


def _synergy(
    document: Mapping[str, Any],
    flow_rows: Sequence[Row],
    near: Sequence[Sequence[int]],
    engine: Row,
    dice: random.Random,
) -> tuple[Row, list[Row], list[Row]]:
    first = dice.randrange(len(flow_rows))
    others = dice.sample(near[first], k=min(len(document["members"]), len(near[first])))
    taken = list(dict.fromkeys([first, *others]))[: len(document["members"])]
    shown = {**document, "members": [copy.copy(member) for member in document["members"][: len(taken)]]}
    row_id, members = new_id(), []
    for position, (number, member) in enumerate(zip(taken, shown["members"], strict=True)):
        row = flow_rows[number]
        member |= {"flow_id": row["flow_id"], "site": row["site"], "label": row["label"]}
        members.append(
            {"synergy_id": row_id, "position": position, "role": member["role"], "flow_id": row["flow_id"],
             "site_id": row["site_id"]}
        )  # fmt: skip
    shown["score"] = round(min(100.0, max(0.0, document["score"] + dice.gauss(0, 10))), 1)
    if shown["saving_eur_per_year"] is not None:
        shown["saving_eur_per_year"] = round(shown["saving_eur_per_year"] * dice.lognormvariate(0, 1), 2)
    status = dice.choice(STATUSES) if dice.random() < FOLLOWED_SHARE else "identified"
    signature = hashlib.sha256(row_id.encode()).hexdigest()
    row = {name: shown[name] for name in FIGURES} | engine
    row |= {"id": row_id, "signature": signature, "document": shown, "status": status, "stale": False}
    return row, members, list(_events(row_id, status))


def _events(row_id: str, status: str) -> Iterator[Row]:
    if status != "identified":
        yield {"synergy_id": row_id, "actor": "load", "from_status": "identified", "to_status": status}
