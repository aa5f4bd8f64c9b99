"""Posts of a master class from a flow table: what companies recruit for by training."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from matching.amounts import Amounts
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.messages import N_, Message
from matching.planning.masterclass_model import Application, Candidate, MasterclassProblem, Post
from matching.planning.plan import InfeasiblePlanError
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
    posts = [
        Post(name, company, places, tuple(rankings.get(name, ())))
        for name, company, places in _posts(columns, catalogue, amounts)
    ]
    return MasterclassProblem(tuple(posts), tuple(candidates))


def _posts(columns: FlowColumns, catalogue: Catalogue, amounts: Amounts) -> Iterator[tuple[str, str, int]]:
    """Yield the name, the company and the places of each post."""
    for row, flow in enumerate(columns.flows):
        found = columns.readings[row]
        if not found or flow.is_output or RECRUITMENT not in catalogue.lineage(found[0].resource):
            continue
        value = amounts.value[row]
        places = max(1, round(float(value))) if value > 0 else 1
        yield f"{flow.site.name}: {flow.label}", flow.site.company or flow.site.name, places


def problem_from_applications(
    columns: FlowColumns, catalogue: Catalogue, amounts: Amounts, applications: Sequence[Application]
) -> MasterclassProblem:
    """Return the problem of the posts of a flow table and of those who apply for them.

    Equal ranks keep the order of the applications.

    Raises
    ------
    InfeasiblePlanError
        If no company recruits by training.
    """
    names = [name for name, _, _ in _posts(columns, catalogue, amounts)]
    if not names:
        raise InfeasiblePlanError(
            Message(N_("No site recruits by training: declare posts such as “POEC”, with how many people."))
        )
    wishes: dict[str, list[tuple[int, str]]] = defaultdict(list)
    ranks: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for application in applications:
        post = _post_of(application, names)
        asked = wishes[application.candidate]
        if application.wish is not None:
            asked.append((application.wish, post))
        if application.company_rank is not None:
            ranks[post].append((application.company_rank, application.candidate))
    candidates = [Candidate(name, _in_order(asked)) for name, asked in wishes.items()]
    rankings = {post: _in_order(found) for post, found in ranks.items()}
    return problem_from_flows(columns, catalogue, amounts, candidates, rankings)


def _in_order(ranked: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(name for _, name in sorted(ranked, key=lambda entry: entry[0]))


def _post_of(application: Application, names: Sequence[str]) -> str:
    """Return the name of the post applied for; one that does not exist is told when rankings are checked."""
    if application.label:
        return f"{application.site}: {application.label}"
    own = [name for name in names if name.startswith(f"{application.site}: ")]
    return own[0] if len(own) == 1 else application.site
