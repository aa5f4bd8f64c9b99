"""New synergies made ready for the database by any process, and stored by the one that holds the session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from app.db.base import new_id, new_ids
from app.db.bulk import insert_ready, packer_of
from app.db.copying import Packer
from app.db.tables import Synergy, SynergyMember
from app.db.visibility import VisibleSession
from app.repositories.synergies import MemberRow, member_rows


class ReadySynergies(NamedTuple):
    """New synergies as the database takes them: of each its row, and its members with their flows."""

    rows: Sequence[bytes]
    members: Sequence[Sequence[tuple[str, bytes]]]


class SynergyPacker:
    """Makes new synergies of a territory ready."""

    def __init__(self, synergy: Packer, member: Packer, territory_id: str) -> None:
        self._synergy, self._member = synergy, member
        self._territory_id = territory_id
        self._common = new_id()[:8]

    def packed(
        self, new: Sequence[Mapping[str, Any]], members: Mapping[str, Sequence[MemberRow]], number: int
    ) -> ReadySynergies:
        """Return new synergies ready, whole rows with their identifiers.

        Parameters
        ----------
        number
            Where the identifiers of their members begin, see ``new_ids``.
        """
        ids = new_ids(self._common, number)
        told = member_rows(self._territory_id, (row["id"] for row in new), members)
        made = zip(map(itemgetter("flow_id"), told), self._member.packed(told, ids), strict=True)
        of_each = [list(islice(made, len(members[row["id"]]))) for row in new]
        return ReadySynergies(self._synergy.packed(new, ids), of_each)


def synergy_packer(session: VisibleSession, territory_id: str) -> SynergyPacker | None:
    """Return what makes new synergies of a territory ready, None where the database takes none so."""
    synergy, member = (packer_of(session, cls, territory_id) for cls in (Synergy, SynergyMember))
    if synergy is None or member is None:
        return None
    return SynergyPacker(synergy, member, territory_id)


def store_ready(session: VisibleSession, territory_id: str, ready: Sequence[ReadySynergies]) -> None:
    """Store new synergies that the packer of their territory made ready.

    Raises
    ------
    MissingError
        If the territory is not open to the principal; nothing is written then.
    """
    insert_ready(session, Synergy, territory_id, [row for some in ready for row in some.rows])
    members = [member for some in ready for of_one in some.members for member in of_one]
    # In the order of flows, as ``synergies.store`` has it.
    members.sort(key=itemgetter(0))
    insert_ready(session, SynergyMember, territory_id, [row for _, row in members])
