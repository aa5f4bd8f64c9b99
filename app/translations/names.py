"""Names of the core's codes that pages and papers share."""

from __future__ import annotations

from collections.abc import Mapping

from matching.messages import N_

SYNERGY_KINDS: Mapping[str, str] = {
    "substitution": N_("Substitution"),
    "mutualisation": N_("Mutualisation"),
    "loop": N_("Loop"),
}
STATUSES: Mapping[str, str] = {
    "identified": N_("Identified"),
    "contacted": N_("Contacted"),
    "discussion": N_("In discussion"),
    "study": N_("Under study"),
    "negotiation": N_("In negotiation"),
    "implementing": N_("Being set up"),
    "implemented": N_("Set up"),
    "running": N_("Running"),
    "paused": N_("Paused"),
    "abandoned": N_("Abandoned"),
}
FLOW_KINDS: Mapping[str, str] = {
    "material": N_("Materials"),
    "energy": N_("Energy"),
    "water": N_("Water"),
    "packaging": N_("Packaging"),
    "skill": N_("Skills"),
    "equipment": N_("Equipment"),
    "space": N_("Space"),
    "service": N_("Services"),
    "transport": N_("Transport"),
}
RELIABILITIES: Mapping[int, str] = {
    1: N_("Inferred from the activity"),
    2: N_("Declared in words"),
    3: N_("Quantified"),
    4: N_("Invoice or register"),
    5: N_("Measured"),
}
