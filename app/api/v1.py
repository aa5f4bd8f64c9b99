"""Every router of the first version of the API."""

from __future__ import annotations

from fastapi import APIRouter

from app.api import (
    companies,
    contacts,
    diagnostics,
    flows,
    imports,
    indicators,
    matches,
    parks,
    plans,
    reference,
    sites,
    synergies,
    territories,
)

router = APIRouter(prefix="/api/v1")
for module in (
    territories,
    parks,
    companies,
    sites,
    contacts,
    flows,
    diagnostics,
    imports,
    matches,
    synergies,
    plans,
    indicators,
    reference,
):
    router.include_router(module.router)
