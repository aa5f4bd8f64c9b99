"""Places that a sentence names: "vers Lyon", "région lyonnaise", "port de Marseille"."""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache
from importlib.resources import files

from geo.gazetteer import built_in_gazetteer, communes, without_article
from geo.geocoding import Located
from geo.names import plain_name, unaccented

WORDS = re.compile(r"[a-z0-9]+")
CAPITALISED = re.compile(r"[A-ZÀ-ÖØ-Þ]")
# A name without a preposition before it is only believed for a town that people would name (own estimate).
KNOWN_TOWN_INHABITANTS = 8_000
NAMED_TOWN_INHABITANTS = 300
MAX_WORDS = 6
TOWARDS = frozenset({"vers", "a", "direction", "jusqu", "pour", "to", "destination"})
FROM = frozenset({"de", "depuis", "from", "d"})
# Half of a longer name: "Saint-Charles" is not the commune Le Saint.
HALVES = frozenset({"saint", "sainte", "saints", "saintes"})
BEFORE = TOWARDS | FROM | {"sur", "entre", "et", "near", "pres"}
ARTICLES_BEFORE = frozenset({"la", "le", "les", "l"})
# Communes whose names are also everyday words of a flow's sentence.
EVERYDAY = frozenset({
    "port", "bois", "sel", "aire", "rue", "eu", "pins", "vienne", "mer", "gare", "zone", "centre", "sens",
    "cours", "marche", "tours", "nord", "sud", "est", "ouest", "parc", "usine", "source", "sources",
    "fontaine", "moulin", "sable", "lots", "contres", "transport", "livraison", "retour", "aller",
    "grasse", "blanc", "blanche", "vert", "bonne", "palette", "paille", "chaux", "platre", "briques",
    "huile", "lait", "vinci", "salle", "salles", "cars", "lure", "contrat", "lundi", "mardi", "train",
    "route", "ferme", "forges", "carrieres", "mines", "corps", "coupes", "cire",
})  # fmt: skip
# These are towns all the same when a preposition stands before and a capital begins them.
TOWNS_ALL_THE_SAME = frozenset({"vienne", "tours", "sens", "grasse", "eu", "lure", "forges"})
# Departments and regions that a small letter makes everyday words: "complément de lot", "manche de pioche".
EVERYDAY_AREAS = frozenset(
    {"calvados", "centre", "cher", "creuse", "landes", "lot", "manche", "nord", "somme"}
)
Index = dict[tuple[str, ...], Located]


def _table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((files("geo.data") / name).read_text(encoding="utf-8"))))


@lru_cache(maxsize=1)
def _areas() -> Index:
    areas: Index = {}
    regions: dict[str, list[dict[str, str]]] = {}
    for row in _table("departments.csv"):
        regions.setdefault(row["region"], []).append(row)
        where = Located(float(row["lon"]), float(row["lat"]), "commune", row["name"], float(row["radius_km"]))
        areas[_words(row["name"])] = where
    for region, rows in regions.items():
        lon, lat = (sum(float(row[axis]) for row in rows) / len(rows) for axis in ("lon", "lat"))
        radius = sum(float(row["radius_km"]) ** 2 for row in rows) ** 0.5
        areas[_words(region)] = Located(lon, lat, "commune", region, round(radius))
    for row in _table("areas.csv"):
        where = Located(float(row["lon"]), float(row["lat"]), "commune", row["name"], float(row["radius_km"]))
        areas |= {_words(wording): where for wording in (row["name"], *row["wordings"].split("|"))}
    return areas


@lru_cache(maxsize=1)
def _towns() -> dict[tuple[str, ...], int]:
    """Return the inhabitants of the most populous commune of each name."""
    towns: dict[tuple[str, ...], int] = {}
    for commune in communes():
        words = tuple(without_article(plain_name(commune.name)).split())
        towns[words] = max(towns.get(words, 0), commune.population)
    return towns


def _words(text: str) -> tuple[str, ...]:
    return tuple(WORDS.findall(unaccented(text)))


@lru_cache(maxsize=8192)
def place_named_in(text: str) -> Located | None:
    """Return the place that a sentence names, None when it names none.

    In "de Vitrolles à Lyon" the destination is Lyon; then the longest name wins, an area before a town, the
    last one said. ``radius_km`` tells how wide an area is.
    """
    matches = list(re.finditer(r"[^\W_]+", text))
    words = [_words(match[0]) for match in matches]
    flat = [word[0] if word else "" for word in words]
    best: tuple[int, int, int, int] | None = None
    found: Located | None = None
    for start in range(len(flat)):
        for length in range(min(MAX_WORDS, len(flat) - start), 0, -1):
            key = tuple(plain_name(" ".join(flat[start : start + length])).split())
            capital = bool(CAPITALISED.match(matches[start][0]))
            area = _area(tuple(flat[start : start + length]), key, capital)
            rank = (_way(flat, start), length, int(area is not None), start)
            if best is not None and rank <= best:
                continue
            where = area or _town(key, flat, start, capital)
            if where is not None:
                best, found = rank, where
    return found


def _area(words: tuple[str, ...], key: tuple[str, ...], capital: bool) -> Located | None:
    if not capital and len(words) == 1 and words[0] in EVERYDAY_AREAS:
        return None
    return _areas().get(words) or _areas().get(key)


def _way(flat: list[str], start: int) -> int:
    """Return 2 for a place that something goes to, 0 for one that it comes from, 1 when nothing tells."""
    before = [word for word in flat[max(0, start - 2) : start] if word not in ARTICLES_BEFORE]
    last = before[-1] if before else ""
    return 2 if last in TOWARDS else 0 if last in FROM else 1


def _town(key: tuple[str, ...], flat: list[str], start: int, capital: bool) -> Located | None:
    inhabitants = -1 if key in {(half,) for half in HALVES} else _towns().get(key, -1)
    if inhabitants < NAMED_TOWN_INHABITANTS:
        return None
    preposition = start > 0 and flat[start - 1] in BEFORE | ARTICLES_BEFORE
    needed = NAMED_TOWN_INHABITANTS if preposition and capital else KNOWN_TOWN_INHABITANTS
    everyday = len(key) == 1 and key[0] in EVERYDAY
    if everyday and not (key[0] in TOWNS_ALL_THE_SAME and preposition and capital):
        return None
    if inhabitants < needed or (len(key) == 1 and len(key[0]) < 4 and not capital):
        return None
    commune = built_in_gazetteer().named(" ".join(key))
    return commune.located() if commune is not None else None
