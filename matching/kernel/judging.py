"""What a pair is worth in full, compiled: who joins the two best, what the gates say, the score."""

from __future__ import annotations

from math import log
from typing import Any

from matching.kernel.compiling import inlined
from matching.kernel.meeting import excluded, strongest, word_strength
from matching.kernel.pair import REFUSED, refused_flatly, score_of
from matching.kernel.tables import ALONE, Problem


@inlined
def pair_score(problem: Problem, asked: Any, met: Any, number: int, log_material: float) -> float:
    """Return the score of two flows by link ``number``, in [0, 100] or ``REFUSED``."""
    t = problem.terms[0]
    o, i = (met, asked) if t.backwards else (asked, met)
    if refused_flatly(o, i, t) or excluded(o, i, problem.wordings):
        return REFUSED
    return float(score_of(o, i, problem.bases[number], t, problem.links.conditions, log_material))


@inlined
def weighted_log(t: Any, strength: float) -> float:
    """Return the weighted logarithm of a material strength."""
    return float(t.material * log(strength)) if t.material > 0 else 0.0


@inlined
def material_by(problem: Problem, asked: Any, seen: Any, number: int, log_material: float) -> float:
    """Return the weighted logarithm of the material, 1 where another link or words join the two better.

    ``log_material`` is what it is by the readings met, if the receiver's activity is one the rule names.
    """
    met, t = problem.flows[seen.flow], problem.terms[0]
    o, i = (met, asked) if t.backwards else (asked, met)
    spoken = asked.word_start < asked.word_stop
    if seen.marks & ALONE and asked.reading_stop - asked.reading_start == 1 and not spoken:
        row = problem.bases[number].fit_row
        if row >= 0 and not problem.links.fits[row, i.activity]:
            return float(log_material + t.material * t.log_unfit_receiver)
        return log_material
    best, material = strongest(o, i, problem.readings, problem.bases, problem.links, t.unfit_receiver)
    if best != number or (spoken and word_strength(asked, seen.flow, problem.words) > material):
        return 1.0
    return weighted_log(t, material)
