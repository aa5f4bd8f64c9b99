"""What an allocation is asked: outputs, inputs, and the arcs that may link them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.planning.constants import constant
from matching.planning.plan import OversizedPlanError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
PLANNER = "allocation"
OBJECTIVES = {"eur": "EUR", "tco2e": "tCO2e"}
# Arc columns, and what each holds where a caller gives none.
COLUMNS = {
    "eur_per_unit": np.nan,
    "tco2e_per_unit": np.nan,
    "replaced_per_unit": 1.0,
    "at_least": 0.0,
    "at_most": np.inf,
    "fixed_eur": 0.0,
    "distance_km": np.nan,
    "disposal_eur_per_unit": np.nan,
    "transport_eur_per_unit": np.nan,
}
NEVER_NEGATIVE = ("at_least", "at_most", "fixed_eur")


@dataclass(frozen=True, slots=True)
class FlowEnd:
    """An output or an input: ``quantity`` a year in ``unit``.

    Attributes
    ----------
    at_least
        An input only: what it takes a year in all, or nothing (a plant's least load).
    opening_eur
        An input only: what it costs a year to take anything at all (a plant to build, a store to run).
    """

    site: str
    label: str
    quantity: float
    unit: str = "t"
    at_least: float = 0.0
    opening_eur: float = 0.0

    @property
    def name(self) -> str:
        """Site and label."""
        return f"{self.site}: {self.label}"


@dataclass(frozen=True, eq=False)
class AllocationProblem:
    """Outputs, inputs and m arcs between them, as columns of shape (m,).

    Attributes
    ----------
    output, input
        Indexes into ``outputs`` and ``inputs``.
    eur_per_unit, tco2e_per_unit
        Worth of one unit sent, provider's unit, transport taken off; NaN where unknown.
    replaced_per_unit
        How much of the input (receiver's unit) one unit sent (provider's unit) covers.
    at_least, at_most
        A year, provider's unit: a link carries nothing, or at least its minimum lot.
    fixed_eur
        Yearly cost of the link whatever it carries.
    disposal_eur_per_unit, transport_eur_per_unit
        Parts of ``eur_per_unit``: what the provider no longer pays, what the journey costs.
    eur_range, tco2e_range
        (low, high) of both worths, shape (m, 2), or None.
    resources, notes
        Resource of each arc (or nothing), and what to know of some arcs, by their index.
    """

    outputs: tuple[FlowEnd, ...]
    inputs: tuple[FlowEnd, ...]
    output: Integers
    input: Integers
    eur_per_unit: Floats | None = None
    tco2e_per_unit: Floats | None = None
    replaced_per_unit: Floats | None = None
    at_least: Floats | None = None
    at_most: Floats | None = None
    fixed_eur: Floats | None = None
    distance_km: Floats | None = None
    disposal_eur_per_unit: Floats | None = None
    transport_eur_per_unit: Floats | None = None
    eur_range: Floats | None = None
    tco2e_range: Floats | None = None
    resources: tuple[str, ...] = ()
    notes: Mapping[int, Message] = field(default_factory=dict)
    assumptions: tuple[Message, ...] = ()

    def __post_init__(self) -> None:
        for name in ("output", "input"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.int64))
        for name, default in COLUMNS.items():
            given = getattr(self, name)
            values = np.full(len(self), default) if given is None else np.asarray(given, dtype=np.float64)
            object.__setattr__(self, name, values)
        self._check_size()
        self._check_values()

    def __len__(self) -> int:
        return len(self.output)

    def column(self, name: str) -> Floats:
        """Return an arc column, filled in."""
        values: Floats = getattr(self, name)
        return values

    def _check_size(self) -> None:
        most = int(constant(PLANNER, "most_arcs"))
        if len(self) > most:
            raise OversizedPlanError(
                Message(
                    N_("{count} possible links, at most {most}: take one resource or a smaller distance."),
                    {"count": len(self), "most": most},
                )
            )
        lengths = {len(self.column(name)) for name in ("output", "input", *COLUMNS)}
        if len(lengths) > 1:
            raise InvalidParametersError(Message(N_("Every column of the links has one value a link.")))
        for name, ends in (("output", self.outputs), ("input", self.inputs)):
            index = getattr(self, name)
            if len(index) and not (index.min() >= 0 and index.max() < len(ends)):
                raise InvalidParametersError(Message(N_("A link names a flow that is not there.")))

    def _check_values(self) -> None:
        bad = [name for name in NEVER_NEGATIVE if not (self.column(name) >= 0).all()]
        if bad or not (np.isfinite(self.column("replaced_per_unit")).all()):
            name = bad[0] if bad else "replaced_per_unit"
            raise InvalidParametersError(
                Message(N_("“{name}” of a link must be known, and zero or more."), {"name": name})
            )
        if not (self.column("replaced_per_unit") > 0).all():
            raise InvalidParametersError(
                Message(N_("“{name}” of a link must be more than zero."), {"name": "replaced_per_unit"})
            )
        for end in (*self.outputs, *self.inputs):
            figures = (end.quantity, end.at_least, end.opening_eur)
            if not (np.isfinite(figures).all() and min(figures) >= 0):
                raise InvalidParametersError(
                    Message(
                        N_("{name}: quantities and costs must be known, zero or more."), {"name": end.name}
                    )
                )


@dataclass(frozen=True, slots=True)
class AllocationParams:
    """What to maximise (``eur`` or ``tco2e``) and how hard to look.

    ``iterations`` rounds of search where fixed costs or minimum lots are too many to solve exactly, and
    ``nodes`` branches of the exact solver.
    """

    objective: str = "eur"
    iterations: int = 6
    nodes: int = 20_000

    def __post_init__(self) -> None:
        if self.objective not in OBJECTIVES:
            raise InvalidParametersError(
                Message(
                    N_("Unknown objective “{value}”: use {known}."),
                    {"value": self.objective, "known": ", ".join(OBJECTIVES)},
                )
            )
        if self.iterations < 1 or self.nodes < 1:
            raise InvalidParametersError(Message(N_("The search takes at least one round and one branch.")))
