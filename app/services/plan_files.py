"""A stored plan in the formats people take away: its map, its workbook, its paper for the day."""

from __future__ import annotations

from enum import StrEnum

import orjson

from app.db.tables import Plan
from app.db.visibility import VisibleSession
from app.errors import ConflictError, MissingError
from app.exports.document import localised
from app.exports.plan_map import plan_geojson
from app.exports.plan_sheets import places_of, sheet_pdf
from app.exports.plan_workbook import plan_workbook
from app.repositories import flows, plans, sites
from app.services.exports import MEDIA_TYPES, Format
from matching.messages import N_, Message


class PlanFormat(StrEnum):
    """In what a plan can be read: as it is, as a map, as a table."""

    JSON = "json"
    GEOJSON = "geojson"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """The media type of the file."""
        return MEDIA_TYPES[Format(self.value)]


def plan_file(session: VisibleSession, row: Plan, form: PlanFormat, language: str) -> bytes:
    """Return a plan as a map or as a workbook.

    Raises
    ------
    ConflictError
        If it is not done: there is nothing to show.
    """
    _check_done(row)
    documents = [localised(document, language) for document in row.documents]
    if form is PlanFormat.XLSX:
        return plan_workbook(documents, language)
    every = sites.of_territory(session, row.territory_id).values()
    placed = {
        site.name: (site.lon, site.lat) for site in every if site.lon is not None and site.lat is not None
    }
    return orjson.dumps(plan_geojson(documents, placed))


def plan_sheet(session: VisibleSession, row: Plan, number: int, language: str) -> bytes:
    """Return the paper of one of a plan's documents, counted from 0, as a PDF.

    Raises
    ------
    ConflictError
        If the plan is not done.
    MissingError
        If there is no such document, or its planner has no paper.
    """
    _check_done(row)
    if number >= len(row.documents):
        raise MissingError
    places = places_of(flows.of_territory(session, row.territory_id))
    content = sheet_pdf(row.planner, localised(row.documents[number], language), language, places)
    if content is None:
        raise MissingError
    return content


def _check_done(row: Plan) -> None:
    if row.status != plans.DONE:
        raise ConflictError(Message(N_("This plan has no result to take away: wait until it is done.")))
