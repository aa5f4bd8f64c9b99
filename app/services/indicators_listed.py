"""What funders ask for: each figure of an overview with its definition."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from app.services.indicators import REUSED, Overview
from app.services.indicators_choice import STAGE_OF, Stage
from app.services.indicators_worth import Sum
from app.services.statuses import Status, obstacles
from matching.messages import LocalName

# Told once for each obstacle.
ABANDONED_FOR = "abandoned_for"
_OPEN = frozenset(status for status, stage in STAGE_OF.items() if stage is Stage.UNDER_WAY)


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator is called, what it means and how it is reckoned."""

    code: str
    family: str
    by_stage: bool
    unit: str
    reference: str
    name: LocalName
    definition: LocalName
    method: LocalName


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure with its definition; ``low`` and ``high`` bound an estimate, ``obstacle`` is why."""

    definition: Definition
    stage: Stage | None
    value: float
    low: float | None
    high: float | None
    day: date
    obstacle: str = ""

    @property
    def code(self) -> str:
        """What names it: the definition's code, then the stage or the obstacle."""
        return "_".join(part for part in (self.definition.code, self.stage or "", self.obstacle) if part)


@lru_cache(maxsize=1)
def definitions() -> tuple[Definition, ...]:
    """Return what the indicators mean, in the order of the table."""
    table = (files("app.services") / "indicators.csv").read_text(encoding="utf-8")
    return tuple(
        Definition(
            code=row["code"],
            family=row["family"],
            by_stage=row["by_stage"] == "yes",
            unit=row["unit"],
            reference=row["reference"],
            name=LocalName(row["name_fr"], row["name_en"]),
            definition=LocalName(row["definition_fr"], row["definition_en"]),
            method=LocalName(row["method_fr"], row["method_en"]),
        )
        for row in csv.DictReader(table.splitlines())
    )


def indicators(found: Overview) -> list[Indicator]:
    """Return what funders ask for, in the order of the table; impacts once for each stage."""
    every = (one for definition in definitions() for one in _values(found, definition))
    return [one for one in every if one.code not in found.hidden]


def _values(found: Overview, definition: Definition) -> Iterator[Indicator]:
    if definition.code == ABANDONED_FOR:
        for code, number in found.funnel.abandoned.items():
            if code in obstacles():
                yield Indicator(definition, None, number, None, None, found.day, code)
        return
    if not definition.by_stage:
        yield Indicator(definition, None, _counts(found)[definition.code], None, None, found.day)
        return
    for stage in Stage:
        if definition.code in REUSED:
            amount = found.reused.get((stage, *REUSED[definition.code]), 0.0)
            yield Indicator(definition, stage, amount, None, None, found.day)
            continue
        total = Sum()
        for worth in found.by_kind:
            if worth.stage is stage:
                total = total.joined(worth.eur if definition.code == "savings" else worth.tco2e)
        yield Indicator(definition, stage, total.middle, total.low, total.high, found.day)


def _counts(found: Overview) -> dict[str, int]:
    steps = {step.status: step for step in found.funnel.steps}
    return {
        **found.activity,
        "contacted": steps[Status.CONTACTED].reached,
        "open_leads": sum(steps[status].here for status in _OPEN),
        "implemented": steps[Status.IMPLEMENTED].here + steps[Status.RUNNING].here,
        "running": steps[Status.RUNNING].here,
        "still": len(found.funnel.still),
        "abandoned": sum(found.funnel.abandoned.values()),
    }
