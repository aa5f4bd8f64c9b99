"""All links of a catalogue as numbers, both ways, for a territory whose flows are not known beforehand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from matching.candidates import Basis
from matching.catalogue.model import Catalogue
from matching.compatibility import Compatibility
from matching.kernel.building import fits_of, link_tables, starts, terms_of
from matching.kernel.growing import Growing
from matching.kernel.tables import BASIS, Links, Longs, Records
from matching.parameters import MatchParameters


class Network:
    """Links from outputs to inputs (``gives``) and back, and the terms that go with each way."""

    def __init__(
        self, catalogue: Catalogue, compatibility: Compatibility, parameters: MatchParameters
    ) -> None:
        self._catalogue, self._parameters = catalogue, parameters
        names = sorted(catalogue.resources)
        self.resources: Mapping[str, int] = {name: n for n, name in enumerate(names)}
        self._bases = [
            Basis(resource, other, link)
            for resource in names
            for other, link in sorted(compatibility.links_from(resource).items())
        ]
        self._named: dict[tuple[str, str], int] = {}
        self._known = 0
        table, links = link_tables(self._bases, len(self._bases), self.resources, {}, catalogue, parameters)
        givers = np.array([self.resources[basis.output_resource] for basis in self._bases], dtype=np.int64)
        back = table.copy()
        back["met"] = givers
        self._tables = {True: Growing(BASIS, table), False: Growing(BASIS, back)}
        takers = table["met"].astype(np.int64)
        self._links = {True: links, False: _from(links, table, takers, len(names))}
        self._terms = {side: terms_of(parameters) for side in (True, False)}
        self._terms[False]["backwards"] = 1

    def bases(self, gives: bool) -> Records:
        """Return the links, those of words after all others."""
        return self._tables[gives].rows

    def links(self, gives: bool) -> Links:
        """Return what finds the links."""
        return self._links[gives]

    def terms(self, gives: bool) -> Records:
        """Return the terms of the score."""
        return self._terms[gives]

    def learn(self, activities: Mapping[str, int]) -> None:
        """Take in activities met for the first time."""
        if len(activities) > self._known:
            self._known = len(activities)
            _, fits = fits_of(self._bases, activities)
            self._links = {side: links._replace(fits=fits) for side, links in self._links.items()}

    def spoken(self, basis: Basis) -> int:
        """Return the number of a link that words make, added when it is new."""
        ends = basis.output_resource, basis.input_resource
        if ends not in self._named:
            rows, _ = link_tables([basis], 0, self.resources, {}, self._catalogue, self._parameters)
            numbers = {table.extend(rows) for table in self._tables.values()}
            self._named[ends] = numbers.pop()
        return self._named[ends]


def _from(links: Links, table: Records, takers: Longs, resources: int) -> Links:
    """Return the links as an input looks for them."""
    order = np.lexsort((np.arange(len(table)), -table["strength"], takers)).astype(np.int32)
    return links._replace(start=starts(np.bincount(takers, minlength=resources).tolist()), order=order)
