"""Communes of France without a network: names and postcodes to the centre of a commune."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import itemgetter

from rapidfuzz import fuzz, process

from geo.geocoding import Located
from geo.names import ARTICLES, district_number, plain_name

POSTCODE = re.compile(r"(?<!\d)(\d{2}) ?(\d{3})(?!\d)")
DEPARTMENT_HINT = re.compile(r"\((\d{2,3}|2[AaBb])\)\s*$")
FUZZY_CUTOFF = 86.0  # Our own estimate: two typing errors in a name of ten letters still pass.
COLUMNS = ("code", "name", "department", "postcodes", "lon", "lat", "population")
DISTRICT_CODES = {
    "paris": 75100,
    "lyon": 69380,
    "marseille": 13200,
}  # INSEE codes before the number is added.


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune or a municipal district: its INSEE code, name, postcodes, centre and inhabitants."""

    code: str
    name: str
    department: str
    postcodes: tuple[str, ...]
    lon: float
    lat: float
    population: int

    def located(self) -> Located:
        """Return the centre of the commune."""
        return Located(self.lon, self.lat, "commune", self.name)


def department_of(postcode: str) -> str:
    """Return the département of a postcode: two digits, three overseas, 2A or 2B in Corsica."""
    if postcode.startswith("20"):
        return "2A" if postcode < "20200" else "2B"
    return postcode[:3] if postcode.startswith("97") else postcode[:2]


@lru_cache(maxsize=1)
def communes() -> tuple[Commune, ...]:
    """Return every commune of the built-in table."""
    with (files("geo.data") / "communes.csv").open(encoding="utf-8") as handle:
        rows = csv.reader(handle)
        pick = itemgetter(*map(next(rows).index, COLUMNS))
        return tuple(
            Commune(code, name, department, tuple(postcodes.split("|")), float(lon), float(lat), int(people))
            for code, name, department, postcodes, lon, lat, people in map(pick, rows)
        )


class Gazetteer:
    """The offline geocoder: always answers with the centre of a commune, never with an exact point."""

    def __init__(self, table: Iterable[Commune] | None = None) -> None:
        self._by_name: dict[str, list[Commune]] = {}
        self._by_postcode: dict[str, list[Commune]] = {}
        self._by_department: dict[str, list[Commune]] = {}
        self._by_code: dict[str, Commune] = {}
        self._by_first_word: dict[str, list[Commune]] = {}
        self._answers: dict[tuple[str, str, str], Located | None] = {}
        for commune in communes() if table is None else table:
            self._add(commune)

    def _add(self, commune: Commune) -> None:
        name = plain_name(commune.name)
        bare = without_article(name)
        for key in {name, bare}:
            self._by_name.setdefault(key, []).append(commune)
        self._by_first_word.setdefault(bare.split(" ", 1)[0], []).append(commune)
        self._by_code.setdefault(commune.code, commune)
        self._by_department.setdefault(commune.department, []).append(commune)
        for postcode in commune.postcodes:
            self._by_postcode.setdefault(postcode, []).append(commune)

    def locate(self, address: str, postcode: str, city: str) -> Located | None:
        """Return the centre of the commune of an address, or None when nothing tells which one."""
        key = (address if not (postcode or city) else "", postcode, city)
        if key not in self._answers:
            commune = self._find(*key)
            self._answers[key] = None if commune is None else commune.located()
        return self._answers[key]

    def _find(self, address: str, postcode: str, city: str) -> Commune | None:
        if not (postcode or city):
            found = list(POSTCODE.finditer(address))
            if not found:
                return self.named(re.split(r"[,\n]", address)[-1])
            postcode, city = found[-1][1] + found[-1][2], address[found[-1].end() :].strip(" ,-")
        if not postcode and (inside := POSTCODE.search(city)):
            postcode, city = inside[1] + inside[2], POSTCODE.sub("", city).strip(" ,-()")
        postcode = postcode.replace(" ", "")
        if postcode.isdigit() and len(postcode) == 4:  # A spreadsheet ate the leading zero.
            postcode = "0" + postcode
        if not (postcode.isdigit() and len(postcode) == 5):
            return self.named(city, department=postcode.upper() or None)
        return self._of_postcode(postcode, city)

    def _of_postcode(self, postcode: str, city: str) -> Commune | None:
        here = self._by_postcode.get(postcode, [])
        districts = [commune for commune in here if district_number(commune.name)]
        if len(districts) == 1:
            return districts[0]
        if city and (best := _best(city, here)):
            return best
        if city and (elsewhere := self.named(city, department_of(postcode))):
            return elsewhere
        return max(here, key=lambda commune: commune.population, default=None)

    def named(self, city: str, department: str | None = None) -> Commune | None:
        """Return the commune of this name: the one of the département given, else the most populous.

        A name that no commune bears is accepted with typing errors inside the département, and as the
        beginning of a longer name ("Berre" for Berre-l'Étang).
        """
        if hint := DEPARTMENT_HINT.search(city):
            department, city = hint[1].upper(), city[: hint.start()]
        if district := district_number(city):
            return self._by_code.get(str(DISTRICT_CODES[district[0]] + district[1]))
        name = plain_name(city)
        if not name:
            return None
        same = self._by_name.get(name) or self._by_name.get(without_article(name), [])
        if department is None:
            return max(same or self._beginning(name), key=lambda commune: commune.population, default=None)
        inside = [commune for commune in same if commune.department == department]
        if inside:
            return max(inside, key=lambda commune: commune.population)
        return _best(city, self._by_department.get(department, []))

    def _beginning(self, name: str) -> list[Commune]:
        starts = name + " "
        first = name.split(" ", 1)[0]
        return [
            c
            for c in self._by_first_word.get(first, [])
            if without_article(plain_name(c.name)).startswith(starts)
        ]


def without_article(name: str) -> str:
    """Return a plain name without its leading article: "la ciotat" is "ciotat"."""
    first, _, rest = name.partition(" ")
    return rest if rest and first in ARTICLES else name


def _best(city: str, among: list[Commune]) -> Commune | None:
    name = without_article(plain_name(city))
    names = [without_article(plain_name(commune.name)) for commune in among]
    exact = [commune for commune, other in zip(among, names, strict=True) if other == name]
    starting = [commune for commune, other in zip(among, names, strict=True) if other.startswith(name + " ")]
    if exact or starting:
        return max(exact or starting, key=lambda commune: commune.population)
    near = process.extractOne(name, names, scorer=fuzz.ratio, score_cutoff=FUZZY_CUTOFF)
    return among[near[2]] if near else None


@lru_cache(maxsize=1)
def built_in_gazetteer() -> Gazetteer:
    """Return the shared offline geocoder, loaded once."""
    return Gazetteer()
