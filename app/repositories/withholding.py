"""What is stored of companies that give the staff no mandate: their rows, and the names they have borne."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from app.db.bulk import chunks
from app.db.tables import Company, Flow, Import, ImportEntry, ImportRow, Site, WaitingFile
from app.db.visibility import VisibleSession

CHUNK_IDS = 5_000


def rows_of_companies(
    session: VisibleSession, territory_id: str, company_ids: Iterable[str]
) -> tuple[set[str], set[str]]:
    """Return the identifiers of companies, their sites and flows, and the names of companies and sites."""
    ids, names = set(), set()
    for part in chunks(company_ids, CHUNK_IDS):
        for cls, column in ((Company, Company.id), (Site, Site.company_id)):
            statement = select(cls.id, cls.name).where(cls.territory_id == territory_id, column.in_(part))
            for row_id, name in session.execute(statement):
                ids.add(row_id)
                names.add(name)
        at_sites = select(Flow.id).join(Site, Site.id == Flow.site_id).where(Site.company_id.in_(part))
        ids |= set(session.scalars(at_sites.where(Flow.territory_id == territory_id)))
    return ids, names


def former_names(session: VisibleSession, territory_id: str, ids: Iterable[str]) -> set[str]:
    """Return the names that imports have given to some companies and sites, or taken from them."""
    found: set[str] = set()
    for part in chunks(ids, CHUNK_IDS):
        statement = select(ImportEntry.before, ImportEntry.after).where(
            ImportEntry.territory_id == territory_id,
            ImportEntry.resource.in_(("company", "site")),
            ImportEntry.row_id.in_(part),
        )
        for states in session.execute(statement):
            found |= {state["name"] for state in states if state.get("name")}
    return found


def imports_about(session: VisibleSession, territory_id: str, ids: Iterable[str]) -> set[str]:
    """Return the imports that created or changed some rows."""
    found: set[str] = set()
    for part in chunks(ids, CHUNK_IDS):
        statement = select(ImportEntry.import_id).where(
            ImportEntry.territory_id == territory_id, ImportEntry.row_id.in_(part)
        )
        found |= set(session.scalars(statement.distinct()))
    return found


def imports_of(session: VisibleSession, territory_id: str) -> Sequence[Import]:
    """Return the imports of a territory."""
    return session.scalars(select(Import).where(Import.territory_id == territory_id)).all()


def read_rows(session: VisibleSession, territory_id: str) -> Sequence[ImportRow]:
    """Return the rows that imports of a territory have read."""
    return session.scalars(select(ImportRow).where(ImportRow.territory_id == territory_id)).all()


def waiting_files(session: VisibleSession, territory_id: str) -> Sequence[WaitingFile]:
    """Return the files of a territory that somebody is about to import."""
    return session.scalars(select(WaitingFile).where(WaitingFile.territory_id == territory_id)).all()
