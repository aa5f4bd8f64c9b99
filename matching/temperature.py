"""The gate of temperature: heat goes down by itself and up by a heat pump, cold must be cold enough."""

from __future__ import annotations

import numpy as np

from matching.candidates import Basis, PairColumns
from matching.catalogue.model import Catalogue
from matching.columns import Floats, FlowColumns, bits
from matching.criteria.heat import cold_verdict, heat_verdict
from matching.criteria.quality import FAIL
from matching.model import Kind
from matching.parameters import constant

HEAT_REACHES = frozenset({"steam", "hot_water", "low_heat"})
COLD_NEEDS = frozenset({"process-cold"})


def temperature_verdict(
    pairs: PairColumns, columns: FlowColumns, catalogue: Catalogue
) -> tuple[Floats, Floats]:
    """Return the verdict of each pair, and the heat pump's COP where one is needed, NaN elsewhere."""
    offered, needed = columns.temperature_c[pairs.output], columns.temperature_c[pairs.input]
    verdict, cop = heat_verdict(offered, needed)
    cold = np.array([is_cold(b, catalogue) for b in pairs.bases] or [False])[pairs.basis]
    heat = np.array([is_heat(b, catalogue) for b in pairs.bases] or [False])[pairs.basis]
    energy = np.array([flow.kind is Kind.ENERGY for flow in columns.flows], dtype=np.bool_)
    applies = heat | (energy[pairs.output] & energy[pairs.input])
    pump = bits(frozenset({"heat_pump"}))
    direct = bits(frozenset({"direct_exchange"}))
    no_pump = (columns.refuses[pairs.input] & pump != 0) | (columns.has[pairs.input] & direct != 0)
    too_hot = needed[:, 0] > constant("heat_pump_max_c")
    verdict = np.where(~np.isnan(cop) & (no_pump | too_hot), FAIL, verdict)
    verdict = np.where(cold, cold_verdict(offered, needed), np.where(applies, verdict, np.nan))
    return verdict, np.where(applies & ~cold, cop, np.nan)


def is_cold(basis: Basis, catalogue: Catalogue) -> bool:
    """Tell whether the need is one of cold, for which the source must be the colder one."""
    return bool(basis.input_resource) and bool(COLD_NEEDS & set(catalogue.lineage(basis.input_resource)))


def is_heat(basis: Basis, catalogue: Catalogue) -> bool:
    """Tell whether one end of the link is heat."""
    ends = [catalogue.resources[r] for r in (basis.output_resource, basis.input_resource) if r]
    return any(r.reach in HEAT_REACHES for r in ends)
