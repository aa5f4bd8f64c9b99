"""Synergies found for a list, a map or a file: what the query string asks, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import lru_cache

from app.db.base import now
from app.db.tables import Synergy
from app.db.visibility import VisibleSession, principal_of
from app.repositories.desk import DeskCriteria
from app.repositories.paging import Slice
from app.repositories.synergies import listed
from app.repositories.synergy_criteria import SORTS, Criteria
from app.services.desk import MOST_AT_ONCE
from app.web import wording
from matching.catalogue.loader import load_catalogue
from matching.words import plain

PAGE_ROWS = 25
LONGEST_NUMBER = 19  # Of digits: more than any database counts.
CHUNK_ROWS = 200
# Beyond this a list no longer helps anybody: narrow it.
MOST_EXAMINED = 10_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to, as text of the query string; empty leaves a criterion free."""

    q: str = ""
    kind: str = ""
    form: str = ""
    status: str = ""
    park: str = ""
    site: str = ""
    flow: str = ""
    resource: str = ""
    min_score: str = ""
    max_km: str = ""
    assigned: str = ""
    shelved: str = ""
    unmoved: str = ""
    questions: str = ""
    ids: str = ""
    sort: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], sort: str = "") -> Wanted:
        """Return what a query string asks; values that mean nothing are left out.

        Parameters
        ----------
        sort
            The order when none is asked.
        """
        said = {name: query.get(name, "").strip()[: LONGEST.get(name, 200)] for name in cls.__slots__}
        for name, known in KNOWN.items():
            if said[name] not in known:
                said[name] = ""
        for name in ("min_score", "max_km"):
            said[name] = said[name] if positive(said[name]) is not None else ""
        said["unmoved"] = said["unmoved"] if said["unmoved"].isdecimal() and len(said["unmoved"]) < 5 else ""
        said["sort"] = said["sort"] or sort
        return cls(**said)

    @property
    def query(self) -> dict[str, str]:
        """The criteria given, for addresses."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.query.keys() - {"sort"})

    @property
    def chosen(self) -> frozenset[str] | None:
        """The synergies named one by one, None when a list is asked."""
        return frozenset(self.ids.split(",")) if self.ids else None

    def criteria(self, territory_id: str, me: str = "") -> Criteria:
        """Return the criteria that the database checks; ``me`` is the subject of the one who asks."""
        return Criteria(
            territory_id=territory_id,
            kind=self.kind or None,
            form=self.form or None,
            status=self.status or None,
            resource=self.resource or None,
            min_score=positive(self.min_score),
            site_id=self.site or None,
            park_id=self.park or None,
            flow_id=self.flow or None,
            ids=self.chosen,
            desk=self._desk(me),
        )

    def _desk(self, me: str) -> DeskCriteria:
        """Return the criteria of the desk: what is set aside is shown when asked for, or named."""
        shelved = self.shelved == "yes" if self.shelved != "all" and not self.ids else None
        since = now() - timedelta(days=int(self.unmoved)) if self.unmoved else None
        assignee = {"": None, "me": me, "nobody": ""}.get(self.assigned, self.assigned)
        return DeskCriteria(assignee, shelved, since)

    def accepts(self, row: Synergy) -> bool:
        """Tell whether a row fulfils the criteria left: the words, the distance, the questions."""
        if self.questions and not row.document.get("missing"):
            return False
        reach_km = positive(self.max_km)
        if reach_km is not None and (row.distance_km is None or row.distance_km > reach_km):
            return False
        words = plain(self.q).split()
        return not words or all(word in _words_of(row) for word in words)


SORT_NAMES = tuple(f"{sign}{name}" for name in SORTS for sign in ("", "-"))
KNOWN = {
    "kind": {"", *wording.SYNERGY_KINDS},
    "form": {"", *wording.FORMS},
    "status": {"", *wording.STATUSES},
    "sort": {"", *SORT_NAMES},
    "shelved": {"", "yes", "all"},
    "questions": {"", "yes"},
}
# As many identifiers as one may choose.
LONGEST = {"ids": MOST_AT_ONCE * 37}


def positive(text: str) -> float | None:
    """Return a number of zero or more; None when the text is none."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


def _words_of(row: Synergy) -> str:
    members = row.document.get("members", [])
    said = " ".join(f"{member['site']} {member['label']}" for member in members)
    return plain(said) + " " + _resource_words(row.resource or "")


@lru_cache(maxsize=4096)
def _resource_words(code: str) -> str:
    resource = load_catalogue().resources.get(code)
    return plain(f"{resource.name.fr} {resource.name.en}") if resource else ""


def whole(text: str) -> int | None:
    """Return a whole number of zero or more; None when the text is none."""
    return int(text) if text.isdecimal() and len(text) < LONGEST_NUMBER else None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of synergies, and where the following one begins (None at the end)."""

    rows: tuple[Synergy, ...]
    next: str | None


def find_page(
    session: VisibleSession, territory_id: str, wanted: Wanted, after: str = "", size: int = PAGE_ROWS
) -> Found:
    """Return ``size`` synergies after a place in the list that an earlier page gave."""
    skip, _, cursor = after.partition("~") if after else ("0", "", "")
    passed = whole(skip) or 0
    rows: list[Synergy] = []
    # Words and distances are checked here, one by one: then the database is read in larger pieces.
    checked_here = wanted.q or wanted.max_km or wanted.questions
    chunk = CHUNK_ROWS if checked_here else min(size + passed + 1, CHUNK_ROWS)
    for place, row in _matching(session, territory_id, wanted, Slice(chunk, cursor or None), passed):
        if len(rows) == size:
            return Found(tuple(rows), place)
        rows.append(row)
    return Found(tuple(rows), None)


def find_all(session: VisibleSession, territory_id: str, wanted: Wanted, most: int) -> list[Synergy]:
    """Return the first ``most`` synergies that fulfil the criteria."""
    return list(find_page(session, territory_id, wanted, size=most).rows)


def _matching(
    session: VisibleSession, territory_id: str, wanted: Wanted, part: Slice, passed: int
) -> Iterator[tuple[str, Synergy]]:
    """Yield each row that fulfils the criteria, with the place it stands at: rows to skip after a cursor."""
    me = principal_of(session).subject
    criteria, sort = wanted.criteria(territory_id, me), wanted.sort or "-score"
    for _ in range(MOST_EXAMINED // part.limit):
        page = listed(session, criteria, part, sort)
        for position, row in enumerate(page.items):
            if position >= passed and wanted.accepts(row):
                yield f"{position}~{part.cursor or ''}", row
        if page.next is None:
            return
        part, passed = Slice(part.limit, page.next), 0
