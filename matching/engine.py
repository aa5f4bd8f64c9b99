"""The whole match: flows and their places in, ranked and explained synergies out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from threading import Lock

import numpy as np

from matching.amounts import Amounts, amounts
from matching.catalogue.loader import load_catalogue
from matching.catalogue.model import Catalogue
from matching.classify import Classifier, default_classifier
from matching.columns import Floats, FlowColumns, build_columns
from matching.compatibility import Compatibility
from matching.loops import find_loops
from matching.model import Flow
from matching.mutualisation.joining import pool_groups
from matching.mutualisation.pools import build_pools
from matching.parameters import MatchParameters
from matching.ranking import RankedSynergies
from matching.results import MatchResult, Synergy, SynergyKind
from matching.sharing import apart
from matching.substitution import FEW_FLOWS, find_substitutions

Progress = Callable[[str], None]


def _silent(step: str) -> None:
    """Report nothing."""


class Engine:
    """A catalogue with its classifier, ready to match.

    Deterministic: the same flows give the same answer whatever the order of their rows.
    """

    def __init__(self, catalogue: Catalogue, classifier: Classifier) -> None:
        self.catalogue = catalogue
        self.classifier = classifier
        self.compatibility = Compatibility(catalogue)

    def columns(
        self,
        flows: Sequence[Flow],
        positions_km: Floats,
        destinations_km: Floats | None = None,
        processes: int = 1,
    ) -> tuple[FlowColumns, Amounts]:
        """Return the flows as columns, with the quantities they can be compared by."""
        columns = build_columns(
            flows, positions_km, self.catalogue, self.classifier, destinations_km, processes
        )
        return columns, amounts(columns, self.catalogue)

    def match(
        self,
        flows: Sequence[Flow],
        positions_km: Floats,
        parameters: MatchParameters | None = None,
        destinations_km: Floats | None = None,
        progress: Progress = _silent,
        processes: int = 1,
        *,
        guesses: bool = True,
    ) -> MatchResult:
        """Return every synergy worth talking about, best first.

        Parameters
        ----------
        positions_km
            Earth-centred coordinates of each flow's site in km, shape (n, 3), NaN where unplaced.
        destinations_km
            Likewise for where a transport goes, NaN where unknown; None when none is known.
        progress
            Called with the name of each step as it starts.
        processes
            How many may work together on many flows, see ``matching.sharing``: the answer is the same.
        guesses
            Whether what nothing answers gets a second look: not among some flows of a territory alone, where
            too much seems left over.
        """
        chosen = parameters or MatchParameters()
        progress("classify")
        columns, found_amounts = self.columns(flows, positions_km, destinations_km, processes)
        # Groups need nothing of substitutions: both are sought at once.
        grouped = apart(
            partial(pool_groups, columns, self.catalogue, found_amounts, chosen, self.classifier),
            processes if SynergyKind.MUTUALISATION in chosen.kinds and len(flows) > FEW_FLOWS else 1,
        )
        others: list[Synergy] = []
        drafts, rows = None, np.zeros(0, dtype=np.int64)
        progress("substitution")
        if {SynergyKind.SUBSTITUTION, SynergyKind.LOOP} & set(chosen.kinds):
            found = find_substitutions(
                columns,
                self.catalogue,
                self.compatibility,
                found_amounts,
                chosen,
                classifier=self.classifier if guesses else None,
            )
            drafts, rows = found.drafts, found.rows
            progress("loop")
            others.extend(find_loops(found.links, found.drafts.draw, chosen.max_km))
        progress("mutualisation")
        if SynergyKind.MUTUALISATION in chosen.kinds:
            others.extend(build_pools(grouped(), columns, self.catalogue, found_amounts, chosen))
        return MatchResult(
            synergies=RankedSynergies(drafts, rows, others),
            sites=len(set(columns.site.tolist())),
            flows=len(flows),
            rejected=0,
            catalogue_digest=self.catalogue.digest,
            parameters=chosen.as_mapping(),
        )


_loading = Lock()


def default_engine() -> Engine:
    """Return the engine of the package's catalogue, built once however many threads ask for it."""
    with _loading:
        return _default_engine()


@lru_cache(maxsize=1)
def _default_engine() -> Engine:
    return Engine(load_catalogue(), default_classifier())
