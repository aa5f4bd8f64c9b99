"""Where the members of a synergy are: each member's flow, found again among the flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matching.model import Flow, Site


class Places:
    """Sites of flows by id, by sheet and row, or by name."""

    def __init__(self, flows: Sequence[Flow]) -> None:
        self._by_id = {flow.flow_id: flow.site for flow in flows if flow.flow_id}
        self._by_row: dict[object, Site] = {
            (flow.sheet, flow.row): flow.site for flow in flows if flow.row is not None
        }
        self._by_name = {flow.site.name: flow.site for flow in flows}

    def site_of(self, member: Mapping[str, Any]) -> Site | None:
        """Return the site of a member of a synergy document, or None when it is not among the flows."""
        if member.get("flow_id") in self._by_id:
            return self._by_id[member["flow_id"]]
        found = self._by_row.get((member.get("sheet"), member.get("row")))
        if found is not None and found.name == member["site"]:
            return found
        return self._by_name.get(member["site"])

    def points_of(self, synergy: Mapping[str, Any]) -> list[tuple[float, float]]:
        """Return the (lon, lat) of each member's site, in the members' order, each point once in a row."""
        points: list[tuple[float, float]] = []
        for member in synergy["members"]:
            site = self.site_of(member)
            if site is None or site.lon is None or site.lat is None:
                continue
            if not points or points[-1] != (site.lon, site.lat):
                points.append((site.lon, site.lat))
        return points

    def parks_of(self, synergy: Mapping[str, Any]) -> set[str]:
        """Return the names of the parks the members belong to."""
        sites = (self.site_of(member) for member in synergy["members"])
        return {site.park for site in sites if site is not None and site.park}
