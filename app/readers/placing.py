"""Sites without a point: the commune's centre when an address tells it, with a finding either way."""

from __future__ import annotations

from dataclasses import replace

from app.readers.result import Finding, Severity
from geo.geocoding import Geocoder
from matching.messages import N_, Message
from matching.model import Flow, Precision, Site

Placed = tuple[tuple[Flow, ...], tuple[Site, ...], list[Finding]]


def place(flows: tuple[Flow, ...], sites: tuple[Site, ...], geocoder: Geocoder) -> Placed:
    """Return the flows and sites once every site is placed that can be, and what to tell."""
    first: dict[Site, Flow] = {}
    for flow in flows:
        if not flow.site.placed:
            first.setdefault(flow.site, flow)
    moved: dict[Site, Site] = {}
    findings: list[Finding] = []
    for site in sites:
        if not site.placed:
            moved[site], message = _placed(site, geocoder)
            if (told := first.get(site)) is not None:
                severity: Severity = "info" if moved[site].placed else "warning"
                findings.append(Finding(severity, told.sheet, told.row, "city", message))
    if not moved:
        return flows, sites, findings
    placed_flows = tuple(
        flow if flow.site.placed or flow.site not in moved else replace(flow, site=moved[flow.site])
        for flow in flows
    )
    return placed_flows, tuple(moved.get(site, site) for site in sites), findings


def _placed(site: Site, geocoder: Geocoder) -> tuple[Site, Message]:
    found = geocoder.locate(site.address, site.postcode, site.city)
    if found is None:
        unplaced = replace(site, precision=Precision.UNPLACED)
        if site.postcode or site.city or site.address:
            text = N_(
                "The place of “{site}” is not known ({place}): give lon and lat, or a postcode and a city."
            )
            place_text = " ".join(part for part in (site.postcode, site.city) if part) or site.address
            return unplaced, Message(text, {"site": site.name, "place": place_text})
        return unplaced, Message(
            N_("“{site}” has no place: give lon and lat, or a postcode and a city."), {"site": site.name}
        )
    precision = Precision(found.precision)
    moved = replace(site, lon=found.lon, lat=found.lat, precision=precision)
    if precision is Precision.POINT:
        return moved, Message(N_("“{site}” was placed by its address."), {"site": site.name})
    text = N_("“{site}” was placed at the centre of {commune}: give lon and lat for exact distances.")
    return moved, Message(text, {"site": site.name, "commune": found.name})
