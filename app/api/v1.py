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
# Routes are tried one after the other: those asked most often come first.
for module in (
    desk,
    synergies,
    flows,
    matches,
    sites,
    territories,
    parks,
    companies,
    contacts,
    diagnostics,
    imports,
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
