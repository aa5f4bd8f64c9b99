"""Every page, together."""

from __future__ import annotations

from fastapi import APIRouter

from app.web.pages import (
    account,
    company_desk,
    consents,
    diagnostic_parts,
    diagnostics,
    flows,
    groups,
    home,
    import_rehearsals,
    imports,
    indicators,
    introductions,
    invitations,
    journal,
    map,
    notices,
    operator,
    passwords,
    plans,
    refused_pairs,
    report,
    second_factor,
    signing,
    sites,
    synergies,
    synergies_desk,
    synergies_views,
    team,
)
from app.web.refusals import install as install

router = APIRouter()
# Addresses of parts come before those that name a diagnostic.
for module in (
    signing,
    second_factor,
    passwords,
    account,
    invitations,
    team,
    home,
    company_desk,
    introductions,
    consents,
    journal,
    notices,
    operator,
    map,
    report,
    synergies_desk,
    synergies_views,
    synergies,
    refused_pairs,
    groups,
    plans,
    flows,
    import_rehearsals,
    imports,
    indicators,
    diagnostic_parts,
    diagnostics,
    sites,
):
    router.include_router(module.router)
