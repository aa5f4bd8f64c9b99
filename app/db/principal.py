"""Who asks: what every session must know before it reads or writes anything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AccountRole(StrEnum):
    """What an account may do: everything on this server, or its own territories alone."""

    OPERATOR = "operator"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Principal:
    """The person, key or program behind a request.

    Attributes
    ----------
    subject
        A stable identifier such as ``user:<id>`` or ``key:<id>``.
    name
        What the history shows: an e-mail address, the name of a key.
    """

    subject: str
    name: str
    role: AccountRole
    territory_ids: frozenset[str] = frozenset()

    @property
    def is_operator(self) -> bool:
        """Whether the principal runs the whole server."""
        return self.role is AccountRole.OPERATOR

    def may_enter(self, territory_id: str) -> bool:
        """Tell whether the territory is open to the principal."""
        return self.is_operator or territory_id in self.territory_ids


SYSTEM = Principal("system", "system", AccountRole.OPERATOR)
