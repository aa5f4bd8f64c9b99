"""The form that starts a plan: what it offers in a territory, what was typed, what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.db.tables import Park, Site
from app.db.visibility import VisibleSession
from app.repositories import sites as site_rows
from app.repositories.paging import Slice, listed
from app.repositories.records import find_or_none
from app.repositories.synergies import listed as listed_synergies
from app.repositories.synergy_criteria import Criteria
from app.services.planners import PLANNERS
from app.web.plan_words import words_of
from app.web.rendering import resource_name

MOST_CHOICES = 500
LONGEST = 200
# Planners asked with more than this form holds: a table of applications.
NEED_MORE = ("masterclass",)
# What the site picked in particular is for each planner that takes one.
SITE_OPTIONS: Mapping[str, str] = {"what-if": "closed_site_ids", "groups": "newcomer_site_id"}
MOST_SITES = 300


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, or what an address fills in: text as it stands."""

    planner: str = ""
    park: str = ""
    resource: str = ""
    max_km: str = ""
    objective: str = "eur"
    start: str = ""
    sites: str = ""
    site: str = ""

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Typed:
        """Return the fields of a query string or of a form."""
        names = cls.__slots__
        said = {name: str(values[name]).strip() for name in names if values.get(name)}
        return cls(**{name: text[: LONGEST if name != "sites" else 4000] for name, text in said.items()})

    @property
    def query(self) -> dict[str, str]:
        """The fields for an address."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def site_ids(self) -> list[str]:
        """The sites the plan is limited to, none for all."""
        return [one for one in self.sites.split(",") if one]

    def asked(self) -> dict[str, Any]:
        """Return the request of the plan, for the service to check."""
        asked = {
            "max_km": self.max_km,
            "resource": self.resource,
            "objective": self.objective,
            "start": self.start,
            "park_id": self.park,
            "site_ids": self.site_ids,
            SITE_OPTIONS.get(self.planner, ""): [self.site] if self.planner == "what-if" else self.site,
        }
        return {name: value for name, value in asked.items() if name and value not in ("", [], [""])}


def of_request(planner: str, request: Mapping[str, Any]) -> Typed:
    """Return the form that asks a stored plan again."""
    renamed = {**request, "planner": planner, "park": request.get("park_id")}
    picked = request.get(SITE_OPTIONS.get(planner, ""))
    renamed["site"] = picked[0] if isinstance(picked, list) and picked else picked
    renamed["sites"] = ",".join(request.get("site_ids") or ())
    return Typed.read(renamed)


def offered() -> list[str]:
    """Return the planners that the form can ask."""
    return [name for name in PLANNERS if name not in NEED_MORE]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the lists of the form hold."""

    planners: dict[str, Any]
    parks: list[Park]
    resources: dict[str, str]
    picked: list[str]
    sites: dict[str, str]


def choices(session: VisibleSession, territory_id: str, typed: Typed, language: str) -> Choices:
    """Return the parks and the shared resources of a territory, by name, and the sites picked."""
    parks = listed(session, Park, Slice(MOST_CHOICES), territory_id=territory_id).items
    return Choices(
        {name: words_of(name) for name in offered()},
        sorted(parks, key=lambda park: park.name.casefold()),
        _resources(session, territory_id, typed.resource, language),
        [site.name for site in (find_or_none(session, Site, one) for one in typed.site_ids) if site],
        _sites(session, territory_id),
    )


def _sites(session: VisibleSession, territory_id: str) -> dict[str, str]:
    """Return the names of the sites by identifier; none where a list would be too long to choose from."""
    page = site_rows.listed(session, Slice(MOST_SITES), territory_id=territory_id)
    if page.next is not None:
        return {}
    return {row.id: row.name for row in sorted(page.items, key=lambda row: row.name.casefold())}


def _resources(session: VisibleSession, territory_id: str, picked: str, language: str) -> dict[str, str]:
    """Return the resources that flows of the territory pool, and the one picked elsewhere, by name."""
    criteria = Criteria(territory_id=territory_id, kind="mutualisation")
    pools = listed_synergies(session, criteria, Slice(MOST_CHOICES)).items
    named = {
        code: resource_name(code, language) for code in {*(row.resource for row in pools), picked} if code
    }
    known = {code: name for code, name in named.items() if name}
    return dict(sorted(known.items(), key=lambda entry: entry[1].casefold()))
