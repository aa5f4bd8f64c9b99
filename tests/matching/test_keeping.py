"""Goods that keep need no month in common with who asks for them."""

from __future__ import annotations

import pytest

from tests.matching.test_gates import judge, need, offer, refused_by


@pytest.mark.parametrize(
    ("comment", "proposed"),
    [
        ("se conservent en silo", True),
        ("keeps well under cover", True),
        ("ne se conservent pas", False),
        ("", False),
    ],
)
def test_goods_that_keep_wait_for_a_need_of_another_season(comment: str, proposed: bool) -> None:
    given = offer("Noyaux", "fruit-stones", months=frozenset({7, 8}), comment=comment)
    wanted = need("Combustible", "biomass-fuel", months=frozenset({12, 1}))
    assert ("season" not in refused_by(judge(given, wanted))) is proposed


def test_a_need_that_says_it_keeps_is_still_asked_for_in_its_months() -> None:
    given = offer("Noyaux", "fruit-stones", months=frozenset({7, 8}))
    wanted = need("Combustible", "biomass-fuel", months=frozenset({12, 1}), comment="se conserve")
    assert "season" in refused_by(judge(given, wanted))
