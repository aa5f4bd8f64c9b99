"""Papers to meet with: a page for each group, and the seating of a workshop with everyone's card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.exports.plan_members import groups_of
from app.exports.plan_sheets_blocks import (
    NEVER,
    Block,
    Document,
    Paper,
    alphabetical,
    boxes,
    breakable,
    bullets,
    cards,
    closing,
    facts,
    heading,
    new_page,
    notice,
    table,
)
from matching.messages import N_

FORMS = {
    "joint_purchase": N_("Joint purchase"),
    "joint_collection": N_("Joint collection"),
    "shared_job": N_("Shared job"),
    "joint_training": N_("Joint training"),
    "shared_equipment": N_("Shared equipment"),
    "shared_space": N_("Shared space"),
    "shared_transport": N_("Shared transport"),
}
TABLES_ACROSS = 3
CARDS_ACROSS = 2
TALKS_ON_A_CARD = 6
Row = Mapping[str, Any]


def groups_title(paper: Paper, document: Document) -> str:
    """Return what the groups share."""
    problem = document["problem"]
    form = problem["form"]
    return f"{paper.say(FORMS[form]) if form in FORMS else form} – {problem['resource']}"


def groups_blocks(paper: Paper, document: Document) -> list[Block]:
    """Return a page for each group: members, volume, what each saves, next step."""
    found: list[Block] = []
    groups = groups_of(document)
    for group in groups:
        found += [new_page()] if found else []
        found += _group(paper, group, len(groups))
    for growth in document["plan"].get("growths", ()):
        title = paper.say(N_("If “{site}” joins"), site=growth["site"])
        found += [heading(title, large=True), {"kind": "list", "items": growth["changes"], "box": False}]
        if not growth["fits"]:
            found.append(notice(paper.say(N_("Somebody would lose by it: the group stays as it is."))))
    return [*found, *closing(paper, document)]


def _group(paper: Paper, group: Row, count: int) -> list[Block]:
    unit = group["unit"]
    saving = paper.euros(group["saving_eur_per_year"])
    if saving and group["saving_eur_low"] is not None:
        saving = paper.say(
            N_("{middle} (between {low} and {high})"),
            middle=saving,
            low=paper.euros(group["saving_eur_low"]),
            high=paper.euros(group["saving_eur_high"]),
        )
    rows = [
        [
            "\n".join(text for text in (row["site"], paper.place(row["site"]).contact) if text),
            row["label"],
            paper.amount(row["quantity_per_year"], unit) or paper.say(NEVER),
            paper.euros(row["spend_eur_per_year"]) or paper.say(NEVER),
            paper.euros(row["saving_eur_per_year"]) + (" *" if row["estimated"] else ""),
            "",
        ]
        for row in group["members"]
    ]
    found = [
        heading(paper.say(N_("Group {number} of {count}"), number=group["rank"], count=count), large=True),
        facts(
            (paper.say(N_("Sites")), str(group["sites"])),
            (paper.say(N_("Volume a year")), paper.amount(group["volume"], unit)),
            (paper.say(N_("Saving a year")), saving),
            (paper.say(N_("Centre")), group["centre"]),
            (paper.say(N_("Widest distance")), paper.km(group["reach_km"])),
            large=True,
        ),
        table(
            (
                (paper.say(N_("Site")), "2fr"),
                (paper.say(N_("Need")), "2.2fr"),
                (paper.say(N_("Quantity a year")), "auto"),
                (paper.say(N_("Pays today")), "auto"),
                (paper.say(N_("Saving")), "auto"),
                (paper.say(N_("Agrees, initials")), "1.1fr"),
            ),
            rows,
        ),
    ]
    if any(row["estimated"] for row in group["members"]):
        found.append(
            {"kind": "text", "text": paper.say(N_("* Spending estimated at the others’ mean price."))}
        )
    return [
        *found,
        heading(paper.say(N_("Next step"))),
        notice(_next_step(paper, group)),
        *bullets(paper.say(N_("To ask first")), group["missing"], box=True),
        boxes(paper.say(N_("Who leads")), paper.say(N_("For when"))),
    ]


def _next_step(paper: Paper, group: Row) -> str:
    """Return what to do next: reach the minimum, ask what is not known, or bring the members together."""
    if not group["viable"] and group["missing_volume"] is None:
        return paper.say(N_("Find other members: the volume is below what a group needs."))
    if not group["viable"]:
        lacking = paper.amount(group["missing_volume"], group["unit"])
        return paper.say(N_("Find other members: {lacking} a year are lacking."), lacking=lacking)
    if group["missing"]:
        return paper.say(N_("Ask the questions below, then bring the members together."))
    return paper.say(N_("Bring the members together and choose who leads."))


def workshop_title(paper: Paper, document: Document) -> str:
    """Return the name of the paper."""
    return paper.say(N_("Workshop: who sits where"))


def workshop_blocks(paper: Paper, document: Document) -> list[Block]:
    """Return the list for the door, a page for each turn, then a card to cut out for each participant."""
    plan = document["plan"]
    people = sorted(plan["people"], key=lambda person: alphabetical(person["name"]))
    found = [
        facts(
            (paper.say(N_("People")), str(document["problem"]["people"])),
            (paper.say(N_("Tables")), str(document["problem"]["tables"])),
            (paper.say(N_("Duration")), paper.amount(plan["minutes"], "min")),
            (
                paper.say(N_("Useful meetings that take place")),
                paper.say(
                    N_("{share} (by chance: {chance})"),
                    share=paper.percent(plan["share_met"]),
                    chance=paper.percent(plan["share_met_at_random"]),
                ),
            ),
        ),
        heading(paper.say(N_("For the door"))),
        _door(paper, people, len(plan["turns"])),
        *closing(paper, document),
    ]
    for turn in plan["turns"]:
        found += [
            new_page(),
            heading(paper.say(N_("Turn {number} of {count}"), number=turn["turn"], count=len(plan["turns"])),
                    large=True),
            cards([_table(paper, turn["turn"], seated) for seated in turn["tables"]], TABLES_ACROSS),
        ]  # fmt: skip
    return [
        *found,
        new_page(),
        cards([_card(paper, person) for person in people], CARDS_ACROSS, cut=True),
    ]


def _door(paper: Paper, people: Sequence[Row], turns: int) -> Block:
    columns = [(paper.say(N_("Participant")), "2fr")]
    columns += [(paper.say(N_("Turn {number}"), number=turn), "mid") for turn in range(1, turns + 1)]
    rows = [
        [
            "\n".join(text for text in (person["name"], _firm(person)) if text),
            *(str(number) for number in person["tables"]),
        ]
        for person in people
    ]
    return table(columns, rows, size="large", bold=(0,))


def _firm(person: Row) -> str:
    """Return the company, unless it is the participant's own name."""
    return "" if person["company"] == person["name"] else str(person["company"] or "")


