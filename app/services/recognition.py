"""Which stored company, park or site a file speaks of: the first that answers to what the file says of it.

Each is found through what it may answer to, so that a file of thousands is not compared row by row.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from app.repositories.drafts import Draft
from matching import model

# About 100 m: two spellings of one address are not two sites, and neighbours of one name are.
SAME_PLACE_DEGREES = 0.001


class _Book:
    """Rows by what they may answer to, in the order they came."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        self._places: dict[str, int] = {}
        self._rows: dict[Hashable, dict[str, Draft]] = {}
        for draft in drafts:
            self.add(draft)

    def add(self, draft: Draft) -> None:
        """Enter a row, once more when its name or number has changed."""
        self._places.setdefault(draft.id, len(self._places))
        for key in self._keys(draft):
            self._rows.setdefault(key, {})[draft.id] = draft

    def _keys(self, draft: Draft) -> list[Hashable]:
        raise NotImplementedError

    def _candidates(self, *keys: Hashable) -> list[Draft]:
        """Return the rows entered under any of the keys, the first one first."""
        found: dict[str, Draft] = {}
        for key in keys:
            found |= self._rows.get(key, {})
        return sorted(found.values(), key=lambda draft: self._places[draft.id])


class Parks(_Book):
    """Parks, by name."""

    def _keys(self, draft: Draft) -> list[Hashable]:
        return [draft.value("name").casefold()]

    def find(self, name: str) -> Draft | None:
        """Return the park of this name, whatever its case."""
        return next(iter(self._candidates(name.casefold())), None)


class Companies(_Book):
    """Companies, by SIREN or name."""

    def _keys(self, draft: Draft) -> list[Hashable]:
        siren = draft.value("siren")
        return [("name", draft.value("name").casefold()), *([("siren", siren)] if siren else [])]

    def find(self, name: str, siren: str) -> Draft | None:
        """Return the company of this SIREN or name."""
        keys: list[Hashable] = [("name", name.casefold())]
        return next(iter(self._candidates(*keys, *([("siren", siren)] if siren else []))), None)


class Sites(_Book):
    """Sites, by SIRET, else by name and place."""

    def _keys(self, draft: Draft) -> list[Hashable]:
        siret = draft.value("siret")
        return [("name", _plain(draft.value("name"))), *([("siret", siret)] if siret else [])]

    def find(self, site: model.Site) -> Draft | None:
        """Return the site that a file speaks of."""
        keys: list[Hashable] = [("name", _plain(site.name))]
        found = self._candidates(*keys, *([("siret", site.siret)] if site.siret else []))
        return next((draft for draft in found if same_site(draft.value, site)), None)


def _plain(name: str) -> str:
    return name.casefold().strip()


def same_site(stored: Any, site: model.Site) -> bool:
    """Tell whether a stored site, given by what returns its columns, is the one a file speaks of."""
    if stored("siret") and site.siret:
        return bool(stored("siret") == site.siret)
    if _plain(stored("name")) != _plain(site.name):
        return False
    if stored("postcode") and site.postcode:
        return bool(stored("postcode") == site.postcode)
    lon, lat = stored("lon"), stored("lat")
    if lon is None or lat is None or site.lon is None or site.lat is None:
        return True
    exact = stored("precision") == site.precision == model.Precision.POINT
    near = abs(lon - site.lon) < SAME_PLACE_DEGREES and abs(lat - site.lat) < SAME_PLACE_DEGREES
    return near or not exact
