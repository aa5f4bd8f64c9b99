"""The words of consent, introductions and the journal for people: levels, fields, states, actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.services.consent import Level, Origin
from app.services.introductions import Status
from matching.messages import N_


@dataclass(frozen=True, slots=True)
class Told:
    """What something is called, and what it means in a sentence."""

    name: str
    meaning: str


LEVELS: Mapping[str, Told] = {
    Level.PRIVATE: Told(
        N_("Private"),
        N_(
            "Nobody but you, and the territory's team while it holds your mandate. Others may learn "
            "that somebody could, never who."
        ),
    ),
    Level.TEASER: Told(
        N_("In the notices"),
        N_(
            "Counted in the notices, with at least two other companies: a family, a cell of 5 km or "
            "more, a class of quantity. No name."
        ),
    ),
    Level.TERRITORY: Told(
        N_("The companies of the territory"),
        N_(
            "Other companies of the territory read what it is, how much, and your site. Neither "
            "price, nor contact, nor comment."
        ),
    ),
    Level.PUBLIC: Told(
        N_("Everybody"),
        N_("As for the companies of the territory, and the team may publish it."),
    ),
}
FIELDS: Mapping[str, str] = {
    "company": N_("Name of the company"),
    "site": N_("Name of the site"),
    "address": N_("Address"),
    "label": N_("What the flow is"),
    "quantity": N_("Exact quantity"),
    "contact": N_("People to call"),
}
STATES: Mapping[str, str] = {
    Status.REQUESTED: N_("Waits for an answer"),
    Status.ACCEPTED: N_("Accepted"),
    Status.REFUSED: N_("Refused"),
    Status.EXPIRED: N_("Expired"),
    Status.REVOKED: N_("Ended"),
}
ORIGINS: Mapping[str, str] = {
    Origin.IMPORT: N_("recorded with an import"),
    Origin.DIAGNOSTIC: N_("recorded with a visit"),
    Origin.ENTERED: N_("recorded with an entry"),
    Origin.SIGNED: N_("signed"),
}
ROLE_NAMES: Mapping[str, str] = {
    "coordinator": N_("coordination"),
    "facilitator": N_("facilitation"),
    "company": N_("company"),
    "observer": N_("observer"),
    "operator": N_("who runs the server"),
    "member": N_("member"),
    "system": N_("the program"),
}
