"""A second look at needs of work that were hardly read: those that may be one, as a question to ask.

"Journée réglementaire : emploi de raticides" and "Certificat nuisibles à repasser" share no word, and each is
read as several things. What both may be is likelier than what one alone may be; unit, trade, and how few
needs of this kind there are around say the rest. Offers get no second look: a collection that gathers the
wrong waste spoils it, while a consultation about the wrong need costs a call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import combinations
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from matching.catalogue.model import Catalogue
from matching.classify import Classifier
from matching.columns import LEAST_CERTAINTY, FlowColumns
from matching.criteria.distance import road_km
from matching.model import Flow
from matching.mutualisation.carrying import apart
from matching.mutualisation.forms import PoolForm, pool_forms
from matching.mutualisation.grouping import Group, pairwise_timing
from matching.mutualisation.senses import BOUGHT, Named, Sense, crowds
from matching.mutualisation.subjects import objects_apart, subjects_apart
from matching.parameters import MatchParameters, constant
from matching.words import stems

# A second look compares every two needs of a kind: it suits what people can read through together.
MOST_FLOWS = 300
# Log-odds that two needs are one, before the number of others around is counted, fitted on territories c and
# d by ``python -m benchmarks.quality.alikeness cd``.
ODDS: Mapping[str, float] = {
    "base": 0.82,
    "overlap": 2.71,
    "same_words": -1.22,
    "other_unit": -1.22,
    "same_trade": 1.52,
    "against": -1.25,
}
LEAST_ODDS = -1.0
# Goods bought together must be likelier by so much: there are more kinds of them (own estimate, the largest
# step of 0.4 that kept what was found in territories f, g and h read by a catalogue older than them).
GOODS_ODDS = 0.8
# Beside a label read for sure, a hesitant one must be likely enough to mean the same (own estimate).
SURE_READING, LEAST_BESIDE_SURE = 0.7, 0.3
# Nobody shares a post on a guess about the trade: only firms of one trade get a second look at posts.
CERTAIN_FORMS = frozenset({"shared_job"})
# Flows already in one group are nearly surely one need; those that cannot meet never are.
TOGETHER, NEVER = 3.0, -50.0
# Nobody should take a guess for a reading: a guess adds at most this to the least certainty.
MOST_GAINED = 0.35
UNREAD_SHARE = 1e-3


def features(first: Sense, second: Sense, columns: FlowColumns) -> dict[str, float]:
    """Return what the model of ``ODDS`` looks at."""
    one, other = columns.flows[first.row], columns.flows[second.row]
    units = {flow.quantity.unit if flow.quantity is not None else "" for flow in (one, other)}
    same_trade = _of_one_trade((one, other))
    shared = _sharable(first.weights.keys() & second.weights.keys(), same_trade=same_trade)
    words, others = ({*stems(flow.label)} for flow in (one, other))
    common = sum(sqrt(first.weights[n] * second.weights[n]) for n in sorted(shared, key=_in_order))
    return {
        "overlap": common,
        "same_words": len(words & others) / max(1, min(len(words), len(others))),
        "other_unit": float(len(units) == 2 and "" not in units),
        "same_trade": float(same_trade),
        "against": max(first.best, second.best) * (1 - common),
    }


def _of_one_trade(flows: Sequence[Flow]) -> bool:
    """Tell whether all sites are known to be of one division of activities."""
    trades = {flow.site.activity_code[:2] for flow in flows}
    return len(trades) == 1 and "" not in trades


def _sharable(names: Set[Named], *, same_trade: bool) -> list[Named]:
    """Return the names a guess may rest on: a post only between firms of one trade."""
    return [named for named in names if same_trade or named[1].name not in CERTAIN_FORMS]


def _in_order(named: Named) -> tuple[str, str]:
    return named[0], named[1].name


def closeness(first: Sense, second: Sense, columns: FlowColumns, crowd: int) -> float:
    """Return the log-odds that two needs are one.

    Parameters
    ----------
    crowd
        How many needs of this kind there are: a need has about as many mates however many others there are.
    """
    found = features(first, second, columns)
    sure = (first.best >= SURE_READING) + (second.best >= SURE_READING)
    kept_apart = any(apart(*loads) for loads in zip(first.load, second.load, strict=True))
    if kept_apart or sure == 2 or (sure and found["overlap"] < LEAST_BESIDE_SURE):
        return NEVER
    said = ODDS["base"] + sum(ODDS[name] * value for name, value in found.items())
    if columns.flows[first.row].kind in BOUGHT:
        said -= GOODS_ODDS
    return min(said - log(crowd - 1), TOGETHER)


def with_alike(
    groups: Sequence[Group],
    columns: FlowColumns,
    catalogue: Catalogue,
    parameters: MatchParameters,
    classifier: Classifier,
) -> list[Group]:
    """Return the groups, and those that a second look adds; a group that only grew stands once."""
    if len(columns) > MOST_FLOWS:
        return list(groups)
    together = {pair: number for number, g in enumerate(groups) for pair in combinations(sorted(g.rows), 2)}
    added: list[Group] = []
    for crowd in crowds(columns, catalogue, classifier):
        look = _Look(crowd, together, columns, catalogue, parameters)
        added.extend(group for senses in look.clusters() if (group := look.group(senses)) is not None)
    held = [(group.form, {*group.rows}) for group in added]
    kept = [g for g in groups if not any(g.form == form and {*g.rows} < rows for form, rows in held)]
    return kept + added


class _Look:
    """Needs of one kind, compared two by two."""

    def __init__(
        self,
        crowd: Sequence[Sense],
        together: Mapping[tuple[int, int], int],
        columns: FlowColumns,
        catalogue: Catalogue,
        parameters: MatchParameters,
    ) -> None:
        self._crowd, self._together, self._columns = crowd, together, columns
        self._catalogue, self._parameters = catalogue, parameters

    def clusters(self) -> Iterator[list[Sense]]:
        """Yield each cluster of needs that are likely one on average and not in one group already."""
        pairs = list(combinations(self._crowd, 2))
        close = np.array([self._closeness(*pair) for pair in pairs])
        close[~self._can_meet([sense.row for sense in self._crowd], self._kind_form())] = NEVER
        labels = fcluster(linkage(TOGETHER - close, "average"), TOGETHER - LEAST_ODDS, "distance").tolist()
        for label in sorted(set(labels)):
            found = [sense for sense, own in zip(self._crowd, labels, strict=True) if own == label]
            held = {self._together.get((a.row, b.row)) for a, b in combinations(found, 2)}
            if None in held:
                yield found

    def group(self, senses: Sequence[Sense]) -> Group | None:
        """Return needs as a group under the key they most likely share, None where they cannot meet."""
        same_trade = _of_one_trade([self._columns.flows[sense.row] for sense in senses])
        met = {named for sense in senses for named in sense.weights}
        names = sorted(
            _sharable(met, same_trade=same_trade),
            key=_in_order,
        )
        if not names:
            return None
        key, form = max(
            names, key=lambda n: round(sum(log(s.weights.get(n, 0.0) + UNREAD_SHARE) for s in senses), 9)
        )
        rows = [sense.row for sense in senses]
        if not self._can_meet(rows, form).all():
            return None
        if len({int(self._columns.site[row]) for row in rows}) < form.minimum_members:
            return None
        chances = [1 / (1 + exp(-self._closeness(*pair))) for pair in combinations(senses, 2)]
        first, second = np.triu_indices(len(rows), 1)
        position = self._columns.position_km[rows]
        return Group(
            key=key,
            form=form,
            rows=tuple(rows),
            resources=tuple(s.resources.get((key, form)) or _likeliest(s) for s in senses),
            certainty=(LEAST_CERTAINTY + MOST_GAINED * sum(chances) / len(chances),) * len(rows),
            distance_km=round(float(road_km(position[first], position[second]).max()), 1),
            timing=float(pairwise_timing(self._columns, np.array(rows), form)[first, second].min()),
            guessed=True,
        )

    def _closeness(self, first: Sense, second: Sense) -> float:
        if (first.row, second.row) in self._together:
            return TOGETHER
        return closeness(first, second, self._columns, len(self._crowd))

    def _kind_form(self) -> PoolForm | None:
        flow = self._columns.flows[self._crowd[0].row]
        forms = (f for f in pool_forms() if f.direction is flow.direction and flow.kind.value in f.kinds)
        return next(forms, None)

    def _can_meet(self, rows: Sequence[int], form: PoolForm | None) -> NDArray[np.bool_]:
        """Tell for each two rows whether sites, distances, destinations and calendars let them share."""
        first, second = np.triu_indices(len(rows), 1)
        columns, chosen = self._columns, np.array(rows)
        one, other = chosen[first], chosen[second]
        fits = columns.site[one] != columns.site[other]
        fits &= ~(
            road_km(columns.destination_km[one], columns.destination_km[other])
            > constant("same_destination_km")
        )
        flows = [columns.flows[row] for row in rows]
        fits &= ~(subjects_apart(flows) | objects_apart(flows))[first, second]
        if form is not None:
            limit = self._limit_km(form)
            fits &= road_km(columns.position_km[one], columns.position_km[other]) <= limit
            fits &= pairwise_timing(columns, chosen, form)[first, second] > 0
        return np.asarray(fits)

    def _limit_km(self, form: PoolForm) -> float:
        limit = self._parameters.reaches_km.get(form.reach, self._catalogue.reaches[form.reach].cut_km)
        return limit if self._parameters.max_km is None else min(limit, self._parameters.max_km)


def _likeliest(sense: Sense) -> str:
    return sense.resources[max(sense.weights, key=lambda n: (sense.weights[n], *_in_order(n)))]
