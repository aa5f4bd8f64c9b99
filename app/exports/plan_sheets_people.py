"""Papers of plans for people: a shared worker's calendar, training sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.exports.plan_sheets_blocks import (
    EVERY_DAY,
    MONTHS,
    Block,
    Document,
    Paper,
    boxes,
    bullets,
    closing,
    colours,
    facts,
    heading,
    new_page,
    notice,
    table,
)
from matching.messages import N_

FORTNIGHT = (1, 2)
Row = Mapping[str, Any]


def jobs_title(paper: Paper, document: Document) -> str:
    """Return the job that is shared."""
    return str(document["problem"]["job"])


def jobs_blocks(paper: Paper, document: Document) -> list[Block]:
    """Return a page for each contract: its months and weeks; then what the law limits and what is left."""
    plan = document["plan"]
    found: list[Block] = []
    for contract in plan["contracts"]:
        found += [*_contract(paper, contract, len(plan["contracts"])), new_page()]
    if not plan["contracts"]:
        found.append(notice(paper.say(N_("No contract can be made of these needs yet."))))
    if plan["uncovered"]:
        rows = [[row["member"], row["label"], paper.amount(row["hours"], "h")] for row in plan["uncovered"]]
        found += [
            heading(paper.say(N_("Hours not covered"))),
            table(
                (
                    (paper.say(N_("Firm")), "2fr"),
                    (paper.say(N_("Need")), "3fr"),
                    (paper.say(N_("Hours a year")), "auto"),
                ),
                rows,
            ),
        ]
    limits = {**document, "assumptions": []}
    return [
        *found,
        *bullets(paper.say(N_("What the law limits, and what is reckoned from")), document["assumptions"]),
        *closing(paper, limits),
    ]


def _contract(paper: Paper, contract: Row, count: int) -> list[Block]:
    names = [member["member"] for member in contract["members"]]
    place = {name: number for number, name in enumerate(dict.fromkeys(names))}
    full = N_("full time") if contract["full"] else N_("part time")
    return [
        heading(
            paper.say(N_("Contract {number} of {count}"), number=contract["contract"], count=count),
            large=True,
        ),
        facts(
            (paper.say(N_("Hours a year")), paper.amount(contract["hours_per_year"], "h")),
            (
                paper.say(N_("Working time")),
                f"{paper.say(full)} ({paper.percent(contract['share_of_full_year'])})",
            ),
            (paper.say(N_("Months worked")), paper.months(contract["months_worked"])),
            (paper.say(N_("Furthest apart")), paper.km(contract["furthest_km"])),
        ),
        _hired_by(paper, contract),
        heading(paper.say(N_("The year: hours per firm and month"))),
        _year(paper, contract, list(place)),
        *_weeks(paper, contract, place),
        boxes(paper.say(N_("Worker, name and signature")), paper.say(N_("Employer, name and signature"))),
    ]


def _hired_by(paper: Paper, contract: Row) -> Block:
    return table(
        (
            (paper.say(N_("Firm")), "2fr"),
            (paper.say(N_("Need")), "2.5fr"),
            (paper.say(N_("Hours a year")), "auto"),
            (paper.say(N_("Share")), "auto"),
            (paper.say(N_("Cost a year")), "auto"),
            (paper.say(N_("Saving")), "auto"),
        ),
        [
            [
                "\n".join(text for text in (row["member"], paper.place(row["member"]).address) if text),
                row["label"],
                paper.number(row["hours_per_year"], 1),
                paper.percent(row["share"]),
                paper.euros(row["cost_eur_per_year"]),
                paper.euros(row["saving_eur_per_year"]),
            ]
            for row in contract["members"]
        ],
        (
            paper.say(N_("Total")),
            "",
            paper.number(contract["hours_per_year"], 1),
            "",
            paper.euros(contract["cost_eur_per_year"]),
            paper.euros(contract["saving_eur_per_year"]),
        ),
    )


def _year(paper: Paper, contract: Row, names: list[str]) -> Block:
    hours: dict[tuple[str, int], float] = {}
    for month in contract["months"]:
        for row in month["members"]:
            key = (row["member"], month["month"])
            hours[key] = hours.get(key, 0.0) + row["hours"]

    def line(name: str) -> list[str]:
        return [name, *(paper.number(hours.get((name, month)), 0) for month in MONTHS)]

    totals = {month["month"]: month["hours"] for month in contract["months"]}
    return table(
        ((paper.say(N_("Firm")), "1fr"), *((paper.month(month), "auto") for month in MONTHS)),
        [line(name) for name in names],
        (paper.say(N_("Total")), *(paper.number(totals.get(month), 0) for month in MONTHS)),
        size="small",
    )


def _weeks(paper: Paper, contract: Row, place: Mapping[str, int]) -> list[Block]:
    """Return for each season a fortnight, mornings and afternoons, each firm on its own colour."""
    found: list[Block] = []
    for season in contract["weeks"]:
        slots = {(day["week"], day["weekday"]): day for day in season["days"]}
        days = [day for day in range(1, EVERY_DAY + 1) if any((week, day) in slots for week in FORTNIGHT)]
        rows: list[list[Any]] = []
        for week in FORTNIGHT:
            for half, word in (("morning", N_("morning")), ("afternoon", N_("afternoon"))):
                row: list[Any] = [paper.say(N_("Week {week}, {half}"), week=week, half=paper.say(word))]
                for day in days:
                    name = slots.get((week, day), {}).get(half)
                    row.append("–" if name is None else place[name])
                rows.append(row)
        found += [
            heading(paper.say(N_("The fortnight: {months}"), months=paper.months(season["months"]))),
            colours(list(place), ["", *(paper.weekday(day) for day in days)], rows),
        ]
    return found


def training_title(paper: Paper, document: Document) -> str:
    """Return the course."""
    return str(document["problem"]["course"])


def training_blocks(paper: Paper, document: Document) -> list[Block]:
    """Return a page for each session, with a list to sign."""
    plan = document["plan"]
    found: list[Block] = []
    for session in plan["sessions"]:
        found += [*_session(paper, session, len(plan["sessions"])), new_page()]
    if not plan["sessions"]:
        found.append(notice(paper.say(N_("No session can be held yet."))))
    if plan["waiting"]:
        rows = [[row["member"], row["label"], str(row["trainees"])] for row in plan["waiting"]]
        found += [
            heading(paper.say(N_("Waiting for a session"))),
            table(
                (
                    (paper.say(N_("Firm")), "2fr"),
                    (paper.say(N_("Need")), "3fr"),
                    (paper.say(N_("Trainees")), "auto"),
                ),
                rows,
            ),
        ]
    return [*found, *closing(paper, document)]


def _session(paper: Paper, session: Row, count: int) -> list[Block]:
    venue = session["venue"]
    place = paper.place(venue)
    window = paper.say(
        N_("between {first} and {last}"), first=paper.day(session["from"]), last=paper.day(session["until"])
    )
    columns = (
        (paper.say(N_("Firm")), "2fr"),
        (paper.say(N_("Need")), "2fr"),
        (paper.say(N_("Trainees")), "auto"),
        (paper.say(N_("Road")), "auto"),
        (paper.say(N_("Share")), "auto"),
        (paper.say(N_("Saving")), "auto"),
    )
    rows = [
        [
            row["member"],
            row["label"],
            str(row["trainees"]),
            paper.km(row["distance_km"]),
            paper.euros(row["fee_eur"]),
            paper.euros(row["saving_eur"]),
        ]
        for row in session["members"]
    ]
    signatures = [
        [str(number), firm, "", "", ""]
        for number, firm in enumerate(
            (row["member"] for row in session["members"] for _ in range(row["trainees"])), start=1
        )
    ]
    total = (paper.say(N_("Total")), "", str(session["trainees"]), "", paper.euros(session["cost_eur"]), "")
    return [
        heading(
            paper.say(N_("Session {number} of {count}"), number=session["session"], count=count), large=True
        ),
        facts(
            (paper.say(N_("Place")), ", ".join(text for text in (venue, place.address) if text)),
            (paper.say(N_("To be held")), window),
            (paper.say(N_("Trainees")), str(session["trainees"])),
            (paper.say(N_("Seats free")), str(session["free_seats"])),
            large=True,
        ),
        table(columns, rows, total),
        heading(paper.say(N_("To sign on the day"))),
        table(
            (
                ("", "auto"),
                (paper.say(N_("Firm")), "2fr"),
                (paper.say(N_("First name and name")), "2.2fr"),
                (paper.say(N_("Signature, morning")), "1.6fr"),
                (paper.say(N_("Signature, afternoon")), "1.8fr"),
            ),
            signatures,
            size="large",
        ),
        boxes(paper.say(N_("Date")), paper.say(N_("Trainer, name and signature"))),
    ]
