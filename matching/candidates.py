"""Which pairs of an output and an input are worth scoring: those whose resources are compatible."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Floats, FlowColumns, Reading
from matching.compatibility import Compatibility, Link
from matching.parameters import constant
from matching.similarity import word_pairs


@dataclass(frozen=True, slots=True)
class Basis:
    """Why a pair may fit: the resources read on both sides and the link between them."""

    output_resource: str
    input_resource: str
    link: Link


@dataclass(frozen=True, slots=True)
class PairColumns:
    """Candidate pairs: indexes into the flow columns, material strength in [0, 1] and its basis."""

    output: NDArray[np.int64]
    input: NDArray[np.int64]
    material: Floats
    basis: NDArray[np.int64]
    bases: tuple[Basis, ...]

    def __len__(self) -> int:
        return len(self.output)

    def take(self, kept: NDArray[np.bool_] | NDArray[np.int64]) -> PairColumns:
        """Return the pairs selected by a mask or by indexes."""
        return PairColumns(
            self.output[kept], self.input[kept], self.material[kept], self.basis[kept], self.bases
        )


Readers = dict[str, tuple[NDArray[np.int64], Floats]]


def _by_resource(columns: FlowColumns, *, outputs: bool) -> Readers:
    rows: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for i, flow in enumerate(columns.flows):
        if flow.is_output is outputs:
            for reading in columns.readings[i]:
                rows[reading.resource].append((i, reading.certainty))
    return {
        resource: (np.array([i for i, _ in found], dtype=np.int64), np.array([c for _, c in found]))
        for resource, found in sorted(rows.items())
    }


def candidate_pairs(columns: FlowColumns, compatibility: Compatibility) -> PairColumns:
    """Return each pair of an output and an input of two sites, once, by its strongest basis."""
    outputs = _by_resource(columns, outputs=True)
    inputs = _by_resource(columns, outputs=False)
    blocks: list[tuple[NDArray[np.int64], NDArray[np.int64], Floats, int]] = []
    bases: list[Basis] = []
    for resource, (rows, certainty) in outputs.items():
        links = compatibility.links_from(resource)
        for other in sorted(links.keys() & inputs.keys()):
            receivers, sureness = inputs[other]
            strength = links[other].strength * np.sqrt(np.outer(certainty, sureness))
            first, second = np.meshgrid(rows, receivers, indexing="ij")
            blocks.append((first.ravel(), second.ravel(), strength.ravel(), len(bases)))
            bases.append(Basis(resource, other, links[other]))
    for first_row, second_row, strength_alone in word_pairs(columns):
        link = Link(strength_alone, "words")
        blocks.append((np.array([first_row]), np.array([second_row]), np.array([strength_alone]), len(bases)))
        bases.append(
            Basis(
                best_resource(columns.readings[first_row]), best_resource(columns.readings[second_row]), link
            )
        )
    return _strongest(blocks, tuple(bases), columns)


def best_resource(found: tuple[Reading, ...]) -> str:
    """Return the most likely resource of a flow, empty when none was read."""
    return found[0].resource if found else ""


def _strongest(
    blocks: list[tuple[NDArray[np.int64], NDArray[np.int64], Floats, int]],
    bases: tuple[Basis, ...],
    columns: FlowColumns,
) -> PairColumns:
    if not blocks:
        empty = np.zeros(0, dtype=np.int64)
        return PairColumns(empty, empty, np.zeros(0), empty, bases)
    output = np.concatenate([block[0] for block in blocks])
    receiver = np.concatenate([block[1] for block in blocks])
    material = np.concatenate([block[2] for block in blocks])
    basis = np.concatenate([np.full(len(block[0]), block[3], dtype=np.int64) for block in blocks])
    material = np.minimum(material * _activity_fit(basis, receiver, bases, columns), 1.0)
    apart = columns.site[output] != columns.site[receiver]
    output, receiver, material, basis = output[apart], receiver[apart], material[apart], basis[apart]
    order = np.lexsort((basis, -material, receiver, output))
    output, receiver, material, basis = output[order], receiver[order], material[order], basis[order]
    first = np.ones(len(output), dtype=bool)
    first[1:] = (output[1:] != output[:-1]) | (receiver[1:] != receiver[:-1])
    return PairColumns(output[first], receiver[first], material[first], basis[first], bases)


def _activity_fit(
    basis: NDArray[np.int64], receiver: NDArray[np.int64], bases: tuple[Basis, ...], columns: FlowColumns
) -> Floats:
    factors = np.ones(len(basis))
    unfit = constant("unfit_receiver")
    codes = np.array([flow.site.activity_code.replace(".", "") for flow in columns.flows])
    for number, entry in enumerate(bases):
        rule = entry.link.rule
        if rule is None or not rule.receiver_activities:
            continue
        rows = np.flatnonzero(basis == number)
        fits = np.array(
            [not code or code.startswith(rule.receiver_activities) for code in codes[receiver[rows]]],
            dtype=bool,
        )
        factors[rows[~fits]] = unfit
    return factors
