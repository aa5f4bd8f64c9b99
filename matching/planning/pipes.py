"""What heat and water that go through pipes have in common: two kinds of ends, and the road between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from matching.columns import Floats
from matching.errors import InvalidParametersError
from matching.messages import N_, Message

End = TypeVar("End")


@dataclass(frozen=True, eq=False)
class PipedProblem(Generic[End]):
    """Sources and needs, with the road km between them, shape (sources, needs), NaN where unknown.

    Raises
    ------
    InvalidParametersError
        If the distances given have another shape.
    """

    sources: tuple[End, ...]
    needs: tuple[End, ...]
    distance_km: Floats | None = None

    def __post_init__(self) -> None:
        shape = len(self.sources), len(self.needs)
        given = np.full(shape, np.nan) if self.distance_km is None else np.asarray(self.distance_km)
        if given.shape != shape:
            raise InvalidParametersError(Message(N_("Give one distance for each source and need.")))
        object.__setattr__(self, "distance_km", given)

    @property
    def away_km(self) -> Floats:
        """Road km between sources and needs, 0 where unknown."""
        return np.nan_to_num(np.asarray(self.distance_km, dtype=np.float64))
