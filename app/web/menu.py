"""Which pages the menu leads to, by what the visitor is in the territory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.db.principal import STAFF, Principal, Role
from app.services.audit import role_in
from matching.messages import N_

Entry = tuple[str, str]
COMPANY_HOME, OBSERVER_HOME = "/mon-entreprise", "/indicateurs"
HOMES: Mapping[str, str] = {Role.COMPANY.value: COMPANY_HOME, Role.OBSERVER.value: OBSERVER_HOME}
OF_STAFF: Sequence[Entry] = (
    ("/", N_("Today")),
    ("/carte", N_("Map")),
    ("/synergies", N_("Synergies")),
    ("/plans", N_("Plans")),
    ("/flux", N_("Flows")),
    ("/entreprises", N_("Companies")),
    ("/imports", N_("Imports")),
    ("/indicateurs", N_("Indicators")),
    ("/diagnostics", N_("Diagnostic")),
    ("/mises-en-relation", N_("Trust")),
)
OF_COMPANY: Sequence[Entry] = (
    (COMPANY_HOME, N_("My company")),
    ("/flux", N_("Flows")),
    ("/mises-en-relation", N_("Introductions")),
    ("/annonces", N_("What others offer")),
    ("/charte", N_("Charter")),
    ("/journal", N_("Journal")),
)
OF_OBSERVER: Sequence[Entry] = (("/indicateurs", N_("Indicators")), ("/charte", N_("Charter")))
# What the one entry of the staff's menu opens, beside each other.
TRUST: Sequence[Entry] = (
    ("/mises-en-relation", N_("Introductions")),
    ("/charte", N_("Charter and mandates")),
    ("/annonces", N_("What others offer")),
    ("/journal", N_("Journal")),
)


def frame_of(principal: Principal, territory_id: str) -> Mapping[str, object]:
    """Return what the frame of a page needs to know of the visitor: the role, the menu, the entry open."""
    role = role_in(principal, territory_id)
    if role in STAFF:
        own = (OF_COMPANY[0],) if territory_id in principal.company_territories else ()
        return {"role": role, "staff": True, "menu": (*OF_STAFF, *own), "trust": TRUST}
    menu = {Role.COMPANY.value: OF_COMPANY, Role.OBSERVER.value: OF_OBSERVER}.get(role, ())
    return {"role": role, "staff": False, "menu": menu, "trust": ()}
