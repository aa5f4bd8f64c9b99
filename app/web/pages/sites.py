"""Companies and their sites: the list, and one site with its flows and its synergies."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.db.tables import Company, Contact, Flow, Park, Site
from app.repositories import flows as flow_rows
from app.repositories import sites as site_rows
from app.repositories.paging import Slice, listed
from app.repositories.records import find, find_or_none
from app.web.cards import cards
from app.web.search import Wanted, find_page
from app.web.visit import Visit, VisitOf, see_other

router = APIRouter()
PAGE_ROWS = 50
MOST_FLOWS = 500
SYNERGIES = 6


@router.get("/entreprises")
def show_all(visit: VisitOf, q: str = "", apres: str = "") -> Response:
    """Show the sites of the territory."""
    words = q.strip()[:200]
    page = site_rows.listed(
        visit.session,
        Slice(PAGE_ROWS, apres or None),
        words=words or None,
        territory_id=visit.territory.id,
    )
    return visit.page(
        "sites.html",
        shown=site_rows.with_names(visit.session, page.items),
        query={"q": words},
        next=page.next,
        after=apres,
    )


@router.get("/entreprises/{row_id}")
def show(visit: VisitOf, row_id: str) -> Response:
    """Show a site; a company leads to its only site, or lists them."""
    site = find_or_none(visit.session, Site, row_id)
    if site is not None:
        return _site(visit, site)
    company = find(visit.session, Company, row_id)
    page = site_rows.listed(visit.session, Slice(PAGE_ROWS), company_id=company.id)
    if len(page.items) == 1:
        return see_other(f"/entreprises/{page.items[0].id}")
    return visit.page("company.html", company=company, shown=site_rows.with_names(visit.session, page.items))


def _site(visit: Visit, site: Site) -> Response:
    flows = flow_rows.domain_of(
        visit.session, listed(visit.session, Flow, Slice(MOST_FLOWS), site_id=site.id).items
    )
    found = find_page(visit.session, site.territory_id, Wanted(site=site.id), size=SYNERGIES)
    return visit.page(
        "site.html",
        site=site,
        company=find_or_none(visit.session, Company, site.company_id) if site.company_id else None,
        park=find_or_none(visit.session, Park, site.park_id) if site.park_id else None,
        contacts=listed(visit.session, Contact, Slice(20), site_id=site.id).items,
        outputs=[flow for flow in flows if flow.is_output],
        inputs=[flow for flow in flows if not flow.is_output],
        synergies=cards(visit.session, found.rows, visit.language),
        more=found.next is not None,
    )
