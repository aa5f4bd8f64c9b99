"""Trainings of different subjects are never one session, whatever words they share."""

from __future__ import annotations

import pytest

from matching.model import Flow, Kind
from matching.mutualisation.subjects import asks_for_training, subjects, subjects_apart
from matching.results import SynergyKind
from tests.matching.builders import flow, site
from tests.matching.territories import match


def course(label: str, km: float = 0.0, kind: Kind = Kind.SKILL) -> Flow:
    return flow(site(label, km), "input", label, 5, "unité", kind=kind)


@pytest.mark.parametrize(
    ("label", "subject"),
    [
        ("Habilitation B0 de deux agents", "electricity"),
        ("Stage gestes de premiers secours", "first aid"),
        ("Recyclage caristes", "lift trucks"),
        ("IATA refresher", "dangerous goods"),
    ],
)
def test_a_training_names_its_subject(label: str, subject: str) -> None:
    assert subjects(course(label)) == {subject}


def test_a_job_or_a_machine_names_no_subject_of_training() -> None:
    assert not subjects(flow(site("A"), "input", "Cariste à mi-temps", 0.5, "ETP", kind=Kind.SKILL))
    assert not subjects(course("Formation sur chariot", kind=Kind.EQUIPMENT))


def test_only_two_known_and_different_subjects_stay_apart() -> None:
    rows = [course(label) for label in ("Stage SST", "Stage caristes", "Stage d'accueil", "Recyclage SST")]
    apart = subjects_apart(rows)
    assert apart[0].tolist() == [False, True, False, False]
    assert not apart[2].any()
    assert (apart == apart.T).all()


def test_sessions_of_two_subjects_are_not_joined() -> None:
    rows = [
        course("Formation conduite de chariots élévateurs", 0),
        course("Recyclage caristes", 1),
        course("Formation conduite de pelle", 2),
    ]
    pools = match(rows, kinds=(SynergyKind.MUTUALISATION.value,)).synergies
    assert [{one.flow.label for one in pool.members} for pool in pools] == [
        {"Formation conduite de chariots élévateurs", "Recyclage caristes"}
    ]


def test_no_training_means_nobody_apart() -> None:
    assert subjects_apart([]).shape == (0, 0)


@pytest.mark.parametrize(
    ("label", "is_session"),
    [
        ("Formation au soudage TIG", True),
        ("CACES R489 pour deux agents", True),
        ("Recyclage SST", True),
        ("Formateur en soudage", False),
        ("Cariste titulaire du CACES", False),
    ],
)
def test_without_a_quantity_the_first_word_tells_a_session_from_a_post(label: str, is_session: bool) -> None:
    asked = flow(site("A"), "input", label, kind=Kind.SKILL)
    assert asks_for_training(asked) is is_session
    assert not asks_for_training(flow(site("A"), "input", label, 0.5, "ETP", kind=Kind.SKILL))
