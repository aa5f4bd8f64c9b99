"""Proposals drawn up, written out and made ready for the database by several processes.

The process that holds the transaction only passes on what the others made.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple, Protocol

from app.db.base import new_id, new_ids
from app.db.bulk import chunks
from app.repositories.synergies import MemberRow
from app.repositories.synergies_ready import ReadySynergies, SynergyPacker
from matching.results import Synergy as Proposal
from matching.sharing import shared_out

# What is said of a proposal: its signature, its digest, its columns and its members, None when all of this is
# stored already.
Told = tuple[str, str, dict[str, Any] | None, list[MemberRow] | None]
# Numbers of identifiers kept for the members of a synergy: some groups have more, then numbers come twice
# (own estimate), which their drawn ends tell apart.
MEMBERS = 4


@dataclass(slots=True)
class Changes:
    """What is new or changed of some proposals."""

    new: list[dict[str, Any]] = field(default_factory=list)
    ready: list[ReadySynergies] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    members: dict[str, list[MemberRow]] = field(default_factory=dict)


class Comparison(Protocol):
    """Tells what of some proposals is new or changed."""

    def told(self, proposal: Proposal) -> Told:
        """Return what is said of a proposal."""

    def changes(self, chunk: Iterable[Told], ids: Iterator[str] | None = None) -> Changes:
        """Return the changes of some proposals; new ones get these identifiers."""


class _Drawn(NamedTuple):
    """What a process says of proposals: new ones by signature, made ready, and what is told of others."""

    signatures: Sequence[str]
    ready: ReadySynergies
    others: Sequence[Told]


class Sharing:
    """Has proposals compared with the stored ones by processes that make the new ones ready.

    Parameters
    ----------
    stored
        The signatures of the stored ones.
    block
        How many a process draws up at a time.
    """

    def __init__(
        self, compare: Comparison, stored: Container[str], packer: SynergyPacker, block: int
    ) -> None:
        self._compare, self._stored, self._packer = compare, stored, packer
        self._block = block
        self._common = new_id()[:8]

    def changes(
        self, found: Sequence[Proposal], processes: int, chunk: int, proposed: set[str]
    ) -> Iterator[Changes]:
        """Yield what is new or changed, ``chunk`` proposals at a time, and note what is ``proposed``."""

        def work(first: int) -> _Drawn:
            return self._drawn(found[first : first + self._block], first)

        drawn = shared_out(work, range(0, len(found), self._block), processes)
        for some in chunks(drawn, max(1, chunk // self._block)):
            others = chain.from_iterable(one.others for one in some)
            changes = self._compare.changes(once(others, proposed))
            changes.ready = [_unseen(one, proposed) for one in some]
            yield changes

    def _drawn(self, proposals: Sequence[Proposal], first: int) -> _Drawn:
        told = [self._compare.told(proposal) for proposal in proposals]
        new = [one for one in told if one[0] not in self._stored]
        changes = self._compare.changes(new, new_ids(self._common, first))
        ready = self._packer.packed(changes.new, changes.members, MEMBERS * first)
        others = [one for one in told if one[0] in self._stored]
        return _Drawn([one[0] for one in new], ready, others)


def once(told: Iterable[Told], seen: set[str]) -> Iterator[Told]:
    """Yield the best proposal of each signature (they come best first)."""
    for one in told:
        if one[0] not in seen:
            seen.add(one[0])
            yield one


def _unseen(drawn: _Drawn, seen: set[str]) -> ReadySynergies:
    """Return likewise those that are new."""
    places = []
    for place, signature in enumerate(drawn.signatures):
        if signature not in seen:
            seen.add(signature)
            places.append(place)
    rows, members = drawn.ready
    if len(places) == len(rows):
        return drawn.ready
    return ReadySynergies([rows[place] for place in places], [members[place] for place in places])
