"""Cascades of heat and water as pages show them."""

from __future__ import annotations

from app.web.plan_view import Fact, Row, Section, Teller, View, said
from matching.messages import N_


def heat(document: Row, tell: Teller) -> View:
    """Return which source of heat serves which need, directly or through a pump."""
    problem, plan = document["problem"], document["plan"]
    facts = (
        Fact(tell.quantity(plan["recovered_mwh"], "MWh"), tell.text(N_("of heat recovered a year"))),
        Fact(tell.quantity(problem["needed_mwh"], "MWh"), tell.text(N_("needed a year"))),
        Fact(tell.quantity(plan["heat_to_buy_mwh"], "MWh"), tell.text(N_("still to buy a year"))),
        Fact(tell.about_eur(_total(plan)), tell.text(N_("saved a year"))),
    )
    table = tell.table(
        (
            (N_("Provider"), said("provider")),
            (N_("Receiver"), lambda e: f"{e['receiver']} – {e['input']}"),
            ("#" + N_("Heat a year"), lambda e: tell.quantity(e["mwh"], "MWh")),
            (N_("How"), lambda e: tell.text(N_("heat pump") if e["heat_pump"] else N_("exchanger"))),
            ("#" + N_("Distance"), lambda e: tell.km(e["distance_km"])),
            ("#" + N_("Saves a year"), lambda e: tell.eur(e["eur"])),
        ),
        plan["exchanges"],
        said("output"),
    )
    return View(
        tell.text(N_("Heat cascade")),
        facts,
        (Section(tell.text(N_("Exchanges of heat")), (), table),),
        saving=_total(plan),
        sites=_ends(plan),
    )


def water(document: Row, tell: Teller) -> View:
    """Return which used water serves which need, and what stays fresh."""
    plan = document["plan"]
    facts = (
        Fact(tell.quantity(plan["reused_m3"], "m3"), tell.text(N_("reused a year"))),
        Fact(tell.quantity(plan["fresh_m3"], "m3"), tell.text(N_("still fresh a year"))),
        Fact(tell.about_eur(_total(plan)), tell.text(N_("saved a year"))),
    )
    exchanges = tell.table(
        (
            (N_("Provider"), said("provider")),
            (N_("Receiver"), lambda e: f"{e['receiver']} – {e['input']}"),
            ("#" + N_("Water a year"), lambda e: tell.quantity(e["m3"], "m3")),
            ("#" + N_("Distance"), lambda e: tell.km(e["distance_km"])),
            ("#" + N_("Saves a year"), lambda e: tell.eur(e["eur"])),
        ),
        plan["exchanges"],
        said("output"),
    )
    blends = tell.table(
        (
            (N_("Company"), said("site")),
            ("#" + N_("Reused"), lambda b: tell.quantity(b["reused_m3"], "m3")),
            ("#" + N_("Fresh"), lambda b: tell.quantity(b["fresh_m3"], "m3")),
        ),
        plan["blends"],
        said("label"),
    )
    sections = (
        Section(tell.text(N_("Exchanges of water")), (), exchanges),
        Section(tell.text(N_("What each need mixes")), (), blends, folded=True),
    )
    return View(tell.text(N_("Water cascade")), facts, sections, (), _total(plan), _ends(plan))


def _total(plan: Row) -> float | None:
    known = [one["eur"] for one in plan["exchanges"] if one["eur"] is not None]
    return sum(known) if known else None


def _ends(plan: Row) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for one in plan["exchanges"] for n in (one["provider"], one["receiver"])))
