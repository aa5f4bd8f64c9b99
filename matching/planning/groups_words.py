"""A group in words and plain data: its members, what it lacks, who stays out and why."""

from __future__ import annotations

import numpy as np

from matching.messages import N_, Message
from matching.planning.constants import constant, sourced
from matching.planning.groups_model import PLANNER, Group, GroupParams, GroupProblem, Obstacle, gains
from matching.planning.plan import Unserved
from matching.results import Warning_

WHY_APART = {
    Obstacle.DISTANCE: N_("too far from {other} ({distance_km} km by road)"),
    Obstacle.SEASON: N_("not in the same months as {other}"),
    Obstacle.DESTINATION: N_("not going where {other} goes"),
    Obstacle.QUALITY: N_("not of a quality that mixes with that of {other}"),
}


def changes_of(problem: GroupProblem, before: Group, after: Group) -> list[Message]:
    """Return what changes from one group to the other, in sentences."""
    found = []
    if before.volume is not None and after.volume is not None and after.volume > before.volume:
        found.append(
            Message(
                N_("Volume from {before} to {after} {unit} a year."),
                {"before": _tidy(before.volume), "after": _tidy(after.volume), "unit": problem.unit or ""},
            )
        )
    if after.viable and not before.viable:
        found.append(Message(N_("The group reaches its minimum volume.")))
    if after.reach_km > before.reach_km:
        found.append(
            Message(
                N_("The widest distance goes from {before} to {after} km by road."),
                {"before": before.reach_km, "after": after.reach_km},
            )
        )
    if after.hub != before.hub:
        found.append(Message(N_("The centre moves to {site}."), {"site": problem.candidates[after.hub].site}))
    was = dict(zip(before.members, before.gain_eur, strict=True))
    for i, gain in zip(after.members, after.gain_eur, strict=True):
        found += _gain_change(problem.candidates[i].site, i in was, was.get(i), gain)
    return found


def _gain_change(site: str, member: bool, before: float | None, after: float | None) -> list[Message]:
    if after is None or (before is not None and abs(after - before) < 1):
        return []
    params = {"site": site, "before": round(before or 0), "after": round(after)}
    if not member:
        return [Message(N_("{site} joins and gains {after} EUR a year."), params)]
    return [Message(N_("{site} gains {after} EUR a year instead of {before}."), params)]


def shown(problem: GroupProblem, group: Group, params: GroupParams, rank: int) -> dict[str, object]:
    """Return a group as plain data for people to act on."""
    low, high = (_total(problem, group, params, share) for share in (problem.saving[0], problem.saving[2]))
    missing = None
    if problem.minimum_volume is not None and not group.viable:
        missing = _tidy(problem.minimum_volume - (group.volume or 0.0))
    return {
        "rank": rank,
        "members": [
            _member(problem, group, i, gain) for i, gain in zip(group.members, group.gain_eur, strict=True)
        ],
        "sites": len(problem.sites(group.members)),
        "centre": problem.candidates[group.hub].site,
        "volume": None if group.volume is None else _tidy(group.volume),
        "unit": problem.unit,
        "viable": group.viable,
        "missing_volume": missing,
        "reach_km": group.reach_km,
        "saving_eur_per_year": None if group.total_eur is None else round(group.total_eur),
        "saving_eur_low": low,
        "saving_eur_high": high,
        "missing": _questions(problem, group),
    }


def _total(problem: GroupProblem, group: Group, params: GroupParams, share: float) -> int | None:
    if group.total_eur is None:
        return None
    return round(float(np.nansum(gains(problem, params, share)[list(group.members), group.hub])))


def _member(problem: GroupProblem, group: Group, i: int, gain: float | None) -> dict[str, object]:
    candidate = problem.candidates[i]
    return {
        "site": candidate.site,
        "label": candidate.label,
        "quantity_per_year": candidate.quantity,
        "spend_eur_per_year": candidate.spend_eur,
        "saving_eur_per_year": None if gain is None else round(gain),
        "estimated": i in group.estimated,
        "row": candidate.row,
    }


