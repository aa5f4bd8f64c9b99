"""Needs of hands that fit together: hours that make one post, and cover that several firms keep together."""

from __future__ import annotations

import numpy as np
import pytest

from matching.engine import default_engine
from matching.model import Kind
from matching.mutualisation.posts import COVER_FIT, covers, job_fit
from tests.matching.builders import flow, positions, site


def fit(*posts: tuple[str, float]) -> float:
    """Return how well two needs of hands fit together, each a label and a number of posts."""
    rows = [
        flow(site(label, km), "input", label, share, "ETP", kind=Kind.SKILL, resource="job-nurse")
        for km, (label, share) in enumerate(posts)
    ]
    columns, _ = default_engine().columns(rows, positions(rows))
    return float(job_fit(columns, np.arange(2))[0, 1])


@pytest.mark.parametrize(
    "label",
    [
        "Infirmière de nuit",
        "Infirmière le week-end",
        "Remplaçant infirmier",
        "Nurse on call",
        "Garde médicale",
    ],
)
def test_words_of_nights_absences_and_watch_tell_a_need_of_cover(label: str) -> None:
    assert covers(label)


@pytest.mark.parametrize("label", ["Infirmière du travail", "Nurse, part time", "Garderie d'enfants"])
def test_a_post_by_day_is_no_cover(label: str) -> None:
    assert not covers(label)


def test_two_full_posts_of_one_trade_cannot_be_shared() -> None:
    assert fit(("Infirmière", 1.0), ("Infirmier du travail", 1.0)) == 0


def test_two_needs_of_cover_are_shared_however_many_hours_they_are() -> None:
    assert fit(("Infirmière de nuit", 2.0), ("Remplaçant infirmier", 1.0)) == COVER_FIT


def test_a_full_post_is_not_shared_with_cover_for_another() -> None:
    assert fit(("Infirmière", 1.0), ("Remplaçant infirmier", 1.0)) == 0


def test_hours_that_make_one_post_fit_better_than_cover_does() -> None:
    assert fit(("Infirmière de nuit", 0.4), ("Remplaçant infirmier", 0.5)) == 1
