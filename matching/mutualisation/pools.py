"""Pools as ranked, explained synergies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from matching.amounts import Amounts, unit_cost
from matching.catalogue.model import Catalogue
from matching.classify import Classifier
from matching.columns import FlowColumns
from matching.criteria.distance import distance_score
from matching.explanation import BY_MEANING
from matching.messages import N_, LocalName, Message
from matching.mutualisation.forms import form_reach, pool_minimums
from matching.mutualisation.grouping import Group
from matching.mutualisation.joining import pool_groups
from matching.mutualisation.pool_words import EXPLANATIONS, NEXT_STEPS
from matching.parameters import CRITERIA, MatchParameters, constant
from matching.results import Criterion, Estimate, Member, Role, Synergy, SynergyKind, Warning_, flow_key
from matching.scoring import geometric_score
from matching.substitution import member, rounded


def find_pools(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    parameters: MatchParameters,
    classifier: Classifier | None = None,
) -> tuple[Synergy, ...]:
    """Return the pools of two sites or more above the minimum score, unsorted.

    With a ``classifier``, hesitant labels join the pools that their neighbours make sure of, and get a second
    look (see ``alike``).
    """
    groups = pool_groups(columns, catalogue, amounts, parameters, classifier)
    return build_pools(groups, columns, catalogue, amounts, parameters)


def build_pools(
    groups: Iterable[Group],
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    parameters: MatchParameters,
) -> tuple[Synergy, ...]:
    """Return groups as synergies, those above the minimum score alone."""
    pools = (build_pool(group, columns, catalogue, amounts, parameters) for group in groups)
    return tuple(pool for pool in pools if pool.score >= constant("minimum_pool_score"))


def build_pool(
    group: Group, columns: FlowColumns, catalogue: Catalogue, amounts: Amounts, parameters: MatchParameters
) -> Synergy:
    """Return the full, explained synergy of one group."""
    members = sorted(
        (member(columns, amounts, row, Role.MEMBER) for row in group.rows),
        key=lambda m: (m.flow.site.name, m.flow.label, flow_key(m.flow)),
    )
    total, unit = _total(members)
    criteria = _criteria(group, total, unit, catalogue, parameters)
    values = {name: np.array([criterion.value]) for name, criterion in criteria.items()}
    resource = common_resource(group, catalogue)
    params: dict[str, object] = {
        "count": len({int(columns.site[row]) for row in group.rows}),
        "distance_km": group.distance_km,
        "resource": catalogue.resources[resource].name,
    }
    saving, notes = _saving(group, columns, amounts)
    explanation = Message(EXPLANATIONS[group.form.name], params)
    return Synergy(
        kind=SynergyKind.MUTUALISATION,
        form=group.form.name,
        score=float(geometric_score(values, parameters.shares)[0]),
        confidence=_confidence(group, columns),
        resource=resource,
        rule=None,
        members=tuple(members),
        quantity_per_year=total,
        unit=unit,
        distance_km=group.distance_km,
        criteria=criteria,
        saving_eur=saving,
        saving_tco2e=None,
        assumptions=notes,
        warnings=_warnings(group, columns),
        missing=_missing(group, members, catalogue.resources[resource].name),
        next_step=Message(NEXT_STEPS[group.form.name]),
        explanation=Message(BY_MEANING, {"sentence": explanation}) if group.guessed else explanation,
    )


def common_resource(group: Group, catalogue: Catalogue) -> str:
    """Return the nearest resource that covers most members, the commonest one where they share no branch."""
    counts = Counter(ancestor for resource in group.resources for ancestor in catalogue.lineage(resource))
    everyone = [ancestor for ancestor, count in counts.items() if count == len(group.resources)]
    if everyone:
        return max(everyone, key=lambda ancestor: (len(catalogue.lineage(ancestor)), ancestor))
    commonest = Counter(group.resources)
    return min(commonest, key=lambda resource: (-commonest[resource], resource))


def _total(members: list[Member]) -> tuple[float | None, str | None]:
    units = {m.unit for m in members if m.quantity_per_year is not None}
    if len(units) != 1:
        return None, None
    return rounded(sum(m.quantity_per_year for m in members if m.quantity_per_year is not None)), units.pop()


def _criteria(
    group: Group, total: float | None, unit: str | None, catalogue: Catalogue, parameters: MatchParameters
) -> dict[str, Criterion]:
    material = _likeness(group, catalogue) * min(group.certainty)
    reach = catalogue.reaches[form_reach(group.form, group.key)]
    near = distance_score(
        np.array([group.distance_km]), np.array(reach.full_km), np.array(reach.half_km), np.array(np.inf)
    )
    shares = parameters.shares
    values = {
        "material": material,
        "quantity": _volume(group, total, unit),
        "timing": group.timing,
        "distance": float(near[0]),
        "quality": constant("nothing_to_check"),
    }
    reasons = {
        "material": _material_reason(group),
        "quantity": _volume_reason(total, unit),
        "timing": Message(
            N_("The least matched two calendars fit for {share} %."), {"share": round(100 * group.timing)}
        ),
        "distance": Message(
            N_("The two furthest members are {distance_km} km apart by road."),
            {"distance_km": group.distance_km},
        ),
        "quality": Message(N_("Nothing declared to check.")),
    }
    return {name: Criterion(round(values[name], 3), shares[name], reasons[name]) for name in CRITERIA}


def _material_reason(group: Group) -> Message:
    if group.guessed:
        return Message(
            N_("Brought together by meaning: what the labels may mean agrees, none says it for sure.")
        )
    kinds = len(set(group.resources))
    if kinds > 1:
        return Message(N_("{count} kinds of it are gathered."), {"count": kinds})
    return Message(N_("All name the same thing."), {"count": kinds})


def _likeness(group: Group, catalogue: Catalogue) -> float:
    kinds = sorted(set(group.resources))
    if len(kinds) == 1:
        return 1.0
    lines = [set(catalogue.lineage(kind)) for kind in kinds]
    related = all(
        a in second or b in first
        for a, first in zip(kinds, lines, strict=True)
        for b, second in zip(kinds, lines, strict=True)
    )
    return constant("same_branch" if related else "same_pool")


def _volume(group: Group, total: float | None, unit: str | None) -> float:
    viable = pool_minimums().get((group.form.name, unit or ""))
    if total is None or viable is None:
        return constant("unknown_quantity")
    return 0.5 + 0.5 * min(1.0, total / viable)


def _volume_reason(total: float | None, unit: str | None) -> Message:
    if total is None:
        return Message(N_("The volumes are not all known in one unit."))
    return Message(N_("Together {total} {unit} a year."), {"total": total, "unit": unit or ""})


def _confidence(group: Group, columns: FlowColumns) -> float:
    reliability = columns.reliability[list(group.rows)]
    both = float(np.exp(np.log(reliability).mean())) * float(np.mean(group.certainty))
    return round(both, 3)


def _saving(
    group: Group, columns: FlowColumns, amounts: Amounts
) -> tuple[Estimate | None, tuple[Message, ...]]:
    spent = sum(_spent(columns, amounts, row) for row in group.rows)
    if spent <= 0:
        return None, (Message(N_("No figure until members say what they pay today.")),)
    low, middle, high = (round(spent * share, 0) for share in group.form.saving)
    note = Message(
        N_("{low} to {high} % of the {spent} EUR a year that members declare (own estimate, 2026)."),
        {
            "low": round(100 * group.form.saving[0]),
            "high": round(100 * group.form.saving[2]),
            "spent": round(spent),
        },
    )
    return Estimate(low, middle, high), (note,)


def _spent(columns: FlowColumns, amounts: Amounts, row: int) -> float:
    """Return the EUR a year a flow costs by its own words, 0 where it earns or does not say."""
    quantity, value = columns.quantities[row], float(amounts.value[row])
    if quantity is None or quantity.per_year is None or np.isnan(value):
        return 0.0
    cost = unit_cost(columns, amounts, row)
    if cost is None:
        cost = 1.0 if amounts.names[int(amounts.unit[row])] == "EUR" else 0.0
    return max(cost, 0.0) * value


def _missing(group: Group, members: list[Member], resource: LocalName) -> tuple[Message, ...]:
    questions = []
    if group.guessed:
        labels = " / ".join(m.flow.label for m in members)
        questions.append(
            Message(
                N_("Is it {resource} that each asks for: {labels}?"), {"resource": resource, "labels": labels}
            )
        )
    questions += [
        Message(N_("How much a year: “{label}” ({site})?"), {"label": m.flow.label, "site": m.flow.site.name})
        for m in members
        if m.quantity_per_year is None
    ]
    if all(m.flow.unit_cost_eur is None for m in members):
        questions.append(Message(N_("What does each member pay today?")))
    if group.form.name == "joint_purchase" and all(m.flow.contract_end is None for m in members):
        questions.append(Message(N_("When do the members' contracts end?")))
    return tuple(questions)


def _warnings(group: Group, columns: FlowColumns) -> tuple[Warning_, ...]:
    if any("hazardous" in columns.facts[row].has for row in group.rows):
        return (
            Warning_("hazardous", Message(N_("Hazardous: check the collector's permit and the vehicles."))),
        )
    return ()
