"""Cells that say what a company does with a thing: "jette 12 t/an de polystyrène", "on cherche du sable"."""

from __future__ import annotations

import re
from functools import lru_cache

from app.readers.amounts import amount_in, amount_inside
from app.readers.calendar import is_season
from app.readers.vocabulary import plain, unaccented
from matching.errors import InvalidFlowError
from matching.model import Direction

SUBJECT = (
    r"(?:(?:j'|je |nous |on |ils? |elles? |we |they |i |l'entreprise |le site )\s*)?"
    r"(?:a |ont |avons |is |are )?"
)
GIVES = (
    r"jett?(?:e|ent|ons|er)|evacu(?:e|ent|ons|er)|elimin(?:e|ent|ons|er)|rejett?(?:e|ent|ons)|vend(?:s|ent|ons|re)?"
    r"|donn(?:e|ent|ons|er)|ced(?:e|ent|ons|er)|propos(?:e|ent|ons|er)|offr(?:e|ent|ons|ir)|dispos(?:e|ent|ons)"
    r"|produi(?:t|sent|sons)|gener(?:e|ent|ons)|se debarrass(?:e|ent|er)|prett?(?:e|ent|ons|er)|throws? away"
    r"|gives? away|sells?|discards?|offers?|disposes? of|produces?|generates?"
)
SEEKS = (
    r"cherch(?:e|ent|ons|er)|recherch(?:e|ent|ons|er)|achet(?:e|ent|ons|er)|consomm(?:e|ent|ons|er)"
    r"|(?:a|ont|avons|ai) besoin|besoin|utilis(?:e|ent|ons)|voudr(?:ait|aient|ions)|souhait(?:e|ent|ons)"
    r"|demand(?:e|ent|ons)|manqu(?:e|ent|ons)|il (?:leur |lui |nous )?faut|needs?|buys?|seeks?|looks? for"
    r"|looking for|wants?|purchases?|requires?"
)
SENTENCE = re.compile(
    rf"^\s*[-–•]?\s*{SUBJECT}(?:(?P<gives>{GIVES})|(?P<seeks>{SEEKS}))\b"
    r"(?:\s+(?:acheter|trouver|recuperer|louer|regulierement|aussi|surtout|actuellement))*\s*:?\s*(?P<thing>\S.*)$",
    re.DOTALL,
)
# Who does it, first: "Biscuiterie Loc Maria propose brisures de biscuits".
NAMED = re.compile(
    rf"^\s*[-–•]?\s*(?P<who>[^\W_][^.;:!?,\n]{{1,58}}?)\s+(?:is |are |a |ont |peut |peuvent |can )?"
    rf"(?P<rest>(?:{GIVES}|{SEEKS})\b.*)$",
    re.DOTALL,
)
MOST_NAME_WORDS = 7
PRONOUNS = frozenset("je j on nous il elle ils elles we i they it qui site entreprise".split())
SEASON = re.compile(
    r"[\s,(]+(?P<season>(?:d['’e]|du|de|en|from|between|entre|in)\s?[^,;()]+)\)?$", re.IGNORECASE
)
SPAN = re.compile(r"\b(?:à|a|au|to|et|and|en|in)\b")
ARTICLE = re.compile(
    r"^(?:de l['’]|de la |du |des |de |d['’]|l['’]|les |la |le |une |un |nos |notre |ses |son |leurs? "
    r"|some |our |the )",
    re.IGNORECASE,
)
LEADING = re.compile(
    r"^(?P<amount>(?:env(?:iron)?\.? |~ ?)?\d[\d\s.,]*(?:(?:-|à) ?\d[\d.,]*)?\s?[^\W\d][^\s,;]*"
    r"(?:\s*/\s*\w+|\s+par\s+\w+|\s+per\s+\w+|\s+a\s+year)?)\s+(?=d[e'’u]|of )(?P<thing>.+)$",
    re.IGNORECASE | re.DOTALL,
)


@lru_cache(maxsize=4096)
def said_in(text: str) -> tuple[Direction, str, str] | None:
    """Return the direction, the thing and its amount (or "") that a sentence tells; None for other texts."""
    bare = unaccented(text)
    found = SENTENCE.match(bare)
    if found is None or len(bare) != len(text):
        return None
    direction = Direction.OUTPUT if found["gives"] else Direction.INPUT
    thing, amount = _amount_first(without_article(text[found.start("thing") :].strip(" .")))
    if not amount and (ending := amount_inside(thing)) is not None:
        thing, amount = ending
    return (direction, thing, amount) if plain(thing) else None


@lru_cache(maxsize=4096)
def named_in(text: str) -> tuple[str, str] | None:
    """Return who is said to give or seek something, and the sentence without him; None for other texts."""
    bare = unaccented(text)
    found = NAMED.match(bare)
    if found is None or len(bare) != len(text):
        return None
    who = text[found.start("who") : found.end("who")].strip(" -–")
    words = plain(who).split()
    if not who[:1].isupper() or len(words) > MOST_NAME_WORDS or set(words) & PRONOUNS:
        return None
    rest = text[found.start("rest") :]
    return (who, rest) if said_in(rest) is not None else None


def season_last(text: str) -> tuple[str, str]:
    """Return a thing and the months that it ends with ("hangar 250 m² d'octobre à mars"), or "" for these."""
    for found in SEASON.finditer(text):
        season = found["season"].strip()
        if SPAN.search(season) and is_season(season):
            return text[: found.start()].strip(" ,"), season
    return text, ""


def without_article(text: str) -> str:
    """Return a noun without the article before it."""
    return ARTICLE.sub("", ARTICLE.sub("", text)).strip()


def _amount_first(text: str) -> tuple[str, str]:
    """Return the thing and the amount of "12 t/an de polystyrène"."""
    found = LEADING.match(text)
    if found is None:
        return text, ""
    try:
        amount = amount_in(found["amount"])
    except InvalidFlowError:
        return text, ""
    known = amount is not None and amount.unit is not None
    thing = re.sub(r"^of\s+", "", found["thing"], flags=re.IGNORECASE)
    return (without_article(thing), found["amount"].strip()) if known else (text, "")


def is_sentence(text: str) -> bool:
    """Tell whether a text says what is done with a thing."""
    return said_in(text) is not None or named_in(text) is not None
