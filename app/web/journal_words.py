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
        "api.synergies.read", "api.desk.read_comments", "web.pages.synergies.show",
        "web.pages.synergies_desk.unfold", "web.pages.groups.show")),
    ("lu-synergies", N_("Read the list of synergies"), (
        "web.pages.synergies.show_all", "web.pages.synergies_desk.compare")),
    ("lu-pourquoi", N_("Asked why two flows do not meet"), (
        "api.matches.why_not", "web.pages.refused_pairs.explain", "web.pages.refused_pairs.offer")),
    ("lu-accords", N_("Read introductions, mandates or levels"), (
        "api.introductions.read", "api.introductions.read_all", "api.consent.mandates", "api.consent.grants",
        "web.pages.introductions.show")),
    ("lu-equipe", N_("Read who works here"), (
        "web.pages.invitations.show", "api.accounts.read_people", "api.accounts.read_invitations")),
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
    ("flux-declare", N_("Declared a flow"), (
        "api.flows.create", "api.matches.preview", "web.pages.flows.ask", "web.pages.flows.declare")),
    ("flux-corrige", N_("Corrected a flow"), (
        "api.flows.change", "web.pages.flows.correct", "web.pages.flows.confirm")),
    ("flux-supprime", N_("Deleted a flow"), ("api.flows.delete", "web.pages.flows.delete")),
    ("entreprise", N_("Changed a company, a site or a contact"), (
        "api.companies.create", "api.companies.change", "api.companies.delete", "api.sites.create",
        "api.sites.change", "api.sites.delete", "api.contacts.create", "api.contacts.change",
        "api.contacts.delete")),
    ("essai", N_("Prepared an import"), (
        "web.pages.import_rehearsals.rehearse", "web.pages.import_rehearsals.choose",
        "web.pages.import_rehearsals.give_up")),
    ("importe", N_("Stored or undid an import"), (
        "api.imports.create", "api.imports.undo", "web.pages.import_rehearsals.confirm",
        "web.pages.imports.undo")),
    ("visite", N_("Made or changed a diagnostic"), (
        "api.diagnostics.create", "api.diagnostics.delete", "web.pages.diagnostics.keep",
        "web.pages.diagnostics.ask", "web.pages.diagnostics.act", "web.pages.diagnostics.drop",
        "web.pages.diagnostic_parts.suggest", "web.pages.diagnostic_parts.add",
        "web.pages.diagnostic_parts.fill_in", "web.pages.diagnostic_parts.ask",
        "web.pages.diagnostic_parts.place", "web.pages.diagnostic_parts.preview")),
    ("synergie-suivie", N_("Moved, gave or set aside a synergy"), (
        "api.synergies.move", "web.pages.synergies.move", "web.pages.synergies_desk.act_on_all",
        "web.pages.synergies_desk.give", "web.pages.synergies_desk.shelve",
        "web.pages.synergies_desk.restore", "web.pages.synergies_desk.take_back")),
    ("synergie-dite", N_("Commented on a synergy"), (
        "api.desk.say", "api.desk.unsay", "web.pages.synergies_desk.say", "web.pages.synergies_desk.unsay")),
    ("liste-nommee", N_("Named a list"), (
        "api.desk.save_view", "api.desk.rename_view", "api.desk.delete_view",
        "web.pages.synergies_views.save", "web.pages.synergies_views.choose",
        "web.pages.synergies_views.change")),
    ("plan", N_("Started or removed a plan"), (
        "api.plans.start", "api.plans.cancel", "api.plans.delete", "web.pages.plans.start",
        "web.pages.plans.cancel", "web.pages.plans.delete")),
    ("mandat-donne", N_("Gave the mandate"), ("mandate_given", "api.consent.give")),
    ("mandat", N_("Gave the mandate or took it back"), ("web.pages.consents.mandate",)),
    ("mandat-retire", N_("Took the mandate back"), ("mandate_withdrawn", "api.consent.withdraw")),
    ("niveau", N_("Changed who is shown a flow"), (
        "level_set", "grant_revoked", "api.consent.grant", "api.consent.revoke",
        "web.pages.company_desk.level")),
    ("demande", N_("Asked for an introduction"), (
        "introduction_requested", "api.introductions.ask", "web.pages.company_desk.ask",
        "web.pages.introductions.propose")),
    ("reponse", N_("Answered an introduction"), (
        "introduction_accepted", "introduction_refused", "introduction_revoked", "api.introductions.answer",
        "web.pages.introductions.answer")),
    ("charte", N_("Published a charter"), ("api.consent.publish", "web.pages.consents.publish")),
    ("place", N_("Gave a place in the territory"), (
        "seat_given", "invitation_made", "invitation_accepted", "invitation_withdrawn",
        "web.pages.invitations.invite", "web.pages.invitations.withdraw", "api.accounts.invite",
        "api.accounts.withdraw")),
    ("place-changee", N_("Changed somebody's place in the territory, or took it away"), (
        "seat_changed", "seat_removed", "api.accounts.change_person", "api.accounts.remove_person",
        "web.pages.team.change", "web.pages.team.take_away")),
    ("compte", N_("Changed an account"), (
        "key_created", "key_revoked", "password_changed", "password_reset", "second_factor_on",
        "second_factor_off")),
    ("bris-de-glace", N_("Opened the territory as who runs the server"), (
        "break_glass", "api.audit.break_glass", "web.pages.operator.open_territory")),
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
