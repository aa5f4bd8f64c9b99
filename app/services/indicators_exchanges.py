"""Where the territory's outputs could go: families of resources to receivers, in the same unit a year."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.repositories.indicators import Part, Stored
from matching.amounts import comparable
from matching.engine import default_engine
from matching.model import Direction, Flow, Kind
from matching.units import canonical_per_year

SUBSTITUTION, MUTUALISATION = "substitution", "mutualisation"
# Where an output goes when it is not to a site: collected with others, or nowhere yet.
COLLECTED, NOWHERE = "collected", "nowhere"
# Packaging is matter; the others keep their own pictures.
SHOWN_WITH = {Kind.PACKAGING: Kind.MATERIAL}
DRAWN = frozenset({Kind.MATERIAL, Kind.PACKAGING, Kind.ENERGY, Kind.WATER})


@dataclass(frozen=True, slots=True)
class Exchange:
    """``amount`` a year of a family of resources that goes to ``target``: a site, COLLECTED or NOWHERE."""

    family: str
    target: str
    amount: float
    flows: int


@dataclass(frozen=True, slots=True)
class Exchanges:
    """All exchanges of one kind of flow in one unit, the largest first; ``flows``: how many outputs."""

    kind: str
    unit: str
    links: tuple[Exchange, ...]
    flows: int

    @property
    def code(self) -> str:
        """What names the picture in an address."""
        return f"{self.kind}-{self.unit}"

    @property
    def amount(self) -> float:
        """The sum of all outputs."""
        return sum(link.amount for link in self.links)

    def share_placed(self) -> float:
        """Return which share of the outputs has a place to go."""
        placed = sum(link.amount for link in self.links if link.target != NOWHERE)
        return placed / self.amount if self.amount else 0.0


@dataclass(frozen=True, slots=True)
class _Destination:
    """Where an output goes; ``quantity`` in ``unit`` a year, else what the flow ``taker_id`` needs."""

    target: str
    resource: str | None
    quantity: float | None = None
    unit: str | None = None
    taker_id: str = ""


def exchanges_of(
    flows: Sequence[Flow], rows: Sequence[Stored], parts: Mapping[str, Sequence[Part]]
) -> tuple[Exchanges, ...]:
    """Return the exchanges of the chosen synergies by kind and unit, the pictures of most flows first."""
    scale = _Scale(flows)
    going = dict(_destinations(rows, parts))
    sums: dict[tuple[str, str], dict[tuple[str, str], list[float]]] = defaultdict(dict)
    counts: Counter[tuple[str, str]] = Counter()
    for flow in flows:
        if flow.direction is not Direction.OUTPUT or flow.kind not in DRAWN:
            continue
        destination = going.get(flow.flow_id)
        resource = scale.resource(flow, destination.resource if destination else None)
        amount, unit = scale.amount(flow, resource)
        if not amount:
            continue
        picture = SHOWN_WITH.get(flow.kind, flow.kind).value, unit
        counts[picture] += 1
        for target, part in _split(amount, scale.taken(amount, unit, resource, destination), destination):
            entry = sums[picture].setdefault((resource, target), [0.0, 0])
            entry[0] += part
            entry[1] += 1
    found = [Exchanges(kind, unit, _links(links), counts[kind, unit]) for (kind, unit), links in sums.items()]
    return tuple(sorted(found, key=lambda one: (-one.flows, one.code)))


class _Scale:
    """What flows are, and how much of them there is in the unit of their resource."""

    def __init__(self, flows: Sequence[Flow]) -> None:
        engine = default_engine()
        self._catalogue, self._classifier = engine.catalogue, engine.classifier
        self._conversions = engine.catalogue.conversion_table
        self._flows = {flow.flow_id: flow for flow in flows}

    def resource(self, flow: Flow, told: str | None) -> str:
        """Return the resource a synergy tells, else the one declared, else the likeliest."""
        for known in (told, flow.resource):
            if known in self._catalogue.resources:
                return known or ""
        candidates = self._classifier.classify(flow, top=1)
        return candidates[0].resource if candidates else ""

    def amount(self, flow: Flow, resource: str) -> tuple[float | None, str]:
        """Return a flow's quantity a year, and its unit."""
        quantity = canonical_per_year(flow)
        if quantity is None:
            return None, ""
        return comparable(quantity, resource, self._catalogue, self._conversions)

    def taken(self, amount: float, unit: str, resource: str, going: _Destination | None) -> float:
        """Return how much of an output its destination takes; all of it when its need is not known."""
        if going is None:
            return 0.0
        if going.quantity is not None and going.unit == unit:
            return min(amount, going.quantity)
        taker = self._flows.get(going.taker_id)
        needed, other = self.amount(taker, resource) if taker else (None, "")
        return min(amount, needed) if needed is not None and other == unit else amount


def _links(sums: Mapping[tuple[str, str], Sequence[float]]) -> tuple[Exchange, ...]:
    """Return the sums by family; where there is one family only, by the branches below it."""
    resources = {resource for resource, _ in sums}
    depth = next((d for d in (1, 2) if len({family_of(r, d) for r in resources}) > 1), 1)
    joined: dict[tuple[str, str], list[float]] = {}
    for (resource, target), (amount, count) in sums.items():
        entry = joined.setdefault((family_of(resource, depth), target), [0.0, 0])
        entry[0] += amount
        entry[1] += count
    links = [Exchange(*key, amount, int(count)) for key, (amount, count) in joined.items()]
    return tuple(sorted(links, key=lambda one: (-one.amount, one.family, one.target)))


def _destinations(
    rows: Sequence[Stored], parts: Mapping[str, Sequence[Part]]
) -> Iterable[tuple[str, _Destination]]:
    """Yield where each output goes: to the next site of its synergy, or to a collection together."""
    for row in rows:
        members = parts.get(row.id, ())
        if row.kind == MUTUALISATION:
            for part in members:
                yield part.flow_id, _Destination(COLLECTED, row.resource)
            continue
        # Loops hold several exchanges in flow order: provider, receiver, provider, receiver.
        amounts = (row.quantity_per_year, row.unit) if row.kind == SUBSTITUTION else (None, None)
        for giver, taker in zip(members[::2], members[1::2], strict=False):
            yield giver.flow_id, _Destination(taker.site_id, row.resource, *amounts, taker.flow_id)


def _split(amount: float, taken: float, going: _Destination | None) -> list[tuple[str, float]]:
    rest = amount - taken
    placed = [(going.target, taken)] if going is not None and taken > 0 else []
    return placed + ([(NOWHERE, rest)] if rest > 0 else [])


def family_of(resource: str, depth: int = 1) -> str:
    """Return the ancestor of a resource at a depth of the catalogue's tree, empty when it is not known."""
    catalogue = default_engine().catalogue
    if resource not in catalogue.resources:
        return ""
    line = catalogue.lineage(resource)
    return line[-min(depth, len(line))]
