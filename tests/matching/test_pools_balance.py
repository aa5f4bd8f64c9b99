"""A pool needs more than one site that counts."""

from __future__ import annotations

import pytest

from matching.engine import default_engine
from tests.matching.builders import flow, positions, site


@pytest.mark.parametrize(("other_t", "found"), [(200.0, True), (5.0, False)])
def test_a_site_that_holds_nearly_everything_gains_nothing_from_a_pool(
    other_t: float, *, found: bool
) -> None:
    flows = [
        flow(site("A"), "output", "cartons d'emballage", 1000.0),
        flow(site("B", km_north=1), "output", "cartons d'emballage", other_t),
    ]
    result = default_engine().match(flows, positions(flows))
    assert any(s.kind.value == "mutualisation" for s in result.synergies) is found


def test_a_small_buyer_profits_from_a_large_one() -> None:
    flows = [
        flow(site("A"), "input", "granulés de bois", 1000.0),
        flow(site("B", km_north=1), "input", "granulés de bois", 5.0),
    ]
    result = default_engine().match(flows, positions(flows))
    assert [s.form for s in result.synergies if s.kind.value == "mutualisation"] == ["joint_purchase"]
