"""A second look at needs of work that were hardly read: those that may be one, as a question to ask.

"Journée réglementaire : emploi de raticides" and "Certificat nuisibles à repasser" share no word, and each is
read as several things. What both may be is likelier than what one alone may be; unit, trade, and how few
needs of this kind there are around say the rest. Materials get no second look: a collection that gathers the
wrong waste spoils it, while a consultation about the wrong need costs a call.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from matching.catalogue.model import Catalogue, Resource
from matching.classify import Classifier
from matching.columns import LEAST_CERTAINTY, FlowColumns, bits
from matching.criteria.distance import road_km
from matching.model import Kind
from matching.mutualisation.carrying import apart, carries, coldness
from matching.mutualisation.forms import PoolForm, form_of, pool_forms, pool_keys
from matching.mutualisation.grouping import EXCLUDED, Group, pairwise_timing
from matching.parameters import MatchParameters, constant
from matching.words import stems

# A second look compares every two needs of a kind: it suits what people can read through together.
MOST_FLOWS = 300
WORK = (Kind.SERVICE, Kind.SKILL, Kind.EQUIPMENT, Kind.SPACE, Kind.TRANSPORT)
# How many readings of a flow are looked at, however weak: it is their agreement that counts.
READINGS_LOOKED_AT = 40
# A reading half as strong is this power of two less likely (own estimate, set on territories c and d).
SHARPNESS = 4
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
# Beside a label read for sure, a hesitant one must be likely enough to mean the same (own estimate).
SURE_READING, LEAST_BESIDE_SURE = 0.7, 0.3
# Nobody shares a post on a guess about the trade.
CERTAIN_FORMS = frozenset({"shared_job"})
# Flows already in one group are nearly surely one need; those that cannot meet never are.
TOGETHER, NEVER = 3.0, -50.0
# Nobody should take a guess for a reading: a guess adds at most this to the least certainty.
MOST_GAINED = 0.35
UNREAD_SHARE = 1e-3
Named = tuple[str, PoolForm]


@dataclass(frozen=True, slots=True)
class Sense:
    """What a flow may be pooled as: weight in [0, 1] and likeliest resource of each (key, form); its load."""

    row: int
    best: float
    weights: Mapping[Named, float]
    resources: Mapping[Named, str]
    load: tuple[str, str] = ("", "")


def sense_of(columns: FlowColumns, row: int, catalogue: Catalogue, classifier: Classifier) -> Sense | None:
    """Return what a need of work may be pooled as, None where it gets no second look."""
    flow = columns.flows[row]
    placed = not np.isnan(columns.position_km[row]).any()
    if flow.is_output or flow.kind not in WORK or not placed or columns.has[row] & bits(EXCLUDED):
        return None
    found = classifier.weighed(flow, READINGS_LOOKED_AT)
    total = sum(score**SHARPNESS for _, score in found)
    weights: dict[Named, float] = defaultdict(float)
    resources: dict[Named, str] = {}
    for resource_id, score in found:
        resource = catalogue.resources[resource_id]
        form = form_of(resource, flow.direction, flow.kind)
        if form is None or form.name in CERTAIN_FORMS or not _telling(resource, catalogue):
            continue
        for key in pool_keys(resource_id, flow.direction, catalogue):
            weights[key, form] += score**SHARPNESS / total
            resources.setdefault((key, form), resource_id)
    load = carries(flow, found, catalogue), coldness(flow)
    return Sense(row, found[0][1], weights, resources, load) if weights else None


def _telling(resource: Resource, catalogue: Catalogue) -> bool:
    """Tell whether it is work, and narrow enough that two needs of it may be one."""
    if resource.kind not in WORK or "consigned" in resource.properties:
        return False
    return len(catalogue.descendants(resource.resource_id)) <= constant("wide_family")


def crowds(columns: FlowColumns, catalogue: Catalogue, classifier: Classifier) -> list[list[Sense]]:
    """Return the senses of the flows that get a second look, those of one kind together."""
    found: dict[str, list[Sense]] = defaultdict(list)
    for row, flow in enumerate(columns.flows):
        sense = sense_of(columns, row, catalogue, classifier)
        if sense is not None:
            found[flow.kind.value].append(sense)
    return [found[kind] for kind in sorted(found) if len(found[kind]) > 1]


def features(first: Sense, second: Sense, columns: FlowColumns) -> dict[str, float]:
    """Return what the model of ``ODDS`` looks at."""
    one, other = columns.flows[first.row], columns.flows[second.row]
    units = {flow.quantity.unit if flow.quantity is not None else "" for flow in (one, other)}
    trades = {flow.site.activity_code[:2] for flow in (one, other)}
    shared = first.weights.keys() & second.weights.keys()
    words, others = ({*stems(flow.label)} for flow in (one, other))
    common = sum(sqrt(first.weights[n] * second.weights[n]) for n in sorted(shared, key=_in_order))
    return {
        "overlap": common,
        "same_words": len(words & others) / max(1, min(len(words), len(others))),
        "other_unit": float(len(units) == 2 and "" not in units),
        "same_trade": float(len(trades) == 1 and "" not in trades),
        "against": max(first.best, second.best) * (1 - common),
    }


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
        names = sorted({named for sense in senses for named in sense.weights}, key=_in_order)
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
