"""A territory's map in memory: sites, flows and synergies by number, narrowed to what somebody asks for."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any

from app.db.principal import Principal
from app.db.visibility import VisibleSession, principal_of
from app.repositories.atlas import Content, FlowRow, ParkRow, SiteRow, SynergyRow, content_of, state_of
from app.web.map_asked import MapAsked
from matching.catalogue.loader import load_catalogue
from matching.words import plain


@dataclass(frozen=True, slots=True)
class Shown:
    """Numbers of what the map and its tables show; ``None`` stands for everything.

    ``synergies`` are all that fulfil the criteria, those worth most first.
    """

    sites: frozenset[int] | None
    flows: frozenset[int] | None
    synergies: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Atlas:
    """A territory as one principal sees it; places in the sequences are the numbers that the browser uses.

    Attributes
    ----------
    digest
        Changes whenever anything below does.
    members
        The flows of each synergy, as far as they are seen.
    worth
        What each site's flows are worth, in EUR a year: for each flow, the best synergy it is in.
    """

    digest: str
    sites: Sequence[SiteRow]
    flows: Sequence[FlowRow]
    synergies: Sequence[SynergyRow]
    parks: Sequence[ParkRow]
    members: Sequence[Sequence[int]]
    site_of: Sequence[int]
    worth: Sequence[float]
    at_site: Sequence[Sequence[int]] = field(repr=False)
    words: Sequence[str] = field(repr=False)
    ranked: Sequence[int] = field(repr=False)

    def flows_at(self, site: int) -> Sequence[int]:
        """Return the flows of a site."""
        return self.at_site[site]

    def narrowed(self, asked: MapAsked) -> Shown:
        """Return what fulfils the criteria.

        A synergy is kept for its kind, status, worth and words, and for one of its flows being of the kinds
        and in the park asked. A flow is kept for its own kind, park and words, and, when something is asked
        of synergies, for being in one that is kept. A site is kept for one of its flows, or for its own words
        where nothing is asked of flows and synergies.
        """
        if not asked.narrows:
            return Shown(None, None, self._selected(asked, self.ranked))
        placed = self._of_kind_and_park(asked)
        kept = [n for n in self.ranked if self._keeps(asked, n, placed)]
        words = plain(asked.q).split()
        flows = {n for n in placed if all(word in self.words[n] for word in words)} if words else placed
        if asked.narrows_synergies:
            flows = flows & {flow for number in kept for flow in self.members[number]}
        return Shown(self._fitting_sites(asked, flows), frozenset(flows), self._selected(asked, kept))

    def _of_kind_and_park(self, asked: MapAsked) -> set[int]:
        kinds, park = asked.flow_kinds, asked.park
        return {
            number
            for number, flow in enumerate(self.flows)
            if (not kinds or flow.kind in kinds)
            and (not park or self.sites[self.site_of[number]].park_id == park)
        }

    def _fitting_sites(self, asked: MapAsked, flows: set[int]) -> frozenset[int]:
        found = {self.site_of[number] for number in flows}
        if not asked.flow_kinds and not asked.narrows_synergies:
            words = plain(asked.q).split()
            for number, site in enumerate(self.sites):
                if asked.park in ("", site.park_id) and all(
                    w in plain(f"{site.name} {site.city}") for w in words
                ):
                    found.add(number)
        return frozenset(found)

    def _keeps(self, asked: MapAsked, number: int, placed: set[int]) -> bool:
        row, least, flows = self.synergies[number], asked.least_eur, self.members[number]
        if (asked.kinds and row.kind not in asked.kinds) or asked.status not in ("", row.status):
            return False
        if least is not None and (row.worth or 0.0) < least:
            return False
        words = plain(asked.q).split()
        said = (
            _resource_words(row.resource or "") + "".join(self.words[flow] for flow in flows) if words else ""
        )
        return all(word in said for word in words) and any(flow in placed for flow in flows)

    def _selected(self, asked: MapAsked, numbers: Sequence[int]) -> tuple[int, ...]:
        if asked.synergy:
            return tuple(n for n in self.ranked if self.synergies[n].id == asked.synergy)
        if asked.flow:
            return tuple(n for n in numbers if any(self.flows[f].id == asked.flow for f in self.members[n]))
        if asked.site:
            at = {n for n, row in enumerate(self.sites) if row.id == asked.site}
            return tuple(n for n in numbers if any(self.site_of[f] in at for f in self.members[n]))
        return tuple(numbers)


@lru_cache(maxsize=4096)
def _resource_words(code: str) -> str:
    resource = load_catalogue().resources.get(code)
    return plain(f"{resource.name.fr} {resource.name.en}") + " " if resource else ""


class _Kept:
    """The maps read last: people come back to them with every click."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[tuple[str, Principal], tuple[object, Atlas]] = OrderedDict()
        self._guard = Lock()

    def of(self, session: VisibleSession, territory_id: str) -> Atlas:
        """Return the map as it is now."""
        key, state = (territory_id, principal_of(session)), state_of(session, territory_id)
        with self._guard:
            before = self._known.get(key)
            if before is not None and before[0] == state:
                self._known.move_to_end(key)
                return before[1]
        atlas = _made(content_of(session, territory_id), repr((territory_id, state)))
        with self._guard:
            self._known[key] = (state, atlas)
            self._known.move_to_end(key)
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return atlas


