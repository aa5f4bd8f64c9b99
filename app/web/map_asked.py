"""What the address of the map asks for: what it is narrowed to, what is selected, which rounds it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from app.web import wording
from app.web.search import positive

LONGEST = 200


@dataclass(frozen=True, slots=True)
class MapAsked:
    """Criteria as text of the query string; empty leaves a criterion free.

    ``kind`` and ``flow_kind`` name one or more codes, separated by commas; ``min_eur`` is in EUR a year;
    ``site``, ``flow`` and ``synergy`` select, the last one first; ``plan`` is a plan whose rounds are drawn.
    """

    q: str = ""
    kind: str = ""
    flow_kind: str = ""
    park: str = ""
    status: str = ""
    min_eur: str = ""
    site: str = ""
    flow: str = ""
    synergy: str = ""
    plan: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> MapAsked:
        """Return what a query string asks; values that mean nothing are left out."""
        said = {name: query.get(name, "").strip()[:LONGEST] for name in cls.__slots__}
        said["kind"] = _known(said["kind"], wording.SYNERGY_KINDS)
        said["flow_kind"] = _known(said["flow_kind"], wording.FLOW_KINDS)
        said["status"] = said["status"] if said["status"] in wording.STATUSES else ""
        said["min_eur"] = said["min_eur"] if positive(said["min_eur"]) else ""
        return cls(**said)

    @property
    def query(self) -> dict[str, str]:
        """The criteria given, for addresses."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of synergies asked for; none: all."""
        return frozenset(self.kind.split(",")) - {""}

    @property
    def flow_kinds(self) -> frozenset[str]:
        """The kinds of flows asked for; none: all."""
        return frozenset(self.flow_kind.split(",")) - {""}

    @property
    def least_eur(self) -> float | None:
        """The least that a synergy is worth, in EUR a year."""
        return positive(self.min_eur)

    @property
    def narrows_synergies(self) -> bool:
        """Whether something is asked that synergies alone have."""
        return bool(self.kind or self.status or self.min_eur)

    @property
    def narrows(self) -> bool:
        """Whether anything narrows the map, beside what is selected."""
        return bool(self.q or self.flow_kind or self.park) or self.narrows_synergies

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.query)

    def toggled(self, name: str, code: str) -> str:
        """Return the value of ``kind`` or ``flow_kind`` once the legend's button of ``code`` is pressed."""
        chosen = set(getattr(self, name).split(",")) - {""}
        return ",".join(sorted(chosen ^ {code}))


def _known(text: str, codes: Mapping[str, str]) -> str:
    return ",".join(sorted({one for one in text.split(",") if one in codes}))
