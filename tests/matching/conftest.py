"""Laws are tried on the same examples at each run, and as slowly as the machine likes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import settings

from matching.candidates import Basis
from matching.catalogue.model import Catalogue
from matching.kernel.building import link_tables
from matching.kernel.tables import Links, Records
from matching.parameters import MatchParameters

settings.register_profile("core", deadline=None, derandomize=True)
settings.load_profile("core")


@pytest.fixture(scope="session", autouse=True)
def links_built_once() -> Iterator[None]:
    """Keep the links of a catalogue from one territory to the next: half a second each."""
    built: dict[Any, tuple[Records, Links]] = {}
    # They stay as long as their links, so that the number of one is never another's.
    catalogues: list[Catalogue] = []

    def kept(
        bases: Sequence[Basis],
        linked: int,
        resources: Mapping[str, int],
        activities: Mapping[str, int],
        catalogue: Catalogue,
        parameters: MatchParameters,
    ) -> tuple[Records, Links]:
        if not linked or activities:
            return link_tables(bases, linked, resources, activities, catalogue, parameters)
        key = id(catalogue), tuple(bases), repr(parameters)
        if key not in built:
            catalogues.append(catalogue)
            built[key] = link_tables(bases, linked, resources, activities, catalogue, parameters)
        table, links = built[key]
        return table.copy(), links

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matching.kernel.network.link_tables", kept)
        yield
