"""The rows of a territory that changes: flows come, go and are read again without building all anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.amounts import Amounts
from matching.columns import FlowColumns, site_key
from matching.kernel.building import Numbering, flow_records
from matching.kernel.growing import Growing
from matching.kernel.tables import FLOW, READING, Longs, Wordings
from matching.model import Flow


@dataclass(frozen=True, slots=True)
class Mark:
    """How long each table was, to go back to."""

    flows: int
    readings: int
    phrases: int
    phrase_stems: int
    stems: int


class Rows:
    """Flows of a territory as records; rows are added at the end and never move.

    A row that is gone has no active month: every gate of season refuses it.
    """

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.flows = Growing(FLOW)
        self.readings = Growing(READING)
        self.is_output = Growing(np.bool_)
        self._phrase_start = Growing(np.int64, np.zeros(1, dtype=np.int64))
        self._phrase = Growing(np.int32)
        self._stem = Growing(np.int32)
        self._units: dict[str, int] = {}
        self._sites: dict[tuple[object, ...], int] = {}

    @property
    def wordings(self) -> Wordings:
        """What flows are called and exclude, for the search."""
        return Wordings(self._phrase_start.rows, self._phrase.rows, self._stem.rows)

    def append(self, columns: FlowColumns, amounts: Amounts) -> Longs:
        """Add flows; return their rows, in the order of ``columns``."""
        table, readings, wordings = flow_records(columns, amounts, self.numbering)
        table["unit"] = self._unit_numbers(amounts)[amounts.unit]
        table["site"] = [self._site_number(flow) for flow in columns.flows]
        mark = self.mark()
        for name, start in (("reading", mark.readings), ("phrase", mark.phrases), ("stem", mark.stems)):
            table[f"{name}_start"] += start
            table[f"{name}_stop"] += start
        self._phrase_start.extend(wordings.phrase_start[1:] + mark.phrase_stems)
        self._phrase.extend(wordings.phrase)
        self._stem.extend(wordings.stem)
        self.readings.extend(readings)
        self.is_output.extend(np.array([flow.is_output for flow in columns.flows], dtype=np.bool_))
        first = self.flows.extend(table)
        return np.arange(first, first + len(table))

    def _unit_numbers(self, amounts: Amounts) -> Longs:
        numbers = [self._units.setdefault(name, len(self._units)) for name in amounts.names]
        return np.array([*numbers, -1], dtype=np.int64)

    def _site_number(self, flow: Flow) -> int:
        return self._sites.setdefault(site_key(flow), len(self._sites))

    def mark(self) -> Mark:
        """Return how long the tables are."""
        return Mark(
            len(self.flows),
            len(self.readings),
            len(self._phrase_start) - 1,
            len(self._phrase),
            len(self._stem),
        )

    def back_to(self, mark: Mark) -> None:
        """Forget what was added since ``mark``."""
        self.flows.cut(mark.flows)
        self.is_output.cut(mark.flows)
        self.readings.cut(mark.readings)
        self._phrase_start.cut(mark.phrases + 1)
        self._phrase.cut(mark.phrase_stems)
        self._stem.cut(mark.stems)
