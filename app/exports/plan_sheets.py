"""The paper of a plan for the day it is used: route sheet, calendar, list to sign, seating."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

import orjson
import typst

from app.exports import plan_sheets_collection as collection
from app.exports import plan_sheets_exchanges as exchanges
from app.exports import plan_sheets_masterclass as masterclass
from app.exports import plan_sheets_meetings as meetings
from app.exports import plan_sheets_people as people
from app.exports import plan_sheets_transport as transport
from app.exports.consultation import consultation_pdf
from app.exports.plan_sheets_blocks import Block, Document, Paper, Place
from matching.messages import N_
from matching.model import Flow

DRAFT = N_("Draft: read through by the people concerned before it is used.")
DRAFT_WORD = N_("DRAFT")
PURCHASE = "purchase"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a planner's paper is called, its title, its blocks, and whether it lies on its side."""

    kind: str
    title: Callable[[Paper, Document], str]
    blocks: Callable[[Paper, Document], list[Block]]
    landscape: bool = False


SHEETS: Mapping[str, Sheet] = {
    "collection": Sheet(N_("Joint collection: route sheet"), collection.title, collection.blocks),
    "jobs": Sheet(N_("Shared job: calendar"), people.jobs_title, people.jobs_blocks),
    "training": Sheet(N_("Joint training: sessions"), people.training_title, people.training_blocks),
    "masterclass": Sheet(N_("Master class"), masterclass.title, masterclass.blocks),
    "space": Sheet(N_("Shared places and machines: bookings"), exchanges.space_title, exchanges.space_blocks),
    "transport": Sheet(N_("Shared transport: trips"), transport.title, transport.blocks),
    "allocation": Sheet(
        N_("Allocation of resources"), exchanges.allocation_title, exchanges.allocation_blocks, landscape=True
    ),
    "workshop": Sheet(N_("Workshop"), meetings.workshop_title, meetings.workshop_blocks),
    "groups": Sheet(N_("Groups to bring together"), meetings.groups_title, meetings.groups_blocks),
}
PLANNERS_WITH_PAPER = (PURCHASE, *SHEETS)


def sheet_pdf(
    planner: str,
    document: Document,
    language: str,
    places: Mapping[str, Place] | None = None,
    printed: date | None = None,
) -> bytes | None:
    """Return the paper of one result document as a PDF, or None where the planner has no paper.

    Parameters
    ----------
    document
        The contract's plan document, in the reader's language.
    places
        Addresses and contacts by site, as ``places_of`` finds them; a site without one is shown by its name.
    printed
        The day on the foot of each page, today by default.
    """
    return sheets_pdf(planner, [document], language, places, printed)


def sheets_pdf(
    planner: str,
    documents: Sequence[Document],
    language: str,
    places: Mapping[str, Place] | None = None,
    printed: date | None = None,
) -> bytes | None:
    """Return the papers of several documents of one planner in one PDF, each on a page of its own.

    A purchase is sent to suppliers one by one: its paper is that of the first document.
    """
    if planner == PURCHASE:
        draft = documents[0]["plan"].get("consultation") if documents else None
        return None if draft is None else consultation_pdf(draft, language)
    sheet = SHEETS.get(planner)
    if sheet is None or not documents:
        return None
    paper = Paper(language, places or {})
    parts = [
        {
            "kind": paper.say(sheet.kind),
            "title": sheet.title(paper, document),
            "blocks": sheet.blocks(paper, document),
        }
        for document in documents
    ]
    return _compiled(paper, sheet, parts, printed or date.today())


def places_of(flows: Sequence[Flow]) -> dict[str, Place]:
    """Return the address and the contact of each site, as the flows tell them."""
    found: dict[str, Place] = {}
    for flow in flows:
        site, known = flow.site, found.get(flow.site.name, Place())
        town = " ".join(text for text in (site.postcode, site.city) if text)
        address = ", ".join(text for text in (site.address, town) if text)
        found[site.name] = Place(known.address or address, known.contact or flow.contact)
    return found


def _compiled(paper: Paper, sheet: Sheet, parts: Sequence[Mapping[str, Any]], printed: date) -> bytes:
    data = {
        "language": paper.language,
        "landscape": sheet.landscape,
        "title": f"{paper.say(sheet.kind)} – {parts[0]['title']}",
        "printed": paper.day(printed),
        "words": {"draft": paper.say(DRAFT), "draft-word": paper.say(DRAFT_WORD)},
        "parts": parts,
    }
    template = (files("app.exports") / "plan_sheet.typ").read_bytes()
    result: bytes = typst.compile(template, sys_inputs={"data": orjson.dumps(data).decode()})
    return result
