"""Loops: three to five sites, each giving the next what it needs, back to the first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import networkx as nx

from matching.columns import site_key
from matching.messages import N_, Message
from matching.results import Criterion, Estimate, Member, Synergy, SynergyKind, flow_key

SHORTEST_LOOP, LONGEST_LOOP = 3, 5  # from the method: exchanges between two sites are no loop
# Limits on work, not on meaning: a dense graph holds very many cycles.
MOST_CYCLES = 2000
MOST_LOOPS = 200


def find_loops(links: Sequence[Synergy], max_km: float | None = None) -> tuple[Synergy, ...]:
    """Return the cycles of three to five sites in the graph of good substitutions, unsorted.

    A loop's score is its weakest link's; its distance is the sum of its links' road km. Of two loops made of
    the same flows the better one is kept.

    Parameters
    ----------
    links
        At most one substitution between each ordered pair of sites.
    max_km
        Cap of a loop's total distance in road km.
    """
    graph = _graph(links)
    found: dict[str, Synergy] = {}
    cycles = (c for c in nx.simple_cycles(graph, length_bound=LONGEST_LOOP) if len(c) >= SHORTEST_LOOP)
    for cycle in islice(cycles, MOST_CYCLES):
        steps = [graph.edges[a, b]["synergy"] for a, b in zip(cycle, [*cycle[1:], cycle[0]], strict=True)]
        loop = _loop(_rotated(steps))
        if max_km is not None and loop.distance_km is not None and loop.distance_km > max_km:
            continue
        rival = found.setdefault(loop.synergy_id, loop)
        if _order(loop) < _order(rival):
            found[loop.synergy_id] = loop
    return tuple(sorted(found.values(), key=_order)[:MOST_LOOPS])


def _order(loop: Synergy) -> tuple[float, str, list[str]]:
    return -loop.score, loop.synergy_id, [flow_key(member.flow) for member in loop.members]


def _graph(links: Sequence[Synergy]) -> nx.DiGraph[object]:
    graph: nx.DiGraph[object] = nx.DiGraph()
    for synergy in sorted(links, key=lambda s: (-s.score, s.synergy_id)):
        first, second = (site_key(member.flow) for member in synergy.members)
        graph.add_edge(first, second, synergy=synergy)
    return graph


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