# About 5 MB each for 10,000 flows and 5,000 synergies.
_kept = _Kept(most=16)


def atlas_of(session: VisibleSession, territory_id: str) -> Atlas:
    """Return the map of a territory as the principal sees it."""
    return _kept.of(session, territory_id)


def _made(content: Content, state: str) -> Atlas:
    place = {row.id: number for number, row in enumerate(content.sites)}
    flows = [row for row in content.flows if row.site_id in place]
    number_of = {row.id: number for number, row in enumerate(flows)}
    members = _members(content, number_of)
    seen = [(row, members[row.id]) for row in content.synergies if members.get(row.id)]
    synergies, of_each = [row for row, _ in seen], [flows_of for _, flows_of in seen]
    site_of = [place[row.site_id] for row in flows]
    names = [plain(f"{row.name} {row.city}") for row in content.sites]
    rows: tuple[Any, ...] = (*content.sites, *flows, *synergies)
    ids = "".join(row.id for row in rows)
    return Atlas(
        digest=hashlib.sha256(f"{state}{ids}".encode()).hexdigest()[:16],
        sites=content.sites,
        flows=flows,
        synergies=synergies,
        parks=content.parks,
        members=of_each,
        site_of=site_of,
        worth=_worth(len(content.sites), site_of, synergies, of_each),
        at_site=_at_sites(len(content.sites), site_of),
        words=[f"{names[site]} {plain(row.label)} " for row, site in zip(flows, site_of, strict=True)],
        ranked=sorted(range(len(synergies)), key=lambda n: _rank(synergies[n])),
    )


def _members(content: Content, number_of: Mapping[str, int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for synergy_id, flow_id, _ in content.members:
        if flow_id in number_of:
            found.setdefault(synergy_id, []).append(number_of[flow_id])
    return found


def _at_sites(sites: int, site_of: Sequence[int]) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(sites)]
    for flow, site in enumerate(site_of):
        found[site].append(flow)
    return found


def _rank(row: SynergyRow) -> tuple[Any, ...]:
    return (row.worth is None, -(row.worth or 0.0), -row.score, row.id)


def _worth(
    sites: int, site_of: Sequence[int], synergies: Sequence[SynergyRow], members: Sequence[Sequence[int]]
) -> list[float]:
    best: dict[int, float] = {}
    for row, flows in zip(synergies, members, strict=True):
        for flow in flows:
            best[flow] = max(best.get(flow, 0.0), row.worth or 0.0)
    found = [0.0] * sites
    for flow, worth in best.items():
        found[site_of[flow]] += worth
    return found
