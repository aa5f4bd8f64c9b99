"""What observers may be told of a territory's figures: sums of three companies at least, and no name.

Whose flows stand in what is counted decides, never the figure itself. What is not told is left out of the
sums too, so that no subtraction brings it back. A second grouping of the same worth, the picture of
exchanges, the network and the list of what stands still are for the staff alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.repositories.indicators import Part, Stored
from app.services.indicators_choice import STAGE_OF, Stage
from app.services.indicators_exchanges import SHOWN_WITH, SUBSTITUTION
from app.services.statuses import Status
from app.services.teasers import FEWEST_COMPANIES
from matching.model import Kind

DONE = (Status.IMPLEMENTED.value, Status.RUNNING.value)
_OPEN = frozenset(str(status) for status, stage in STAGE_OF.items() if stage is Stage.UNDER_WAY)


@dataclass(frozen=True, slots=True)
class Makers:
    """Whose flows synergies are made of; a site without a company counts as one of its own."""

    company_of: Mapping[str, str]
    parts: Mapping[str, Sequence[Part]]

    def may_tell(self, rows: Iterable[Stored]) -> bool:
        """Tell whether what is counted of some synergies may be told: nothing, or that of three companies."""
        found = list(rows)
        sites = {part.site_id for row in found for part in self.parts.get(row.id, ())}
        return not found or enough(sites, self.company_of)


def enough(sites: Iterable[str], company_of: Mapping[str, str]) -> bool:
    """Tell whether the sites of a territory are three companies' at least."""
    return len({company_of.get(site, site) for site in sites}) >= FEWEST_COMPANIES


def kept_of(counted: Sequence[Stored], makers: Makers) -> list[Stored]:
    """Return the synergies whose worth may be told: by kind and stage, three companies with each figure."""
    cells: dict[tuple[str, str], list[Stored]] = defaultdict(list)
    for row in counted:
        cells[row.kind, STAGE_OF[row.status]].append(row)
    return [row for rows in cells.values() if _is_safe(rows, makers) for row in rows]


def _is_safe(rows: Sequence[Stored], makers: Makers) -> bool:
    with_eur = [row for row in rows if row.eur is not None]
    with_tco2e = [row for row in rows if row.tco2e is not None]
    return all(makers.may_tell(some) for some in (rows, with_eur, with_tco2e))


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
    """Yield the amounts reused that fewer than three companies make up.

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
            if reused.get((stage, kind, unit), 0.0) and not (rows and makers.may_tell(rows)):
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
    """Yield the counts of synergies that fewer than three companies stand in.

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
    yield from (code for code, some in sets.items() if not makers.may_tell(some))
