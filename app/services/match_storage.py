"""Computed synergies laid over the stored ones: what has not changed is neither read nor written again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import orjson

from app.db.base import new_ids, now
from app.db.bulk import chunks
from app.db.visibility import VisibleSession
from app.exports.packed import PackedDocuments
from app.repositories import synergies
from app.repositories.synergies import Known, MemberRow
from app.repositories.synergies_ready import store_ready, synergy_packer
from app.services import matching as engine
from app.services.match_sharing import Changes, Sharing, Told, once
from matching.renewing import Renewed
from matching.results import MatchResult, Role, SynergyKind
from matching.results import Synergy as Proposal
from matching.sharing import shared_out

# Documents of a chunk are in memory together: about 5 kB each.
CHUNK = 10_000
# Proposals that a process writes out at a time: some MB travel together.
BLOCK = 1_000
# Whatever the order in which a mapping was filled, and the engine's numbers whatever their type.
PLAIN = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
STABLE = PLAIN | orjson.OPT_SORT_KEYS


def store_matches(
    session: VisibleSession, territory_id: str, result: MatchResult, processes: int = 1
) -> None:
    """Store what the engine proposes for a territory.

    A synergy is recognised by its kind and its flows: it keeps its status and its history. One that the
    engine no longer proposes goes away, unless somebody has moved it: then it stays, marked stale.

    Parameters
    ----------
    processes
        How many write proposals out while others are stored, see ``matching.sharing``; below two, a thread.
    """
    stored = synergies.known(session, territory_id)
    proposed: set[str] = set()
    compare = _Comparison(territory_id, stored, result)
    packer = synergy_packer(session, territory_id) if processes > 1 else None
    if packer is not None and len(result.synergies) > BLOCK:
        sharing = Sharing(compare, stored, packer, BLOCK)
        changes = sharing.changes(result.synergies, processes, CHUNK, proposed)
    else:
        changes = _changes(compare, _told(compare, result, processes), proposed)
    for some in changes if processes > 1 else _ahead(changes):
        store_ready(session, territory_id, some.ready)
        synergies.store(session, territory_id, some.new, some.changed, some.members)
    _retire(session, territory_id, [row for key, row in stored.items() if key not in proposed])


def store_renewed(session: VisibleSession, territory_id: str, renewed: Renewed, result: MatchResult) -> None:
    """Store what a change of a few flows changes: the same as ``store_matches`` of all of it.

    Parameters
    ----------
    result
        What replays it; its synergies are not read.
    """
    stored = synergies.known(session, territory_id)
    pairs = [signature(SynergyKind.SUBSTITUTION, pair) for pair in renewed.pairs]
    told = [n for n, key in enumerate(pairs) if renewed.doubtful[n] or not _holds(stored.get(key))]
    said, proposed = chain(renewed.others, renewed.drawn(told)), set[str]()
    compare = _Comparison(territory_id, stored, result)
    for some in _changes(compare, map(compare.told, said), proposed):
        synergies.store(session, territory_id, some.new, some.changed, some.members)
    proposed.update(pairs)
    gone = [row for key, row in stored.items() if key not in proposed]
    _retire(session, territory_id, _searched(session, gone, renewed.searched))


def _holds(row: Known | None) -> bool:
    """Tell whether a stored synergy still says what it said when it was stored: stale ones do not."""
    return row is not None and bool(row.content)


def _searched(session: VisibleSession, gone: Sequence[Known], searched: Set[str]) -> list[Known]:
    """Return the synergies that are proposed no more, without the groups that nobody looked for."""
    groups = [row.id for row in gone if row.kind == SynergyKind.MUTUALISATION]
    named = synergies.flows_named_in(session, groups)
    left = {row_id for row_id in groups if searched.isdisjoint(named.get(row_id, ()))}
    return [row for row in gone if row.id not in left]


def _ahead(made: Iterator[Changes]) -> Iterator[Changes]:
    """Yield what is made, the next one being made while the database takes the last."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="synergies") as thread:
        coming = thread.submit(next, made, None)
        while (one := coming.result()) is not None:
            coming = thread.submit(next, made, None)
            yield one


