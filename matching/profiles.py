"""Activity profiles: what a kind of firm typically gives and needs, as questions and never as facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import log

from matching.catalogue.model import Catalogue, Resource
from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.model import Direction

CODE = re.compile(r"^\d{2}(?:\.?\d{1,2})?[A-Z]?$")


@dataclass(frozen=True, slots=True)
class TypicalFlow:
    """A resource that firms of an activity often give or need; ``weight`` in ]0, 1] ranks it."""

    resource: str
    direction: Direction
    weight: float
    question: Message


def typical_flows(activity_code: str, catalogue: Catalogue, top: int = 20) -> tuple[TypicalFlow, ...]:
    """Return what firms of an activity typically give and need, the most telling first.

    A resource that few activities share tells more of this one, and a longer code in common more than a
    division. Half of the answer is what they give, half what they need, where both are known.

    Parameters
    ----------
    activity_code
        NAF or NACE code of two digits or more, with or without a dot.

    Raises
    ------
    InvalidParametersError
        If the code is not one.
    """
    code = activity_code.strip().upper()
    if not CODE.match(code):
        raise InvalidParametersError(
            Message(N_("“{value}” is not a NAF or NACE code such as 10.51 or 25."), {"value": activity_code})
        )
    digits = re.sub(r"\D", "", code)
    gives = sorted(_flows(digits, Direction.OUTPUT, catalogue), key=_rank)
    needs = sorted(_flows(digits, Direction.INPUT, catalogue), key=_rank)
    half = max(top - top // 2, top - len(gives))
    chosen = [*needs[:half]]
    chosen += gives[: top - len(chosen)]
    return tuple(sorted(chosen, key=_rank))


def _rank(flow: TypicalFlow) -> tuple[float, str, str]:
    return -flow.weight, flow.resource, flow.direction.value


def _flows(digits: str, direction: Direction, catalogue: Catalogue) -> Iterator[TypicalFlow]:
    asked = (
        N_("Do you have this to give: {resource}?")
        if direction is Direction.OUTPUT
        else N_("Do you need this: {resource}?")
    )
    for resource in catalogue.resources.values():
        codes = _codes(resource, direction)
        common = max((_common(digits, code) for code in codes), default=0)
        if common >= 2 and not catalogue.children.get(resource.resource_id):
            weight = round(common / max(len(digits), common) / (1 + log(len(codes))), 4)
            yield TypicalFlow(
                resource.resource_id, direction, weight, Message(asked, {"resource": resource.name})
            )


def _codes(resource: Resource, direction: Direction) -> tuple[str, ...]:
    return resource.activities_out if direction is Direction.OUTPUT else resource.activities_in


def _common(digits: str, code: str) -> int:
    """Return how many digits agree when one code is the beginning of the other, else 0."""
    shorter = min(len(digits), len(code))
    return shorter if digits[:shorter] == code[:shorter] else 0
