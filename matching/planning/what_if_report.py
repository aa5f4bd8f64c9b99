"""Two allocations side by side: what each link, site and flow gains or loses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from matching.planning.plan import Content

ENDS = ("provider", "output", "receiver", "input")
# Of a quantity: less is rounding.
SAME = 1e-6
Key = tuple[str, str, str, str]


def differences(before: Content, after: Content) -> dict[str, object]:
    """Return totals, new, lost and changed links, and the difference of each site and flow.

    Parameters
    ----------
    before, after
        ``Plan.plan`` of two allocations.
    """
    old, new = _by_ends(before["links"]), _by_ends(after["links"])
    both = sorted(old.keys() & new.keys())
    return {
        "before": before["totals"],
        "after": after["totals"],
        "difference": _totals(before["totals"], after["totals"]),
        "new_links": [link for key, link in new.items() if key not in old],
        "lost_links": [link for key, link in old.items() if key not in new],
        "changed_links": [
            dict(zip(ENDS, key, strict=True)) | change
            for key in both
            if (change := _quantities(old[key], new[key]))
        ],
        "sites": _sites(before["members"], after["members"]),
        "flows": _flows(old, new),
    }


def _by_ends(links: Any) -> dict[Key, dict[str, Any]]:
    """Return the links by what they join; twin flows, of one label at one site, add up."""
    found: dict[Key, dict[str, Any]] = {}
    for link in links:
        key = (link["provider"], link["output"], link["receiver"], link["input"])
        if key not in found:
            found[key] = dict(link)
            continue
        for name in ("quantity_per_year", "replaces_per_year", "eur", "tco2e"):
            both = (found[key][name], link[name])
            found[key][name] = None if None in both else sum(both)
    return found


def _totals(before: Any, after: Any) -> dict[str, float]:
    return {name: after[name] - before[name] for name in ("links", "eur", "tco2e")}


def _quantities(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, object]:
    first, second = old["quantity_per_year"], new["quantity_per_year"]
    if abs(second - first) <= SAME * max(first, second):
        return {}
    return {"before": first, "after": second, "unit": new["unit"]}


def _sites(before: Any, after: Any) -> list[dict[str, object]]:
    """Return each site's gain before and after, the largest differences first."""
    old = {member["site"]: member["eur"] for member in before}
    new = {member["site"]: member["eur"] for member in after}
    rows: list[dict[str, object]] = []
    moves = [(name, old.get(name, 0.0), new.get(name, 0.0)) for name in old.keys() | new.keys()]
    for name, first, second in sorted(moves, key=lambda row: (-abs(row[2] - row[1]), row[0])):
        if abs(second - first) > SAME * max(abs(first), abs(second), 1.0):
            rows.append({"site": name, "eur_before": first, "eur_after": second, "eur": second - first})
    return rows


def _flows(
    old: Mapping[Key, Mapping[str, Any]], new: Mapping[Key, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return how much of each flow is exchanged before and after, where that differs."""
    totals: dict[tuple[str, str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for when, links in enumerate((old, new)):
        for link in links.values():
            given = (link["provider"], link["output"], "output", link["unit"])
            taken = (link["receiver"], link["input"], "input", link["replaced_unit"])
            totals[given][when] += link["quantity_per_year"]
            totals[taken][when] += link["replaces_per_year"]
    names: Sequence[str] = ("site", "label", "direction", "unit")
    return [
        dict(zip(names, key, strict=True)) | {"before": first, "after": second}
        for key, (first, second) in sorted(totals.items())
        if abs(second - first) > SAME * max(first, second)
    ]
