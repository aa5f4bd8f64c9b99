"""Why not: the gates and criteria of a pair that was not proposed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.candidates import Basis, PairColumns, candidate_pairs
from matching.catalogue.model import Catalogue
from matching.catalogue.tables import read_rows
from matching.columns import Floats, property_bits
from matching.compatibility import Link
from matching.criteria.quality import FAIL, PASS, UNKNOWN
from matching.engine import Engine
from matching.explanation import PairFacts, criteria_of
from matching.messages import N_, LocalName, Message
from matching.model import Flow
from matching.parameters import MatchParameters, constant
from matching.results import Criterion
from matching.scoring import score_pairs
from matching.temperature import is_cold

VERDICTS = {PASS: "pass", UNKNOWN: "unknown", FAIL: "fail"}
GATE_REASONS = {
    "properties": N_("What is offered is {properties}: the receiver refuses it."),
    "temperature": N_(
        "The source is too cold, even for a heat pump, or the need asks for a direct exchange."
    ),
    "concentration": N_("The concentration is below what the receiver needs."),
    "moisture": N_("The moisture is above what the receiver accepts."),
    "requirements": N_("A condition of the rule is not met."),
    "season": N_("The two calendars never meet."),
    "reach": N_("At {distance_km} km it is beyond reach ({cut_km} km)."),
    "exclusions": N_("The receiver excludes it in its own words."),
    "nature": N_("Goods cannot meet the need of a journey, a post or a place."),
    "destination": N_("The two journeys do not go to the same place."),
    "volume": N_("The quantity is too small to pay for a trip."),
}
TOO_WARM = N_("The source is not cold enough.")


@dataclass(frozen=True, slots=True)
class GateReport:
    """One gate of a pair: its verdict (pass, unknown, fail) and, when it fails, why."""

    name: str
    verdict: str
    why: Message | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What stands between two flows: what each was read as, the gates, the criteria, the score."""

    proposed: bool
    reason: Message
    provider_readings: tuple[tuple[str, float], ...]
    receiver_readings: tuple[tuple[str, float], ...]
    gates: tuple[GateReport, ...]
    criteria: dict[str, Criterion]
    score: float


def why_not(
    engine: Engine,
    provider: Flow,
    receiver: Flow,
    positions_km: Floats,
    parameters: MatchParameters | None = None,
    destinations_km: Floats | None = None,
) -> Refusal:
    """Explain a pair whether it was proposed or not.

    Parameters
    ----------
    positions_km
        Earth-centred coordinates in km of the provider's and the receiver's site, shape (2, 3).
    """
    chosen = parameters or MatchParameters()
    columns, found_amounts = engine.columns([provider, receiver], positions_km, destinations_km)
    first = next(i for i, flow in enumerate(columns.flows) if flow is provider)
    second = next(i for i, flow in enumerate(columns.flows) if flow is receiver)
    shown = tuple((r.resource, round(r.candidate.score, 3)) for r in columns.readings[first])
    wanted = tuple((r.resource, round(r.candidate.score, 3)) for r in columns.readings[second])
    if not provider.is_output or receiver.is_output:
        reason = Message(N_("A substitution goes from an output to an input."))
        return Refusal(False, reason, shown, wanted, (), {}, 0.0)
    if columns.site[first] == columns.site[second]:
        reason = Message(N_("Both flows belong to the same site: it can settle this by itself."))
        return Refusal(False, reason, shown, wanted, (), {}, 0.0)
    pairs = candidate_pairs(columns, engine.compatibility)
    linked = len(pairs) > 0
    if not linked:
        pairs = _bare_pair(first, second, shown, wanted)
    scored = score_pairs(pairs, columns, engine.catalogue, found_amounts, chosen)
    pair = PairFacts(0, provider, receiver, pairs.bases[int(pairs.basis[0])], scored)
    gates = _gate_reports(pair, engine.catalogue)
    failed = next((gate.why for gate in gates if gate.verdict == "fail" and gate.why is not None), None)
    score = float(scored.score[0]) if linked else 0.0
    proposed = linked and failed is None and score >= constant("minimum_score")
    reason = _reason(linked, failed, score, proposed, shown, wanted, engine.catalogue, provider, receiver)
    return Refusal(
        proposed,
        reason,
        shown,
        wanted,
        gates,
        criteria_of(pair, engine.catalogue, chosen.shares) if linked else {},
        score,
    )


def _bare_pair(
    first: int, second: int, shown: tuple[tuple[str, float], ...], wanted: tuple[tuple[str, float], ...]
) -> PairColumns:
    """Return the pair with a material strength of 0, for its gates alone."""
    basis = Basis(shown[0][0] if shown else "", wanted[0][0] if wanted else "", Link(0.0, "words"))
    return PairColumns(
        np.array([first]), np.array([second]), np.zeros(1), np.zeros(1, dtype=np.int64), (basis,)
    )


def _reason(
    linked: bool,
    failed: Message | None,
    score: float,
    proposed: bool,
    shown: tuple[tuple[str, float], ...],
    wanted: tuple[tuple[str, float], ...],
    catalogue: Catalogue,
    provider: Flow,
    receiver: Flow,
) -> Message:
    if proposed:
        return Message(N_("It is proposed, with a score of {score}."), {"score": score})
    if failed is not None:
        return failed
    if not linked:
        return Message(
            N_("No rule lets {output} replace {input}."),
            {"output": _name(shown, catalogue, provider), "input": _name(wanted, catalogue, receiver)},
        )
    return Message(
        N_("Its score, {score}, is below {minimum}."), {"score": score, "minimum": constant("minimum_score")}
    )


def _name(readings: tuple[tuple[str, float], ...], catalogue: Catalogue, flow: Flow) -> LocalName:
    return catalogue.resources[readings[0][0]].name if readings else LocalName(flow.label, flow.label)


def _gate_reports(pair: PairFacts, catalogue: Catalogue) -> tuple[GateReport, ...]:
    reports = []
    for name, verdicts in pair.scored.verdicts.gates.items():
        value = float(verdicts[pair.index])
        if np.isnan(value):
            continue
        reason = TOO_WARM if name == "temperature" and is_cold(pair.basis, catalogue) else GATE_REASONS[name]
        why = Message(reason, _params(pair)) if value == FAIL else None
        reports.append(GateReport(name, VERDICTS[int(value)], why))
    return tuple(reports)


def _params(pair: PairFacts) -> dict[str, object]:
    bad = pair.scored.verdicts.bad[pair.index]
    names = [name for name, bit in property_bits().items() if bad & bit]
    return {
        "properties": property_names(names),
        "distance_km": pair.distance_km if pair.distance_km is not None else "?",
        "cut_km": round(float(pair.scored.cut_km[pair.index]), 1),
    }


def property_names(names: list[str]) -> LocalName:
    """Return properties in words, in both languages."""
    rows = {row["property"]: row for row in read_rows("properties.csv")}
    return LocalName(
        ", ".join(rows[name]["name_fr"] for name in names), ", ".join(rows[name]["name_en"] for name in names)
    )
