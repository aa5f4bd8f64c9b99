"""The documents of the service: landing page, collections, features, each with its links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import Request, Response
from shapely.geometry import mapping

from app.db.spatial import Box
from app.exports.features import LAYERS, Column, Feature, Layer
from app.services.features import FeaturePage
from app.translations import gettext
from matching.messages import N_

JSON, GEOJSON = "application/json", "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMANCE = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "geojson")
)
TITLE = N_("Entreflux: sites, flows and synergies")
DESCRIPTION = N_("The territory open to your key, for map programs. Reading only.")
TYPES: Mapping[Column, Mapping[str, Any]] = {
    Column.TEXT: {"type": "string"},
    Column.REAL: {"type": "number"},
    Column.INTEGER: {"type": "integer"},
    Column.BOOLEAN: {"type": "boolean"},
    Column.DATE: {"type": "string", "format": "date"},
}
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the service answers, as the client sees it: scheme, host and root path, then ``/ogc``."""

    base: str
    language: str

    @classmethod
    def of(cls, request: Request, language: str) -> Place:
        """Return the place of a request; the server has checked which proxies it believes."""
        return cls(f"{str(request.base_url).rstrip('/')}/ogc", language)

    def link(self, rel: str, path: str, title: str = "", type_: str = JSON) -> Document:
        """Return a link with an absolute address."""
        found = {"href": f"{self.base}{path}", "rel": rel, "type": type_}
        return found | ({"title": gettext(title, self.language)} if title else {})

    def text(self, template: str) -> str:
        """Return a title in the reader's language."""
        return gettext(template, self.language)


def answer(content: Mapping[str, Any], media_type: str = JSON) -> Response:
    """Return a document."""
    return Response(orjson.dumps(content), media_type=media_type)


def landing(place: Place) -> Document:
    """Return the landing page."""
    return {
        "title": place.text(TITLE),
        "description": place.text(DESCRIPTION),
        "links": [
            place.link("self", "/", N_("This document")),
            place.link("service-desc", "/api", N_("Definition of the service (OpenAPI)"), OPENAPI),
            place.link("conformance", "/conformance", N_("What the service conforms to")),
            place.link("data", "/collections", N_("Layers")),
        ],
    }


def conformance() -> Document:
    """Return the conformance classes."""
    return {"conformsTo": list(CONFORMANCE)}


def collections(place: Place, extent: Box | None) -> Document:
    """Return the list of layers."""
    return {
        "links": [place.link("self", "/collections", N_("This document"))],
        "collections": [collection(place, layer, extent) for layer in LAYERS.values()],
    }


def collection(place: Place, layer: Layer, extent: Box | None) -> Document:
    """Return a layer; ``extent`` is the box around everything that the reader sees."""
    path = f"/collections/{layer.name}"
    found: Document = {
        "id": layer.name,
        "title": place.text(layer.title),
        "description": place.text(layer.description),
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            place.link("self", path, N_("This document")),
            place.link("items", f"{path}/items", layer.title, GEOJSON),
            place.link("describedby", f"{path}/schema", N_("Its columns"), SCHEMA),
        ],
    }
    if extent is not None:
        found["extent"] = {"spatial": {"bbox": [list(extent)], "crs": CRS84}}
    return found


def schema(place: Place, layer: Layer) -> Document:
    """Return the columns of a layer and their types, as the JSON Schema of one feature.

    Programs would otherwise guess types from a first page, where a column may be empty.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{place.base}/collections/{layer.name}/schema",
        "title": place.text(layer.title),
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"description": "GeoJSON"},
            "properties": {
                "type": "object",
                "properties": {name: dict(TYPES[kind]) for name, kind in layer.columns.items()},
            },
        },
    }


def items(place: Place, layer: Layer, page: FeaturePage, asked: Mapping[str, Any]) -> Document:
    """Return a page of features.

    Parameters
    ----------
    asked
        The parameters of the address, which the links repeat.
    """
    path = f"/collections/{layer.name}/items"
    links = [
        place.link("self", _with(path, asked), N_("This document"), GEOJSON),
        place.link("collection", f"/collections/{layer.name}", layer.title),
    ]
    if page.next is not None:
        following = _with(path, {**asked, "cursor": page.next})
        links.append(place.link("next", following, N_("Following page"), GEOJSON))
    return {
        "type": "FeatureCollection",
        "features": [_feature(feature) for feature in page.features],
        "links": links,
        "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "numberMatched": page.matched,
        "numberReturned": len(page.features),
    }


def item(place: Place, layer: Layer, feature: Feature) -> Document:
    """Return one feature."""
    path = f"/collections/{layer.name}"
    links = [
        place.link("self", f"{path}/items/{feature.feature_id}", N_("This document"), GEOJSON),
        place.link("collection", path, layer.title),
    ]
    return _feature(feature) | {"links": links}


def _feature(feature: Feature) -> Document:
    return {
        "type": "Feature",
        "id": feature.feature_id,
        "geometry": None if feature.geometry is None else mapping(feature.geometry),
        "properties": feature.properties,
    }


def _with(path: str, asked: Mapping[str, Any]) -> str:
    return f"{path}?{urlencode(asked)}" if asked else path
