"""Computed synergies laid over the stored ones: what has not changed is neither read nor written again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.db.base import new_id
from app.db.bulk import chunks
from app.db.visibility import VisibleSession
from app.exports.document import frozen
from app.repositories import synergies
from app.repositories.synergies import Known, MemberRow
from app.services import matching as engine
from matching.results import MatchResult
from matching.results import Synergy as Proposal

# Documents of a chunk are in memory together: about 5 kB each.
CHUNK = 10_000
# Whatever the order in which a mapping was filled, and the engine's numbers whatever their type.
STABLE = orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


@dataclass(slots=True)
class _Changes:
    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    members: dict[str, list[MemberRow]] = field(default_factory=dict)


def store_matches(session: VisibleSession, territory_id: str, result: MatchResult) -> None:
    """Store what the engine proposes for a territory.

    A synergy is recognised by its kind and its flows: it keeps its status and its history. One that the
    engine no longer proposes goes away, unless somebody has moved it: then it stays, marked stale.
    """
    stored = synergies.known(session, territory_id)
    proposed = _by_signature(result.synergies)
    for chunk in chunks(proposed.items(), CHUNK):
        changes = _compared(chunk, stored, result)
        synergies.store(session, territory_id, changes.new, changes.changed, changes.members)
    _retire(session, territory_id, [row for key, row in stored.items() if key not in proposed])


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


def _compared(
    chunk: Sequence[tuple[str, Proposal]], stored: Mapping[str, Known], result: MatchResult
) -> _Changes:
    changes = _Changes()
    for signature, proposal in chunk:
        columns, members = _columns(proposal, result), list(_members(proposal))
        columns["content"] = _digest(columns, members)
        known = stored.get(signature)
        if known is None:
            row_id = new_id()
            changes.new.append({"id": row_id, "signature": signature, **columns})
        elif known.content != columns["content"]:
            row_id = known.id
            changes.changed.append({"id": row_id, **columns})
        else:
            continue
        changes.members[row_id] = members
    return changes


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


def _members(proposal: Proposal) -> Iterator[MemberRow]:
    for member in proposal.members:
        yield member.flow.flow_id, member.flow.site.site_id, member.role.value


def _digest(columns: Mapping[str, Any], members: Sequence[MemberRow]) -> str:
    return hashlib.blake2b(orjson.dumps([columns, members], option=STABLE), digest_size=32).hexdigest()


def _retire(session: VisibleSession, territory_id: str, gone: Sequence[Known]) -> None:
    if not gone:
        return
    followed = synergies.followed(session, territory_id)
    synergies.mark_stale(session, territory_id, [row.id for row in gone if row.id in followed])
    synergies.remove(session, territory_id, [row.id for row in gone if row.id not in followed])
