"""Every page, together."""

from __future__ import annotations

from fastapi import APIRouter

from app.web.pages import (
    flows,
    groups,
    home,
    imports,
    map,
    plans,
    refused_pairs,
    signing,
    sites,
    synergies,
)
from app.web.refusals import install as install

router = APIRouter()
for module in (signing, home, map, synergies, refused_pairs, groups, plans, flows, imports, sites):
    router.include_router(module.router)
