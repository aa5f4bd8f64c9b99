"""What lines above a table say of all its rows: the unit, what signs mean, a company and its town."""

from __future__ import annotations

import re

from app.readers.hints import BRACKETS
from app.readers.titles import named_in_title
from app.readers.units import Rhythm, measure, split_rhythm
from app.readers.vocabulary import direction_said, unaccented
from matching.model import Direction

UNIT_LINE = re.compile(
    r"\b(?:quantites?|tonnages?|valeurs?|chiffres|unites?|volumes?|donnees|flux|poids|weights?|quantit(?:y|ies)|amounts?)\b.*?(?:\b(?:en|in)\b|[:=])\s*(.+)$"
)
SUM_OF = re.compile(r"^(?:somme|sum|moyenne|average) (?:de|of|du) (.+)$")  # What pivot tables write.
TONNAGE = re.compile(r"\btonnages?\b")
SIGN_LINE = re.compile(
    r"(?<!\w)([+\-–−]|[A-Z]{1,2})\s*[=:]\s*([^=;,]+?)(?=\s*(?:[;,]|$)|\s+(?:[+\-–−]|[A-Z]{1,2})\s*[=:])"
)
COMPANY_LINE = re.compile(
    r"^\s*(?:(?:\d{1,2}|[A-Z])\s*[.)°\-–/]\s*)?(?P<name>[^\d,;:–—(][^,;:–—(]{1,58}?)\s*(?:[,;:–—(]|\s-\s)\s*"
    r"(?P<street>[^()]*?[,;–—]\s*|(?:[^()]*?\s-\s)?)(?P<place>\d{2} ?\d{3}\s+[^\W\d][^\d()]{1,40})\)?\s*$"
)
PLACE_LAST = re.compile(
    r"^(?P<name>[^\d,;:–—(][^,;:–—(]{1,58}?)\s*[(,–—]\s*(?P<city>[^\W\d][^\d(),;:–—]{1,40}?)"
    r"[ ,(]+(?P<code>\d{5})\s*\)?\s*$"
)


def unit_told(text: str) -> tuple[str, Rhythm | None]:
    """Return the unit and rhythm that a line tells ("Quantités en tonnes par an"), "" and None if none."""
    words = unaccented(text).strip(" .()")
    found = UNIT_LINE.search(words)
    candidates = [found[1]] if found else []
    candidates += SUM_OF.findall(words)
    candidates += re.findall(r",\s*([^\d,:]+)$", words)
    candidates += [match[1] for match in BRACKETS.finditer(text)]
    for candidate in (re.sub(r"^(?:en|in) ", "", one.strip()) for one in candidates):
        told, left = split_rhythm(candidate)
        known = measure(left if told is not None else candidate)
        if known is not None and not known.rest:
            return (left if told is not None else candidate).strip(" .()"), told
    return ("t", None) if TONNAGE.search(words) else ("", None)


def without_unit(text: str) -> str:
    """Return a title without the brackets that hold its unit."""
    return " ".join(BRACKETS.sub(" ", text).split()) if unit_told(text)[0] else text


def signs_told(text: str) -> dict[str, Direction]:
    """Return what the signs of a legend mean ("E = entrant ; S = sortant"); empty when it is no legend."""
    found: dict[str, Direction] = {}
    for sign, meaning in SIGN_LINE.findall(text):
        if (said := direction_said(meaning)) is not None:
            found[same_sign(sign)] = said
    return found if len(set(found.values())) > 1 else {}


def same_sign(text: str) -> str:
    """Return a sign in one form, whatever dash was typed."""
    return re.sub(r"[–−—]", "-", text.strip()).upper()


def company_told(text: str) -> dict[str, str]:
    """Return the company and place of "2. Ets Perrin – 38430 Moirans"; empty when it is no such line."""
    if (ended := PLACE_LAST.match(text)) is not None and direction_said(ended["name"]) is None:
        return {"company": ended["name"].strip(), "postcode_city": f"{ended['code']} {ended['city'].strip()}"}
    found = COMPANY_LINE.match(text)
    if found is None or direction_said(found["name"]) is not None:
        return {}
    told = {"company": found["name"].strip(" -"), "postcode_city": found["place"].strip()}
    if named := named_in_title(text[: found.start("place")].strip(" ,;–—-(")):
        return told | {"company": named}
    if street := found["street"].strip(" ,;–—-"):
        told["address"] = street
    return told
