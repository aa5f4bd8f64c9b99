"""What the filter form of lists and maps needs."""

from __future__ import annotations

from typing import Any

from app.db.tables import Flow, Park, Site
from app.repositories.paging import Slice, listed
from app.repositories.records import find_or_none
from app.services import desk
from app.translations import translate
from app.web.desk_words import QUESTIONS, SHELVED, UNMOVED_DAYS
from app.web.rendering import resource_name
from app.web.search import Wanted
from app.web.visit import Visit
from matching.messages import N_, Message

MOST_PARKS = 500
CHOSEN = Message(N_("Those chosen"))


def filters_of(visit: Visit, wanted: Wanted) -> dict[str, Any]:
    """Return the criteria as the form shows them, with the choices of its lists."""
    parks = listed(visit.session, Park, Slice(MOST_PARKS), territory_id=visit.territory.id).items
    return {
        "wanted": wanted,
        "query": wanted.query,
        "parks": sorted(parks, key=lambda park: park.name.casefold()),
        "chips": _chips(visit, wanted),
        "people": desk.people_of(visit.session, visit.territory.id),
        "me": visit.principal.subject,
        "unmoved_days": UNMOVED_DAYS,
        "shelved_words": SHELVED,
        "questions_words": QUESTIONS,
    }


def _chips(visit: Visit, wanted: Wanted) -> dict[str, str]:
    """Return the criteria that no field shows, by name: a site, a flow, a resource picked elsewhere."""
    site = find_or_none(visit.session, Site, wanted.site) if wanted.site else None
    flow = find_or_none(visit.session, Flow, wanted.flow) if wanted.flow else None
    named = {
        "site": site.name if site else wanted.site,
        "flow": flow.label if flow else wanted.flow,
        "resource": resource_name(wanted.resource, visit.language) or wanted.resource,
        "ids": translate(CHOSEN, visit.language) if wanted.ids else "",
    }
    return {name: text for name, text in named.items() if text}
