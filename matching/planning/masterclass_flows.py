"""Posts of a master class from a flow table: what companies recruit for by training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matching.amounts import Amounts
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.planning.masterclass import Candidate, MasterclassProblem, Post
from matching.planning.training_flows import RECRUITMENT


def problem_from_flows(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    candidates: Sequence[Candidate],
    rankings: Mapping[str, Sequence[str]],
) -> MasterclassProblem:
    """Return the problem of the posts that companies recruit for by training.

    Parameters
    ----------
    candidates
        People with the posts they accept, named “SITE: LABEL”.
    rankings
        Candidates that each post accepts, best first, by the post's name; none where it is not named.
    """
    posts = []
    for row, flow in enumerate(columns.flows):
        found = columns.readings[row]
        if not found or flow.is_output or RECRUITMENT not in catalogue.lineage(found[0].resource):
            continue
        name = f"{flow.site.name}: {flow.label}"
        value = amounts.value[row]
        places = max(1, round(float(value))) if value > 0 else 1
        posts.append(Post(name, flow.site.company or flow.site.name, places, tuple(rankings.get(name, ()))))
    return MasterclassProblem(tuple(posts), tuple(candidates))
