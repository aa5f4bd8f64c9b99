"""The route sheet of joint collections for the driver, and what each member pays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.exports.plan_sheets_blocks import (
    NEVER,
    Block,
    Document,
    Paper,
    boxes,
    closing,
    facts,
    heading,
    new_page,
    notice,
    paragraph,
    table,
)
from matching.messages import N_

VEHICLES = {"van": N_("Van"), "rigid": N_("Rigid lorry"), "semi": N_("Semi-trailer")}
HAZARDS = {"hazardous": N_("hazardous"), "infectious": N_("infectious")}
# In the units that are counted one by one, a part of one is rounded for the driver.
COUNTED = ("palette", "unité")


def title(paper: Paper, document: Document) -> str:
    """Return what is collected."""
    return str(document["problem"]["title"])


def blocks(paper: Paper, document: Document) -> list[Block]:
    """Return a page for each round, then who pays what."""
    found: list[Block] = []
    plan = document["plan"]
    for one in plan["rounds"]:
        found += [*_round(paper, document, one), new_page()]
    if not plan["rounds"]:
        found.append(notice(paper.say(N_("No round saves anyone anything: each goes on alone."))))
    return [*found, *_shares(paper, document), *closing(paper, document)]


def _round(paper: Paper, document: Document, one: Mapping[str, Any]) -> list[Block]:
    plan, unit = document["plan"], document["problem"]["unit"]
    name = one["vehicle"]
    vehicle = paper.say(VEHICLES[name]) if name in VEHICLES else str(name)
    filled = paper.percent(one["load_pct"] / 100)
    found = [
        heading(_when(paper, plan, one), large=True),
        facts(
            (paper.say(N_("Vehicle")), f"{vehicle} ({paper.amount(one['capacity'], unit)})"),
            (paper.say(N_("Hours on the road")), f"{one['start']} – {one['end']}"),
            (paper.say(N_("Load on board")), f"{_load(paper, one['load'], unit)} ({filled})"),
            (paper.say(N_("Road")), paper.km(one["distance_km"])),
            (paper.say(N_("Depot")), str(document["problem"]["depot"]["name"])),
            large=True,
        ),
    ]
    if one["hazard_classes"]:
        found.append(notice(_hazards(paper, one["hazard_classes"])))
    found.append(
        table(
            (
                ("", "auto"),
                (paper.say(N_("Hour")), "left"),
                (paper.say(N_("Stop")), "3fr"),
                (paper.say(N_("To load")), "2.4fr"),
                (paper.say(N_("Quantity")), "auto"),
                (paper.say(N_("On board")), "auto"),
                (paper.say(N_("Loaded, initials")), "1.3fr"),
            ),
            [_stop(paper, stop, unit) for stop in one["stops"]],
            size="large",
            bold=(1, 2),
        )
    )
    found.append(
        boxes(
            paper.say(N_("Date")),
            paper.say(N_("Driver, name and signature")),
            paper.say(N_("Received at the depot, name and signature")),
        )
    )
    return found


def _when(paper: Paper, plan: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    weekly = plan["every_weeks"] == 1
    return paper.say(
        N_("Round {number} of {count}: {weekday}, every week")
        if weekly
        else N_("Round {number} of {count}: {weekday}, every {weeks} weeks"),
        number=one["number"],
        count=len(plan["rounds"]),
        weekday=one["weekday"],
        weeks=plan["every_weeks"],
    )


def _hazards(paper: Paper, classes: list[str]) -> str:
    named = ", ".join(paper.say(HAZARDS[name]) if name in HAZARDS else name for name in classes)
    return paper.say(
        N_("Dangerous goods on board ({classes}): authorised haulier, ADR and tracking slips needed."),
        classes=named,
    )


def _stop(paper: Paper, stop: Mapping[str, Any], unit: str) -> list[str]:
    place = paper.place(stop["site"])
    hazard = stop["hazard_class"]
    goods = stop["label"]
    if hazard:
        goods = f"{goods}\n⚠ {paper.say(HAZARDS[hazard]) if hazard in HAZARDS else hazard}"
    return [
        str(stop["order"]),
        f"{stop['arrival']}\n{stop['departure']}",
        "\n".join(text for text in (stop["site"], place.address, place.contact) if text),
        goods,
        _load(paper, stop["load"], unit),
        _load(paper, stop["loaded"], unit),
        "",
    ]


def _load(paper: Paper, quantity: float, unit: str) -> str:
    """Return a load in whole pieces, in kg below a tonne, else as it is."""
    return paper.amount(round(quantity) if unit in COUNTED else quantity, unit)


def _shares(paper: Paper, document: Document) -> list[Block]:
    plan, unit = document["plan"], document["problem"]["unit"]
    if not plan["members"]:
        return []
    yearly = plan["yearly"]
    columns = (
        (paper.say(N_("Site")), "2.2fr"),
        (paper.say(N_("To load")), "2fr"),
        (paper.say(N_("Quantity a year")), "auto"),
        (paper.say(N_("Alone a year")), "auto"),
        (paper.say(N_("Share")), "auto"),
        (paper.say(N_("Resale")), "auto"),
        (paper.say(N_("Saving")), "auto"),
    )
    rows = [
        [
            member["site"],
            member["label"],
            paper.amount(member["units_per_year"], unit),
            paper.euros(member["alone_eur_per_year"]),
            paper.euros(member["share_eur_per_year"]),
            paper.euros(member["resale_eur_per_year"]),
            paper.euros(member["saving_eur_per_year"]),
        ]
        for member in plan["members"]
    ]
    total = [
        paper.say(N_("Total")),
        "",
        paper.amount(yearly["units"], unit),
        paper.euros(yearly["alone_eur"]),
        paper.euros(yearly["cost_eur"]),
        paper.euros(yearly["resale_eur"]),
        paper.euros(yearly["saving_eur"]),
    ]
    return [
        heading(paper.say(N_("What each pays a year")), large=True),
        facts(
            (paper.say(N_("Rounds a year")), paper.number(plan["rounds_per_year"], 1)),
            (
                paper.say(N_("Cost per unit")),
                f"{paper.euros(yearly['cost_eur_per_unit'], cents=True)} / {unit}",
            ),
            (paper.say(N_("CO2 avoided a year")), paper.amount(round(yearly["saving_kgco2e"]), "kg")),
        ),
        table(columns, rows, total),
        *_free(paper, plan["free_of_charge"]),
    ]


def _free(paper: Paper, test: Mapping[str, Any] | None) -> list[Block]:
    """Return whether resale pays for the round, in a sentence."""
    if test is None:
        return []
    verdict = {
        True: N_("Resale pays for the round: it can be free of charge."),
        False: N_("Resale does not pay for the round."),
        None: N_("Whether resale pays for the round depends on shares in good condition still to ask."),
    }[test["passed"]]
    figures = paper.say(
        N_(
            "A round costs {cost}; resale brings {resale}; share in good condition: {good}, needed: {needed}."
        ),
        cost=paper.euros(test["round_cost_eur"]),
        resale=paper.euros(test["resale_eur_per_round"]),
        good=paper.percent(test["good_share"], 1) or paper.say(NEVER),
        needed=paper.percent(test["needed_good_share"], 1) or paper.say(N_("more than all")),
    )
    return [paragraph(f"{paper.say(verdict)} {figures}")]
