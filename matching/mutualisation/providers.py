"""Needs declared as different kinds that one provider serves: a jetting lorry to hire, and drains to empty.

One person writes a machine, another a service, a third somebody who knows how; the catalogue has what they
ask for under one pool key, in several kinds. Each would wait alone in a form of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from matching.catalogue.model import Catalogue
from matching.model import Flow, Kind
from matching.mutualisation.forms import PoolForm

# Forms under which one provider may serve needs of several kinds.
OF_ONE_PROVIDER = frozenset({"joint_purchase", "shared_equipment", "shared_job"})
# So many agree on a form before others are brought into it.
AGREED = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A flow that may join a pool: its row, the resource it was read as, and how sure."""

    row: int
    resource: str
    certainty: float


def with_one_provider(
    groups: Mapping[tuple[str, PoolForm], dict[int, Entry]], flows: Sequence[Flow], catalogue: Catalogue
) -> None:
    """Add to the fullest form of a key what was declared of another kind, where the catalogue has both.

    Only what was read as the kind it was declared joins: read as another, it may be another thing of that
    name.

    Parameters
    ----------
    groups
        The flows that may be pooled, by row, for each key and form; changed in place.
    """
    forms: dict[str, list[PoolForm]] = defaultdict(list)
    for key, form in groups:
        if form.name in OF_ONE_PROVIDER:
            forms[key].append(form)
    # What keeps flows of one key apart stands behind the mark.
    asked = {key.partition("!")[0] for key, found in forms.items() if len(found) > 1}
    several = _of_several_kinds(asked, catalogue)
    for key, found in forms.items():
        if len(found) == 1 or key.partition("!")[0] not in several:
            continue
        fullest = max(found, key=lambda form: (len(groups[key, form]), form.name))
        host = groups[key, fullest]
        if len(host) < AGREED:
            continue
        for form in found:
            for row, entry in groups[key, form].items():
                if catalogue.resources[entry.resource].kind is flows[row].kind:
                    host.setdefault(row, entry)


def _of_several_kinds(keys: Set[str], catalogue: Catalogue) -> set[str]:
    kinds: dict[str, set[Kind]] = defaultdict(set)
    for resource in catalogue.resources.values():
        for key in keys & {*resource.pool_in}:
            kinds[key].add(resource.kind)
    return {key for key, found in kinds.items() if len(found) > 1}
