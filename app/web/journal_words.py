"""What an entry of the audit says: operations told as people do, several of them by the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.translations import gettext
from matching.messages import N_

# A group of operations that are one action for its reader: the name in addresses, the words, the operations.
ACTIONS: Sequence[tuple[str, str, Sequence[str]]] = (
    ("lu-flux", N_("Read a flow"), ("api.flows.read", "web.pages.flows.show")),
    ("lu-liste", N_("Read the list of flows"), ("api.flows.read_all", "web.pages.flows.show_all")),
    ("lu-pistes", N_("Looked for partners of a flow"), (
        "api.flows.read_matches", "api.flows.read_outlets", "web.pages.flows.outlets",
        "web.pages.company_desk.flow")),
    ("lu-entreprise", N_("Read a company or a site"), (
        "api.companies.read", "api.companies.read_all", "api.sites.read", "api.sites.read_all",
        "web.pages.sites.show", "web.pages.sites.show_all")),
    ("lu-contact", N_("Read a contact"), ("api.contacts.read", "api.contacts.read_all")),
    ("lu-synergie", N_("Read a synergy"), (
        "api.synergies.read", "web.pages.synergies.show", "web.pages.synergies_desk.unfold",
        "web.pages.groups.show")),
    ("lu-synergies", N_("Read the list of synergies"), (
        "web.pages.synergies.show_all", "web.pages.synergies_desk.compare")),
    ("lu-jour", N_("Opened the home page"), ("web.pages.home.home",)),
    ("lu-carte", N_("Looked at the map"), (
        "web.pages.map.show", "web.pages.map.table", "web.pages.map.points", "web.pages.map.glyphs")),
    ("lu-plan", N_("Read a plan"), (
        "api.plans.read", "api.plans.read_all", "web.pages.plans.show", "web.pages.plans.show_all",
        "web.pages.plans.line")),
    ("lu-visite", N_("Read a diagnostic"), (
        "api.diagnostics.read", "api.diagnostics.read_all", "web.pages.diagnostics.show",
        "web.pages.diagnostics.show_all")),
    ("lu-import", N_("Read an import"), (
        "api.imports.read", "api.imports.read_all", "web.pages.imports.show",
        "web.pages.imports.show_all", "web.pages.import_rehearsals.show")),
    ("exporte", N_("Took a file away"), (
        "api.synergies.read_all", "web.pages.synergies.export", "web.pages.synergies.sheet",
        "web.pages.report.report", "web.pages.report.territory", "web.pages.map.data",
        "web.pages.plans.sheet", "web.pages.plans.data", "web.pages.plans.workbook",
        "web.pages.plans.map_data", "api.plans.sheet", "api.ogc.router.sites", "api.ogc.router.flows",
        "api.ogc.router.synergies", "api.ogc.router.feature")),
    ("flux-declare", N_("Declared a flow"), ("api.flows.create", "web.pages.flows.declare")),
    ("flux-corrige", N_("Corrected a flow"), (
        "api.flows.change", "web.pages.flows.correct", "web.pages.flows.confirm")),
    ("flux-supprime", N_("Deleted a flow"), ("api.flows.delete", "web.pages.flows.delete")),
    ("importe", N_("Stored or undid an import"), (
        "api.imports.create", "api.imports.undo", "web.pages.import_rehearsals.confirm",
        "web.pages.imports.undo")),
    ("visite", N_("Stored a diagnostic"), ("api.diagnostics.create", "web.pages.diagnostics.keep")),
    ("synergie-suivie", N_("Moved a synergy"), (
        "api.synergies.move", "web.pages.synergies.move", "web.pages.synergies_desk.act_on_all")),
    ("mandat-donne", N_("Gave the mandate"), ("mandate_given",)),
    ("mandat-retire", N_("Took the mandate back"), ("mandate_withdrawn",)),
    ("niveau", N_("Changed who is shown a flow"), ("level_set", "grant_revoked")),
    ("demande", N_("Asked for an introduction"), ("introduction_requested",)),
    ("reponse", N_("Answered an introduction"), (
        "introduction_accepted", "introduction_refused", "introduction_revoked")),
    ("charte", N_("Published a charter"), ("api.consent.publish", "web.pages.consents.publish")),
    ("place", N_("Gave a place in the territory"), ("seat_given", "web.pages.invitations.invite")),
    ("bris-de-glace", N_("Opened the territory as who runs the server"), ("break_glass",)),
)  # fmt: skip
_WORDS: Mapping[str, str] = {one: words for _, words, operations in ACTIONS for one in operations}
OPERATIONS: Mapping[str, Sequence[str]] = {code: operations for code, _, operations in ACTIONS}
CHOICES: Mapping[str, str] = {code: words for code, words, _ in ACTIONS}
OBJECTS: Mapping[str, str] = {
    "flow": N_("flow"),
    "site": N_("site"),
    "company": N_("company"),
    "contact": N_("contact"),
    "synergy": N_("synergy"),
    "diagnostic": N_("diagnostic"),
    "introduction": N_("introduction"),
    "mandate": N_("mandate"),
    "plan": N_("plan"),
    "import": N_("import"),
    "grant": N_("level of a flow"),
}


def told(action: str, language: str) -> str:
    """Return what an operation is called for people; its own name where nobody has put it in words."""
    words = _WORDS.get(action)
    return action if words is None else gettext(words, language)
