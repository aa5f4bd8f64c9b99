"""What a plan comes to in a few figures: the saving a year, the companies, a headline for a manager."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from matching.messages import N_, Message

Document = Mapping[str, Any]
# Where each planner says what its plan saves in EUR a year; other planners do not say.
SAVINGS: Mapping[str, tuple[str, ...]] = {
    "groups": ("groups", "0", "saving_eur_per_year"),
    "collection": ("yearly", "saving_eur"),
    "purchase": ("saving_eur_per_year",),
    "jobs": ("saving_eur_per_year",),
    "space": ("saving_eur_per_year",),
    "transport": ("saving_eur_per_year",),
    "allocation": ("totals", "eur"),
}
# Where the members of a plan stand, and under which names a member has its company.
MEMBERS = (
    "members",
    "assignments",
    "links",
    "exchanges",
    "contracts",
    "sessions",
    "lorries",
    "groups",
    "people",
    "posts",
)
NAMES = ("site", "offer_site", "member", "company", "provider", "receiver")


def saving_of(planner: str, document: Document) -> float | None:
    """Return what a document's plan saves in EUR a year, None where it does not say."""
    path = SAVINGS.get(planner)
    value: Any = document["plan"] if path else None
    for step in path or ():
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            value = value[int(step)] if int(step) < len(value) else None
    return float(value) if isinstance(value, int | float) else None


def companies_of(planner: str, document: Document) -> frozenset[str]:
    """Return the names of the sites that take part in a document's plan."""
    plan = document["plan"]
    # Groups after the first are alternatives to it.
    counted = plan["groups"][:1] if planner == "groups" and plan.get("groups") else plan
    return frozenset(_names(counted))


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from (value[name] for name in NAMES if isinstance(value.get(name), str) and value[name])
        for name in MEMBERS:
            yield from _names(value.get(name))
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)


def counted_once(planner: str, documents: Sequence[Document]) -> list[Document]:
    """Return the documents whose savings add up: of those that share a flow, the one that saves most.

    The documents come best first.
    """
    taken: set[tuple[str, str]] = set()
    kept: list[Document] = []
    for document in documents:
        flows = set(_flows(planner, document))
        if taken.isdisjoint(flows):
            taken |= flows
            kept.append(document)
    return kept


def _flows(planner: str, document: Document) -> Iterator[tuple[str, str]]:
    plan = document["plan"]
    groups = plan.get("groups") or [{}]
    members = groups[0].get("members", ()) if planner == "groups" else plan.get("members", ())
    for member in members if isinstance(members, list) else ():
        if isinstance(member, Mapping) and "label" in member:
            yield str(member.get("site", "")), str(member["label"])


def summary_of(planner: str, documents: Sequence[Document]) -> dict[str, Any]:
    """Return the number of documents, what they save together, who takes part, and the headline."""
    kept = counted_once(planner, documents)
    savings = [saving for saving in (saving_of(planner, one) for one in kept) if saving is not None]
    companies = frozenset[str]().union(*(companies_of(planner, one) for one in kept))
    total = round(sum(savings), 2) if savings else None
    return {
        "count": len(documents),
        "saving_eur_per_year": total,
        "companies": len(companies),
        "parts": _parts(planner, kept, len(companies), total),
    }


def _parts(planner: str, kept: Sequence[Document], companies: int, saving: float | None) -> list[Message]:
    plans = [document["plan"] for document in kept]
    parts = WORDS.get(planner, _anything)(plans)
    if companies and planner != "workshop":
        parts.append(_counted(N_("{count} company"), N_("{count} companies"), companies))
    if saving is not None and round(saving) > 0:
        parts.append(Message(N_("{eur} € saved a year"), {"eur": round(saving)}))
    return parts + FURTHER.get(planner, _nothing)(plans)


def _counted(one: str, many: str, count: float) -> Message:
    return Message(one if count < 2 else many, {"count": count})


def _total(plans: Iterable[Mapping[str, Any]], name: str) -> int:
    return sum(len(plan.get(name) or ()) for plan in plans)


def _groups(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    return [_counted(N_("{count} group"), N_("{count} groups"), len(plans))]


def _collection(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    rounds = round(sum(plan["rounds_per_year"] * max(1, len(plan["rounds"])) for plan in plans))
    return [_counted(N_("{count} round a year"), N_("{count} rounds a year"), rounds)]


def _purchase(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    return [_counted(N_("{count} joint purchase"), N_("{count} joint purchases"), len(plans))]


def _jobs(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    return [_counted(N_("{count} shared job"), N_("{count} shared jobs"), _total(plans, "contracts"))]


def _training(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    trainees = sum(plan["trainees"] for plan in plans)
    return [
        _counted(N_("{count} session"), N_("{count} sessions"), _total(plans, "sessions")),
        _counted(N_("{count} trainee"), N_("{count} trainees"), trainees),
    ]


def _space(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    served = _total(plans, "assignments")
    return [_counted(N_("{count} request served"), N_("{count} requests served"), served)]


def _transport(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    lorries = _total(plans, "lorries")
    return [_counted(N_("{count} shared lorry"), N_("{count} shared lorries"), lorries)]


def _allocation(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    return [_counted(N_("{count} exchange"), N_("{count} exchanges"), _total(plans, "links"))]


def _carbon(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    tonnes = round(sum(plan["totals"]["tco2e"] or 0 for plan in plans))
    return [Message(N_("{count} t CO₂e avoided a year"), {"count": tonnes})] if tonnes > 0 else []


def _cascade(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    return [_counted(N_("{count} exchange"), N_("{count} exchanges"), _total(plans, "exchanges"))]


def _heat(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    recovered = round(sum(plan["recovered_mwh"] for plan in plans))
    return [Message(N_("{count} MWh recovered a year"), {"count": recovered})]


def _water(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    return [
        Message(N_("{count} m³ reused a year"), {"count": round(sum(plan["reused_m3"] for plan in plans))})
    ]


def _master_class(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    filled = sum(plan["places_filled"] for plan in plans)
    return [_counted(N_("{count} place filled"), N_("{count} places filled"), filled)]


def _workshop(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    met = [round(100 * plan["share_met"]) for plan in plans if plan.get("share_met") is not None]
    return [
        _counted(N_("{count} participant"), N_("{count} participants"), _total(plans, "people")),
        *(Message(N_("{share} % of the useful meetings held"), {"share": share}) for share in met[:1]),
    ]


def _anything(plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    return [_counted(N_("{count} plan"), N_("{count} plans"), len(plans))]


def _nothing(_plans: Sequence[Mapping[str, Any]]) -> list[Message]:
    return []


Words = Callable[[Sequence[Mapping[str, Any]]], list[Message]]
# What a headline begins with, by planner, and what it ends with.
WORDS: Mapping[str, Words] = {
    "groups": _groups,
    "collection": _collection,
    "purchase": _purchase,
    "jobs": _jobs,
    "training": _training,
    "space": _space,
    "transport": _transport,
    "allocation": _allocation,
    "heat": _cascade,
    "water": _cascade,
    "masterclass": _master_class,
    "workshop": _workshop,
}
FURTHER: Mapping[str, Words] = {"allocation": _carbon, "heat": _heat, "water": _water}
