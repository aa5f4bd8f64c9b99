"""Every page, together."""

from __future__ import annotations

from fastapi import APIRouter

from app.web.pages import (
    diagnostic_parts,
    diagnostics,
    flows,
    groups,
    home,
    imports,
    indicators,
    map,
    plans,
    refused_pairs,
    report,
    signing,
    sites,
    synergies,
)
from app.web.refusals import install as install

router = APIRouter()
# Addresses of parts come before those that name a diagnostic.
for module in (
    signing,
    home,
    map,
    report,
    synergies,
    refused_pairs,
    groups,
    plans,
    flows,
    imports,
    indicators,
    diagnostic_parts,
    diagnostics,
    sites,
):
    router.include_router(module.router)
