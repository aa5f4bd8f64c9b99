"""The paper of shared transport: lorries by day with their stops, and journeys to work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.exports.plan_sheets_blocks import (
    EVERY_DAY,
    NEVER,
    Block,
    Document,
    Paper,
    boxes,
    closing,
    facts,
    heading,
    notice,
    table,
)
from matching.messages import N_

ACTIONS = {"pick_up": N_("Pick the goods up"), "drop": N_("Drop the goods")}
ROLES = {"load": N_("load to carry"), "lorry": N_("empty return")}
MODES = {"carpool": N_("Car-sharing"), "minibus": N_("Minibus"), "coach": N_("Coach")}
UNIT = "palette"
Row = Mapping[str, Any]


def title(paper: Paper, document: Document) -> str:
    """Return the name of the paper: a table has one plan of shared transport."""
    return paper.say(N_("Shared transport"))


def blocks(paper: Paper, document: Document) -> list[Block]:
    """Return the week, each lorry with its stops and prices, then journeys to work."""
    plan = document["plan"]
    lorries: Sequence[Row] = plan["lorries"]
    found: list[Block] = []
    if lorries:
        found += [
            facts((paper.say(N_("Saving a year")), paper.euros(plan["saving_eur_per_year"])), large=True),
            heading(paper.say(N_("Possible days"))),
            _week(paper, lorries),
        ]
        for number, lorry in enumerate(lorries, start=1):
            found += _lorry(paper, lorry, number)
    if plan["commuting"]:
        found += [heading(paper.say(N_("Coming to work together")), large=True), _commuting(paper, plan)]
    if not lorries and not plan["commuting"]:
        found.append(notice(paper.say(N_("No two journeys can be shared yet."))))
    return [*found, *closing(paper, document)]


def _week(paper: Paper, lorries: Sequence[Row]) -> Block:
    """Return which lorries may run on which day, and how many times a week each does."""
    days = [day for day in range(1, EVERY_DAY + 1) if any(day in lorry["weekdays"] for lorry in lorries)]
    rows = [
        [
            paper.say(N_("Lorry {number}"), number=number) + _returns(paper, lorry),
            *("●" if day in lorry["weekdays"] else "" for day in days),
            paper.number(lorry["trips_per_week"], 1),
        ]
        for number, lorry in enumerate(lorries, start=1)
    ]
    columns = [(paper.say(N_("Lorry")), "1fr"), *((paper.weekday(day), "mid") for day in days)]
    return table([*columns, (paper.say(N_("Trips a week")), "auto")], rows)


def _returns(paper: Paper, lorry: Row) -> str:
    empty = any(member["role"] == "lorry" for member in lorry["members"])
    return f" ({paper.say(ROLES['lorry'])})" if empty else ""


def _lorry(paper: Paper, lorry: Row, number: int) -> list[Block]:
    stops = [
        [
            str(order),
            paper.say(ACTIONS[stop["action"]]),
            "\n".join(
                text
                for text in (stop["place"], paper.place(stop["place"]).address, _whose(paper, stop))
                if text
            ),
            paper.amount(stop["load"], UNIT),
            "",
        ]
        for order, stop in enumerate(lorry["stops"], start=1)
    ]
    columns = (
        ("", "auto"),
        (paper.say(N_("To do")), "1fr"),
        (paper.say(N_("Stop")), "3fr"),
        (paper.say(N_("Quantity")), "auto"),
        (paper.say(N_("Time, initials")), "1.4fr"),
    )
    return [
        heading(paper.say(N_("Lorry {number}"), number=number) + _returns(paper, lorry), large=True),
        facts(
            (paper.say(N_("Possible days")), paper.weekdays(lorry["weekdays"])),
            (paper.say(N_("Trips a week")), paper.number(lorry["trips_per_week"], 1)),
            (paper.say(N_("Road")), paper.km(lorry["route_km"])),
            (paper.say(N_("Load on board")), paper.amount(lorry["load"], UNIT)),
            (paper.say(N_("Cost per trip")), paper.euros(lorry["cost_eur_per_trip"])),
            (paper.say(N_("tCO2e avoided a year")), paper.number(lorry["saving_tco2e_per_year"], 1)),
        ),
        table(columns, stops, size="large", bold=(2,)),
        _prices(paper, lorry),
        boxes(paper.say(N_("Haulier")), paper.say(N_("Days agreed")), paper.say(N_("Date and signature"))),
    ]


def _whose(paper: Paper, stop: Row) -> str:
    same = stop["action"] == "pick_up" and stop["site"] == stop["place"]
    return "" if same else paper.say(N_("for {site}"), site=stop["site"])


def _prices(paper: Paper, lorry: Row) -> Block:
    return table(
        (
            (paper.say(N_("Firm")), "2fr"),
            (paper.say(N_("What")), "2.4fr"),
            (paper.say(N_("Role")), "1fr"),
            (paper.say(N_("A trip today")), "auto"),
            (paper.say(N_("A trip together")), "auto"),
            (paper.say(N_("Saving a year")), "auto"),
        ),
        [
            [
                member["site"],
                member["label"],
                paper.say(ROLES[member["role"]]),
                paper.euros(member["today_eur_per_trip"]) or paper.say(NEVER),
                paper.euros(member["pays_eur_per_trip"]),
                paper.euros(member["saving_eur_per_year"]),
            ]
            for member in lorry["members"]
        ],
    )


def _commuting(paper: Paper, plan: Row) -> Block:
    rows = [
        [
            ", ".join(cell["sites"]),
            str(cell["people"]),
            paper.say(N_("square of {side} km, {distance} km away"), side=cell["side_km"],
                      distance=cell["distance_km"]),
            cell["next_step"],
            paper.euros(cell["carpool_saving_eur_per_year"]),
        ]
        for cell in plan["commuting"]
    ]  # fmt: skip
    rows += [
        [
            ", ".join(cell["sites"]),
            str(cell["people"]),
            paper.say(N_("from places not named")),
            paper.say(MODES[cell["mode"]]) if cell["mode"] in MODES else cell["mode"],
            "",
        ]
        for cell in plan["from_unnamed_places"]
    ]
    return table(
        (
            (paper.say(N_("Where they work")), "2fr"),
            (paper.say(N_("People")), "auto"),
            (paper.say(N_("Where they come from")), "1.6fr"),
            (paper.say(N_("Next step")), "2fr"),
            (paper.say(N_("Saving a year by car-sharing")), "auto"),
        ),
        rows,
    )
