"""Plans of the demo territory as result documents, each planner run once, and documents made by hand."""

from __future__ import annotations

import io
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from pypdf import PdfReader

from app.exports.document import localised
from app.readers import read_table
from app.services.planners import PlanRequest
from app.services.planning import frozen_plan, plans
from geo.geocoding import offline_geocoder
from matching.engine import default_engine
from matching.model import Flow
from matching.planning.masterclass import plan as plan_masterclass
from matching.planning.masterclass_model import Candidate, MasterclassProblem, Post
from matching.planning.workshop import WorkshopParams, WorkshopProblem
from matching.planning.workshop import plan as plan_workshop

DEMO = Path(__file__).parents[2] / "examples" / "demo.csv"
TODAY = date(2026, 11, 26)
Document = dict[str, Any]


@cache
def flows() -> tuple[Flow, ...]:
    """Return the flows of the demo territory."""
    return tuple(read_table(DEMO.read_bytes(), DEMO.name, offline_geocoder()).flows)


@cache
def _demo(planner: str) -> tuple[Document, ...]:
    if planner == "workshop":
        return (_workshop(),)
    return tuple(plans(planner, PlanRequest(flows(), TODAY, time_limit_s=3.0), "fr").documents)


def demo(planner: str) -> list[Document]:
    """Return the demo's documents of a planner, in French; the test may change them."""
    return deepcopy(list(_demo(planner)))


def best(planner: str) -> Document:
    """Return the first document of a planner."""
    return demo(planner)[0]


def _workshop() -> Document:
    """Return three turns at five tables for forty sites of the demo, a tenth of whose pairs match."""
    names = tuple(sorted({flow.site.name for flow in flows()})[:40])
    dice = np.random.default_rng(1)
    scores = np.triu(np.where(dice.random((40, 40)) < 0.1, dice.integers(50, 100, (40, 40)), 0), 1)
    problem = WorkshopProblem(names, names, (scores + scores.T).astype(float), 5, 8, 3)
    found = plan_workshop(problem, WorkshopParams(iterations=20_000))
    return localised(frozen_plan(found, default_engine()), "fr")


def master_class() -> Document:
    """Return two posts at two companies, three candidates: one is left over."""
    posts = (Post("Soudeur", "Forge", 1, ("Ana", "Bo")), Post("Tuyauteur", "Port", 1, ("Bo", "Cy")))
    people = (
        Candidate("Ana", ("Soudeur",)),
        Candidate("Bo", ("Soudeur", "Tuyauteur")),
        Candidate("Cy", ("Tuyauteur",)),
    )
    found = plan_masterclass(MasterclassProblem(posts, people))
    return localised(frozen_plan(found, default_engine()), "fr")


def pages(pdf: bytes | None, most: int | None = None) -> list[str]:
    """Return the text of the first pages, all by default, every kind of space as one plain space."""
    assert pdf is not None
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages[:most]]


def with_stops(document: Mapping[str, Any], count: int) -> Document:
    """Return a collection of one round with that many stops and members, whose names are long."""
    long = deepcopy(dict(document))
    one, member = long["plan"]["rounds"][0], long["plan"]["members"][0]
    stop = one["stops"][0]
    names = [
        f"Établissements Frères-Villeneuve-Loubet et Compagnie Méditerranéenne {n:02d}" for n in range(count)
    ]
    one["stops"] = [{**stop, "order": n + 1, "site": name} for n, name in enumerate(names)]
    long["plan"]["members"] = [{**member, "site": name} for name in names]
    return long