def _told(compare: _Comparison, result: MatchResult, processes: int) -> Iterator[Told]:
    """Yield what is said of each proposal, some thousands of them ahead of what is read."""
    found = result.synergies
    if processes < 2 or len(found) <= BLOCK:
        return map(compare.told, found)

    def work(first: int) -> list[Told]:
        return [compare.told(proposal) for proposal in found[first : first + BLOCK]]

    return chain.from_iterable(shared_out(work, range(0, len(found), BLOCK), processes))


def _changes(compare: _Comparison, told: Iterable[Told], proposed: set[str]) -> Iterator[Changes]:
    """Yield what is new or changed, some thousands of proposals at a time, and note what is ``proposed``."""
    for chunk in chunks(once(told, proposed), CHUNK):
        yield compare.changes(chunk)


def signature_of(proposal: Proposal) -> str:
    """Return what makes a synergy the same one from one computation to the next."""
    return signature(proposal.kind, [member.flow.flow_id for member in proposal.members])


def signature(kind: SynergyKind, flow_ids: Iterable[str]) -> str:
    """Return what a kind and some flows, in any order, make: a synergy is these."""
    return hashlib.sha256("\n".join([kind.value, *sorted(flow_ids)]).encode()).hexdigest()


class _Comparison:
    """Tells what of some proposals is new or changed, and writes each out once: to compare and to store."""

    def __init__(self, territory_id: str, stored: Mapping[str, Known], result: MatchResult) -> None:
        self._territory_id = territory_id
        self._stored = stored
        self._ids = new_ids()
        # What is proposed at once came at one moment, whose index is then entered in the order of keys.
        self._at = now()
        self._documents = PackedDocuments()
        self._roles = {role: role.value for role in Role}
        self._kinds = {kind: kind.value for kind in SynergyKind}
        self._same = {
            "stale": False,
            "engine_version": engine.engine_version(),
            "catalogue_digest": result.catalogue_digest,
            "parameters": orjson.Fragment(orjson.dumps(dict(result.parameters), option=STABLE)),
        }

    def told(self, proposal: Proposal) -> Told:
        """Return what is said of a proposal; it may be asked in another process."""
        key, columns, members = signature_of(proposal), self._columns(proposal), self._members(proposal)
        content = _digest(columns | self._same, members)
        known = self._stored.get(key)
        if known is not None and known.content == content:
            return key, content, None, None
        # Pieces of JSON do not travel between processes, bytes do.
        columns["document"] = orjson.dumps(columns["document"])
        return key, content, columns, members

    def changes(self, chunk: Iterable[Told], ids: Iterator[str] | None = None) -> Changes:
        """Return the changes of some proposals; new ones get these identifiers, or some of our own."""
        changes = Changes()
        ids = ids or self._ids
        for key, content, columns, members in chunk:
            if columns is None or members is None:
                continue
            row = columns | self._same
            row |= {"document": orjson.Fragment(columns["document"]), "content": content}
            known = self._stored.get(key)
            if known is None:
                row |= {"id": next(ids), "territory_id": self._territory_id, "signature": key}
                row["created_at"] = self._at
                changes.new.append(row)
            else:
                row["id"] = known.id
                changes.changed.append(row)
            changes.members[row["id"]] = members
        return changes

    def _columns(self, proposal: Proposal) -> dict[str, Any]:
        eur, carbon = proposal.saving_eur, proposal.saving_tco2e
        return {
            "kind": self._kinds[proposal.kind],
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
            "document": self._documents.packed(proposal),
        }

    def _members(self, proposal: Proposal) -> list[MemberRow]:
        roles = self._roles
        return [
            (flow.flow_id, flow.site.site_id, roles[member.role])
            for member in proposal.members
            for flow in (member.flow,)
        ]


def _digest(columns: Mapping[str, Any], members: Sequence[MemberRow]) -> str:
    # The columns are always named in one order.
    return hashlib.blake2b(orjson.dumps([columns, members], option=PLAIN), digest_size=32).hexdigest()


def _retire(session: VisibleSession, territory_id: str, gone: Sequence[Known]) -> None:
    if not gone:
        return
    followed = synergies.followed(session, territory_id)
    synergies.mark_stale(session, territory_id, [row.id for row in gone if row.id in followed])
    synergies.remove(session, territory_id, [row.id for row in gone if row.id not in followed])
