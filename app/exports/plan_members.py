"""Who is in a plan, whichever planner made it: one row a member, for the map and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]
# What an exchange of a cascade is counted in, a year.
CASCADE_UNITS = {"heat_cascade": "MWh", "water_cascade": "m3"}


@dataclass(frozen=True, slots=True)
class PlanMember:
    """A site or a person in a plan.

    Attributes
    ----------
    part
        Number of the group, round, contract, session or lorry it belongs to; None where there are no parts.
    quantity, unit
        Yearly where the plan speaks of a year, else of the part (a trip, a session).
    saving_eur
        EUR a year, of the session for training; None while it is not known.
    """

    site: str
    label: str
    role: str
    part: int | None
    quantity: float | None
    unit: str
    saving_eur: float | None


def planner_of(document: Document) -> str:
    """Return the name of the planner that made a document."""
    return str(document["engine"]["parameters"]["planner"])


def members_of(document: Document) -> list[PlanMember]:
    """Return the members of a plan document, in its order; none for a planner that has none."""
    reader = READERS.get(planner_of(document))
    return [] if reader is None else list(reader(document))


def title_of(document: Document) -> str:
    """Return what a plan is about: its title, resource, job, course or kind; else nothing."""
    problem = document["problem"]
    for key in ("title", "job", "course", "resource", "kind"):
        if isinstance(problem.get(key), str):
            return str(problem[key])
    return ""


def saving_of(document: Document) -> float | None:
    """Return the EUR a year a plan saves, of the sessions for training; None where it does not say."""
    plan = document["plan"]
    if planner_of(document) == "groups":
        groups = groups_of(document)
        return _number(groups[0]["saving_eur_per_year"]) if groups else None
    for place, key in (("yearly", "saving_eur"), ("totals", "eur")):
        if isinstance(plan.get(place), Mapping):
            return _number(plan[place].get(key))
    return _number(plan.get("saving_eur_per_year", plan.get("saving_eur")))


def groups_of(document: Document) -> list[Mapping[str, Any]]:
    """Return the groups of a document, best first: those that fit once a newcomer has joined, where asked."""
    plan = document["plan"]
    grown = [growth["after"] for growth in plan.get("growths", ()) if growth["fits"]]
    return list(plan["groups"]) or [{**group, "rank": rank} for rank, group in enumerate(grown, start=1)]


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _collection(document: Document) -> Iterator[PlanMember]:
    unit = document["problem"]["unit"]
    rounds = {
        (stop["site"], stop["label"]): one["number"]
        for one in document["plan"]["rounds"]
        for stop in one["stops"]
    }
    for row in document["plan"]["members"]:
        part = rounds.get((row["site"], row["label"]))
        quantity, saving = row["units_per_year"], row["saving_eur_per_year"]
        yield PlanMember(row["site"], row["label"], "member", part, quantity, unit, saving)


def _purchase(document: Document) -> Iterator[PlanMember]:
    for row in document["plan"]["members"]:
        quantity, saving = row["quantity_per_year"], row["saving_eur_per_year"]
        yield PlanMember(row["site"], row["label"], "buyer", None, quantity, row["unit"], saving)


def _groups(document: Document) -> Iterator[PlanMember]:
    for group in groups_of(document):
        for row in group["members"]:
            role = "centre" if row["site"] == group["centre"] else "member"
            quantity, saving = row["quantity_per_year"], row["saving_eur_per_year"]
            unit = group["unit"] or ""
            yield PlanMember(row["site"], row["label"], role, group["rank"], quantity, unit, saving)


def _jobs(document: Document) -> Iterator[PlanMember]:
    for contract in document["plan"]["contracts"]:
        for row in contract["members"]:
            hours, saving = row["hours_per_year"], row["saving_eur_per_year"]
            yield PlanMember(
                row["member"], row["label"], "employer", contract["contract"], hours, "h", saving
            )


def _training(document: Document) -> Iterator[PlanMember]:
    for session in document["plan"]["sessions"]:
        for row in session["members"]:
            role = "venue" if row["member"] == session["venue"] else "member"
            yield PlanMember(
                row["member"],
                row["label"],
                role,
                session["session"],
                row["trainees"],
                "",
                row["saving_eur"],
            )


def _space(document: Document) -> Iterator[PlanMember]:
    for row in document["plan"]["assignments"]:
        amount, unit = row["amount"], row["unit"]
        income = row["income_eur_per_year"]
        yield PlanMember(row["offer_site"], row["offer_label"], "provider", None, amount, unit, income)
        saving = row["saving_eur_per_year"]
        yield PlanMember(row["site"], row["label"], "receiver", None, amount, unit, saving)


def _transport(document: Document) -> Iterator[PlanMember]:
    for number, lorry in enumerate(document["plan"]["lorries"], start=1):
        for row in lorry["members"]:
            saving = row["saving_eur_per_year"]
            role = row["role"]
            yield PlanMember(row["site"], row["label"], role, number, row["load"], "palette", saving)


def _allocation(document: Document) -> Iterator[PlanMember]:
    for link in document["plan"]["links"]:
        quantity, unit = link["quantity_per_year"], link["unit"]
        yield PlanMember(
            link["provider"], link["output"], "provider", None, quantity, unit, link["provider_eur"]
        )
        quantity, unit = link["replaces_per_year"], link["replaced_unit"]
        yield PlanMember(
            link["receiver"], link["input"], "receiver", None, quantity, unit, link["receiver_eur"]
        )


def _cascade(document: Document) -> Iterator[PlanMember]:
    unit = CASCADE_UNITS[planner_of(document)]
    for row in document["plan"]["exchanges"]:
        quantity = row[unit.lower()]
        yield PlanMember(row["provider"], row["output"], "provider", None, quantity, unit, None)
        yield PlanMember(row["receiver"], row["input"], "receiver", None, quantity, unit, None)


def _workshop(document: Document) -> Iterator[PlanMember]:
    for row in document["plan"]["people"]:
        yield PlanMember(row["company"] or row["name"], row["name"], "participant", None, None, "", None)


def _masterclass(document: Document) -> Iterator[PlanMember]:
    for row in document["plan"]["posts"]:
        yield PlanMember(row["company"], row["post"], "post", None, row["places"], "", None)


READERS: Mapping[str, Callable[[Document], Iterator[PlanMember]]] = {
    "collection": _collection,
    "purchase": _purchase,
    "groups": _groups,
    "jobs": _jobs,
    "training": _training,
    "space": _space,
    "transport": _transport,
    "allocation": _allocation,
    "heat_cascade": _cascade,
    "water_cascade": _cascade,
    "workshop": _workshop,
    "masterclass": _masterclass,
}