def _table(paper: Paper, turn: int, seated: Row) -> Block:
    host = seated["host"]
    return {
        "title": paper.say(N_("Table {number}"), number=seated["table"]),
        # The turn on each table: a turn of many tables goes on over the page.
        "aside": paper.say(N_("Turn {number}"), number=turn),
        "subtitle": paper.say(N_("Host: {name}"), name=host) if host else "",
        "big": [],
        "lines": [breakable(name) for name in seated["people"]],
    }


def _card(paper: Paper, person: Row) -> Block:
    lines = []
    for talk in sorted(person["talks"][:TALKS_ON_A_CARD], key=lambda talk: (talk["turn"], -talk["score"])):
        met = paper.say(N_("Turn {turn}: {name}"), turn=talk["turn"], name=talk["with"])
        # Why they should talk, where the plan tells; else how well their flows match.
        why = talk.get("why") or paper.say(N_("match {score}"), score=round(talk["score"]))
        lines.append(breakable(f"{met} – {why}"))
    if not lines:
        lines = [paper.say(N_("Nobody with matching flows: introduce yourself to your tables."))]
    return {
        "title": breakable(person["name"]),
        "aside": "",
        "subtitle": breakable(_firm(person)),
        "big": [
            [paper.say(N_("Turn {number}"), number=turn), str(number)]
            for turn, number in enumerate(person["tables"], start=1)
        ],
        "lines": lines,
    }
