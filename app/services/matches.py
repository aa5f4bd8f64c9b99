"""A territory's synergies kept in step with its flows, and what one flow could do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.db.tables import Flow, Territory
from app.db.visibility import VisibleSession, as_program, principal_of
from app.errors import MissingError
from app.exports.document import frozen
from app.repositories import flows, revisions, synergies, territories
from app.repositories.records import find
from app.services import matching as engine
from app.services.renewals import renewals
from app.services.residents import residents
from matching import model
from matching.parameters import MatchParameters
from matching.results import SynergyKind

# Wider than any group's reach in a straight line, and as many as one session, round or purchase can take in
# (own estimates).
WIDEST_GROUP_KM = 150.0
MOST_ALIKE = 300


def parameters_of(territory: Territory) -> MatchParameters:
    """Return a territory's own parameters over the engine's defaults."""
    return MatchParameters.from_mapping(territory.parameters)


def refresh_matches(session: VisibleSession, territory_id: str, processes: int = 1) -> None:
    """Bring the synergies of a territory up to its flows and store what changed (see ``renewals``).

    Parameters
    ----------
    processes
        How many may work together, see ``matching.sharing``: for a program of its own, never for a server.
    """
    if not principal_of(session).may_enter(territory_id):
        raise MissingError
    # Over all flows, whatever their level and whoever changed one: that is what the charter grants.
    with as_program(session):
        territory = territories.lock_territory(session, territory_id)
        if territory is None:
            raise MissingError
        revision = revisions.revision_of(session, territory_id)
        revisions.raise_revision(session, territory_id)
        renewals().refresh(session, territory, parameters_of(territory), revision, processes)


def matches_of(session: VisibleSession, stored: flows.Placed, top: int) -> list[dict[str, Any]]:
    """Return the frozen documents of what a stored flow could do: exchanges ranked now, and stored groups."""
    territory, asked = stored.territory, stored.flow
    found = _exchanges(asked, _answering(session, territory, asked, top), territory)
    groups = synergies.groups_of(session, territory.id, stored.row.id)
    return _best([*found, *groups], top)


def preview(
    session: VisibleSession, territory: Territory, flow: model.Flow, top: int
) -> list[dict[str, Any]]:
    """Return the frozen documents of what a flow not yet saved could do; nothing is stored."""
    found = _exchanges(flow, _answering(session, territory, flow, top), territory)
    return _best([*found, *_groups(flow, _alike(session, territory, flow), territory)], top)


def _best(documents: list[dict[str, Any]], top: int) -> list[dict[str, Any]]:
    return sorted(documents, key=lambda document: (-document["score"], document["id"]))[:top]


def _answering(
    session: VisibleSession, territory: Territory, asked: model.Flow, top: int
) -> list[model.Flow]:
    """Return the flows of the other side that may answer one, all of them until the search is compiled."""
    if not residents().is_ready:
        everything = flows.of_territory(session, territory.id)
        return [flow for flow in everything if flow.is_output is not asked.is_output]
    resident = residents().of(session, territory)
    if asked.flow_id in resident:
        found = resident.matches(asked.flow_id, top)
    else:
        found = resident.preview(asked, engine.positions_km([asked]), engine.destinations_km([asked]), top)
    return revisions.flows_named(session, [one.key for one in found])


def _alike(session: VisibleSession, territory: Territory, asked: model.Flow) -> list[model.Flow]:
    """Return the near flows of the same side that may share a need with one."""
    if not residents().is_ready:
        everything = flows.of_territory(session, territory.id)
        return [flow for flow in everything if flow.is_output is asked.is_output]
    keys = (
        residents()
        .of(session, territory)
        .alike(
            engine.pooled_with(asked),
            engine.positions_km([asked]),
            gives=asked.is_output,
            within_km=WIDEST_GROUP_KM,
            most=MOST_ALIKE,
        )
    )
    return revisions.flows_named(session, keys)


def _exchanges(asked: model.Flow, others: list[model.Flow], territory: Territory) -> list[dict[str, Any]]:
    return _documents(asked, others, territory, SynergyKind.SUBSTITUTION)


def _groups(asked: model.Flow, others: list[model.Flow], territory: Territory) -> list[dict[str, Any]]:
    return _documents(asked, others, territory, SynergyKind.MUTUALISATION)


def _documents(
    asked: model.Flow, others: list[model.Flow], territory: Territory, kind: SynergyKind
) -> list[dict[str, Any]]:
    if not others:
        return []
    parameters = replace(parameters_of(territory), kinds=(kind.value,))
    result = engine.match_one(asked, others, parameters)
    return [frozen(proposal) for proposal in result.synergies]


def why_not(session: VisibleSession, provider_id: str, receiver_id: str, language: str) -> dict[str, Any]:
    """Return the gates and criteria of a pair of flows of one territory, in ``language``."""
    provider, receiver = find(session, Flow, provider_id), find(session, Flow, receiver_id)
    if provider.territory_id != receiver.territory_id:
        raise MissingError
    territory = find(session, Territory, provider.territory_id)
    first, second = flows.domain_of(session, [provider, receiver])
    return engine.explain_refusal(first, second, parameters_of(territory), language)
