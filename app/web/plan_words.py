"""The words of plans: what each planner answers, where a plan stands, the codes of their documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matching.messages import N_


@dataclass(frozen=True, slots=True)
class PlannerWords:
    """A planner's name, what it answers, and the icon of its kind of flow."""

    name: str
    answers: str
    icon: str


PLANNERS: Mapping[str, PlannerWords] = {
    "groups": PlannerWords(
        N_("Groups"),
        N_("For each resource, which companies are close enough to gain by joining."),
        "mutualisation",
    ),
    "collection": PlannerWords(
        N_("Joint collection"),
        N_("One lorry for several sites: the round, its days, what each member pays and saves."),
        "material",
    ),
    "purchase": PlannerWords(
        N_("Joint purchase"),
        N_("What several companies buy, put into one consultation: volumes, dates, prices, savings."),
        "packaging",
    ),
    "jobs": PlannerWords(
        N_("Shared jobs"),
        N_("Part-time and seasonal needs put together into full contracts, with their calendar."),
        "skill",
    ),
    "training": PlannerWords(
        N_("Joint training"),
        N_("Sessions full enough to be worth it, within reach, before the due dates."),
        "skill",
    ),
    "space": PlannerWords(
        N_("Space and equipment"),
        N_("Who lacks a place or a machine, who has one free, month by month."),
        "space",
    ),
    "transport": PlannerWords(
        N_("Shared transport"),
        N_("Loads and empty returns that can share a lorry, and ways to work that can be shared."),
        "transport",
    ),
    "allocation": PlannerWords(
        N_("Exchanges of the territory"),
        N_("Every reuse at once: which output goes to whom for the best total."),
        "substitution",
    ),
    "workshop": PlannerWords(
        N_("Workshop seating"),
        N_("Who sits with whom, turn by turn, so that the most promising pairs meet."),
        "mutualisation",
    ),
    "masterclass": PlannerWords(
        N_("Shared class"),
        N_("Which candidate goes to which post, companies and candidates choosing each other."),
        "skill",
    ),
    "heat": PlannerWords(
        N_("Heat cascade"),
        N_("Which lost heat serves whom, from the hottest to the coolest."),
        "energy",
    ),
    "water": PlannerWords(
        N_("Water cascade"),
        N_("Which used water is still clean enough for whom."),
        "water",
    ),
    "what-if": PlannerWords(
        N_("What if…"),
        N_("What a newcomer, a closure or a shared plant changes for the territory."),
        "loop",
    ),
}


def words_of(planner: str) -> PlannerWords:
    """Return the words of a planner; its own name for one that has none yet."""
    return PLANNERS.get(planner) or PlannerWords(planner.replace("-", " ").capitalize(), "", "mutualisation")


STATUSES: Mapping[str, str] = {
    "queued": N_("Waiting"),
    "running": N_("Being computed"),
    "done": N_("Ready"),
    "failed": N_("Without a result"),
    "cancelled": N_("Cancelled"),
}
UNFINISHED = ("queued", "running")
OBJECTIVES: Mapping[str, str] = {
    "eur": N_("Money saved"),
    "tco2e": N_("Emissions avoided"),
}
# Planners that heed each of these fields of the form; the others ignore it.
HEEDS: Mapping[str, tuple[str, ...]] = {
    "objective": ("allocation", "what-if"),
    "start": ("purchase", "training"),
}
VEHICLES: Mapping[str, str] = {
    "van": N_("Van"),
    "rigid": N_("Lorry"),
    "semi": N_("Articulated lorry"),
}
CONTRACTS: Mapping[str, str] = {
    "negotiated": N_("Negotiated together, signed one by one"),
    "framework": N_("Framework contract"),
    "association": N_("Bought by the association"),
}
STOPS: Mapping[str, str] = {"pick_up": N_("Pick up"), "drop": N_("Drop")}
MODES: Mapping[str, str] = {
    "carpool": N_("Car sharing"),
    "minibus": N_("Minibus"),
    "coach": N_("Coach"),
}
# Planners that fit a pool of each form, the most telling first.
FITTING: Mapping[str, tuple[str, ...]] = {
    "joint_purchase": ("purchase", "groups"),
    "joint_collection": ("collection", "groups"),
    "shared_job": ("jobs",),
    "joint_training": ("training",),
    "shared_equipment": ("groups", "space"),
    "shared_space": ("space", "groups"),
    "shared_transport": ("transport",),
}
