"""Loops: three to five sites, each giving the next what it needs, back to the first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from matching.messages import N_, Message
from matching.results import Criterion, Estimate, Member, Synergy, SynergyKind, flow_key

SHORTEST_LOOP, LONGEST_LOOP = 3, 5  # from the method: exchanges between two sites are no loop
# A limit on reading, not on meaning: a dense country holds more loops than anybody can talk about.
MOST_LOOPS = 200
# Between two sites the best exchange and the next one: a loop may rest on either (own estimate).
LINKS_BETWEEN_SITES = 2


@dataclass(frozen=True, slots=True)
class Link:
    """A good substitution between two sites: ``row`` tells which, ``distance_km`` is None when unknown."""

    giver: int
    taker: int
    row: int
    score: float
    distance_km: float | None


def find_loops(
    links: Sequence[Link], build: Callable[[int], Synergy], max_km: float | None = None
) -> tuple[Synergy, ...]:
    """Return the best cycles of three to five sites in the graph of good substitutions, best first.

    A loop's score is its weakest link's; its distance is the sum of its links' road km. Of two loops made of
    the same flows the better one is kept.

    Parameters
    ----------
    links
        Each within reach by itself. Of several from one site to another, the best one makes cycles; each of
        the others makes one more of every loop that goes that way.
    build
        Returns the substitution of a row; called for the links of loops only.
    max_km
        Cap of a loop's total distance in road km: of what it reports, as of any other synergy.
    """
    best, others = _best_and_others(links)
    drawn = _Drawn(build, max_km)
    cycles: list[list[Link]] = []
    enough = float("-inf")
    for cycle in _cycles(best):
        # Each cycle comes with its weakest link: all that is still to come is worse than what is full.
        if cycle[-1].score < enough:
            break
        drawn.add(cycle)
        cycles.append(cycle)
        if len(drawn.found) == MOST_LOOPS and enough == float("-inf"):
            enough = cycle[-1].score
    if len(drawn.found) < MOST_LOOPS:
        for cycle in cycles:
            for place, link in enumerate(cycle):
                for other in others.get((link.giver, link.taker), ()):
                    drawn.add([*cycle[:place], other, *cycle[place + 1 :]])
    return tuple(sorted(drawn.found.values(), key=_order)[:MOST_LOOPS])


def _best_and_others(links: Sequence[Link]) -> tuple[list[Link], dict[tuple[int, int], list[Link]]]:
    """Return the best link from each site to each other one, best first, and what is left of those."""
    best: dict[tuple[int, int], Link] = {}
    others: dict[tuple[int, int], list[Link]] = defaultdict(list)
    for link in sorted(links, key=lambda link: (-link.score, link.giver, link.taker, link.row)):
        if best.setdefault((link.giver, link.taker), link) is not link:
            others[link.giver, link.taker].append(link)
    return list(best.values()), others


def total_km(cycle: Sequence[Link]) -> float | None:
    """Return the road km of all links together, None when one is unknown."""
    known = [link.distance_km for link in cycle if link.distance_km is not None]
    return round(sum(known), 1) if len(known) == len(cycle) else None


class _Drawn:
    """Loops drawn up from cycles of links, the better one of those made of the same flows."""

    def __init__(self, build: Callable[[int], Synergy], max_km: float | None) -> None:
        self.found: dict[str, Synergy] = {}
        self._build, self._built = build, dict[int, Synergy]()
        self._max_km = max_km

    def add(self, cycle: Sequence[Link]) -> None:
        """Draw a cycle up, and keep it unless it is too long or one of the same flows is better."""
        distance = total_km(cycle)
        if self._max_km is not None and distance is not None and distance > self._max_km:
            return
        for link in cycle:
            if link.row not in self._built:
                self._built[link.row] = self._build(link.row)
        loop = _loop(_rotated([self._built[link.row] for link in cycle]))
        rival = self.found.setdefault(loop.synergy_id, loop)
        if _order(loop) < _order(rival):
            self.found[loop.synergy_id] = loop


def _cycles(links: Sequence[Link]) -> Iterator[list[Link]]:
    """Yield each cycle once, when the worst of its links is added to the graph of the better ones.

    ``links`` come best first. The paths that close a cycle are sought from the taker, and end where the
    givers of the link's giver are known: the last step is a meeting of two small sets.
    """
    after: dict[int, dict[int, Link]] = defaultdict(dict)
    before: dict[int, dict[int, Link]] = defaultdict(dict)
    for link in links:
        for path in _paths(link.taker, link.giver, (link.giver, link.taker), (), after, before):
            yield [*path, link]
        after[link.giver][link.taker] = link
        before[link.taker][link.giver] = link


Graph = dict[int, dict[int, Link]]


def _paths(
    start: int, goal: int, seen: tuple[int, ...], path: tuple[Link, ...], after: Graph, before: Graph
) -> Iterator[tuple[Link, ...]]:
    """Yield the paths from ``start`` to ``goal`` that close a cycle of an allowed length, no site twice."""
    onwards, givers = after.get(start), before.get(goal)
    if not onwards or not givers:
        return
    for middle in sorted(onwards.keys() & givers.keys()):
        if middle not in seen:
            yield (*path, onwards[middle], givers[middle])
    if len(path) + SHORTEST_LOOP < LONGEST_LOOP:
        for site, link in onwards.items():
            if site not in seen:
                yield from _paths(site, goal, (*seen, site), (*path, link), after, before)


def _order(loop: Synergy) -> tuple[float, str, list[str]]:
    return -loop.score, loop.synergy_id, [flow_key(member.flow) for member in loop.members]


def _rotated(links: list[Synergy]) -> list[Synergy]:
    """Start a loop at its first site in alphabetical order, so that the same loop reads the same."""
    start = min(range(len(links)), key=lambda i: (links[i].members[0].flow.site.name, links[i].synergy_id))
    return links[start:] + links[:start]


def _loop(links: list[Synergy]) -> Synergy:
    weakest = min(links, key=lambda link: (link.score, link.synergy_id))
    distances = [link.distance_km for link in links]
    known = [distance for distance in distances if distance is not None]
    members: list[Member] = [member for link in links for member in link.members]
    sites = " → ".join(
        [link.members[0].flow.site.name for link in links] + [links[0].members[0].flow.site.name]
    )
    return Synergy(
        kind=SynergyKind.LOOP,
        form=None,
        score=weakest.score,
        confidence=min(link.confidence for link in links),
        resource=None,
        rule=None,
        members=tuple(members),
        quantity_per_year=None,
        unit=None,
        distance_km=round(sum(known), 1) if len(known) == len(distances) else None,
        criteria=_weakest_criteria(links),
        saving_eur=_sum([link.saving_eur for link in links]),
        saving_tco2e=_sum([link.saving_tco2e for link in links]),
        assumptions=tuple(assumption for link in links for assumption in link.assumptions),
        warnings=tuple(warning for link in links for warning in link.warnings),
        missing=weakest.missing,
        next_step=Message(N_("Start with the weakest link: {step}"), {"step": weakest.next_step}),
        explanation=Message(
            N_("A loop of {count} sites, each feeding the next: {sites}."),
            {"count": len(links), "sites": sites},
        ),
    )


def _weakest_criteria(links: list[Synergy]) -> dict[str, Criterion]:
    names = links[0].criteria.keys()
    return {name: min((link.criteria[name] for link in links), key=lambda c: c.value) for name in names}


def _sum(estimates: list[Estimate | None]) -> Estimate | None:
    known = [estimate for estimate in estimates if estimate is not None]
    if not known:
        return None
    return Estimate(
        round(sum(e.low for e in known), 1),
        round(sum(e.middle for e in known), 1),
        round(sum(e.high for e in known), 1),
    )
