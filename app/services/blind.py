"""Blind matches: a company is told that somebody could take or give, roughly where and how much, never who.

Everything said comes from classes and from the middles of fixed cells, so that asking again and again, from
wherever, tells nothing more. Names come with an introduction that both have agreed to.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.db.tables import Flow, ServerSecret, Site, Territory
from app.db.visibility import VisibleSession, as_program
from app.exports.document import Document, frozen
from app.repositories import flows, revisions
from app.repositories.records import find, rows_of
from app.services import matching as engine
from app.services.blurring import blurred, blurred_residents
from app.services.classes import ValueClass, cell_of_site, class_of, distance_class
from app.services.consent import own_flow
from app.services.matches import WIDEST_GROUP_KM, parameters_of
from app.services.residents import residents
from matching.engine import default_engine
from matching.results import SynergyKind

# More than anybody reads; the cut by rank then tells nothing of a single score.
MOST_RANKED = 200


@dataclass(frozen=True, slots=True)
class BlindMatch:
    """What may be told of a match before an introduction.

    Attributes
    ----------
    token
        Names the match for this company and this week, and nothing else.
    flow_ids
        The flows of the others: for the program, never shown.
    """

    token: str
    kind: str
    form: str | None
    family: str
    score: ValueClass
    distance: ValueClass | None
    quantity: ValueClass | None
    unit: str | None
    flow_ids: tuple[str, ...]

    def shown(self, language: str) -> dict[str, Any]:
        """Return what the company reads."""
        return {
            "token": self.token,
            "kind": self.kind,
            "form": self.form,
            "family": family_name(self.family, language),
            "score_class": self.score.label.in_language(language),
            "distance_class": None if self.distance is None else self.distance.label.in_language(language),
            "quantity_class": None if self.quantity is None else self.quantity.label.in_language(language),
            "unit": self.unit,
        }


def blind_matches(session: VisibleSession, flow_id: str, on: date | None = None) -> list[BlindMatch]:
    """Return the blind matches of a flow of one's own, the best class first.

    Parameters
    ----------
    on
        A day of the week whose tokens are wanted; today when left out.
    """
    own = own_flow(session, flow_id)
    with as_program(session):
        own_site: Site = find(session, Site, own.site_id)
        documents = _documents(session, own)
        sites = _sites_of(session, documents)
        key = rows_of(session, ServerSecret)[0].value
        week = "-".join(map(str, (on or date.today()).isocalendar()[:2]))
        viewer = f"{viewer_at(own_site)}|{week}"
        found = [_blind(document, own, own_site, sites, key, viewer) for document in documents]
    kept = [one for one in found if one is not None]
    return sorted(kept, key=lambda one: (-one.score.number, one.token))


def _documents(session: VisibleSession, own: Flow) -> list[Document]:
    """Return what the flow could do with others, reckoned from cells and classes alone."""
    territory = find(session, Territory, own.territory_id)
    (asked,) = (blurred(flow) for flow in flows.domain_of(session, [own]))
    known = blurred_residents()
    if not residents().is_ready:
        others = [blurred(flow) for flow in flows.of_territory(session, territory.id)]
    else:
        resident = known.of(session, territory)
        near = engine.positions_km([asked])
        keys = [one.key for one in resident.matches(own.id, MOST_RANKED)] if own.id in resident else []
        keys += resident.alike(
            engine.pooled_with(asked),
            near,
            gives=asked.is_output,
            within_km=WIDEST_GROUP_KM,
            most=MOST_RANKED,
        )
        others = [blurred(flow) for flow in revisions.flows_named(session, list(dict.fromkeys(keys)))]
    kinds = (SynergyKind.SUBSTITUTION.value, SynergyKind.MUTUALISATION.value)
    parameters = replace(parameters_of(territory), kinds=kinds)
    others = [flow for flow in others if flow.flow_id != own.id]
    return [frozen(one) for one in engine.match_one(asked, others, parameters).synergies[:MOST_RANKED]]


def viewer_at(site: Site) -> str:
    """Return whom tokens are made for: the company, else the site."""
    return site.company_id or site.id


def _sites_of(session: VisibleSession, documents: Sequence[Document]) -> Mapping[str, Site]:
    found: dict[str, Site] = {}
    for document in documents:
        for member in document["members"]:
            flow = session.get(Flow, member["flow_id"] or "")
            site = None if flow is None else session.get(Site, flow.site_id)
            if flow is not None and site is not None:
                found[flow.id] = site
    return found


def _blind(
    document: Document, own: Flow, own_site: Site, sites: Mapping[str, Site], key: str, viewer: str
) -> BlindMatch | None:
    others = sorted(member["flow_id"] for member in document["members"] if member["flow_id"] != own.id)
    if not all(flow_id in sites for flow_id in others):
        return None
    foreign = {sites[flow_id].company_id for flow_id in others} - {own_site.company_id}
    if not foreign:
        return None
    quantity = document["quantity_per_year"]
    cells = [cell_of_site(sites[flow_id].lon, sites[flow_id].lat) for flow_id in others]
    mine = cell_of_site(own_site.lon, own_site.lat)
    told = [one for one in (distance_class(mine, cell) for cell in cells) if one is not None]
    message = "|".join([viewer, document["kind"], *others])
    return BlindMatch(
        hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest()[:32],
        document["kind"],
        document["form"],
        family_of(document["resource"]),
        class_of("score", document["score"]),
        max(told, key=lambda one: one.number, default=None),
        None if quantity is None else class_of("quantity", quantity),
        document["unit"],
        tuple(others),
    )


def match_of_token(session: VisibleSession, flow_id: str, token: str) -> BlindMatch | None:
    """Return the blind match that a token of this week or of the last one names."""
    for day in (date.today(), date.today() - timedelta(days=7)):
        for one in blind_matches(session, flow_id, day):
            if hmac.compare_digest(one.token, token):
                return one
    return None


def family_of(resource: str | None) -> str:
    """Return the widest resource that a resource is one of; empty when it is not known."""
    if not resource or resource not in default_engine().catalogue.resources:
        return ""
    return default_engine().catalogue.lineage(resource)[-1]


def family_name(family: str, language: str) -> str:
    """Return what a family is called."""
    known = default_engine().catalogue.resources.get(family)
    return "" if known is None else known.name.in_language(language)
