"""Substitutions: an output that can replace a neighbour's input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.amounts import Amounts
from matching.candidates import PairColumns, candidate_pairs
from matching.catalogue.model import Catalogue
from matching.classify import Classifier
from matching.columns import FlowColumns
from matching.compatibility import Compatibility
from matching.drafting import Drafts, Rows, member, rounded
from matching.loops import LINKS_BETWEEN_SITES, Link
from matching.parameters import MatchParameters, constant
from matching.results import Synergy, SynergyKind
from matching.scoring import ScoredPairs, score_pairs
from matching.second_look import guessed_pairs, looks_twice, with_pairs

__all__ = [
    "Substitutions",
    "best_rows",
    "find_substitutions",
    "likely_pairs",
    "link_rows",
    "member",
    "rounded",
]

# Below, comparing all pairs takes less time than loading the compiled search (measured, see benchmarks).
FEW_FLOWS = 10_000


@dataclass(frozen=True, slots=True)
class Substitutions:
    """The best receivers of each provider's flow, and the links that loops are made of; both unsorted.

    Both are rows of ``drafts``, which draws them up when they are read.
    """

    drafts: Drafts
    rows: Rows
    links: tuple[Link, ...]

    @property
    def best(self) -> tuple[Synergy, ...]:
        """The best receivers of each provider's flow, all drawn up."""
        return tuple(self.drafts.draw_all(self.rows, [""] * len(self.rows)))


def find_substitutions(
    columns: FlowColumns,
    catalogue: Catalogue,
    compatibility: Compatibility,
    amounts: Amounts,
    parameters: MatchParameters,
    few_flows: int = FEW_FLOWS,
    classifier: Classifier | None = None,
) -> Substitutions:
    """Return the best ``top`` receivers of each flow given, and the links of loops whatever ``top`` is.

    Parameters
    ----------
    few_flows
        From so many on the compiled search is used: less where it is loaded already.
    classifier
        With it, outputs that nothing answers get a second look (see ``second_look``); loops never do.
    """
    pairs = likely_pairs(columns, catalogue, compatibility, amounts, parameters, few_flows)
    scored = score_pairs(pairs, columns, catalogue, amounts, parameters)
    kinds = parameters.kinds
    none = np.zeros(0, dtype=np.int64)
    links = link_rows(scored, columns) if SynergyKind.LOOP in kinds else none
    if classifier is not None and SynergyKind.SUBSTITUTION in kinds and looks_twice(columns):
        every = scored
        if len(columns) >= few_flows:
            linked = candidate_pairs(columns, compatibility)
            every = score_pairs(linked, columns, catalogue, amounts, parameters)
        added = guessed_pairs(every, columns, catalogue, compatibility, amounts, parameters, classifier)
        if added is not None:
            scored = score_pairs(with_pairs(pairs, added), columns, catalogue, amounts, parameters)
    drafts = Drafts(scored, columns, catalogue, amounts, parameters)
    return Substitutions(
        drafts=drafts,
        rows=best_rows(scored, parameters.top) if SynergyKind.SUBSTITUTION in kinds else none,
        links=_links(links, scored, columns, drafts),
    )


def _links(rows: Rows, scored: ScoredPairs, columns: FlowColumns, drafts: Drafts) -> tuple[Link, ...]:
    giver, taker = columns.site[scored.pairs.output[rows]], columns.site[scored.pairs.input[rows]]
    ends = (giver.tolist(), taker.tolist(), rows.tolist(), scored.score[rows].tolist())
    return tuple(Link(*link) for link in zip(*ends, drafts.distances(rows), strict=True))


def likely_pairs(
    columns: FlowColumns,
    catalogue: Catalogue,
    compatibility: Compatibility,
    amounts: Amounts,
    parameters: MatchParameters,
    few_flows: int = FEW_FLOWS,
) -> PairColumns:
    """Return the pairs among which the best receivers and the links of loops are: all of them when few.

    The compiled search finds the same ones among many flows; what it saves on few is less than it costs to
    load (``docs/adr/0009``).
    """
    if len(columns) < few_flows:
        return candidate_pairs(columns, compatibility)
    # The compiler takes a second to load, which a small territory need not wait for.
    from matching.kernel.best import pair_columns, prepare
    from matching.kernel.compiling import one_at_a_time

    # Another process may be compiling it just now (``matching.ahead``).
    with one_at_a_time():
        prepared = prepare(columns, catalogue, compatibility, amounts, parameters)
        found = [prepared.best(parameters.top, constant("minimum_score"))]
        if SynergyKind.LOOP in parameters.kinds:
            links = int(constant("loop_links_per_site"))
            found.append(prepared.best(links, constant("loop_minimum_score"), distinct=True))
        return pair_columns(found, prepared)


def best_rows(scored: ScoredPairs, top: int) -> NDArray[np.int64]:
    """Return the rows that no gate refuses, above the minimum score, at most ``top`` for each output."""
    rows = np.flatnonzero(scored.verdicts.passed & (scored.score >= constant("minimum_score")))
    output, receiver = scored.pairs.output[rows], scored.pairs.input[rows]
    rows = rows[np.lexsort((receiver, -scored.score[rows], output))]
    return np.asarray(rows[_rank(scored.pairs.output[rows]) < top], dtype=np.int64)


def link_rows(scored: ScoredPairs, columns: FlowColumns) -> NDArray[np.int64]:
    """Return the best row between each two sites, the few best leaving each site.

    In a territory that people can read through, the next best row between the same sites comes too.
    """
    rows = np.flatnonzero(scored.verdicts.passed & (scored.score >= constant("loop_minimum_score")))
    rows = rows[np.lexsort((scored.pairs.input[rows], scored.pairs.output[rows], -scored.score[rows]))]
    giver, taker = columns.site[scored.pairs.output[rows]], columns.site[scored.pairs.input[rows]]
    ends = giver * (len(columns) + 1) + taker
    _, first = np.unique(ends, return_index=True)
    best = np.sort(first)
    order = np.argsort(giver[best], kind="stable")
    kept = best[order][_rank(giver[best][order]) < constant("loop_links_per_site")]
    if not looks_twice(columns):
        return np.asarray(rows[kept], dtype=np.int64)
    between = np.flatnonzero(np.isin(ends, ends[kept]))
    between = between[np.argsort(ends[between], kind="stable")]
    return np.asarray(rows[between[_rank(ends[between]) < LINKS_BETWEEN_SITES]], dtype=np.int64)


def _rank(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of each element in its run of equal values, from 0."""
    positions = np.arange(len(group))
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]]) if len(group) else positions
    return np.asarray(positions - np.repeat(starts, np.diff(np.r_[starts, len(group)])), dtype=np.int64)
