"""The application: API, pages, protection, put together from settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from app import garbage, problems
from app.api import health, v1
from app.api.head_requests import HeadRequests
from app.api.metrics import Measure, Metrics
from app.api.ogc import router as ogc
from app.api.protection import OriginGuard, SecurityHeaders, content_policy
from app.api.quick.door import QuickAnswers
from app.api.request_log import RequestLog
from app.db.engine import open_database
from app.db.room import folder_of
from app.services.matching import engine_version, warm_up
from app.services.plan_queue import PlanQueue
from app.services.residents import residents
from app.settings import Settings
from app.static_files import PackedFiles
from app.turns import Turns

DESCRIPTION = """Entreflux trouve les synergies d’écologie industrielle entre les flux d’entreprises voisines.

Authentification : une clé (`Authorization: Bearer CLÉ`) ou la session du site. Les listes se lisent page
par page (`limit`, `cursor`). Une modification demande l’`ETag` lu, dans `If-Match`. Un `POST` peut être
répété sans risque avec un `Idempotency-Key`. Les erreurs suivent la RFC 9457, en français ou en anglais
(`Accept-Language`)."""
DOCS = frozenset({"/docs", "/redoc", "/docs/oauth2-redirect"})
# Health checks come from the machine itself, whatever people call it.
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
# A form around a file adds a little to it.
FORM_BYTES = 64 * 1024
STATIC = Path(__file__).parent / "web" / "static"


def factory() -> FastAPI:
    """Return the application of the environment's settings, for ``uvicorn --factory app.main:factory``."""
    return create_app(Settings())


def create_app(settings: Settings) -> FastAPI:
    """Return the application of ``settings``."""
    application = FastAPI(
        title="Entreflux",
        version=engine_version(),
        description=DESCRIPTION,
        lifespan=_lifespan,
        max_body_size=settings.web.max_upload_bytes + FORM_BYTES,
    )
    application.state.settings = settings
    application.state.database = open_database(settings.database)
    application.state.turns = Turns()
    application.state.metrics = metrics = Metrics(folder_of(application.state.database.engine))
    problems.install(application)
    application.include_router(v1.router)
    application.include_router(ogc.router)
    application.include_router(health.router)
    application.include_router(health.router, prefix="/api/v1", include_in_schema=False)
    _include_pages(application)
    tiles = urlsplit(settings.web.tiles_url)
    policy = content_policy(f"{tiles.scheme}://{tiles.netloc}" if tiles.netloc else "")
    application.add_middleware(QuickAnswers)
    application.add_middleware(HeadRequests)
    # Around all answers, so that an unforeseen error is answered under its number and with the headers below.
    application.add_middleware(RequestLog)
    _protect(application, settings, policy)
    application.add_middleware(Measure, metrics=metrics)
    return application


def _protect(application: FastAPI, settings: Settings, policy: str) -> None:
    """Put the guards around the application: the last one added is the first one asked."""
    own = settings.web.public_url
    application.add_middleware(OriginGuard, own_origin=own)
    if own:
        hosts = [urlsplit(own).hostname or "", *THIS_MACHINE]
        application.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    https = settings.web.secure_cookies
    application.add_middleware(SecurityHeaders, policy=policy, docs_paths=DOCS, https_only=https)


@asynccontextmanager
async def _lifespan(application: FastAPI) -> AsyncIterator[None]:
    warm_up()
    garbage.search_seldom()
    garbage.leave_out_what_stays()
    stop_reading_ahead = residents().warm_up(application.state.database)
    application.state.plan_queue = queue = PlanQueue(application.state.database)
    queue.start()
    yield
    queue.stop()
    stop_reading_ahead()
    application.state.database.close()


def _include_pages(application: FastAPI) -> None:
    if STATIC.is_dir():
        application.mount("/static", PackedFiles(directory=STATIC), name="static")
    try:
        pages = import_module("app.web.router")
    except ModuleNotFoundError as error:
        if error.name not in ("app.web", "app.web.router"):
            raise
        return
    application.include_router(pages.router, include_in_schema=False)
    pages.install(application)
