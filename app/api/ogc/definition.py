"""The definition of the service: OpenAPI 3.0, which map programs read to know what they may ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from app.api.common import refusals
from app.api.ogc.documents import DESCRIPTION, TITLE, Place
from app.services.matching import engine_version

OPENAPI_VERSION = "3.0.3"


def definition(place: Place, routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """Return the OpenAPI document of the routes, relative to where the service answers."""
    found = get_openapi(
        title=place.text(TITLE),
        version=engine_version(),
        description=place.text(DESCRIPTION),
        openapi_version=OPENAPI_VERSION,
        routes=routes,
        servers=[{"url": place.base}],
    )
    for operations in found["paths"].values():
        for operation in operations.values():
            del operation["responses"]["422"]
            operation["responses"] |= {str(status): told for status, told in refusals(400, 401, 404).items()}
    for name in ("HTTPValidationError", "ValidationError"):
        found["components"]["schemas"].pop(name, None)
    as_3_0: dict[str, Any] = _older(found)
    return as_3_0


def _older(part: Any) -> Any:
    """Return a part of an OpenAPI 3.1 document in the words of 3.0, the version of the standard."""
    if isinstance(part, list):
        return [_older(one) for one in part]
    if not isinstance(part, dict):
        return part
    part = {name: _older(inner) for name, inner in part.items()}
    if "const" in part:
        part["enum"] = [part.pop("const")]
    choices = part.get("anyOf")
    if isinstance(choices, list):
        kept = [choice for choice in choices if choice != {"type": "null"}]
        if len(kept) == 1 and len(choices) == 2:
            del part["anyOf"]
            part |= kept[0]
    return part
