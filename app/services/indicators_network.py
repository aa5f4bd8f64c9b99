"""The network of sites: who is linked to whom by the chosen synergies, the loops, where to draw them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from app.repositories.indicators import Part, Stored
from app.services.indicators_choice import STAGE_OF

LOOP, MUTUALISATION = "loop", "mutualisation"
# More sites than this are a hairball: those with fewest links are left to the table.
MOST_DRAWN = 60
MOST_LOOPS = 3
LAYOUT_SEED = 7
LAYOUT_STEPS = 300


@dataclass(frozen=True, slots=True)
class Node:
    """A site, or a pool that several sites share, at a place of the unit square."""

    id: str
    is_pool: bool
    partners: int
    synergies: int
    x: float
    y: float
    in_loop: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Two nodes, the kind of what links them, whether a loop shown passes there."""

    first: str
    second: str
    kind: str
    in_loop: bool


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop of sites in flow order."""

    synergy_id: str
    sites: tuple[str, ...]
    eur: float | None


@dataclass(frozen=True, slots=True)
class Network:
    """What is drawn, the loops, and how many linked sites are left out of the picture."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    loops: tuple[Loop, ...]
    left_out: int


def network_of(
    rows: Sequence[Stored], chosen: Sequence[Stored], parts: Mapping[str, Sequence[Part]]
) -> Network:
    """Return the network of the chosen synergies, with the loops of all that are proposed."""
    loops = _loops(rows, parts)
    edges = _edges(chosen, parts)
    looped: dict[tuple[str, str], str] = {}
    for loop in loops:
        for first, second in pairwise((*loop.sites, loop.sites[0])):
            looped[_pair(first, second)] = LOOP
    kinds = {**edges, **{pair: edges.get(pair, LOOP) for pair in looped}}
    pools = {row.id for row in chosen if row.kind == MUTUALISATION}
    counts = Counter(site for row in chosen for site in {part.site_id for part in parts.get(row.id, ())})
    partners = _partners(chosen, parts, loops)
    in_loop = {site for loop in loops for site in loop.sites}
    ranked = sorted(partners, key=lambda site: (site not in in_loop, -len(partners[site]), site))
    kept = set(ranked[:MOST_DRAWN])
    drawn = _without_stubs({pair: kind for pair, kind in kinds.items() if set(pair) - pools <= kept}, pools)
    places = layout(frozenset(end for pair in drawn for end in pair), frozenset(drawn))
    nodes = tuple(
        Node(
            id=name,
            is_pool=name in pools,
            partners=len(partners.get(name, ())),
            synergies=counts[name],
            x=x,
            y=y,
            in_loop=name in in_loop,
        )
        for name, (x, y) in sorted(places.items(), key=lambda e: (-len(partners.get(e[0], ())), e[0]))
    )
    links = tuple(Link(*pair, kind, pair in looped) for pair, kind in sorted(drawn.items()))
    return Network(nodes, links, loops, len(partners) - sum(not node.is_pool for node in nodes))


def _edges(chosen: Iterable[Stored], parts: Mapping[str, Sequence[Part]]) -> dict[tuple[str, str], str]:
    """Return the links by pair of nodes; the members of a pool are linked to the pool, not to each other."""
    found: dict[tuple[str, str], str] = {}
    for row in chosen:
        sites = [part.site_id for part in parts.get(row.id, ())]
        if row.kind == MUTUALISATION:
            found |= {(site, row.id): row.kind for site in sites}
            continue
        for first, second in zip(sites[::2], sites[1::2], strict=False):
            if first != second:
                found[_pair(first, second)] = row.kind
    return found


def _without_stubs(drawn: Mapping[tuple[str, str], str], pools: set[str]) -> dict[tuple[str, str], str]:
    """Leave out the pools of which one member alone is drawn."""
    members = Counter(end for pair in drawn for end in pair if end in pools)
    return {
        pair: kind for pair, kind in drawn.items() if all(members[end] != 1 for end in pair if end in pools)
    }


def _partners(
    chosen: Iterable[Stored], parts: Mapping[str, Sequence[Part]], loops: Iterable[Loop]
) -> dict[str, set[str]]:
    """Return the other sites each site deals with: its neighbours, those of its pools, those of its loops."""
    found: dict[str, set[str]] = {}
    groups = [[part.site_id for part in parts.get(row.id, ())] for row in chosen if row.kind == MUTUALISATION]
    pairs = [pair for pair in _edges((r for r in chosen if r.kind != MUTUALISATION), parts)]
    pairs += [pair for loop in loops for pair in pairwise((*loop.sites, loop.sites[0]))]
    for group in (*groups, *pairs):
        for site in group:
            found.setdefault(site, set()).update(other for other in group if other != site)
    return found


def _loops(rows: Iterable[Stored], parts: Mapping[str, Sequence[Part]]) -> tuple[Loop, ...]:
    """Return the loops worth most, none with more than half of its sites in a better one."""
    found: list[Loop] = []
    proposed = (r for r in rows if r.kind == LOOP and not r.stale and r.status in STAGE_OF)
    for row in sorted(proposed, key=lambda r: (-(r.eur or 0.0), r.id)):
        sites = tuple(dict.fromkeys(part.site_id for part in parts.get(row.id, ())))
        if len(sites) > 2 and all(2 * len({*sites} & {*better.sites}) <= len(sites) for better in found):
            found.append(Loop(row.id, sites, row.eur))
    return tuple(found[:MOST_LOOPS])


def _pair(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first < second else (second, first)


@lru_cache(maxsize=64)
def layout(names: frozenset[str], pairs: frozenset[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """Return a place of the unit square for each node; the same network always falls in the same places."""
    import networkx as nx  # takes a third of a second, which only this picture needs

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sorted(names))
    graph.add_edges_from(sorted(pairs))
    if not graph:
        return {}
    placed = nx.forceatlas2_layout(
        graph, max_iter=LAYOUT_STEPS, seed=LAYOUT_SEED, strong_gravity=True, gravity=0.08, scaling_ratio=6.0
    )
    xs, ys = ([float(point[axis]) for point in placed.values()] for axis in (0, 1))
    wide, tall = (max(values) - min(values) or 1.0 for values in (xs, ys))
    return {
        name: ((float(point[0]) - min(xs)) / wide, (float(point[1]) - min(ys)) / tall)
        for name, point in placed.items()
    }
