"""Every page of the site and an address to ask it at: one that is not here is one nobody has looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.routing import APIRoute
from sqlalchemy import Select, select

from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Company, Diagnostic, Flow, Import, Park, Plan, Site, Synergy, WaitingFile
from app.web.router import router

# A whole page; a part of one, or what a script draws; a file to keep; a page before signing in.
# A page for companies, or for who runs the server, which no member of the staff sees.
PAGE, PART, FILE, OUTSIDE, OTHERS = "page", "part", "file", "outside", "others"


@dataclass(frozen=True, slots=True)
class Ask:
    """How to ask for a page: its address, with names of ``Known`` in braces, and what it answers with."""

    address: str
    kind: str = PAGE


HOW: Mapping[str, Ask] = {
    "/": Ask("/"),
    "/carte": Ask("/carte"),
    "/carte/sites": Ask("/carte/sites", PART),
    "/carte/points": Ask("/carte/points", PART),
    "/carte/flux": Ask("/carte/flux", PART),
    "/carte/donnees": Ask("/carte/donnees", PART),
    "/rapport.pdf": Ask("/rapport.pdf", FILE),
    "/territoire.gpkg": Ask("/territoire.gpkg", FILE),
    "/synergies": Ask("/synergies"),
    "/synergies/export.{form}": Ask("/synergies/export.xlsx", FILE),
    "/synergies/comparer": Ask("/synergies/comparer?id={synergy}&id={group}"),
    "/synergies/{synergy_id}/apercu": Ask("/synergies/{synergy}/apercu", PART),
    "/synergies/{synergy_id}": Ask("/synergies/{synergy}"),
    "/synergies/{synergy_id}/fiche.pdf": Ask("/synergies/{synergy}/fiche.pdf", FILE),
    "/pourquoi-pas": Ask("/pourquoi-pas?emetteur={output}&receveur={input}"),
    "/pourquoi-pas/flux/{side}": Ask("/pourquoi-pas/flux/emetteur?emetteur-dit=bois", PART),
    "/groupes/{synergy_id}": Ask("/groupes/{group}"),
    "/plans": Ask("/plans"),
    "/plans/{plan_id}": Ask("/plans/{plan}"),
    "/plans/{plan_id}/ligne": Ask("/plans/{plan}/ligne", PART),
    "/plans/{plan_id}/carte": Ask("/plans/{plan}/carte", PART),
    "/plans/{plan_id}/fiche.pdf": Ask("/plans/{plan}/fiche.pdf", FILE),
    "/plans/{plan_id}/plan.json": Ask("/plans/{plan}/plan.json", FILE),
    "/plans/{plan_id}/plan.xlsx": Ask("/plans/{plan}/plan.xlsx", FILE),
    "/flux": Ask("/flux"),
    "/flux/nouveau": Ask("/flux/nouveau?site={site}"),
    "/flux/{flow_id}": Ask("/flux/{output}"),
    "/flux/{flow_id}/debouches": Ask("/flux/{output}/debouches", PART),
    "/imports": Ask("/imports"),
    "/imports/modele.xlsx": Ask("/imports/modele.xlsx", FILE),
    "/imports/essai/{file_id}": Ask("/imports/essai/{waiting}"),
    "/imports/{import_id}": Ask("/imports/{import}"),
    "/indicateurs": Ask("/indicateurs"),
    "/indicateurs/export.{form}": Ask("/indicateurs/export.xlsx", FILE),
    "/diagnostics": Ask("/diagnostics"),
    "/diagnostics/nouveau": Ask("/diagnostics/nouveau?brouillon=018f0000-0000-7000-8000-000000000001"),
    "/diagnostics/suggestions": Ask("/diagnostics/suggestions?n=1&flow-1-label=dr%C3%AAches", PART),
    "/diagnostics/{diagnostic_id}": Ask("/diagnostics/{diagnostic}"),
    "/entreprises": Ask("/entreprises"),
    "/entreprises/{row_id}": Ask("/entreprises/{site}"),
    "/mon-entreprise": Ask("/mon-entreprise", OTHERS),
    "/mon-entreprise/flux/{flow_id}": Ask("/mon-entreprise/flux/{output}", OTHERS),
    "/mon-entreprise/flux/{flow_id}/demande": Ask("/mon-entreprise/flux/{output}/demande", OTHERS),
    "/exploitation": Ask("/exploitation", OTHERS),
    "/mises-en-relation": Ask("/mises-en-relation"),
    "/charte": Ask("/charte"),
    "/journal": Ask("/journal"),
    "/annonces": Ask("/annonces"),
    "/territoires": Ask("/territoires"),
    "/compte": Ask("/compte"),
    "/equipe": Ask("/equipe"),
    "/connexion": Ask("/connexion", OUTSIDE),
    "/mot-de-passe": Ask("/mot-de-passe", OUTSIDE),
    "/mot-de-passe/{token}": Ask("/mot-de-passe/{reset}", OUTSIDE),
    "/invitation/{token}": Ask("/invitation/{invitation}", OUTSIDE),
}
# What only leads elsewhere, or belongs to somebody half signed in.
ELSEWHERE = frozenset({"/en", "/fr", "/connexion/openid", "/connexion/openid/retour", "/second-facteur"})


def routes() -> list[str]:
    """Return the paths of every page that can be read, in the order of the site."""
    return list(dict.fromkeys(one.path for one in _every(router.routes) if "GET" in (one.methods or ())))


def _every(found: Iterable[Any]) -> Iterator[APIRoute]:
    for one in found:
        if isinstance(one, APIRoute):
            yield one
        else:
            yield from _every(one.original_router.routes)


def unknown() -> list[str]:
    """Return the pages that nobody has told how to ask for."""
    return [path for path in routes() if path not in HOW and path not in ELSEWHERE]


def addresses(known: Mapping[str, str], *kinds: str) -> dict[str, str]:
    """Return the address of each page of some kinds, by its path, where what it needs is known."""
    asked = ((path, HOW[path]) for path in routes() if path in HOW)
    told = {path: ask.address for path, ask in asked if ask.kind in kinds}
    return {path: address.format_map(known) for path, address in told.items() if _is_told(address, known)}


def _is_told(address: str, known: Mapping[str, str]) -> bool:
    try:
        address.format_map(known)
    except KeyError:
        return False
    return True


# The row of a territory that stands for each sort, and which one comes first.
SORTS: Mapping[str, tuple[Any, ...]] = {
    "site": (Site,),
    "output": (Flow, Flow.direction == "output"),
    "input": (Flow, Flow.direction == "input"),
    "company": (Company,),
    "park": (Park,),
    "import": (Import,),
    "diagnostic": (Diagnostic,),
    "waiting": (WaitingFile,),
    "plan": (Plan, Plan.status == "done"),
    "synergy": (Synergy, Synergy.kind == "substitution", Synergy.stale.is_(False)),
    "group": (Synergy, Synergy.kind == "mutualisation", Synergy.form == "joint_purchase"),
}


def known(database: Database, territory_id: str) -> dict[str, str]:
    """Return the identifier of a row of each sort in a territory; sorts without a row are left out."""
    with database.reading(SYSTEM) as session:
        found = {name: session.scalars(_first(territory_id, *sort)).first() for name, sort in SORTS.items()}
    return {name: row_id for name, row_id in found.items() if row_id}


def _first(territory_id: str, cls: Any, *where: Any) -> Select[Any]:
    order = (cls.score.desc(), cls.id) if cls is Synergy else (cls.id,)
    return select(cls.id).where(cls.territory_id == territory_id, *where).order_by(*order).limit(1)
