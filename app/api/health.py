"""Is it alive, is it ready, how is it doing: for whoever watches over the server."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from app.api.common import new_router
from app.api.metrics import Metrics
from app.db.room import folder_of, is_cramped
from app.dependencies import DatabaseOf

router = new_router("", "Exploitation")


def metrics_of(request: Request) -> Metrics:
    """Return the counters of the running application."""
    counters: Metrics = request.app.state.metrics
    return counters


@router.get("/health/live", operation_id="health_live", summary="Le serveur répond")
def live() -> dict[str, str]:
    """Answer, whatever the database does."""
    return {"status": "ok"}


@router.get("/health/ready", operation_id="health_ready", summary="Le serveur et sa base sont prêts")
def ready(database: DatabaseOf) -> Response:
    """Answer 503 while the database is away, waits for its migrations, or has no room left to write in."""
    # Loaded by the one who asks: members' processes never migrate.
    from app.db.migrate import is_current

    try:
        current = database.is_alive() and is_current(database.engine)
    except Exception:
        return JSONResponse({"status": "unreachable"}, 503)
    status = "migrations" if not current else "disk" if is_cramped(folder_of(database.engine)) else "ok"
    return JSONResponse({"status": status}, 200 if status == "ok" else 503)


@router.get(
    "/metrics", operation_id="metrics", summary="Compteurs pour Prometheus", response_class=PlainTextResponse
)
def metrics(counters: Annotated[Metrics, Depends(metrics_of)]) -> str:
    """Return the requests and their time, by route and status."""
    return counters.text()
