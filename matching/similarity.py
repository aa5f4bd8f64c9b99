"""Pairs that only their words bring together, when neither side was recognised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from matching.columns import FlowColumns
from matching.parameters import constant


def word_pairs(columns: FlowColumns) -> Iterator[tuple[int, int, float]]:
    """Yield (output, input, strength) for pairs of the same kind that share telling words.

    The strength is ``words_alone`` times the cosine of the two labels' weighted stems, in [0, 1]; it depends
    on these two labels alone, not on what else is declared.
    """
    inputs: dict[str, list[int]] = defaultdict(list)
    for i, said in columns.unread.items():
        if not columns.flows[i].is_output:
            for word in said:
                inputs[word].append(i)
    for i, said in columns.unread.items():
        if columns.flows[i].is_output:
            for j in sorted({j for word in said for j in inputs.get(word, ())}):
                likeness = cosine(said, columns.unread[j])
                if (
                    likeness >= constant("least_similarity")
                    and columns.flows[i].kind is columns.flows[j].kind
                ):
                    yield i, j, constant("words_alone") * likeness


def cosine(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Return the cosine of two bags of weighted stems, in [0, 1]."""
    shared = sum(first[word] * second[word] for word in first.keys() & second.keys())
    norm = np.sqrt(sum(v**2 for v in first.values()) * sum(v**2 for v in second.values()))
    return float(shared / norm) if norm else 0.0
