"""Papers of shared space and machines, and of a territory's exchanges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from app.exports.plan_sheets_blocks import (
    EVERY_DAY,
    MONTHS,
    NEVER,
    PLURAL_FROM,
    Block,
    Document,
    Paper,
    alphabetical,
    boxes,
    closing,
    facts,
    heading,
    new_page,
    paragraph,
    table,
    unit_name,
)
from matching.messages import N_

SHARED = {"equipment": N_("Shared equipment"), "space": N_("Shared space")}
Row = Mapping[str, Any]


def space_title(paper: Paper, document: Document) -> str:
    """Return what is shared: places or machines."""
    kind = document["problem"]["kind"]
    return paper.say(SHARED[kind]) if kind in SHARED else paper.say(N_("Shared places and machines"))


def space_blocks(paper: Paper, document: Document) -> list[Block]:
    """Return a part for each offer: its bookings by month and day, and what stays free."""
    plan = document["plan"]
    bookings: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in plan["assignments"]:
        bookings[row["offer_site"], row["offer_label"]].append(row)
    found: list[Block] = []
    offers = sorted(plan["offers"], key=lambda offer: (offer["site"], offer["label"]) not in bookings)
    for offer in offers:
        found += _offer(paper, offer, bookings.get((offer["site"], offer["label"]), []))
    return [*found, *closing(paper, document)]


def _offer(paper: Paper, offer: Row, booked: Sequence[Row]) -> list[Block]:
    unit, address = offer["unit"], paper.place(offer["site"]).address
    where = ", ".join(text for text in (offer["site"], address) if text)
    found = [heading(offer["label"], large=True), paragraph(where)]
    free = {int(month): amount for month, amount in offer["free_by_month"].items()}
    lines = []
    for row in booked:
        taken = {int(month): amount for month, amount in row["months"].items()}
        lines.append([row["site"], *(paper.number(taken.get(month)) for month in MONTHS)])
    if booked:
        found.append(_bookings(paper, booked))
        found.append(heading(paper.say(N_("By month, in {unit}"), unit=unit_name(unit, PLURAL_FROM))))
    found.append(
        table(
            ((paper.say(N_("For whom")), "1fr"), *((paper.month(month), "auto") for month in MONTHS)),
            lines,
            (paper.say(N_("Still free")), *(paper.number(free.get(month)) for month in MONTHS)),
            size="small",
        )
    )
    if booked:
        found.append(
            boxes(paper.say(N_("Lender, date and signature")), paper.say(N_("Users, date and signature")))
        )
    return found


def _bookings(paper: Paper, booked: Sequence[Row]) -> Block:
    return table(
        (
            (paper.say(N_("For whom")), "1.6fr"),
            (paper.say(N_("Need")), "2fr"),
            (paper.say(N_("Quantity")), "auto"),
            (paper.say(N_("When")), "1.6fr"),
            (paper.say(N_("Road")), "auto"),
            (paper.say(N_("Pays a year")), "auto"),
            (paper.say(N_("Saving")), "auto"),
        ),
        [
            [
                row["site"],
                row["label"],
                paper.amount(row["amount"], row["unit"]),
                _when(paper, row),
                paper.km(row["distance_km"]),
                paper.euros(row["pays_eur_per_year"]) or paper.say(NEVER),
                paper.euros(row["saving_eur_per_year"]),
            ]
            for row in booked
        ],
    )


def _when(paper: Paper, row: Row) -> str:
    months = paper.months(int(month) for month in row["months"])
    every = len(row["weekdays"]) == EVERY_DAY
    return months if every else f"{months}\n{paper.weekdays(row['weekdays'])}"


def allocation_title(paper: Paper, document: Document) -> str:
    """Return the name of the paper: a territory has one allocation."""
    return paper.say(N_("Exchanges of the territory"))


def allocation_blocks(paper: Paper, document: Document) -> list[Block]:
    """Return the totals, then each firm with its exchanges, what it gives before what it receives."""
    plan = document["plan"]
    totals = plan["totals"]
    firms: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for link in plan["links"]:
        firms[link["provider"]].append(("gives", link))
        firms[link["receiver"]].append(("receives", link))
    gains = {member["site"]: member["eur"] for member in plan["members"]}
    found = [
        facts(
            (paper.say(N_("Exchanges")), paper.number(totals["links"])),
            (paper.say(N_("Firms")), paper.number(len(firms))),
            (paper.say(N_("Gain a year")), _range(paper, totals, "eur")),
            (paper.say(N_("tCO2e avoided a year")), _range(paper, totals, "tco2e")),
            (
                paper.say(N_("Quantities a year")),
                ", ".join(paper.amount(value, unit) for unit, value in totals["quantities"].items()),
            ),
            large=True,
        ),
        heading(paper.say(N_("Firms"))),
        _firms(paper, firms, gains),
    ]
    for name in sorted(firms, key=alphabetical):
        found.append(heading(name))
        found.append(_exchanges(paper, firms[name]))
    return [*found, new_page(), *closing(paper, document)]


def _range(paper: Paper, totals: Row, key: str) -> str:
    def written(value: float) -> str:
        return paper.euros(value) if key == "eur" else paper.number(value, 1)

    if totals.get(f"{key}_low") is None:
        return written(totals[key])
    low, high = written(totals[f"{key}_low"]), written(totals[f"{key}_high"])
    return paper.say(
        N_("{middle} (between {low} and {high})"), middle=written(totals[key]), low=low, high=high
    )


def _firms(paper: Paper, firms: Mapping[str, Sequence[tuple[str, Row]]], gains: Mapping[str, float]) -> Block:
    rows = []
    for name in sorted(firms, key=alphabetical):
        carbon = [link["tco2e"] for _, link in firms[name] if link["tco2e"] is not None]
        rows.append(
            [
                name,
                str(len(firms[name])),
                paper.euros(gains.get(name)),
                paper.number(sum(carbon), 1) if carbon else "",
            ]
        )
    return table(
        (
            (paper.say(N_("Firm")), "1fr"),
            (paper.say(N_("Exchanges")), "auto"),
            (paper.say(N_("Its gain a year")), "auto"),
            (paper.say(N_("tCO2e of its exchanges")), "auto"),
        ),
        rows,
    )


def _exchanges(paper: Paper, links: Sequence[tuple[str, Row]]) -> Block:
    rows = []
    for role, link in sorted(links, key=lambda pair: (pair[0], -(pair[1]["eur"] or 0.0))):
        gives = role == "gives"
        rows.append(
            [
                paper.say(N_("gives to")) if gives else paper.say(N_("receives from")),
                link["receiver"] if gives else link["provider"],
                link["output"],
                paper.amount(link["quantity_per_year"], link["unit"]),
                paper.number(link["distance_km"], 1),
                paper.euros(link["provider_eur" if gives else "receiver_eur"]),
                paper.number(link["tco2e"], 1),
                paper.euros(link["price_eur_per_unit"], cents=True),
            ]
        )
    return table(
        (
            (paper.say(N_("Exchange")), "1fr"),
            (paper.say(N_("With whom")), "2fr"),
            (paper.say(N_("What")), "2.6fr"),
            (paper.say(N_("Quantity a year")), "auto"),
            (paper.say(N_("km")), "auto"),
            (paper.say(N_("Its gain a year")), "auto"),
            (paper.say(N_("tCO2e")), "auto"),
            (paper.say(N_("Price per unit proposed")), "auto"),
        ),
        rows,
        size="small",
    )
