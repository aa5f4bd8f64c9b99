"""What a training or a service is about: two that name different things are never one session or contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.catalogue.model import Resource
from matching.catalogue.tables import read_rows, split
from matching.model import Flow, Kind
from matching.mutualisation.forms import PoolForm, form_of
from matching.phrases import PhraseIndex
from matching.words import affirmed, stems

TRAINED = (Kind.SERVICE, Kind.SKILL)
SHARED = (Kind.SERVICE, Kind.SKILL, Kind.MATERIAL, Kind.PACKAGING, Kind.EQUIPMENT, Kind.SPACE)
# Words of who asks for a session (usage): without one a label tells of a job or a contract.
TRAINING_WORDS = """formation former stage recyclage habilitation habiliter caces session initiation permis
sensibiliser sensibilisation certificat renouveler renouvellement cours perfectionnement perfectionner
apprendre initier certifier compétence exercice training course refresher"""
# With no quantity, a need of skills that begins with one of these asks for a session, not for a post.
SESSION_HEADS = """formation former stage recyclage habilitation caces permis session initiation
perfectionnement"""
# The unit of what is counted one by one.
BY_HEAD = "unité"
# In a table of services, the row that tells by which words the service itself is named.
SERVICE = "*"
NOTHING = frozenset[str]()
Phrases = tuple[tuple[str, str], ...]
Apart = NDArray[np.bool_]


def _phrases(named: Sequence[tuple[str, str]]) -> Phrases:
    """Return (name, phrase of stems between blanks) of each wording, the longest phrases first."""
    found = [(name, f" {' '.join(stems(words))} ") for name, wordings in named for words in split(wordings)]
    return tuple(sorted(found, key=lambda one: -len(one[1])))


@lru_cache(maxsize=1)
def _subjects() -> Phrases:
    return _phrases([(row["subject"], row["words"]) for row in read_rows("training_subjects.csv")])


@lru_cache(maxsize=1)
def _objects() -> dict[str, Phrases]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in read_rows("service_objects.csv"):
        found.setdefault(row["service"], []).append((row["object"], row["words"]))
    return {service: _phrases(rows) for service, rows in found.items()}


@lru_cache(maxsize=1)
def _training_stems() -> frozenset[str]:
    return frozenset(stems(TRAINING_WORDS))


def _said(line: str, phrases: Phrases) -> frozenset[str]:
    """Return the names whose phrases a line says; what a longer phrase says counts for it alone."""
    found = set()
    for name, phrase in phrases:
        if phrase in line:
            found.add(name)
            line = line.replace(phrase, " | ")
    return frozenset(found)


@lru_cache(maxsize=10_000)
def _tells_of_training(label: str) -> bool:
    return not _training_stems().isdisjoint(affirmed(label))


@lru_cache(maxsize=10_000)
def _trained_in(label: str) -> frozenset[str]:
    return _said(f" {' '.join(affirmed(label))} ", _subjects())


@lru_cache(maxsize=1)
def _services() -> tuple[PhraseIndex, list[str], dict[str, Phrases]]:
    """Return the phrases that name a service, the service of each, and what each service is done to."""
    named = [
        (service, phrase)
        for service, phrases in _objects().items()
        for name, phrase in phrases
        if name == SERVICE
    ]
    things = {
        service: tuple((name, phrase) for name, phrase in phrases if name != SERVICE)
        for service, phrases in _objects().items()
    }
    return PhraseIndex(phrase for _, phrase in named), [service for service, _ in named], things


@lru_cache(maxsize=10_000)
def _served(label: str) -> dict[str, frozenset[str]]:
    """Return the services that a label names, and what each is done to."""
    line = f" {' '.join(affirmed(label))} "
    phrases, services, things = _services()
    told = {services[place] for place in phrases.told(line)}
    return {service: _said(line, things[service]) for service in sorted(told)}


def asks_for_training(flow: Flow) -> bool:
    """Tell whether a need of skills is of people to be trained: counted by head, and said in such words.

    A post is counted in full-time equivalents, hours or days. Uncounted, the first word must say it.
    """
    return not flow.is_output and _counts_people(flow) and _tells_of_training(flow.label)


def _counts_people(flow: Flow) -> bool:
    if flow.kind is not Kind.SKILL:
        return False
    return _heads_a_session(flow.label) if flow.quantity is None else flow.quantity.unit == BY_HEAD


@lru_cache(maxsize=10_000)
def _heads_a_session(label: str) -> bool:
    said = [*stems(label)]
    return bool(said) and said[0] in stems(SESSION_HEADS)


def form_of_flow(resource: Resource, flow: Flow) -> PoolForm | None:
    """Return the form under which a flow read as this resource is pooled, or None when it is not."""
    return form_of(resource, flow.direction, flow.kind, trained=asks_for_training(flow))


def subjects(flow: Flow) -> frozenset[str]:
    """Return the subjects that the label of a training names, none where it is no training."""
    trained = flow.kind in TRAINED and (_counts_people(flow) or _tells_of_training(flow.label))
    return _trained_in(flow.label) if trained else frozenset()


def objects(flow: Flow) -> Mapping[str, frozenset[str]]:
    """Return the services that a label's own words name, and what each is done to.

    Likewise goods of one name, and which of them they are.
    """
    return _served(flow.label) if flow.kind in SHARED else {}


def subjects_apart(flows: Sequence[Flow]) -> Apart:
    """Tell for each two flows whether they are trainings that name different subjects, shape (n, n)."""
    return _disjoint([subjects(flow) for flow in flows])


def objects_apart(flows: Sequence[Flow]) -> Apart:
    """Tell for each two flows whether they are one service done to different things, shape (n, n)."""
    told = [objects(flow) for flow in flows]
    apart = np.zeros((len(flows), len(flows)), dtype=bool)
    for service in set[str]().union(*told):
        apart |= _disjoint([things.get(service, NOTHING) for things in told])
    return apart


def _disjoint(named: Sequence[frozenset[str]]) -> Apart:
    # Sets of names are few: each two of them are compared once, whatever the number of flows.
    places = {one: place for place, one in enumerate(dict.fromkeys(named))}
    if not any(places):
        return np.zeros((len(named), len(named)), dtype=bool)
    apart = [[bool(one) and bool(other) and one.isdisjoint(other) for other in places] for one in places]
    place = np.array([places[one] for one in named], dtype=np.int64)
    return np.array(apart, dtype=bool)[place[:, None], place]
