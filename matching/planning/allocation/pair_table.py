"""Pairs of a flow table as the columns of an allocation, with what a unit of each is worth."""

from __future__ import annotations

import numpy as np

from matching.amounts import Amounts, unit_cost
from matching.benefits import Exchange
from matching.catalogue.model import Catalogue, Rule
from matching.columns import FlowColumns
from matching.messages import N_, Message
from matching.model import Flow, Kind
from matching.parameters import MatchParameters, constant
from matching.planning.allocation.problem import AllocationProblem, Floats, FlowEnd, Integers
from matching.planning.allocation.rates import Rates, unit_rates
from matching.scoring import ScoredPairs, usual_lots
from matching.units import declared_per_year

ELECTRICITY_EUR, ELECTRICITY_CO2 = "p_elec_firm", "fr_electricity"
# What no store carries from one month to the next.
NEVER_STORED = frozenset({Kind.ENERGY, Kind.WATER, Kind.SKILL, Kind.EQUIPMENT, Kind.SPACE, Kind.TRANSPORT})


class PairTable:
    """The pairs kept and what is worked out once for all pairs alike."""

    def __init__(
        self,
        columns: FlowColumns,
        catalogue: Catalogue,
        amounts: Amounts,
        parameters: MatchParameters,
        scored: ScoredPairs,
        rows: Integers,
    ) -> None:
        self.columns, self.catalogue, self.amounts = columns, catalogue, amounts
        self.parameters, self.scored, self.rows = parameters, scored, rows
        self.output, self.input = scored.pairs.output[rows], scored.pairs.input[rows]
        self.bases = [scored.pairs.bases[b] for b in scored.pairs.basis[rows].tolist()]
        self.distance = scored.distance_km[rows]
        self._rates: dict[tuple[object, ...], Rates] = {}

    def problem(self, fixed_eur: float, minimum_lots: bool) -> AllocationProblem:
        """Return the columns of the problem, flows numbered in the order of the flow columns."""
        outputs, output = np.unique(self.output, return_inverse=True)
        inputs, receiver = np.unique(self.input, return_inverse=True)
        ratio = np.array([1.0 if b.link.rule is None else b.link.rule.replaced_per_unit for b in self.bases])
        ratio = np.where(ratio > 0, ratio, 1.0)
        rates = [self._rate(k, float(ratio[k])) for k in range(len(self.rows))]
        away = np.nan_to_num(self.distance)[:, None]
        eur = np.array([r.eur for r in rates]) - away * np.array([r.eur_per_km for r in rates])
        carbon = np.array([r.tco2e for r in rates]) - away * np.array([r.tco2e_per_km for r in rates])
        pumped = self._pumps()
        eur, carbon = eur - pumped[0], carbon - pumped[1]
        moving = away[:, 0] * np.array([r.eur_per_km[1] for r in rates])
        said = {str(note): note for rate in rates for note in rate.assumptions}
        return AllocationProblem(
            outputs=tuple(self._end(i, at_least=0.0) for i in outputs.tolist()),
            inputs=tuple(self._end(i, at_least=self._declared_lot(i)) for i in inputs.tolist()),
            output=output,
            input=receiver,
            eur_per_unit=eur[:, 1],
            tco2e_per_unit=carbon[:, 1],
            replaced_per_unit=ratio,
            at_least=self._lots(ratio, minimum_lots),
            at_most=self._in_season(ratio),
            fixed_eur=np.full(len(self.rows), fixed_eur),
            distance_km=self.distance,
            disposal_eur_per_unit=np.array([r.disposal_eur for r in rates]),
            transport_eur_per_unit=moving,
            eur_range=eur[:, [0, 2]],
            tco2e_range=carbon[:, [0, 2]],
            resources=tuple(b.output_resource for b in self.bases),
            notes=self._notes(),
            assumptions=(
                *(said[key] for key in sorted(said)),
                *self._electricity(),
                Message(N_("What cannot be stored goes only in the months that both sides share.")),
            ),
        )

    def _end(self, i: int, at_least: float) -> FlowEnd:
        flow, value = self.columns.flows[i], float(self.amounts.value[i])
        unit = self.amounts.names[int(self.amounts.unit[i])]
        return FlowEnd(flow.site.name, flow.label, value, unit, at_least=at_least)

    def _declared_lot(self, i: int) -> float:
        """Return ``min_lot`` in the unit the flow is compared in, 0 where none is declared."""
        flow = self.columns.flows[i]
        if flow.min_lot is None or flow.quantity is None:
            return 0.0
        declared = declared_per_year(flow.quantity, flow.kind, len(flow.active_months))
        amount = declared.per_year if declared.per_year is not None else declared.amount
        return flow.min_lot * float(self.amounts.value[i]) / amount if amount else 0.0

    def _lots(self, ratio: Floats, minimum_lots: bool) -> Floats:
        """Return the least each link carries; a flow smaller than the catalogue's lot may go whole."""
        own = np.array([self._declared_lot(i) for i in self.output.tolist()])
        if not minimum_lots:
            return own
        usual = np.array([usual_lots().get(name, 0.0) for name in self.amounts.names])[
            self.amounts.unit[self.output]
        ]
        whole = np.minimum(self.amounts.value[self.output], self.amounts.value[self.input] / ratio)
        return np.asarray(np.maximum(own, np.minimum(usual, whole)), dtype=np.float64)

    def _in_season(self, ratio: Floats) -> Floats:
        """Return the most a link can carry when nothing is stored: month by month, the lesser of both."""
        flows, months = self.columns.flows, self.columns.months
        spread = np.array([max(1, int(mask).bit_count()) for mask in months.tolist()])
        monthly = self.amounts.value / spread
        shared = months[self.output] & months[self.input]
        count = np.array([int(mask).bit_count() for mask in shared.tolist()])
        most = count * np.minimum(monthly[self.output], monthly[self.input] / ratio)
        stored = np.array([flow.kind not in NEVER_STORED for flow in flows])[self.output]
        return np.asarray(np.where(stored, np.inf, most))

    def _rate(self, k: int, ratio: float) -> Rates:
        o, i, rule = int(self.output[k]), int(self.input[k]), self.bases[k].link.rule
        flows, unit = self.columns.flows, self.amounts.names[int(self.amounts.unit[o])]
        quantity = float(min(self.amounts.value[o], self.amounts.value[i] / ratio))
        full = quantity >= constant("full_loads")
        costs = (unit_cost(self.columns, self.amounts, o), unit_cost(self.columns, self.amounts, i))
        key = (rule.rule_id if rule else "", unit, full, *self._payers(flows[o], flows[i], costs))
        if key not in self._rates:
            self._rates[key] = self._work_out(flows[o], flows[i], rule, quantity, unit, costs)
        return self._rates[key]

    @staticmethod
    def _payers(
        provider: Flow, receiver: Flow, costs: tuple[float | None, float | None]
    ) -> tuple[object, ...]:
        """Return what rates depend on beside the rule: declared costs, and who is cited for them."""
        pairs = zip((provider, receiver), costs, strict=True)
        names = (flow.site.name if cost is not None else "" for flow, cost in pairs)
        return (*costs, *names, provider.kind in (Kind.ENERGY, Kind.WATER))

    def _work_out(
        self,
        provider: Flow,
        receiver: Flow,
        rule: Rule | None,
        quantity: float,
        unit: str,
        costs: tuple[float | None, float | None],
    ) -> Rates:
        exchange = Exchange(provider, receiver, rule, quantity, unit, None, *costs)
        return unit_rates(exchange, self.catalogue, self.parameters)

    def _cop(self) -> Floats:
        """Return the heat pump's COP of each pair, NaN where none is needed or heat is not in MWh."""
        heat = np.array([name == "MWh" for name in self.amounts.names])[self.amounts.unit[self.output]]
        return np.where(heat, self.scored.verdicts.cop[self.rows], np.nan)

    def _pumps(self) -> tuple[Floats, Floats]:
        """Return what pumping a unit of heat costs, EUR and tCO2e as (low, middle, high) worths lose it."""
        share = np.nan_to_num(1 / self._cop())[:, None]
        return share * self._factor(ELECTRICITY_EUR), share * self._factor(ELECTRICITY_CO2)

    def _factor(self, key: str) -> Floats:
        """Return (high, middle, low) of a factor a MWh, the territory's own first; kg a kWh are t a MWh."""
        own, known = self.parameters.prices.get(key), self.catalogue.factors[key]
        return np.array([known.high, known.value, known.low] if own is None else [own] * 3)

    def _electricity(self) -> tuple[Message, ...]:
        if np.isnan(self._cop()).all():
            return ()
        return tuple(
            Message(
                N_("{item}: {value} {unit} ({source}, {year})"),
                {
                    "item": factor.item,
                    "value": float(self._factor(factor.key)[1]),
                    "unit": factor.unit,
                    "source": factor.source,
                    "year": factor.year or "n.d.",
                },
            )
            for factor in (self.catalogue.factors[key] for key in (ELECTRICITY_EUR, ELECTRICITY_CO2))
        )

    def _notes(self) -> dict[int, Message]:
        cop = self._cop()
        return {
            k: Message(
                N_("Needs a heat pump (COP {cop}): its electricity is taken off, not what it costs to buy."),
                {"cop": round(float(cop[k]), 2)},
            )
            for k in np.flatnonzero(~np.isnan(cop)).tolist()
        }
