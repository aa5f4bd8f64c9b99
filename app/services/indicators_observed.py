"""What observers may be told of a territory's figures: what ``disclosure`` lets be told, and no name.

What is not told is left out of the sums too, so that no subtraction brings it back. A second grouping of the
same worth, the picture of exchanges, the network and the list of what stands still are for the staff alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.repositories.indicators import Part, Stored
from app.services.disclosure import FEWEST_COMPANIES, may_tell
from app.services.indicators_choice import STAGE_OF, Stage
from app.services.indicators_exchanges import SHOWN_WITH, SUBSTITUTION
from app.services.statuses import Status
from matching.model import Kind

DONE = (Status.IMPLEMENTED.value, Status.RUNNING.value)
_OPEN = frozenset(str(status) for status, stage in STAGE_OF.items() if stage is Stage.UNDER_WAY)


Size = Callable[[Stored], float]


def _one(_row: Stored) -> float:
    return 1.0


@dataclass(frozen=True, slots=True)
class Makers:
    """Whose flows synergies are made of; a site without a company counts as one of its own."""

    company_of: Mapping[str, str]
    parts: Mapping[str, Sequence[Part]]

    def may_tell(self, rows: Iterable[Stored], size: Size = _one) -> bool:
        """Tell whether a sum of some synergies may be told, by default their number; nothing may be."""
        found = list(rows)
        return not found or may_tell((self._companies(row), size(row)) for row in found)

    def may_tell_sites(self, sites: Iterable[str]) -> bool:
        """Tell whether a number of things may be told, from the site of each of them."""
        return may_tell(((self.company_of.get(site, site),), 1.0) for site in sites)

    def _companies(self, row: Stored) -> set[str]:
        return {self.company_of.get(part.site_id, part.site_id) for part in self.parts.get(row.id, ())}


def enough(sites: Iterable[str], company_of: Mapping[str, str]) -> bool:
    """Tell whether the sites of a territory are three companies' at least."""
    return len({company_of.get(site, site) for site in sites}) >= FEWEST_COMPANIES


def kept_of(counted: Sequence[Stored], makers: Makers) -> list[Stored]:
    """Return the synergies whose worth may be told: each figure of their kind and stage together."""
    cells: dict[tuple[str, str], list[Stored]] = defaultdict(list)
    for row in counted:
        cells[row.kind, STAGE_OF[row.status]].append(row)
    return [row for rows in cells.values() if _is_safe(rows, makers) for row in rows]


def _is_safe(rows: Sequence[Stored], makers: Makers) -> bool:
    with_eur = [row for row in rows if row.eur is not None]
    with_tco2e = [row for row in rows if row.tco2e is not None]
    return (
        makers.may_tell(rows)
        and makers.may_tell(with_eur, lambda row: row.eur or 0.0)
        and makers.may_tell(with_tco2e, lambda row: row.tco2e or 0.0)
    )


def hidden_activity(sites_of_flows: Sequence[str], makers: Makers) -> Iterator[str]:
    """Yield the counts of flows and of sites that one company nearly makes up.

    Parameters
    ----------
    sites_of_flows
        The site of each flow.
    """
    if not makers.may_tell_sites(sites_of_flows):
        yield "flows_recorded"
    if not makers.may_tell_sites(set(sites_of_flows)):
        yield "sites_diagnosed"


def hidden_worths(counted: Sequence[Stored], kept: Sequence[Stored]) -> Iterator[str]:
    """Yield the sums of which nothing is left to tell: zero would be untrue."""
    told = {STAGE_OF[row.status] for row in kept}
    for stage in {STAGE_OF[row.status] for row in counted} - told:
        yield f"savings_{stage}"
        yield f"greenhouse_gas_{stage}"


def hidden_reuse(
    kept: Sequence[Stored],
    kinds: Mapping[str, str],
    reused: Mapping[tuple[Stage, str, str], float],
    codes: Mapping[str, tuple[str, str]],
    makers: Makers,
) -> Iterator[str]:
    """Yield the amounts reused that too few companies make up.

    Parameters
    ----------
    kinds
        The kind of each flow.
    codes
        What each indicator sums up: the kind of flow and the unit.
    """
    for stage in Stage:
        for code, (kind, unit) in codes.items():
            rows = [
                row
                for row in kept
                if STAGE_OF[row.status] is stage
                and row.kind == SUBSTITUTION
                and row.quantity_per_year is not None
                and row.unit == unit
                and any(_picture(kinds.get(part.flow_id, "")) == kind for part in makers.parts[row.id])
            ]
            if reused.get((stage, kind, unit), 0.0) and not (
                rows and makers.may_tell(rows, lambda row: row.quantity_per_year or 0.0)
            ):
                yield f"{code}_{stage}"


def _picture(kind: str) -> str:
    """Return the kind of flow that a kind is summed up with."""
    shown = SHOWN_WITH.get(Kind(kind)) if kind else None
    return kind if shown is None else shown.value


def hidden_counts(
    rows: Sequence[Stored],
    contacted: frozenset[str],
    still: frozenset[str],
    obstacles: Mapping[str, frozenset[str]],
    makers: Makers,
) -> Iterator[str]:
    """Yield the counts of synergies that too few companies stand in.

    Parameters
    ----------
    contacted, still
        The synergies somebody was called about, and those that have not moved for six months.
    obstacles
        The synergies given up, by what stopped them.
    """
    sets = {
        "proposed": [row for row in rows if not row.stale],
        "contacted": [row for row in rows if row.id in contacted],
        "open_leads": [row for row in rows if row.status in _OPEN],
        "implemented": [row for row in rows if row.status in DONE],
        "running": [row for row in rows if row.status == Status.RUNNING],
        "still": [row for row in rows if row.id in still],
        "abandoned": [row for row in rows if row.status == Status.ABANDONED],
    }
    sets |= {
        f"abandoned_for_{code}": [row for row in rows if row.id in ids] for code, ids in obstacles.items()
    }
    hidden = {code for code, some in sets.items() if not makers.may_tell(some)}
    # Nor what a difference would tell: where the rest of a whole may not be told, one of the two is not.
    rest = [row for row in sets["implemented"] if row.status != Status.RUNNING]
    if not makers.may_tell(rest):
        hidden.add("running")
    untold = {id_ for code, ids in obstacles.items() if f"abandoned_for_{code}" in hidden for id_ in ids}
    if not makers.may_tell(row for row in rows if row.id in untold):
        hidden.add("abandoned")
    yield from sorted(hidden)
