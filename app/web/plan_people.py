"""Plans about people as pages show them: shared jobs and joint training."""

from __future__ import annotations

from collections.abc import Callable

from app.web.plan_view import Column, Fact, Row, Section, Table, Teller, View, said
from matching.messages import N_

MONTHS_OF_A_YEAR = 12


def jobs(document: Row, tell: Teller) -> View:
    """Return the contracts of one skill with their months and weeks."""
    plan = document["plan"]
    contracts = plan["contracts"]
    facts = (
        tell.counted(len(contracts), N_("shared contract"), N_("shared contracts")),
        Fact(tell.quantity(plan["covered_hours"], "h"), tell.text(N_("covered a year"))),
        Fact(tell.quantity(document["problem"]["hours_per_year"], "h"), tell.text(N_("asked a year"))),
        Fact(tell.about_eur(plan["saving_eur_per_year"]), tell.text(N_("saved a year"))),
    )
    sections = [part for one in contracts for part in _contract(one, tell)]
    if plan["uncovered"]:
        sections.append(Section(tell.text(N_("Not covered")), (), _uncovered(plan, tell)))
    return View(
        document["problem"]["job"],
        facts,
        tuple(sections),
        tuple(plan["missing"]),
        plan["saving_eur_per_year"],
        tuple(member["member"] for one in contracts for member in one["members"]),
    )


def _contract(one: Row, tell: Teller) -> list[Section]:
    number = one["contract"]
    title = tell.text(N_("Contract {number}: {hours} a year"), number=number, hours=_hours(one, tell))
    notes = [tell.text(N_("{share} of a full-time year."), share=tell.share(one["share_of_full_year"]))]
    if one["furthest_km"] is not None:
        notes.append(
            tell.text(
                N_("The two furthest sites are {distance} apart."), distance=tell.km(one["furthest_km"])
            )
        )
    names = [member["member"] for member in one["members"]]
    months = tell.table(
        [
            (N_("Month"), lambda m: tell.month(m["month"])),
            *[_hours_of(name) for name in names],
            ("#" + N_("In all"), lambda m: tell.count(m["hours"])),
        ],
        one["months"],
        compact=True,
    )
    weeks = [_week(week, tell) for week in one["weeks"]]
    each_week = tell.text(N_("Weeks of contract {number}"), number=number)
    return [
        Section(title, tuple(notes), _staff(one, tell)),
        Section(each_week, template="plan_weeks.html", data=weeks),
        Section(tell.text(N_("Hours of contract {number}, month by month"), number=number), (), months),
    ]


def _hours(one: Row, tell: Teller) -> str:
    return tell.quantity(one["hours_per_year"], "h")


def _hours_of(name: str) -> Column:
    def cell(month: Row) -> str:
        hours = sum(part["hours"] for part in month["members"] if part["member"] == name)
        return f"{hours:.0f}" if hours else ""

    return f"#{name}", cell


def _staff(one: Row, tell: Teller) -> Table:
    return tell.table(
        (
            (N_("Company"), said("member")),
            ("#" + N_("Hours a year"), lambda m: tell.quantity(m["hours_per_year"], "h")),
            ("#" + N_("Part"), lambda m: tell.share(m["share"])),
            ("#" + N_("Cost a year"), lambda m: tell.eur(m["cost_eur_per_year"])),
            ("#" + N_("Pays today"), lambda m: tell.eur(m["today_eur_per_year"])),
            ("#" + N_("Saves a year"), lambda m: tell.eur(m["saving_eur_per_year"])),
        ),
        one["members"],
        said("label"),
    )


def _week(week: Row, tell: Teller) -> dict[str, object]:
    """Return a kind of week as a grid: which company each half-day, for each week that alternates."""
    numbers = sorted({day["week"] for day in week["days"]})
    weekdays = sorted({day["weekday"] for day in week["days"]})
    at = {(day["week"], day["weekday"]): day for day in week["days"]}
    return {
        "months": ", ".join(tell.month(number) for number in week["months"]),
        "all_year": len(week["months"]) == MONTHS_OF_A_YEAR,
        "weekdays": [tell.weekday(number) for number in weekdays],
        "rows": [
            {
                "week": number if len(numbers) > 1 else None,
                "half": half,
                "sites": [at.get((number, day), {}).get(half) or "" for day in weekdays],
            }
            for number in numbers
            for half in ("morning", "afternoon")
        ],
    }


def _uncovered(plan: Row, tell: Teller) -> Table:
    return tell.table(
        (
            (N_("Company"), said("member")),
            ("#" + N_("Hours a year"), lambda m: tell.quantity(m["hours"], "h")),
        ),
        plan["uncovered"],
        said("label"),
        compact=True,
    )


def training(document: Row, tell: Teller) -> View:
    """Return the sessions of one course, and who sits in each."""
    plan = document["plan"]
    sessions = plan["sessions"]
    facts = (
        tell.counted(len(sessions), N_("session"), N_("sessions")),
        tell.counted(plan["trainees"], N_("person trained"), N_("people trained")),
        Fact(tell.about_eur(plan["saving_eur"]), tell.text(N_("saved in all"))),
    )
    when: Callable[[Row], str] = lambda s: tell.text(  # noqa: E731
        N_("from {start} to {end}"), start=tell.date(s["from"]), end=tell.date(s["until"])
    )
    table = tell.table(
        (
            (N_("Where"), said("venue")),
            (N_("When"), when),
            ("#" + N_("People"), lambda s: tell.count(s["trainees"])),
            ("#" + N_("Free seats"), lambda s: tell.count(s["free_seats"] or None)),
            ("#" + N_("Cost"), lambda s: tell.eur(s["cost_eur"])),
        ),
        sessions,
    )
    parts = [Section(tell.text(N_("Calendar of the sessions")), (), table)]
    parts += [_session(one, tell) for one in sessions if one["joint"]]
    if plan["waiting"]:
        columns = ((N_("Company"), said("member")), ("#" + N_("People"), said("trainees")))
        parts.append(Section(tell.text(N_("Waiting")), (), tell.table(columns, plan["waiting"])))
    return View(
        document["problem"]["course"],
        facts,
        tuple(parts),
        tuple(plan["missing"]),
        plan["saving_eur"],
        tuple(dict.fromkeys(member["member"] for one in sessions for member in one["members"])),
    )


def _session(one: Row, tell: Teller) -> Section:
    title = tell.text(N_("Session {number} at {site}"), number=one["session"], site=one["venue"])
    table = tell.table(
        (
            (N_("Company"), said("member")),
            ("#" + N_("People"), lambda m: tell.count(m["trainees"])),
            ("#" + N_("Distance"), lambda m: tell.km(m["distance_km"])),
            ("#" + N_("Pays today"), lambda m: tell.eur(m["today_eur"])),
            ("#" + N_("Its share"), lambda m: tell.eur(m["fee_eur"])),
            ("#" + N_("Travel"), lambda m: tell.eur(m["travel_eur"] or None)),
            ("#" + N_("Saves"), lambda m: tell.eur(m["saving_eur"])),
        ),
        one["members"],
        said("label"),
    )
    return Section(title, (), table)
