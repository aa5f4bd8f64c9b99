"""Every router of the first version of the API."""

from __future__ import annotations

from fastapi import APIRouter

from app.api import (
    accounts,
    audit,
    companies,
    consent,
    contacts,
    desk,
    diagnostics,
    flows,
    imports,
    indicators,
    introductions,
    matches,
    parks,
    plans,
    reference,
    sites,
    synergies,
    teasers,
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
    desk,
    synergies,
    plans,
    indicators,
    reference,
    consent,
    introductions,
    audit,
    teasers,
    accounts,
):
    router.include_router(module.router)
