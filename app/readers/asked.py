"""Questions of yes or no that name what they ask about: "Avez-vous des palettes à donner ?"."""

from __future__ import annotations

import re

from app.readers.grid import Cell
from app.readers.headers import Column
from app.readers.sentences import without_article
from app.readers.ticks import is_tick
from app.readers.vocabulary import plain

NO = frozenset("non no n faux false".split())
QUESTION = re.compile(
    r"^(?:est[- ]ce que )?(?:vous )?\w+(?:[- ](?:vous|t-il|t-elle|nous))?\s+(?:besoin\s+)?"
    r"(?P<thing>(?:de l['’]|de la |du |des |de |d['’]|un |une |le |la |les ).+?)"
    r"(?:\s+(?:[àa] (?:donner|c[ée]der|vendre|proposer|partager|pr[êe]ter|louer|[ée]vacuer|acheter|offrir)"
    r"|disponibles?|en trop|inutilis[ée]e?s?|en surplus))?\s*\?\s*$",
    re.IGNORECASE,
)
ENGLISH = re.compile(
    r"^(?:do|would|could|can|are) you (?:like to |be able to )?(?:have|need|want|offer|share|sell|lend|buy"
    r"|looking for|give away)\s+(?:any |some |a |an |spare |surplus )*(?P<thing>.+?)"
    r"(?:\s+(?:to (?:give|sell|share|lend|spare|dispose of|offer|buy)(?: away)?|available))?\s*\?\s*$",
    re.IGNORECASE,
)


def is_yes_or_no(cell: Cell) -> bool:
    """Tell whether an answer only says yes or no."""
    return is_tick(cell) or (isinstance(cell, str) and plain(cell) in NO)


def thing_asked(title: str) -> str:
    """Return what a question of yes or no asks about, "" when it is none."""
    found = QUESTION.match(title.strip()) or ENGLISH.match(title.strip())
    return without_article(found["thing"]) if found else ""


def is_asked(values: dict[str, Cell], column: Column) -> bool:
    """Name the thing that a question of yes or no asks about; False where the answer is no."""
    label = values.get("label")
    if column.field != "label" or label is None or not is_yes_or_no(label):
        return True
    thing = thing_asked(column.title)
    if thing:
        values["label"] = thing
    return not thing or is_tick(label)
