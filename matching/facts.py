"""What a flow's words and codes say of its state: properties it has, properties it refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from matching.allowances import allowed, also_refused, retired
from matching.catalogue.model import Catalogue
from matching.catalogue.tables import read_rows, split
from matching.marks.marking import offered_marks, refused_marks
from matching.model import Direction, Flow, Kind
from matching.said import named, read
from matching.unwanted import unwanted
from matching.words import affirmed, plain

# Entries of the List of Waste that say more than a hazard.
CODE_PROPERTIES = {"150110": "soiled", "150202": "soiled", "170204": "creosoted", "180103": "infectious"}
# Facts about a need's purpose, not about what is needed.
NOT_FROM_NEEDS = frozenset({"spent", "soiled", "broken", "polluted", "consigned", "hazardous"})
REPAIRED = frozenset({"broken"})
# About 2 kB each.
KEPT_FLOWS = 8192

# What is said to be one thing is another all the same.
IMPLIED = {"torn": "broken"}
# Unless it is so here and there: the rest is whole.
IN_PLACES = (
    "par endroits",
    "localement",
    "en partie",
    "partiellement",
    "in places",
    "partly",
    "here and there",
)

# "-20 °C" for a place, or "E507" for a product.
FREEZING = re.compile(r"(?:^|[^\d])-\s?\d{1,2}\s?°")
# "DON 6 ppm", "> LMR": a mould's poison as laboratories write it, a residue above its limit.
SPOILING_CODE = re.compile(r"\b(?:DON|ZEA|OTA|AFB1|FUM)\s?[:=>]?\s?\d|>\s?(?:LMR|MRL)\b")
FOOD_ADDITIVE = re.compile(r"\b[eE]\s?\d{3}\b")
COLD_STORE_MAX_C = 8.0  # upper limit of chilled storage (Regulation (EC) 852/2004 practice; own estimate)


@dataclass(frozen=True, slots=True)
class Facts:
    """Properties said to be there, properties absent (output) or refused (input), and refused phrases."""

    has: frozenset[str]
    refuses: frozenset[str]
    refused_phrases: tuple[frozenset[str], ...] = ()
    stems: frozenset[str] = frozenset()


def facts_of(flow: Flow, catalogue: Catalogue) -> Facts:
    """Return what the flow's label, comment, state, hazard flag and waste code say."""
    told = _told(flow)
    said = told.has | _coded(flow, catalogue)
    if flow.hazardous is True:
        said |= {"hazardous"}
    if flow.hazardous is False:
        said -= {"hazardous"}
    return told if said == told.has else replace(told, has=said)


@lru_cache(maxsize=KEPT_FLOWS)
def _told(flow: Flow) -> Facts:
    """Return what the words and the measures of a flow say: a server reads the same ones again and again."""
    text = " , ".join(part for part in (flow.label, flow.comment, flow.state) if part)
    has, refuses, phrases = read(text)
    said = set(has - refuses - allowed(text, named, is_output=flow.is_output)) | _measured(flow, text)
    implied = {IMPLIED[name] for name in said & IMPLIED.keys()}
    if implied and not _in_places(text):
        said |= implied
    if flow.direction is Direction.INPUT:
        if flow.kind is Kind.EQUIPMENT and not said & REPAIRED:
            # Who needs a machine needs one that works, unless it is to be repaired or taken apart.
            refuses |= {"broken"}
        by_use, spoiling = unwanted(flow, text)
        refuses |= by_use
        phrases = (*also_refused(phrases), *spoiling, *refused_marks(flow))
        said -= NOT_FROM_NEEDS
    elif "consigned" not in said and retired(text):
        # Who sells off what was rented out owns it.
        refuses |= {"consigned"}
    if "clean" in said:
        said.discard("soiled")
    # What a comment says of an offer may be refused too; a need's comment says how it is used.
    own = f"{flow.label} , {flow.comment}" if flow.is_output else flow.label
    words = frozenset(affirmed(own)) | (offered_marks(flow) if flow.is_output else frozenset())
    return Facts(frozenset(said), refuses, phrases, words)


def _in_places(text: str) -> bool:
    line = f" {plain(text)} "
    return any(f" {phrase} " in line for phrase in IN_PLACES)


def _measured(flow: Flow, text: str) -> set[str]:
    found = set()
    cold = flow.temperature_c is not None and flow.temperature_c.high <= COLD_STORE_MAX_C
    if flow.kind is Kind.SPACE and (cold or FREEZING.search(text)):
        found.add("cold_storage")
    if FOOD_ADDITIVE.search(text):
        found.add("food_grade")
    if flow.is_output and not flow.resource:
        found |= _by_trade(flow.site.activity_code.replace(".", ""), flow.kind.value)
    if SPOILING_CODE.search(text):
        found.add("unfit_animals")
    return found


@lru_cache(maxsize=4096)
def _by_trade(activity: str, kind: str) -> frozenset[str]:
    """Return what an output of a trade is by nature (``trade_states.csv``): water of salt works is salty."""
    told = (said for activities, said in _trade_states().get(kind, ()) if activity.startswith(activities))
    return frozenset[str]().union(*told)


@lru_cache(maxsize=1)
def _trade_states() -> dict[str, list[tuple[tuple[str, ...], frozenset[str]]]]:
    """Return the first digits of activities with the properties of their outputs, by kind of flow."""
    found: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = {}
    for row in read_rows("trade_states.csv"):
        one = split(row["activities"]), frozenset(split(row["properties"]))
        found.setdefault(row["kind"], []).append(one)
    return found


def _coded(flow: Flow, catalogue: Catalogue) -> set[str]:
    entry = catalogue.waste_codes.get(flow.waste_code)
    if entry is None or not flow.is_output:
        return set()
    found = {"hazardous"} if entry.hazardous else set()
    if flow.waste_code in CODE_PROPERTIES:
        found.add(CODE_PROPERTIES[flow.waste_code])
    return found
