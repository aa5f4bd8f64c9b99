"""The addresses of OGC API – Features, under ``/ogc``."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.ogc import documents
from app.api.ogc.access import ReadingSession, StandardRoute
from app.api.ogc.definition import definition
from app.api.ogc.documents import GEOJSON, OPENAPI, SCHEMA, Place, answer
from app.db.spatial import Box
from app.db.visibility import VisibleSession
from app.dependencies import Language
from app.errors import InvalidInputError, MissingError
from app.exports.features import LAYERS, Layer
from app.repositories.features import Wanted
from app.repositories.paging import Slice
from app.schemas.features import Asked, FlowsAsked, ItemsAsked, SitesAsked, SynergiesAsked
from app.services import access, features
from matching.messages import N_, Message

# A date or a moment of RFC 3339; an interval's open end is ".." or nothing.
MOMENT = r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?"
WHEN = re.compile(rf"{MOMENT}|({MOMENT}|\.\.)?/({MOMENT}|\.\.)?", re.IGNORECASE)

service = APIRouter(route_class=StandardRoute, tags=["OGC API – Features"])
Plain = Annotated[Asked, Query()]


@service.get("/", summary="Page d’accueil", operation_id="ogc_landing")
def landing(request: Request, _session: ReadingSession, language: Language, _asked: Plain) -> Response:
    """Return the landing page."""
    return answer(documents.landing(Place.of(request, language)))


@service.get("/api", summary="Définition du service", operation_id="ogc_definition")
def api(request: Request, _session: ReadingSession, language: Language, _asked: Plain) -> Response:
    """Return the OpenAPI document of this service."""
    return answer(definition(Place.of(request, language), service.routes), OPENAPI)


@service.get("/conformance", summary="Classes de conformité", operation_id="ogc_conformance")
def conformance(_session: ReadingSession, _asked: Plain) -> Response:
    """Return what the service conforms to."""
    return answer(documents.conformance())


@service.get("/collections", summary="Couches", operation_id="ogc_collections")
def collections(request: Request, session: ReadingSession, language: Language, _asked: Plain) -> Response:
    """Return the layers."""
    return answer(documents.collections(Place.of(request, language), features.extent(session)))


@service.get("/collections/{collection_id}", summary="Une couche", operation_id="ogc_collection")
def collection(
    request: Request, session: ReadingSession, language: Language, collection_id: str, _asked: Plain
) -> Response:
    """Return a layer."""
    layer = _layer(collection_id)
    return answer(documents.collection(Place.of(request, language), layer, features.extent(session)))


@service.get(
    "/collections/{collection_id}/schema", summary="Colonnes d’une couche", operation_id="ogc_schema"
)
def schema(
    request: Request, _session: ReadingSession, language: Language, collection_id: str, _asked: Plain
) -> Response:
    """Return the columns of a layer."""
    return answer(documents.schema(Place.of(request, language), _layer(collection_id)), SCHEMA)


# One address a layer: programs look in the definition for the properties that each can be filtered by.
@service.get("/collections/sites/items", summary="Les sites", operation_id="ogc_sites")
def sites(
    request: Request, session: ReadingSession, language: Language, asked: Annotated[SitesAsked, Query()]
) -> Response:
    """Return a page of sites."""
    return _items(request, session, language, "sites", asked)


@service.get("/collections/flows/items", summary="Les flux", operation_id="ogc_flows")
def flows(
    request: Request, session: ReadingSession, language: Language, asked: Annotated[FlowsAsked, Query()]
) -> Response:
    """Return a page of flows."""
    return _items(request, session, language, "flows", asked)


@service.get("/collections/synergies/items", summary="Les synergies", operation_id="ogc_synergies")
def synergies(
    request: Request, session: ReadingSession, language: Language, asked: Annotated[SynergiesAsked, Query()]
) -> Response:
    """Return a page of synergies."""
    return _items(request, session, language, "synergies", asked)


@service.get(
    "/collections/{collection_id}/items/{feature_id}", summary="Un objet", operation_id="ogc_feature"
)
def feature(
    request: Request,
    session: ReadingSession,
    language: Language,
    collection_id: str,
    feature_id: str,
    _asked: Plain,
) -> Response:
    """Return one feature."""
    layer = _layer(collection_id)
    found = features.one(session, layer.name, feature_id, language)
    return answer(documents.item(Place.of(request, language), layer, found), GEOJSON)


router = APIRouter(include_in_schema=False)
router.include_router(service, prefix="/ogc")
# People type the address without its last stroke, and not every program follows a redirection.
router.add_api_route("/ogc", landing, route_class_override=StandardRoute)


def _layer(name: str) -> Layer:
    if name not in LAYERS:
        raise MissingError
    return LAYERS[name]


def _items(
    request: Request, session: VisibleSession, language: str, name: str, asked: ItemsAsked
) -> Response:
    access.check_territory(session, asked.territory)
    if asked.datetime is not None and not WHEN.fullmatch(asked.datetime):
        message = Message(N_("Give a date such as 2026-12-31, or two separated by a stroke."))
        raise InvalidInputError.on("datetime", message)
    wanted = Wanted(_box(asked.bbox), asked.equal)
    page = features.page(session, name, wanted, Slice(asked.rows, asked.cursor), language)
    place = Place.of(request, language)
    return answer(documents.items(place, LAYERS[name], page, dict(request.query_params)), GEOJSON)


def _box(text: str | None) -> Box | None:
    """Return the box asked: four numbers, or six with heights, which say nothing here."""
    if text is None:
        return None
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = []
    if len(found) == 6:
        found = [found[0], found[1], found[3], found[4]]
    if len(found) != 4 or not _on_earth(found) or found[1] > found[3]:
        message = Message(N_("Give west,south,east,north in degrees, the south below the north."))
        raise InvalidInputError.on("bbox", message)
    west, south, east, north = found
    return west, south, east, north


def _on_earth(box: list[float]) -> bool:
    # Programs ask for a little more than the whole Earth when it is what they show.
    return all(abs(number) <= 360 for number in box)
