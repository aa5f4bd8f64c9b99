"""Who asks: what every session must know before it reads or writes anything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AccountRole(StrEnum):
    """What an account is for: running this server, or working in territories; the system is the program."""

    SYSTEM = "system"
    OPERATOR = "operator"
    MEMBER = "member"


class Role(StrEnum):
    """What somebody is in a territory; the first two are its staff."""

    COORDINATOR = "coordinator"
    FACILITATOR = "facilitator"
    COMPANY = "company"
    OBSERVER = "observer"


STAFF = frozenset({Role.COORDINATOR, Role.FACILITATOR})


@dataclass(frozen=True, slots=True)
class Principal:
    """The person, key or program behind a request.

    Attributes
    ----------
    subject
        A stable identifier such as ``user:<id>`` or ``key:<id>``.
    name
        What the history shows: an e-mail address, the name of a key.
    territory_ids
        The territories whose staff it is: it reads there what companies have given a mandate for.
    coordinated
        Those of them that it coordinates.
    company_ids
        The companies it speaks for.
    company_territories
        The territories of these companies.
    observed
        The territories of which it sees aggregates alone.
    withheld
        Companies of its territories that have given no mandate, or have taken it back.
    """

    subject: str
    name: str
    role: AccountRole
    territory_ids: frozenset[str] = frozenset()
    coordinated: frozenset[str] = frozenset()
    company_ids: frozenset[str] = frozenset()
    company_territories: frozenset[str] = frozenset()
    observed: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()

    @property
    def is_system(self) -> bool:
        """Whether it is the program itself, which sees everything to compute."""
        return self.role is AccountRole.SYSTEM

    @property
    def is_operator(self) -> bool:
        """Whether it runs the server: accounts and territories, not what they hold."""
        return self.role is not AccountRole.MEMBER

    @property
    def roles(self) -> frozenset[str]:
        """What it is anywhere: an account role, roles in territories."""
        held = {
            AccountRole.OPERATOR.value: self.is_operator,
            Role.COORDINATOR.value: bool(self.coordinated),
            Role.FACILITATOR.value: bool(self.territory_ids - self.coordinated),
            Role.COMPANY.value: bool(self.company_ids),
            Role.OBSERVER.value: bool(self.observed),
        }
        return frozenset(name for name, holds in held.items() if holds)

    @property
    def entered(self) -> frozenset[str]:
        """The territories it has any place in."""
        return self.territory_ids | self.company_territories | self.observed

    def may_enter(self, territory_id: str) -> bool:
        """Tell whether the principal has a place in the territory."""
        return self.is_system or territory_id in self.entered

    def is_staff_of(self, territory_id: str) -> bool:
        """Tell whether the principal works for the territory as a whole."""
        return self.is_system or territory_id in self.territory_ids

    def coordinates(self, territory_id: str) -> bool:
        """Tell whether the principal decides for the territory."""
        return self.is_system or territory_id in self.coordinated


SYSTEM = Principal("system", "system", AccountRole.SYSTEM)
