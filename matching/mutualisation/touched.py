"""Which flows a change may bring into other groups: those that share a pool key with it, and so on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from matching.catalogue.model import Catalogue
from matching.classify import Classifier
from matching.columns import FlowColumns
from matching.mutualisation.forms import pool_keys
from matching.mutualisation.joining import READINGS_LOOKED_AT
from matching.mutualisation.subjects import form_of_flow
from matching.parameters import constant


def keys_of(columns: FlowColumns, row: int, catalogue: Catalogue, classifier: Classifier) -> frozenset[str]:
    """Return the keys of all groups that a flow could ever join, with the side it stands on."""
    flow, found = columns.flows[row], columns.readings[row]
    resources = {reading.resource for reading in found}
    if found and found[0].candidate.score < constant("hesitant_reading"):
        resources |= {one.resource for one in classifier.classify(flow, top=READINGS_LOOKED_AT)}
    return frozenset(
        f"{flow.direction.value}:{key}"
        for resource in resources
        if form_of_flow(catalogue.resources[resource], flow) is not None
        for key in pool_keys(resource, flow.direction, catalogue)
    )


def rows_touched(keys: Sequence[frozenset[str]], first: frozenset[str]) -> list[int]:
    """Return the rows that ``first`` leads to, from key to row and from row to key, in their order."""
    rows_by_key: dict[str, list[int]] = defaultdict(list)
    for row, own in enumerate(keys):
        for key in own:
            rows_by_key[key].append(row)
    seen, waiting, rows = set(first), list(first), set[int]()
    while waiting:
        for row in rows_by_key.get(waiting.pop(), ()):
            if row not in rows:
                rows.add(row)
                waiting += keys[row] - seen
                seen |= keys[row]
    return sorted(rows)
