"""Machine code made ahead of its use: a machine's first long list need not wait for the compiler as well."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from matching.criteria.distance import EARTH_RADIUS_KM
from matching.engine import default_engine
from matching.model import Direction, Flow, Kind, Quantity, Range, Site
from matching.parameters import MatchParameters
from matching.postings import Postings, best_of_runs, compile_sums
from matching.sharing import aside
from matching.substitution import likely_pairs

# Sites that exchange something plain: what is compiled does not depend on what is matched.
LABEL, QUANTITY = "palettes bois", Quantity(Range(10.0, 10.0), "t")


def compile_ahead() -> None:
    """Compile the search among many flows and the reading of many labels, unless this machine has them.

    Half a minute of processor on a new machine; kept, see ``kernel.compiling``.
    """
    from matching.kernel.best import FEW

    engine = default_engine()
    _compile_sums()
    flows = [_flow(Direction.INPUT, 0), *(_flow(Direction.OUTPUT, place) for place in range(FEW))]
    columns, amounts = engine.columns(flows, np.full((len(flows), 3), EARTH_RADIUS_KM / 3**0.5))
    known = MatchParameters()
    likely_pairs(columns, engine.catalogue, engine.compatibility, amounts, known, few_flows=0)


def _compile_sums() -> None:
    compile_sums()
    index, ones = Postings(csr_matrix(np.eye(2))), np.ones(2)
    index.total((0, 1), ones)
    index.some((0, 1), ones)
    best_of_runs(ones, 1.0, np.zeros(1, dtype=np.int64))


def _flow(direction: Direction, place: int) -> Flow:
    return Flow(Site(f"Site {place}"), direction, Kind.MATERIAL, LABEL, quantity=QUANTITY)


def begin_ahead(processes: int) -> None:
    """Start ``compile_ahead`` in a copy of this process, unless this machine has nothing to compile.

    A match that is ready before waits for it; who leaves before does not. For a program of its own, see
    ``matching.sharing``.

    Parameters
    ----------
    processes
        How many may work together; below two nothing is started.
    """
    from matching.kernel.compiling import is_kept
    from matching.kernel.together import search_together

    if processes > 1 and not is_kept(search_together):
        aside(compile_ahead, processes)
