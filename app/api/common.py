"""What the routers share."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from app.api.once import OnceRoute

PROBLEM = {
    "description": "Problème (RFC 9457)",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "instance": {"type": "string"},
                    "errors": {"type": "array", "items": {"type": "object"}},
                },
            }
        }
    },
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of the refusals of an endpoint."""
    return {status: PROBLEM for status in statuses}


CREATING = refusals(400, 401, 403, 404, 409, 422)
READING = refusals(401, 403, 404, 422)
CHANGING = refusals(400, 401, 403, 404, 409, 412, 422, 428)
DELETING = refusals(401, 403, 404, 409, 412, 422)


def new_router(prefix: str, tag: str) -> APIRouter:
    """Return the router of a resource."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=OnceRoute)


def tagged(response: Response, row: Any) -> Any:
    """Return the row, with its version as the answer's ETag."""
    response.headers["ETag"] = f'"{row.version}"'
    return row


def created(response: Response, row: Any, collection: str) -> Any:
    """Return a new row, with its ETag and where to find it."""
    response.headers["Location"] = f"/api/v1/{collection}/{row.id}"
    return tagged(response, row)
