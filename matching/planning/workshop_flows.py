"""A workshop from a flow table: each company comes, pairs are worth what their matches score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from matching.amounts import Amounts
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.planning.constants import constant
from matching.planning.workshop_seating import WorkshopProblem

Match = tuple[str, str, float]


def problem_from_flows(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    matches: Sequence[Match],
    *,
    seats: int | None = None,
    tables: int | None = None,
    turns: int | None = None,
    attendees: Mapping[str, int] | None = None,
    hosts: Sequence[str] = (),
    rivals: Sequence[tuple[str, str]] = (),
) -> WorkshopProblem:
    """Return the seating problem of the companies in a flow table.

    Parameters
    ----------
    matches
        (site, site, score) of each match found, by the sites' names; the scores of two companies add up.
    seats, tables, turns
        At most how many at a table (8), how many tables (as few as hold everyone) and rounds (3).
    attendees
        How many people a company sends, one where it is not named.
    hosts
        Companies whose first person keeps a table, in the order of the tables.
    rivals
        Pairs of companies that never share a table.
    """
    company_of = {flow.site.name: flow.site.company or flow.site.name for flow in columns.flows}
    known = sorted(set(company_of.values()))
    _check_names([*hosts, *(name for pair in rivals for name in pair), *(attendees or {})], known)
    sent = {company: (attendees or {}).get(company, 1) for company in known}
    people = tuple(
        company if number == 1 else f"{company} ({number})"
        for company in known
        for number in range(1, sent[company] + 1)
    )
    companies = tuple(company for company in known for _ in range(sent[company]))
    size = seats or int(constant("workshop", "seats"))
    return WorkshopProblem(
        people=people,
        companies=companies,
        scores=_scores(companies, company_of, matches),
        tables=tables or max(len(hosts), -(-len(people) // size)),
        seats=size,
        turns=turns or int(constant("workshop", "turns")),
        hosts=tuple(people.index(company) for company in hosts),
        rivals=frozenset(rivals),
    )


def _check_names(names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise InvalidParametersError(
                Message(N_("“{name}” is none of the companies of the flow table."), {"name": name})
            )


def _scores(
    companies: Sequence[str], company_of: Mapping[str, str], matches: Sequence[Match]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Share the score of two companies out between the people they send."""
    sent: dict[str, list[int]] = {}
    for i, company in enumerate(companies):
        sent.setdefault(company, []).append(i)
    scores = np.zeros((len(companies), len(companies)))
    for one, other, score in sorted(matches):
        first, second = company_of.get(one, ""), company_of.get(other, "")
        if first == second or first not in sent or second not in sent:
            continue
        each = score / (len(sent[first]) * len(sent[second]))
        for a in sent[first]:
            for b in sent[second]:
                scores[a, b] += each
                scores[b, a] += each
    return scores
