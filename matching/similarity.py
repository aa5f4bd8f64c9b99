"""Pairs that only their words bring together, when neither side was recognised."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from matching.columns import FlowColumns
from matching.parameters import constant
from matching.words import tokens

# Own estimates: below, a reading is too weak to rely on; a word in more labels than this says little.
WEAK_READING = 0.75
LEAST_SIMILARITY = 0.45


def word_pairs(columns: FlowColumns) -> Iterator[tuple[int, int, float]]:
    """Yield (output, input, strength) for pairs of the same kind that share telling words.

    The strength is ``words_alone`` times the cosine of the two labels' weighted stems, in [0, 1].
    """
    weak = [i for i, found in enumerate(columns.readings) if not found or found[0].certainty < WEAK_READING]
    if not weak:
        return
    said = {i: _stems(columns, i) for i in weak}
    frequency = Counter(word for words in said.values() for word in words)
    idf = {word: float(np.log(1 + len(weak) / count)) + 0.5 for word, count in frequency.items()}
    inputs: dict[str, list[int]] = defaultdict(list)
    for i in weak:
        if not columns.flows[i].is_output:
            for word in said[i]:
                inputs[word].append(i)
    for i in weak:
        if columns.flows[i].is_output:
            for j in sorted({j for word in said[i] for j in inputs[word]}):
                likeness = _cosine(said[i], said[j], idf)
                if likeness >= LEAST_SIMILARITY and columns.flows[i].kind is columns.flows[j].kind:
                    yield i, j, constant("words_alone") * likeness


def _stems(columns: FlowColumns, i: int) -> dict[str, float]:
    return {token.stem: token.weight for token in tokens(columns.flows[i].label) if not token.negated}


def _cosine(first: dict[str, float], second: dict[str, float], idf: dict[str, float]) -> float:
    shared = sum(first[w] * second[w] * idf[w] ** 2 for w in first.keys() & second.keys())
    norm = np.sqrt(
        sum((v * idf[w]) ** 2 for w, v in first.items()) * sum((v * idf[w]) ** 2 for w, v in second.items())
    )
    return float(shared / norm) if norm else 0.0
