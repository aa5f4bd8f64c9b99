"""How two flows meet, compiled: the strongest link between their readings, and what words exclude."""

from __future__ import annotations

from math import sqrt
from typing import Any

from matching.kernel.compiling import compiled, inlined
from matching.kernel.tables import Links, Problem, Wordings


@inlined
def strongest(o: Any, i: Any, readings: Any, bases: Any, links: Links, unfit: float) -> Any:
    """Return the strongest link between two flows (-1 without one) and its strength in [0, 1]."""
    best, material = -1, -1.0
    for p in range(o.reading_start, o.reading_stop):
        given = readings[p]
        for q in range(i.reading_start, i.reading_stop):
            number = links.number[given.resource, readings[q].resource]
            if number < 0:
                continue
            link = bases[number]
            strength = link.strength * sqrt(given.certainty * readings[q].certainty)
            if link.fit_row >= 0 and not links.fits[link.fit_row, i.activity]:
                strength *= unfit
            strength = min(strength, 1.0)
            if strength > material or (strength == material and number < best):
                best, material = number, strength
    return best, material


@inlined
def word_strength(o: Any, row: int, words: Any) -> float:
    """Return how strongly words alone bring a receiver to an output, -1 when they do not."""
    for w in range(o.word_start, o.word_stop):
        if words[w].flow == row:
            return float(words[w].strength)
    return -1.0


@inlined
def excluded(o: Any, i: Any, wordings: Wordings) -> bool:
    """Tell whether the receiver's words exclude what the output is called."""
    for phrase in range(i.phrase_start, i.phrase_stop):
        place, whole = o.stem_start, True
        for p in range(wordings.phrase_start[phrase], wordings.phrase_start[phrase + 1]):
            while place < o.stem_stop and wordings.stem[place] < wordings.phrase[p]:
                place += 1
            if place == o.stem_stop or wordings.stem[place] != wordings.phrase[p]:
                whole = False
                break
        if whole:
            return True
    return False


@compiled
def fill_materials(problem: Problem, outputs: Any, receivers: Any, bases: Any, found: Any) -> None:
    """Fill ``found`` with the material strength of each pair, in [0, 1]."""
    flows, unfit = problem.flows, problem.terms[0].unfit_receiver
    for n in range(len(outputs)):
        o, i = flows[outputs[n]], flows[receivers[n]]
        best, material = strongest(o, i, problem.readings, problem.bases, problem.links, unfit)
        found[n] = material if best == bases[n] else word_strength(o, receivers[n], problem.words)
