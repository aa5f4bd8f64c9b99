"""Five criteria into one score: a weighted geometric mean, so that none can be bought by the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from matching.amounts import Amounts
from matching.candidates import Basis, PairColumns
from matching.catalogue.model import Catalogue, Reach
from matching.catalogue.tables import read_rows
from matching.columns import Floats, FlowColumns
from matching.compatibility import MEANING
from matching.criteria.distance import distance_score, road_km
from matching.criteria.quality import PASS, UNKNOWN, quality_score
from matching.criteria.quantity import quantity_score
from matching.criteria.timing import timing_score
from matching.gates import GateVerdicts, evaluate
from matching.parameters import CRITERIA, MatchParameters, constant


@dataclass(frozen=True, slots=True)
class ScoredPairs:
    """Pairs with their gates, criteria in [0, 1], score in [0, 100] and confidence in [0, 1]."""

    pairs: PairColumns
    verdicts: GateVerdicts
    distance_km: Floats
    cut_km: Floats
    offered: Floats
    needed: Floats
    criteria: Mapping[str, Floats]
    score: Floats
    confidence: Floats


def geometric_score(criteria: Mapping[str, Floats], shares: Mapping[str, float]) -> Floats:
    """Return 100 · Π criterion^share, in [0, 100] (one decimal).

    Parameters
    ----------
    criteria
        Arrays in [0, 1] by criterion.
    shares
        Weights that sum to 1.
    """
    with np.errstate(divide="ignore"):
        logs = sum(shares[name] * np.log(criteria[name]) for name in CRITERIA if shares[name] > 0)
    # Twice, so that a value on the edge of two tenths falls the same way whatever the order of its terms.
    return np.asarray(np.round(np.round(100 * np.exp(logs), 9), 1))


def reach_columns(bases: tuple[Basis, ...], catalogue: Catalogue, parameters: MatchParameters) -> Floats:
    """Return (full, half, cut) road km of each basis, shape (n, 3), the territory's own where it set one."""
    table = [_basis_reach(basis, catalogue, parameters) for basis in bases] or [(1.0, 1.0, 1.0)]
    return np.array(table)


def _basis_reach(
    basis: Basis, catalogue: Catalogue, parameters: MatchParameters
) -> tuple[float, float, float]:
    reach = resource_reach(basis.output_resource or basis.input_resource, catalogue)
    if basis.input_resource and not basis.link.rule:
        other = resource_reach(basis.input_resource, catalogue)
        reach = min(reach, other, key=lambda r: r.cut_km)
    cut = reach.cut_km
    if basis.link.rule is not None and basis.link.rule.max_km is not None:
        cut = min(cut, constant("rule_reach_slack") * basis.link.rule.max_km)
    for key in (reach.key, basis.output_resource, basis.input_resource):
        cut = parameters.reaches_km.get(key, cut)
    if parameters.max_km is not None:
        cut = min(cut, parameters.max_km)
    return reach.full_km, reach.half_km, cut


def resource_reach(resource_id: str, catalogue: Catalogue) -> Reach:
    """Return the reach of a resource, or the default one."""
    key = catalogue.resources[resource_id].reach if resource_id else "any_material"
    return catalogue.reaches[key]


def score_pairs(
    pairs: PairColumns,
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    parameters: MatchParameters,
) -> ScoredPairs:
    """Return the criteria, gates and score of every pair."""
    o, i = pairs.output, pairs.input
    distance = road_km(columns.position_km[o], columns.position_km[i])
    reach = reach_columns(pairs.bases, catalogue, parameters)[pairs.basis] if len(pairs) else np.zeros((0, 3))
    offered, needed = amounts.pair(o, i)
    verdicts = evaluate(
        pairs, columns, catalogue, distance, reach[:, 2], (offered, needed), lots_of(amounts)[o]
    )
    criteria = {
        "material": pairs.material,
        "quantity": quantity_score(offered, needed),
        "timing": timing_score(columns.months[o], columns.months[i], offered, needed),
        "distance": distance_score(distance, reach[:, 0], reach[:, 1], reach[:, 2]),
        "quality": quality_score(verdicts.count(PASS), verdicts.count(UNKNOWN)),
    }
    pump = np.where(np.isnan(verdicts.cop), 1.0, constant("heat_pump_factor"))
    criteria["material"] = criteria["material"] * pump
    return ScoredPairs(
        pairs=pairs,
        verdicts=verdicts,
        distance_km=distance,
        cut_km=reach[:, 2],
        offered=offered,
        needed=needed,
        criteria=criteria,
        score=geometric_score(criteria, parameters.shares),
        confidence=_confidence(pairs, columns, verdicts),
    )


def lots_of(amounts: Amounts) -> Floats:
    """Return the minimum lot in the unit each flow is compared in, NaN where none is set."""
    by_unit = usual_lots()
    table = np.array([*(by_unit.get(name, np.nan) for name in amounts.names), np.nan])
    return np.asarray(table[amounts.unit])


@lru_cache(maxsize=1)
def usual_lots() -> Mapping[str, float]:
    """Return the catalogue's minimum lot by the unit it is counted in."""
    return {row["unit"]: float(row["value"]) for row in read_rows("minimum_lots.csv")}


def _confidence(pairs: PairColumns, columns: FlowColumns, verdicts: GateVerdicts) -> Floats:
    """Geometric mean of both sides' reliability and reading, less for each unknown gate.

    What is only guessed is no surer than what was not read at all.
    """
    unread = constant("unread_certainty")
    sureness = np.array([found[0].certainty if found else unread for found in columns.readings])
    guessed = np.array([basis.link.relation == MEANING for basis in pairs.bases] or [False])[pairs.basis]
    o, i = pairs.output, pairs.input
    read = np.where(guessed, unread, np.sqrt(sureness[o] * sureness[i]))
    both = np.sqrt(columns.reliability[o] * columns.reliability[i]) * read
    return np.asarray(np.round(both * np.power(constant("unknown_condition"), verdicts.count(UNKNOWN)), 3))
