"""A territory's synergies kept in step with its flows, and what one flow could do."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from app.db.base import new_id
from app.db.tables import Flow, Synergy, SynergyMember, Territory
from app.db.visibility import VisibleSession
from app.errors import MissingError
from app.exports.document import frozen
from app.repositories import flows, synergies, territories
from app.repositories.records import find, flush, prepare
from app.services import matching as engine
from matching import model
from matching.parameters import MatchParameters
from matching.results import MatchResult
from matching.results import Synergy as Proposal


def parameters_of(territory: Territory) -> MatchParameters:
    """Return a territory's own parameters over the engine's defaults."""
    return MatchParameters.from_mapping(territory.parameters)


def refresh_matches(session: VisibleSession, territory_id: str) -> None:
    """Compute a territory again and store what changed.

    A synergy is recognised by its kind and its flows: it keeps its status and its history. One that the
    engine no longer proposes goes away, unless somebody has moved it: then it stays, marked stale.
    """
    territory = territories.lock_territory(session, territory_id)
    if territory is None:
        raise MissingError
    result = engine.match_flows(flows.of_territory(session, territory_id), parameters_of(territory))
    stored = synergies.of_territory(session, territory_id)
    members = synergies.members_of(session, territory_id)
    proposed = _by_signature(result.synergies)
    kept = {signature: _kept(session, territory_id, signature, stored) for signature in proposed}
    for signature, row in kept.items():
        _set(row, _columns(proposed[signature], result))
    flush(session)
    for signature, row in kept.items():
        _keep_members(session, row, members.get(row.id, []), proposed[signature])
    _retire(session, territory_id, [row for key, row in stored.items() if key not in proposed])
    flush(session)


def _kept(
    session: VisibleSession, territory_id: str, signature: str, stored: Mapping[str, Synergy]
) -> Synergy:
    row = stored.get(signature)
    if row is None:
        row = Synergy(id=new_id(), territory_id=territory_id, signature=signature)
        prepare(session, row)
    return row


def _by_signature(proposals: Sequence[Proposal]) -> Mapping[str, Proposal]:
    """Return the best proposal of each signature (they come best first)."""
    found: dict[str, Proposal] = {}
    for proposal in proposals:
        found.setdefault(signature_of(proposal), proposal)
    return found


def signature_of(proposal: Proposal) -> str:
    """Return what makes a synergy the same one from one computation to the next: its kind and its flows."""
    ids = sorted(member.flow.flow_id for member in proposal.members)
    return hashlib.sha256("\n".join([proposal.kind.value, *ids]).encode()).hexdigest()


def _columns(proposal: Proposal, result: MatchResult) -> dict[str, Any]:
    eur, carbon = proposal.saving_eur, proposal.saving_tco2e
    return {
        "kind": proposal.kind.value,
        "form": proposal.form,
        "resource": proposal.resource,
        "rule": proposal.rule,
        "score": proposal.score,
        "confidence": proposal.confidence,
        "distance_km": proposal.distance_km,
        "quantity_per_year": proposal.quantity_per_year,
        "unit": proposal.unit,
        "saving_eur_per_year": eur.middle if eur else None,
        "saving_tco2e_per_year": carbon.middle if carbon else None,
        "stale": False,
        "document": frozen(proposal),
        "engine_version": engine.engine_version(),
        "catalogue_digest": result.catalogue_digest,
        "parameters": dict(result.parameters),
    }


def _set(row: Synergy, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _keep_members(
    session: VisibleSession, row: Synergy, present: Sequence[SynergyMember], proposal: Proposal
) -> None:
    wanted = [(m.flow.flow_id, m.flow.site.site_id, m.role.value) for m in proposal.members]
    if [(m.flow_id, m.site_id, m.role) for m in present] == wanted:
        return
    for member in present:
        session.delete(member)
    for position, (flow_id, site_id, role) in enumerate(wanted):
        owner = {"territory_id": row.territory_id, "synergy_id": row.id, "position": position}
        prepare(session, SynergyMember(flow_id=flow_id, site_id=site_id, role=role, **owner))


def _retire(session: VisibleSession, territory_id: str, gone: Sequence[Synergy]) -> None:
    followed = synergies.followed(session, territory_id)
    for row in gone:
        if row.id in followed:
            row.stale = True
        else:
            session.delete(row)


def matches_of(session: VisibleSession, flow_id: str, top: int) -> list[dict[str, Any]]:
    """Return the frozen documents of what a stored flow could do, ranked now."""
    row = find(session, Flow, flow_id)
    territory = find(session, Territory, row.territory_id)
    everything = flows.of_territory(session, row.territory_id)
    asked = next(flow for flow in everything if flow.flow_id == flow_id)
    return _ranked(asked, everything, territory, top)


def preview(
    session: VisibleSession, territory: Territory, flow: model.Flow, top: int
) -> list[dict[str, Any]]:
    """Return the frozen documents of what a flow not yet saved could do; nothing is stored."""
    everything = [*flows.of_territory(session, territory.id), flow]
    return _ranked(flow, everything, territory, top)


def _ranked(
    asked: model.Flow, everything: list[model.Flow], territory: Territory, top: int
) -> list[dict[str, Any]]:
    result = engine.match_one(asked, everything, parameters_of(territory))
    return [frozen(proposal) for proposal in result.synergies[:top]]


def why_not(session: VisibleSession, provider_id: str, receiver_id: str, language: str) -> dict[str, Any]:
    """Return the gates and criteria of a pair of flows of one territory, in ``language``."""
    provider, receiver = find(session, Flow, provider_id), find(session, Flow, receiver_id)
    if provider.territory_id != receiver.territory_id:
        raise MissingError
    territory = find(session, Territory, provider.territory_id)
    first, second = flows.domain_of(session, [provider, receiver])
    return engine.explain_refusal(first, second, parameters_of(territory), language)
