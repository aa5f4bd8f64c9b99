"""A territory whose flows change a few at a time: what is proposed now, and what of it must be said anew.

Pairs are searched among all flows, which takes milliseconds once the rest is kept. What a pair says depends
on its two flows alone: only pairs with a changed flow, or new among the best, are drawn up again. Groups are
sought where a changed flow may take part. All of it equals what ``Engine.match`` finds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.amounts import Amounts, amounts
from matching.columns import Floats, FlowColumns, canonical_order, site_key
from matching.columns_parts import end_to_end, of_rows, with_sites
from matching.engine import Engine
from matching.loops import find_loops
from matching.model import Flow
from matching.mutualisation import alike
from matching.mutualisation.joining import pool_groups
from matching.mutualisation.pools import build_pools, find_pools
from matching.mutualisation.touched import keys_of, rows_touched
from matching.parameters import MatchParameters
from matching.ranking import RankedSynergies
from matching.results import Synergy, SynergyKind, flow_key
from matching.substitution import FEW_FLOWS, Substitutions, find_substitutions

Rows = NDArray[np.int64]
Keys = frozenset[str]


@dataclass(frozen=True, slots=True)
class Change:
    """Flows that came, changed or went, with the pool keys and the contents that they had or have."""

    flows: Set[str]
    pooled: Keys
    contents: Set[str]


@dataclass(frozen=True, slots=True)
class Renewed:
    """What is proposed of a territory after a change.

    Attributes
    ----------
    pairs
        The flows of each substitution, the giver first.
    doubtful
        For each pair, whether what it says may have changed though it was proposed before.
    others
        Loops, and groups where they were sought, best first, with the pairs of twin flows.
    searched
        The flows, gone ones included, whose groups were sought again; other groups stand as they did.
    """

    pairs: Sequence[tuple[str, str]]
    doubtful: NDArray[np.bool_]
    others: Sequence[Synergy]
    searched: Set[str]
    _found: Substitutions | None

    def drawn(self, places: Sequence[int]) -> Iterator[Synergy]:
        """Yield the synergies of some of the pairs."""
        if self._found is not None:
            rows = self._found.rows[np.array(places, dtype=np.int64)]
            yield from self._found.drafts.draw_all(rows, [""] * len(places))


class Standing:
    """The flows of a territory, by identifier, with all that need not be worked out again."""

    def __init__(self, engine: Engine, parameters: MatchParameters) -> None:
        self._engine = engine
        self._parameters = parameters
        none = np.zeros((0, 3))
        self._columns = engine.columns([], none, none)[0]
        self._keys: dict[str, str] = {}
        self._pooled: dict[str, Keys] = {}
        self._all_groups = True

    def change(
        self, gone: Set[str], fresh: Sequence[Flow], positions_km: Floats, destinations_km: Floats
    ) -> Change:
        """Take flows away and put others; those that change are among both."""
        contents = {self._keys[one] for one in gone}
        pooled = set[str]().union(*(self._pooled[one] for one in gone))
        for one in gone:
            del self._keys[one], self._pooled[one]
        engine = self._engine
        columns, _ = engine.columns(fresh, positions_km, destinations_km)
        for row, flow in enumerate(columns.flows):
            self._keys[flow.flow_id] = flow_key(flow)
            self._pooled[flow.flow_id] = keys_of(columns, row, engine.catalogue, engine.classifier)
        ids = [flow.flow_id for flow in fresh]
        left = [row for row, flow in enumerate(self._columns.flows) if flow.flow_id not in gone]
        # Few flows get a second look, for which all of them count.
        fewest = min(len(self._columns), len(left) + len(columns))
        self._all_groups = fewest <= alike.MOST_FLOWS
        self._columns = self._ordered(end_to_end(of_rows(self._columns, left), columns))
        contents |= {self._keys[one] for one in ids}
        pooled |= set[str]().union(*(self._pooled[one] for one in ids))
        return Change({*gone, *ids}, frozenset(pooled), contents)

    def _ordered(self, columns: FlowColumns) -> FlowColumns:
        order = canonical_order(columns.flows, [self._keys[flow.flow_id] for flow in columns.flows])
        return with_sites(of_rows(columns, order), site_key)

    def renewed(self, change: Change, few_flows: int = FEW_FLOWS) -> Renewed:
        """Return what is proposed now, after a change.

        Parameters
        ----------
        few_flows
            From so many on the compiled search is used.
        """
        columns, kinds = self._columns, self._parameters.kinds
        known = amounts(columns, self._engine.catalogue)
        found, others = None, list[Synergy]()
        if {SynergyKind.SUBSTITUTION, SynergyKind.LOOP} & set(kinds):
            engine = self._engine
            found = find_substitutions(
                columns,
                engine.catalogue,
                engine.compatibility,
                known,
                self._parameters,
                few_flows,
                engine.classifier,
            )
            others.extend(find_loops(found.links, found.drafts.draw, self._parameters.max_km))
        searched: set[str] = set()
        if SynergyKind.MUTUALISATION in kinds:
            rows = self._rows_of_groups(change)
            searched = {columns.flows[row].flow_id for row in rows} | {*change.flows}
            others.extend(self._pools(rows, known))
        return self._told(found, others, change, searched)

    def _rows_of_groups(self, change: Change) -> list[int]:
        flows = self._columns.flows
        if self._all_groups:
            return list(range(len(flows)))
        return rows_touched([self._pooled[flow.flow_id] for flow in flows], change.pooled)

    def _pools(self, rows: Sequence[int], known: Amounts) -> Sequence[Synergy]:
        engine, chosen = self._engine, self._parameters
        if self._all_groups:
            return find_pools(self._columns, engine.catalogue, known, chosen, engine.classifier)
        part = Amounts(known.value[rows], known.unit[rows], known.names)
        columns = of_rows(self._columns, rows)
        groups = pool_groups(columns, engine.catalogue, part, chosen, engine.classifier, second_look=False)
        return build_pools(groups, columns, engine.catalogue, part, chosen)

    def _told(
        self,
        found: Substitutions | None,
        others: Sequence[Synergy],
        change: Change,
        searched: Set[str],
    ) -> Renewed:
        if found is None:
            none = np.zeros(0, dtype=np.int64)
            return Renewed([], none.astype(bool), RankedSynergies(None, none, others), searched, None)
        flows, times = self._columns.flows, Counter(self._keys.values())
        ids = [flow.flow_id for flow in flows]
        keys = [self._keys[one] for one in ids]
        twin = np.array([times[key] > 1 for key in keys], dtype=bool)
        doubt = np.array(
            [one in change.flows or key in change.contents for one, key in zip(ids, keys, strict=True)],
            dtype=bool,
        )
        output, receiver = found.drafts.ends(found.rows)
        # Twins make pairs of one content, told apart by a number that the others of its content decide.
        twins = twin[output] | twin[receiver]
        plain = ~twins
        one = Substitutions(found.drafts, found.rows[plain], ())
        output, receiver = output[plain], receiver[plain]
        return Renewed(
            [(ids[o], ids[i]) for o, i in zip(output.tolist(), receiver.tolist(), strict=True)],
            doubt[output] | doubt[receiver],
            RankedSynergies(found.drafts, found.rows[twins], others),
            searched,
            one,
        )