def _questions(problem: GroupProblem, group: Group) -> list[Message]:
    found = []
    for i in group.members:
        candidate = problem.candidates[i]
        params = {"site": candidate.site, "label": candidate.label}
        if candidate.quantity is None:
            found.append(Message(N_("{site}: how much a year of “{label}”?"), params))
        if candidate.spend_eur is None:
            found.append(Message(N_("{site}: what does “{label}” cost today?"), params))
    return found


def left_out(problem: GroupProblem, best: Group, params: GroupParams) -> tuple[Unserved, ...]:
    """Return the candidates that the best group leaves out, with what keeps them out."""
    table = gains(problem, params)
    return tuple(
        Unserved(
            f"{candidate.site} – {candidate.label}", _why_out(problem, best, i, float(table[i, best.hub]))
        )
        for i, candidate in enumerate(problem.candidates)
        if i not in best.members
    )


def _why_out(problem: GroupProblem, best: Group, i: int, gain: float) -> Message:
    apart = [j for j in best.members if problem.obstacle[i, j]]
    if apart:
        return apart_words(problem, i, min(apart, key=lambda j: (int(problem.obstacle[i, j]), j)))
    if gain <= 0:
        return Message(
            N_("would lose {loss} EUR a year: the road costs more than the group saves it"),
            {"loss": round(-gain)},
        )
    return Message(N_("suits the group, which is worth as much without it"))


def apart_words(problem: GroupProblem, i: int, j: int) -> Message:
    """Return what keeps candidate ``i`` apart from candidate ``j``."""
    return Message(
        WHY_APART[Obstacle(int(problem.obstacle[i, j]))],
        {"other": problem.candidates[j].site, "distance_km": round(float(problem.distance_km[i, j]), 1)},
    )


def why_none(problem: GroupProblem) -> Message:
    """Return why no group exists and what to relax."""
    if len(problem.sites(range(len(problem.candidates)))) < problem.minimum_sites:
        return Message(
            N_("A group needs {count} sites: ask neighbours whether they have the same need."),
            {"count": problem.minimum_sites},
        )
    seen = problem.obstacle[np.triu_indices(len(problem.candidates), 1)]
    if not seen.any():
        return Message(N_("Nobody would gain: the road costs more than a group saves; choose a nearer hub."))
    commonest = Obstacle(int(np.bincount(seen[seen > 0]).argmax()))
    relaxed = {
        Obstacle.DISTANCE: N_("No two sites are within reach of each other: allow more km."),
        Obstacle.SEASON: N_("No two sites share months: ask whether the need can move."),
        Obstacle.DESTINATION: N_("No two journeys go to the same place: allow a wider destination."),
        Obstacle.QUALITY: N_("No two qualities mix: ask whether one can be sorted or cleaned."),
    }
    return Message(relaxed[commonest])


def assumptions(problem: GroupProblem, best: Group, params: GroupParams) -> tuple[Message, ...]:
    """Return what the gains take for granted."""
    found = []
    if problem.priced:
        low, middle, high = (round(100 * share, 1) for share in problem.saving)
        found.append(
            Message(
                N_("A group saves {middle} % of what members pay today, {low} to {high} % (own estimate)."),
                {"low": low, "middle": middle, "high": high},
            )
        )
    if problem.priced and params.journeys is None and constant(PLANNER, f"journeys_{problem.form}"):
        note = sourced(PLANNER)
        found.append(
            Message(
                N_("Journeys between a member and the centre: {journeys}, at {cost}."),
                {"journeys": note[f"journeys_{problem.form}"].note, "cost": note["eur_per_km"].note},
            )
        )
    if best.estimated:
        found.append(Message(N_("Spending that is not said is estimated at the others’ mean price.")))
    return tuple(found)


def warnings(best: Group) -> tuple[Warning_, ...]:
    """Return what to check before acting."""
    if best.viable:
        return ()
    return (Warning_("below_minimum", Message(N_("The best group does not reach its minimum volume."))),)


def unit_of(problem: GroupProblem, group: Group) -> str:
    """Return the unit of the value groups are ranked by."""
    if problem.priced:
        return "EUR/year"
    return f"{problem.unit}/year" if group.volume is not None else "member"


def _tidy(number: float) -> float:
    return float(f"{number:.6g}")
