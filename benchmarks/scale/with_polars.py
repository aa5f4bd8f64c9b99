"""Polars: a lazy join on resource and cell, chunk by chunk so that it does not run out of memory."""

from __future__ import annotations

from importlib import import_module
from math import log
from typing import Any

from benchmarks.scale.rules import LEAST, ROWS, TOP, Found, Rules, joined, rules, unpacked
from benchmarks.scale.sides import sides
from benchmarks.scale.territory import Ints, Territory
from matching.criteria.distance import EARTH_RADIUS_KM

# Pairs at once: measured, no faster above.
PAIRS = 4_000_000


class Search:
    """A territory in lazy frames."""

    def __init__(self, rows: Territory, _server: Any = None) -> None:
        self.pl: Any = import_module("polars")
        self.rules = rules()
        self.sides = sides(rows, self.rules)
        value = self.pl.col("i_value").fill_nan(None)
        self.inputs = self.pl.DataFrame(self.sides.inputs).with_columns(value).lazy()
        self.links = self.pl.DataFrame(self.sides.links).lazy()
        self.steps = self.pl.DataFrame({"step": self.sides.steps}).lazy()
        self.chunk = self.sides.chunk(PAIRS)

    def __call__(self, outputs: Ints) -> Found:
        """Return the best receivers of ``outputs``."""
        return joined([self._part(outputs[n : n + self.chunk]) for n in range(0, len(outputs), self.chunk)])

    def _part(self, outputs: Ints) -> Found:
        pl = self.pl
        asked = pl.DataFrame(self.sides.some(outputs)).with_columns(pl.col("o_value").fill_nan(None)).lazy()
        asked = asked.join(self.links, left_on="o_resource", right_on="given").join(self.steps, how="cross")
        pairs = asked.with_columns(key=pl.col("base") + pl.col("o_cell") + pl.col("step"))
        pairs = pairs.join(self.inputs, on="key")
        # Near enough by the chord first: measured, it saves a third of the time.
        near = pairs.filter(_square(pl) <= self.rules.straight_km**2).with_columns(km=_km(pl, self.rules))
        kept = near.filter(
            (pl.col("km") <= self.rules.cut_km)
            & (pl.col("o_site") != pl.col("i_site"))
            & ((pl.col("o_months") & pl.col("i_months")) != 0)
        )
        scored = kept.select("o", "i", score=_score(pl, self.rules)).filter(pl.col("score") >= LEAST)
        # Score and row as one number: measured, its smallest ones are found twice as fast as by sorting.
        rank = ((100 - pl.col("score")) * 10).round(0).cast(pl.Int64) * ROWS + pl.col("i")
        ranked = scored.select("o", rank=rank).group_by("o").agg(pl.col("rank").bottom_k(TOP).sort())
        best = ranked.sort("o").explode("rank").collect()
        return unpacked(best["o"].to_numpy(), best["rank"].to_numpy())


def _square(pl: Any) -> Any:
    squares = [(pl.col(f"o_{axis}") - pl.col(f"i_{axis}")).pow(2) for axis in "xyz"]
    return squares[0] + squares[1] + squares[2]


def _km(pl: Any, r: Rules) -> Any:
    half = _square(pl).sqrt() / (2 * EARTH_RADIUS_KM)
    return (2 * EARTH_RADIUS_KM * half.clip(upper_bound=1.0).arcsin() * r.road_factor).round(1)


def _score(pl: Any, r: Rules) -> Any:
    material = (pl.col("strength") * (pl.col("o_certainty") * pl.col("i_certainty")).sqrt()).clip(
        upper_bound=1.0
    )
    unmet = pl.col("i_quality") & pl.col("o_quality").xor(-1)
    quality = pl.when(pl.col("i_quality") == 0).then(r.nothing_to_check)
    quality = quality.when(unmet == 0).then(1.0).otherwise(r.unknown_condition)
    total = (
        r.material * material.log()
        + r.quantity * _quantity(pl, r).log()
        + r.timing * _timing(pl).log()
        - r.distance * log(2.0) * (pl.col("km") - r.full_km).clip(lower_bound=0.0) / r.half_km
        + r.quality * quality.log()
    )
    return (100 * total.exp()).round(9).round(1)


def _quantity(pl: Any, r: Rules) -> Any:
    offered, needed = pl.col("o_value"), pl.col("i_value")
    near = 0.5 + 0.5 * pl.min_horizontal(offered, needed) / pl.max_horizontal(offered, needed)
    return pl.when(offered.is_null() | needed.is_null()).then(r.unknown_quantity).otherwise(near)


def _timing(pl: Any) -> Any:
    unknown = pl.col("o_value").is_null() | pl.col("i_value").is_null()
    offered = pl.when(unknown).then(1.0).otherwise(pl.col("o_value"))
    needed = pl.when(unknown).then(1.0).otherwise(pl.col("i_value"))
    a_month = pl.min_horizontal(offered / pl.col("o_active"), needed / pl.col("i_active"))
    shared = (pl.col("o_months") & pl.col("i_months")).bitwise_count_ones() * a_month
    share = (shared / pl.min_horizontal(offered, needed)).clip(upper_bound=1.0)
    return pl.when(pl.col("o_months") == pl.col("i_months")).then(1.0).otherwise(share)
