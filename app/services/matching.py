"""Matching as the rest of the application asks for it: flows in, results out, placed by ``geo``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from threading import Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.exports.document import Document
from app.exports.showing import ShownDocuments
from app.translations import translate
from geo.destinations import place_named_in
from geo.projections import earth_centred_km
from matching.columns import KEPT_READINGS, readings
from matching.engine import default_engine
from matching.errors import UnknownResourceError
from matching.model import Flow, Kind
from matching.mutualisation import forms
from matching.outlets import Outlet, find_outlets
from matching.parameters import MatchParameters
from matching.refusals import Refusal, why_not
from matching.results import MatchResult

Floats = NDArray[np.float64]
# Fewer are read before a thread would be of use (own estimate).
MANY_LABELS = 5_000


@lru_cache(maxsize=1)
def engine_version() -> str:
    """Return the version of the engine, kept with each result."""
    return version("entreflux")


def warm_up() -> None:
    """Load the engine in the background, so that the first visitor does not wait for it."""
    Thread(target=default_engine, daemon=True, name="engine").start()


def read_ahead(flows: Sequence[Flow]) -> Callable[[], None]:
    """Read the labels of many flows while the database takes them: the match that comes finds them read.

    Returns
    -------
    Callable
        Waits until they are read.
    """
    if len(flows) < MANY_LABELS:
        return lambda: None
    thread = Thread(target=_read, args=(flows,), daemon=True, name="labels")
    thread.start()
    return thread.join


def _read(flows: Sequence[Flow]) -> None:
    # A resource that is not in the catalogue is told by the match itself.
    with suppress(UnknownResourceError):
        default_engine().classifier.classify_all(flows, KEPT_READINGS)


def positions_km(flows: Sequence[Flow]) -> Floats:
    """Return the earth-centred coordinates of each flow's site in km, shape (n, 3), NaN where unplaced."""
    lon = np.array([np.nan if flow.site.lon is None else flow.site.lon for flow in flows], dtype=np.float64)
    lat = np.array([np.nan if flow.site.lat is None else flow.site.lat for flow in flows], dtype=np.float64)
    return earth_centred_km(lon, lat)


def destinations_km(flows: Sequence[Flow]) -> Floats:
    """Return likewise where each transport goes, from its destination or its words; NaN where unknown."""
    places = [_destination(flow) for flow in flows]
    return earth_centred_km(
        np.array([place[0] for place in places], dtype=np.float64),
        np.array([place[1] for place in places], dtype=np.float64),
    )


def _destination(flow: Flow) -> tuple[float, float]:
    if flow.kind is not Kind.TRANSPORT:
        return np.nan, np.nan
    for text in (flow.destination, flow.label, flow.comment):
        place = place_named_in(text) if text else None
        if place is not None:
            return place.lon, place.lat
    return np.nan, np.nan


def match_flows(
    flows: Sequence[Flow],
    parameters: MatchParameters | None = None,
    progress: Callable[[str], None] | None = None,
    processes: int = 1,
    *,
    guesses: bool = True,
) -> MatchResult:
    """Return every synergy among ``flows``, best first; a program of its own may share the work out.

    Parameters
    ----------
    guesses
        Whether outputs and needs that nothing answers get a second look.
    """
    return default_engine().match(
        flows,
        positions_km(flows),
        parameters,
        destinations_km(flows),
        progress or (lambda step: None),
        processes,
        guesses=guesses,
    )


def match_one(flow: Flow, others: Sequence[Flow], parameters: MatchParameters | None = None) -> MatchResult:
    """Return the synergies in which ``flow`` takes part, best first; no exchange among them is a guess."""
    rows = [flow, *(other for other in others if other is not flow)]
    result = match_flows(rows, parameters, guesses=False)
    kept = tuple(s for s in result.synergies if any(member.flow is flow for member in s.members))
    return MatchResult(kept, result.sites, result.flows, 0, result.catalogue_digest, result.parameters)


def pooled_with(flow: Flow) -> frozenset[str]:
    """Return every resource that could stand in a group with what ``flow`` may be."""
    engine = default_engine()
    read = (reading.resource for reading in readings(flow, engine.classifier))
    return forms.pooled_with(read, flow.direction, engine.catalogue)


def explain_refusal(
    provider: Flow, receiver: Flow, parameters: MatchParameters | None, language: str
) -> Document:
    """Return the gates and criteria of a pair, in ``language``."""
    both = [provider, receiver]
    refusal = why_not(
        default_engine(), provider, receiver, positions_km(both), parameters, destinations_km(both)
    )
    return {
        "proposed": refusal.proposed,
        "reason": translate(refusal.reason, language),
        "score": refusal.score,
        "provider": _side(provider, refusal.provider_readings, language),
        "receiver": _side(receiver, refusal.receiver_readings, language),
        "gates": _gates(refusal, language),
        "criteria": {
            name: {"value": c.value, "weight": round(c.weight, 4), "why": translate(c.why, language)}
            for name, c in refusal.criteria.items()
        },
    }


def _side(flow: Flow, readings: Sequence[tuple[str, float]], language: str) -> Document:
    resources = default_engine().catalogue.resources
    return {
        "site": flow.site.name,
        "label": flow.label,
        "read_as": [
            {"resource": resource, "name": resources[resource].name.in_language(language), "score": score}
            for resource, score in readings
        ],
    }


def _gates(refusal: Refusal, language: str) -> list[Document]:
    return [
        {
            "gate": gate.name,
            "verdict": gate.verdict,
            "why": translate(gate.why, language) if gate.why else None,
        }
        for gate in refusal.gates
    ]


def outlets(text: str, waste_code: str, donor_activity: str, top: int) -> tuple[Outlet, ...]:
    """Return the activities that could take an output, best first."""
    return find_outlets(default_engine().classifier, text, waste_code, donor_activity, top)


def result_document(result: MatchResult, language: str, rejected: int = 0) -> dict[str, Any]:
    """Return the contract's result document in ``language``, whole: for results of a territory's size."""
    return {
        **result_head(result, rejected),
        "synergies": list(ShownDocuments(result.synergies, language)),
    }


def result_head(result: MatchResult, rejected: int = 0) -> dict[str, Any]:
    """Return what the result document says before its synergies."""
    return {
        "engine": {
            "version": engine_version(),
            "catalogue_digest": result.catalogue_digest,
            "parameters": dict(result.parameters),
        },
        "input": {"sites": result.sites, "flows": result.flows, "rejected": rejected},
    }
