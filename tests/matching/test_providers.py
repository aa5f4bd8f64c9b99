"""Needs declared as different kinds that one provider serves, and those it does not."""

from __future__ import annotations

import pytest

from matching.engine import default_engine
from matching.model import Direction, Flow, Kind
from matching.mutualisation.forms import form_of
from matching.mutualisation.providers import AGREED, Entry, with_one_provider
from tests.matching.builders import flow, site

CATALOGUE = default_engine().catalogue
# Under one key the catalogue has machines and services.
KEY = next(
    key
    for key in sorted({key for one in CATALOGUE.resources.values() for key in one.pool_in})
    if {Kind.EQUIPMENT, Kind.SERVICE}
    <= {one.kind for one in CATALOGUE.resources.values() if key in one.pool_in}
)
OF_KIND = {
    kind: next(one for one in CATALOGUE.resources.values() if KEY in one.pool_in and one.kind is kind)
    for kind in (Kind.EQUIPMENT, Kind.SERVICE)
}


def need(row: int, kind: Kind) -> Flow:
    return flow(site(f"site {row}", row), "input", "besoin", kind=kind)


def brought(kinds: list[tuple[Kind, Kind]], key: str = KEY, mark: str = "") -> dict[str, set[int]]:
    """Return the rows by form, of needs each declared as one kind and read as another."""
    flows = [need(row, declared) for row, (declared, _) in enumerate(kinds)]
    groups: dict[tuple[str, object], dict[int, Entry]] = {}
    for row, (declared, read) in enumerate(kinds):
        form = form_of(OF_KIND[read], Direction.INPUT, declared)
        groups.setdefault((key + mark, form), {})[row] = Entry(row, OF_KIND[read].resource_id, 0.9)
    with_one_provider(groups, flows, CATALOGUE)  # type: ignore[arg-type]
    return {form.name: {*rows} for (_, form), rows in groups.items()}  # type: ignore[attr-defined]


MACHINE, WORK = (Kind.EQUIPMENT, Kind.EQUIPMENT), (Kind.SERVICE, Kind.SERVICE)


def test_who_asks_for_the_work_joins_those_who_ask_for_the_machine() -> None:
    found = brought([MACHINE, MACHINE, WORK])
    assert {0, 1, 2} in found.values()


def test_the_fullest_form_is_host_whichever_it_is() -> None:
    found = brought([WORK, WORK, WORK, MACHINE])
    assert found["joint_purchase"] == {0, 1, 2, 3}
    assert found["shared_equipment"] == {3}, "and whoever comes is not taken away from where they were"


def test_nobody_is_brought_where_not_even_two_agree() -> None:
    assert AGREED == 2
    assert all(len(rows) == 1 for rows in brought([MACHINE, WORK]).values())


def test_what_is_read_as_another_kind_than_declared_is_another_thing_of_that_name() -> None:
    found = brought([MACHINE, MACHINE, (Kind.SERVICE, Kind.EQUIPMENT)])
    assert {0, 1} in found.values()
    assert {0, 1, 2} not in found.values()


@pytest.mark.parametrize("mark", ["!frozen", "!people"])
def test_a_mark_behind_the_key_keeps_its_own_apart(mark: str) -> None:
    assert {0, 1, 2} in brought([MACHINE, MACHINE, WORK], mark=mark).values()


def test_a_key_of_one_kind_brings_nobody() -> None:
    found = brought([MACHINE, MACHINE, WORK], key="a key that nothing has")
    assert {0, 1, 2} not in found.values()
