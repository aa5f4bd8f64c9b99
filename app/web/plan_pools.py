"""Plans of several members at once as pages show them: groups, collection, purchase."""

from __future__ import annotations

from typing import Any

from app.web.plan_view import Fact, Row, Section, Table, Teller, View, said
from app.web.plan_words import CONTRACTS, VEHICLES
from app.web.wording import FORMS
from matching.messages import N_


def groups(document: Row, tell: Teller) -> View:
    """Return the groups of one resource, the one that saves most first."""
    problem, found = document["problem"], document["plan"]["groups"]
    form = FORMS.get(problem["form"], problem["form"])
    title = f"{problem['resource']} – {tell.text(form).lower()}"
    best: Row = found[0] if found else {}
    facts = (
        Fact(tell.about_eur(best.get("saving_eur_per_year")), tell.text(N_("saved a year"))),
        tell.counted(best.get("sites", 0), N_("company"), N_("companies")),
        Fact(tell.quantity(best.get("volume"), best.get("unit")), tell.text(N_("a year, together"))),
        Fact(tell.km(best.get("reach_km")), tell.text(N_("between the two furthest sites"))),
    )
    return View(
        title,
        facts,
        tuple(_group(one, tell, len(found) == 1) for one in found),
        tuple(question for one in found for question in one.get("missing", ())),
        best.get("saving_eur_per_year"),
        tuple(member["site"] for member in best.get("members", ())),
    )


def _group(one: Row, tell: Teller, alone: bool) -> Section:
    title = tell.text(N_("Members")) if alone else tell.text(
        N_("Group {rank}: {count} companies around {site}"),
        rank=one["rank"], count=one["sites"], site=one["centre"],
    )  # fmt: skip
    notes = [] if alone else _alternative(one, tell)
    spread = tell.range_eur(one.get("saving_eur_low"), one.get("saving_eur_high"))
    if spread:
        notes.append(tell.text(N_("Saving of the group: {range} a year."), range=spread))
    if one.get("missing_volume"):
        lacking = tell.quantity(one["missing_volume"], one["unit"])
        notes.append(tell.text(N_("{amount} are missing for it to be worth it."), amount=lacking))
    table = tell.table(
        (
            (N_("Company"), said("site")),
            ("#" + N_("Quantity a year"), lambda m: tell.quantity(m["quantity_per_year"], one["unit"])),
            ("#" + N_("Pays today"), lambda m: tell.eur(m.get("spend_eur_per_year"))),
            ("#" + N_("Saves a year"), lambda m: tell.eur(m.get("saving_eur_per_year"))),
        ),
        one["members"],
        said("label"),
    )
    return Section(title, tuple(notes), table)


def _alternative(one: Row, tell: Teller) -> list[str]:
    """Return what tells a group from the others of its resource."""
    return [
        tell.text(N_("Together: {amount} a year."), amount=tell.quantity(one["volume"], one["unit"])),
        tell.text(N_("The two furthest sites are {distance} apart."), distance=tell.km(one["reach_km"])),
    ]


def collection(document: Row, tell: Teller) -> View:
    """Return the rounds of one resource, and what each member pays of them."""
    problem, plan = document["problem"], document["plan"]
    yearly, unit = plan["yearly"], problem["unit"]
    weeks, weekday = plan["every_weeks"], plan["weekday"] or ""
    rhythm = tell.plural(weeks, N_("every week"), N_("every {count} weeks")) if weeks else ""
    facts = (
        Fact(tell.about_eur(yearly["saving_eur"]), tell.text(N_("saved a year"))),
        Fact(rhythm, tell.text(N_("on {weekday}s"), weekday=weekday) if weekday else ""),
        Fact(
            tell.eur(yearly["cost_eur_per_unit"]), tell.text(N_("for each {unit}"), unit=tell.unit(unit, 1))
        ),
        Fact(
            tell.km(yearly["alone_distance_km"] - yearly["distance_km"]), tell.text(N_("of road less a year"))
        ),
    )
    sections = [Section(tell.text(N_("Members")), _free(plan, tell), _collected(plan, unit, tell))]
    for one in plan["rounds"]:
        data = one | {"unit": unit, "vehicle": tell.text(VEHICLES.get(one["vehicle"], one["vehicle"]))}
        title = tell.text(N_("Round {number}, stop by stop"), number=one["number"])
        sections.append(Section(title, template="plan_round.html", data=data))
    sections.append(Section(tell.text(N_("Why this rhythm")), (), _periods(plan, tell), folded=True))
    return View(
        problem["title"],
        facts if plan["rounds"] else (),
        tuple(sections),
        tuple(plan["missing"]),
        yearly["saving_eur"] if plan["rounds"] else None,
        tuple(member["site"] for member in plan["members"]),
    )


