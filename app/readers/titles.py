"""Rows that are no data: section titles, totals, notes; and what sheet names mean."""

from __future__ import annotations

import re
from functools import lru_cache

from app.readers.vocabulary import (
    direction_said,
    kind_said,
    kinds,
    plain,
    sole_direction,
    table,
    without_direction,
)
from matching.model import Direction, Kind

TOTAL = re.compile(
    r"^(?:sous )?(?:total|totaux|somme|moyenne|grand total|cumul|sum|average"
    r"|\d+ (?:reponses?|entreprises?|tenants?|participants?|replies|answers|companies|points|lignes)"
    r"|(?:nombre|nb) (?:total|de (?:demandes?|reponses?|besoins?|entreprises?|offres?)))\b"
)
NOTE = re.compile(
    r"^(?:\*|nb\b|n\.b\.|source|sources|note\b|remarque|légende|legende|attention|ps\b|rappel|exemple\s*:)",
    re.IGNORECASE,
)
BULLET = re.compile(r"^\s*(?:[-–—•*·▪►→]|\d{1,2}[.)])\s*")
DOCUMENT = re.compile(
    r"^(?:diagnostic|bilan|fiche|questionnaire|inventaire|visite|entretien|compte[- ]rendu|flux"
    r"|enqu[êe]te|recensement|tableau|registre|audit|suivi|liste|synth[èe]se|relev[ée]|[ée]tat|dossier|[ée]tude"
    r"|rapport|grille|restitution|annexe)\b[^–—:|]*?"
    r"(?:\s[-–—]\s|\s*[:|]\s*|\s[–—]\s?)(?P<name>.+)$",
    re.IGNORECASE,
)
NAME_FIRST = re.compile(r"^(?P<name>.+?)\s+[-–—:|]\s+(?P<about>[^–—:|]+)$")
DATED = re.compile(
    r"\s*[-–—(,]*\s*(?:le\s+)?(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|(?:ann[ée]e\s+)?20\d\d)\s*\)?\s*$",
    re.IGNORECASE,
)
NOTHING = re.compile(
    r"(?:n[ée]ant|aucune?(?: \w+)?|rien|none|nothing|ras|pas de .{0,30}|non|[-–/☐]"
    r"|(?:pas|non|peu) (?:concern|int[ée]ress)[ée]e?s?|sans objet|not (?:concerned|applicable|interested)"
    r"|(?:no|pas de|sans) (?:reply|answer|response|r[ée]ponse)(?: yet)?)\.?",
    re.IGNORECASE,
)
ARROW = re.compile(r"\s*(?:→|⇒|->|=>)")
MAX_TITLE = 100
STATUS = re.compile(r"\b(?:statut|etat|status|state|avancement)\b")
CANCELLED = re.compile(
    r"(?:bordereau |bsd |annonce |demande )?(?:annulee?s?|cancell?ed|void|abandonnee?s?|supprimee?s?|deleted"
    r"|brouillon|draft|refusee?s?|refused|withdrawn)"
)


@lru_cache(maxsize=1)
def _table_words() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in table("title_words.csv"):
        found.setdefault(row["use"], set()).add(plain(row["wording"]))
    return {use: frozenset(words) for use, words in found.items()}


@lru_cache(maxsize=4096)
def section_of(text: str) -> tuple[Direction | None, Kind | None] | None:
    """Return what a section title fixes for the rows below, or None when the text is no such title.

    Every word of a title must tell a direction or a kind, or be a mere filler ("Les déchets du site" is a
    title, "Déchets verts" is a flow).
    """
    if len(text) > MAX_TITLE:
        return None
    words = plain(re.sub(r"^\s*(?:\d+|[a-zA-Z]|[IVX]+)\s*[.)\-–/:]\s*", "", text))
    said = direction_said(words)
    kind = kinds().get(" ".join(w for w in without_direction(words).split() if w not in fillers()))
    left = [
        word
        for word in without_direction(words).split()
        if word not in fillers() and plain(word) not in kinds()
    ]
    if left or (said is None and kind is None):
        return None
    if said is None and words not in kinds():
        return None
    return said, kind if said is not None or kind is not None else None


def fillers() -> frozenset[str]:
    """Return the words that titles are made of without saying anything."""
    return _table_words()["filler"]


@lru_cache(maxsize=256)
def sheet_direction(name: str) -> Direction | None:
    """Return the direction that a sheet's name tells."""
    return sole_direction(name.replace("_", " "))


@lru_cache(maxsize=256)
def sheet_kind(name: str) -> Kind | None:
    """Return the kind that a sheet's name tells, "Énergie" but not "Matériel Dupont"."""
    words = without_direction(name.replace("_", " "))
    return kind_said(words) if words in kinds() else None


@lru_cache(maxsize=256)
def is_aside(name: str) -> bool:
    """Tell whether a sheet is help, lists or legend, not data."""
    return plain(name.replace("_", " ")) in _table_words()["aside"]


@lru_cache(maxsize=256)
def names_a_site(name: str) -> bool:
    """Tell whether a sheet's or file's name can be a company's: not "Feuil1", "Flux 2024", "Déchets"."""
    words = [
        word
        for word in without_direction(name.replace("_", " ")).split()
        if not re.fullmatch(r"\d+|[a-z]", word)
    ]
    generic = _table_words()["generic"] | fillers()
    return bool([w for w in words if re.sub(r"\d+$", "", w) not in generic and w not in kinds()])


def is_total(text: str) -> bool:
    """Tell whether a row begins with "Total" or the like."""
    return bool(TOTAL.match(plain(text)))


def is_example(text: str) -> bool:
    """Tell whether a row is there to show how to fill the table in."""
    return bool(re.match(r"^(?:exemple|example|ex)(?: |$)", plain(text)))


def is_nothing(text: str) -> bool:
    """Tell whether an answer says that there is nothing ("Néant", "aucun besoin", "RAS")."""
    return bool(NOTHING.fullmatch(text.strip()))


def asks_status(title: str) -> bool:
    """Tell whether a title is "Statut" or the like."""
    return STATUS.search(plain(title)) is not None


def is_cancelled(text: str) -> bool:
    """Tell whether a status says that its row counts no longer ("Annulé", "Draft")."""
    return CANCELLED.fullmatch(plain(text)) is not None


def is_note(text: str) -> bool:
    """Tell whether a lone cell is a footnote."""
    return bool(NOTE.match(text.strip())) or len(text) > 2 * MAX_TITLE


def named_in_title(text: str) -> str:
    """Return the company that a document's title names ("Diagnostic – Brasserie X – 12/03/2024"), or ""."""
    bare = text.strip()
    while (shorter := DATED.sub("", bare)) != bare:
        bare = shorter
    found = DOCUMENT.match(bare)
    name = found["name"].strip(" -–—") if found else ""
    if found is None and (turned := NAME_FIRST.match(text.strip())) and _is_about(**turned.groupdict()):
        name = turned["name"].strip()
    return name if name and len(name) <= MAX_TITLE and names_a_site(name) else ""


def _is_about(name: str, about: str) -> bool:
    """Tell whether the second half of a title only says what the table of the first half's company holds."""
    return not names_a_site(about) or (direction_said(about) is not None and direction_said(name) is None)
