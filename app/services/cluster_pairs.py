"""Pairs of a cell as the columns of the result: criteria, confidence, quantity and worth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.exports.pairs import WORTH, Columns
from matching.amounts import Amounts
from matching.benefits import PIPED_KINDS
from matching.blocks.digits import decimals, significant
from matching.blocks.finding import Searched, columns_of
from matching.blocks.frame import Frame
from matching.blocks.worth import Exchanges, Figures, worth_of
from matching.candidates import PairColumns
from matching.catalogue.model import Catalogue
from matching.parameters import CRITERIA, MatchParameters
from matching.scoring import score_pairs
from matching.units import STEADY_DIGITS

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
# Quantities are given to six digits, criteria to three decimals, as in the result document.
QUANTITY_DIGITS, CRITERIA_DECIMALS = 6, 3


class PairTable:
    """Turns pairs of a searched cell into columns."""

    def __init__(
        self, searched: Searched, frame: Frame, catalogue: Catalogue, parameters: MatchParameters
    ) -> None:
        self._searched, self._frame = searched, frame
        self._catalogue, self._parameters = catalogue, parameters
        self._figures = Figures(catalogue, parameters)

    def columns(self, pairs: PairColumns, score: Floats) -> Columns:
        """Return the columns of some pairs with the scores they were found by."""
        used, places = np.unique(np.concatenate([pairs.output, pairs.input]), return_inverse=True)
        flows, amounts = columns_of(used, self._searched, self._frame)
        output, receiver = places[: len(pairs)], places[len(pairs) :]
        near = PairColumns(output, receiver, pairs.material, pairs.basis, pairs.bases)
        scored = score_pairs(near, flows, self._catalogue, amounts, self._parameters)
        cost = self._costs(used, amounts)
        rows = self._searched.block.rows["row"]
        unit = np.where(
            np.isnan(scored.offered) | np.isnan(scored.needed), len(amounts.names), amounts.unit[output]
        )
        quantity = significant(np.minimum(scored.offered, scored.needed), QUANTITY_DIGITS)
        found: Columns = {
            "provider_row": rows[pairs.output],
            "receiver_row": rows[pairs.input],
            "score": score,
            "confidence": scored.confidence,
            "quantity_per_year": quantity,
            "distance_km": scored.distance_km,
            "unit": (unit, [*amounts.names, None]),
            **{name: decimals(scored.criteria[name], CRITERIA_DECIMALS) for name in CRITERIA},
        }
        rules = [basis.link.rule for basis in pairs.bases]
        found["resource"] = (pairs.basis, [basis.output_resource or None for basis in pairs.bases])
        found["rule"] = (pairs.basis, [rule.rule_id if rule is not None else None for rule in rules])
        found["form"] = (pairs.basis, [rule.form if rule is not None else "direct" for rule in rules])
        some = Exchanges(
            rule=pairs.basis,
            unit=unit,
            rules=rules,
            units=amounts.names,
            piped=np.array([flow.kind in PIPED_KINDS for flow in flows.flows], dtype=bool)[output],
            quantity=quantity,
            distance_km=scored.distance_km,
            provider_cost=cost[output],
            receiver_cost=cost[receiver],
        )
        worth = np.concatenate(worth_of(some, self._figures))
        found.update(dict(zip(WORTH, worth, strict=True)))
        return found

    def _costs(self, used: Longs, amounts: Amounts) -> Floats:
        """Return what each flow is declared to cost, in EUR per unit of its amount."""
        rows = self._searched.block.rows[used]
        with np.errstate(divide="ignore", invalid="ignore"):
            cost = rows["cost"] * rows["value"] / amounts.value
        known = (rows["value"] > 0) & (amounts.value > 0)
        return significant(np.where(known, cost, np.nan), STEADY_DIGITS)