def _collected(plan: Row, unit: str, tell: Teller) -> Table:
    return tell.table(
        (
            (N_("Company"), said("site")),
            ("#" + N_("Each round"), lambda m: tell.quantity(m["units_per_round"], unit)),
            ("#" + N_("Alone, a year"), lambda m: tell.eur(m["alone_eur_per_year"])),
            ("#" + N_("Its share"), lambda m: tell.eur(m["share_eur_per_year"])),
            ("#" + N_("Resale"), lambda m: tell.eur(m["resale_eur_per_year"] or None)),
            ("#" + N_("Saves a year"), lambda m: tell.eur(m["saving_eur_per_year"])),
        ),
        plan["members"],
        said("label"),
    )


def _free(plan: Row, tell: Teller) -> tuple[str, ...]:
    """Return whether good pallets pay the round, the test of a collector who would come for nothing."""
    test = plan["free_of_charge"]
    if test is None:
        return ()
    sentence = (
        N_("A collector could come free of charge: resale brings {resale} a round, which costs {cost}.")
        if test["passed"]
        else N_(
            "A collector would not come free of charge: resale brings {resale} a round, which costs {cost}."
        )
    )
    resale, cost = tell.eur(test["resale_eur_per_round"]), tell.eur(test["round_cost_eur"])
    return (tell.text(sentence, resale=resale, cost=cost),)


def _periods(plan: Row, tell: Teller) -> Table:
    return tell.table(
        (
            (N_("Every"), lambda p: tell.plural(p["weeks"], N_("{count} week"), N_("{count} weeks"))),
            (N_("Day"), said("weekday")),
            ("#" + N_("Members"), said("members")),
            ("#" + N_("Cost a year"), lambda p: tell.eur(p["cost_eur_per_year"])),
            (N_("Choice"), lambda p: tell.text(N_("chosen")) if p["weeks"] == plan["every_weeks"] else ""),
        ),
        plan["periods"],
    )


def purchase(document: Row, tell: Teller) -> View:
    """Return a joint purchase: members, tiers, contract forms, calendar."""
    problem, plan = document["problem"], document["plan"]
    spread = tell.range_eur(plan["saving_eur_low"], plan["saving_eur_high"])
    saved = tell.text(N_("saved a year")) + (f" ({spread})" if spread else "")
    facts = (
        Fact(tell.about_eur(plan["saving_eur_per_year"]), saved),
        Fact(tell.quantity(plan["volume_per_year"], plan["unit"]), tell.text(N_("a year, together"))),
        Fact(tell.date(plan["start"]), tell.text(N_("first day of the contract"))),
    )
    sections = (
        Section(tell.text(N_("Members")), (), _buyers(plan, tell)),
        Section(tell.text(N_("Calendar")), (), _steps(plan, tell)),
        Section(tell.text(N_("Price tiers")), _known(plan, tell), _tiers(problem, plan, tell)),
        Section(tell.text(N_("Form of contract")), template="plan_contracts.html", data=_forms(plan)),
    )
    return View(
        problem["resource"],
        facts,
        sections,
        tuple(plan["missing"]),
        plan["saving_eur_per_year"],
        tuple(member["site"] for member in plan["members"]),
    )


def _buyers(plan: Row, tell: Teller) -> Table:
    return tell.table(
        (
            (N_("Company"), said("site")),
            ("#" + N_("Quantity a year"), lambda m: tell.quantity(m["quantity_per_year"], m["unit"])),
            ("#" + N_("Price today"), lambda m: tell.eur(m["price_today_eur"])),
            ("#" + N_("Joint price"), lambda m: tell.eur(m["joint_price_eur"])),
            (N_("Contract ends"), lambda m: tell.date(m["contract_end"])),
            (N_("Joins on"), lambda m: tell.date(m["joins_on"])),
            ("#" + N_("Saves a year"), lambda m: tell.eur(m["saving_eur_per_year"])),
        ),
        plan["members"],
        said("label"),
    )


def _steps(plan: Row, tell: Teller) -> Table:
    columns = ((N_("At the latest"), lambda s: tell.date(s["by"])), (N_("Step"), said("step")))
    return tell.table(columns, plan["calendar"], compact=True)


def _known(plan: Row, tell: Teller) -> tuple[str, ...]:
    return () if plan["tier_known"] else (tell.text(N_("No tier was given: these are usual ones.")),)


def _tiers(problem: Row, plan: Row, tell: Teller) -> Table:
    reached: Any = plan["tier"] or {}
    return tell.table(
        (
            (N_("From, a year"), lambda t: tell.quantity(t["from_quantity"], plan["unit"])),
            ("#" + N_("Price"), lambda t: tell.eur(t["price_eur"])),
            ("#" + N_("Less than today"), lambda t: tell.share(t["discount"], 1)),
            (N_("Reached"), lambda t: tell.text(N_("reached")) if t == reached else ""),
        ),
        problem["tiers"],
        compact=True,
    )


def _forms(plan: Row) -> list[dict[str, Any]]:
    found = [dict(one) | {"name": CONTRACTS.get(one["form"], one["form"])} for one in plan["forms"]]
    return sorted(found, key=lambda one: not one["recommended"])
