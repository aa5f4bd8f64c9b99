"""Plans of exchanges as pages show them: space, transport, the territory's allocation, what if."""

from __future__ import annotations

from typing import Any

from app.web.plan_view import Column, Fact, Row, Section, Table, Teller, View, said
from app.web.plan_words import MODES, STOPS
from matching.messages import N_

# A longer list is read in the file, not on a page.
FIRST_ROWS = 25
MONTHS = tuple(range(1, 13))


def space(document: Row, tell: Teller) -> View:
    """Return who uses what of whom, and what stays free month by month."""
    problem, plan = document["problem"], document["plan"]
    titles = {"space": N_("Places that are shared"), "equipment": N_("Machines that are shared")}
    served = tell.text(N_("of {count} requests served"), count=problem["requests"])
    facts = (
        Fact(tell.about_eur(plan["saving_eur_per_year"]), tell.text(N_("saved a year"))),
        Fact(str(plan["served_requests"]), served),
        tell.counted(problem["offers"], N_("offer"), N_("offers")),
    )
    sections = (
        Section(tell.text(N_("Who uses what")), (), _assignments(plan, tell)),
        Section(tell.text(N_("Calendar of each use")), (), _months_used(plan, tell)),
        Section(tell.text(N_("What stays free")), (), _free(plan, tell), folded=True),
    )
    return View(
        tell.text(titles.get(problem["kind"], N_("Space and equipment"))),
        facts,
        sections,
        tuple(plan["missing"]),
        plan["saving_eur_per_year"],
        tuple(name for one in plan["assignments"] for name in (one["offer_site"], one["site"])),
    )


def _assignments(plan: Row, tell: Teller) -> Table:
    return tell.table(
        (
            (N_("Who needs it"), said("site")),
            (N_("Who has it"), lambda a: f"{a['offer_site']} – {a['offer_label']}"),
            ("#" + N_("Quantity"), lambda a: tell.quantity(a["amount"], a["unit"])),
            (N_("Weekdays"), lambda a: tell.weekdays(a["weekdays"])),
            ("#" + N_("Distance"), lambda a: tell.km(a["distance_km"])),
            ("#" + N_("Pays a year"), lambda a: tell.eur(a["pays_eur_per_year"])),
            ("#" + N_("Saves a year"), lambda a: tell.eur(a["saving_eur_per_year"])),
            ("#" + N_("Brings its owner"), lambda a: tell.eur(a["income_eur_per_year"])),
        ),
        plan["assignments"],
        said("label"),
    )


def _months_used(plan: Row, tell: Teller) -> Table:
    first: Column = (N_("Who needs it"), lambda a: f"{a['site']} – {a['label']}")
    return tell.table([first, *_monthly("months", tell)], plan["assignments"])


def _free(plan: Row, tell: Teller) -> Table:
    first: Column = (N_("Who has it"), lambda o: f"{o['site']} – {o['label']}")
    return tell.table([first, *_monthly("free_by_month", tell)], plan["offers"])


def _monthly(key: str, tell: Teller) -> list[Column]:
    def column(month: int) -> Column:
        return f"#{tell.month(month)}", lambda row: tell.count(row[key].get(str(month)) or None)

    return [column(month) for month in MONTHS]


def transport(document: Row, tell: Teller) -> View:
    """Return the lorries that are shared, stop by stop, and the ways to work."""
    plan = document["plan"]
    lorries = plan["lorries"]
    carbon = sum(one["saving_tco2e_per_year"] or 0.0 for one in lorries)
    facts = (
        Fact(tell.about_eur(plan["saving_eur_per_year"]), tell.text(N_("saved a year"))),
        tell.counted(len(lorries), N_("shared lorry"), N_("shared lorries")),
        Fact(tell.about(carbon, tell.carbon) if carbon else "", tell.text(N_("avoided a year"))),
    )
    sections = [_lorry(number, one, tell) for number, one in enumerate(lorries, 1)]
    if plan["commuting"]:
        sections.append(Section(tell.text(N_("Ways to work")), (), _commuting(plan, tell)))
    return View(
        tell.text(N_("Shared lorries and ways to work")),
        facts,
        tuple(sections),
        tuple(plan["missing"]),
        plan["saving_eur_per_year"],
        tuple(dict.fromkeys(member["site"] for one in lorries for member in one["members"])),
    )


def _lorry(number: int, one: Row, tell: Teller) -> Section:
    trips = tell.plural(one["trips_per_week"], N_("{count} trip a week"), N_("{count} trips a week"))
    notes = (
        f"{trips}, {tell.weekdays(one['weekdays']) or tell.text(N_('any day'))}, {tell.km(one['route_km'])}.",
        " → ".join(
            f"{s['place']} ({tell.text(STOPS.get(s['action'], s['action'])).lower()})" for s in one["stops"]
        ),
    )
    table = tell.table(
        (
            (N_("Company"), said("site")),
            ("#" + N_("Load"), lambda m: tell.quantity(m["load"], "palette")),
            ("#" + N_("A trip today"), lambda m: tell.eur(m["today_eur_per_trip"])),
            ("#" + N_("A shared trip"), lambda m: tell.eur(m["pays_eur_per_trip"])),
            ("#" + N_("Saves a year"), lambda m: tell.eur(m["saving_eur_per_year"])),
        ),
        one["members"],
        said("label"),
    )
    return Section(tell.text(N_("Lorry {number}"), number=number), notes, table)


def _commuting(plan: Row, tell: Teller) -> Table:
    return tell.table(
        (
            (N_("To"), lambda c: ", ".join(c["sites"])),
            ("#" + N_("People"), said("people")),
            ("#" + N_("Distance"), lambda c: tell.km(c["distance_km"])),
            (N_("How"), lambda c: tell.text(MODES.get(c["mode"], c["mode"]))),
            (N_("Next step"), said("next_step")),
        ),
        plan["commuting"],
    )


def allocation(document: Row, tell: Teller) -> View:
    """Return every exchange of the best total, against one exchange after the other."""
    plan = document["plan"]
    totals, greedy = plan["totals"], plan["greedy"]
    spread = tell.range_eur(totals.get("eur_low"), totals.get("eur_high"))
    facts = (
        Fact(tell.about_eur(totals["eur"]), tell.text(N_("a year for the territory")) + f" ({spread})"),
        Fact(tell.about(totals["tco2e"], tell.carbon), tell.text(N_("avoided a year"))),
        tell.counted(totals["links"], N_("exchange"), N_("exchanges")),
        Fact(
            tell.share(greedy["gain"] or None, 1),
            tell.text(N_("more than taking the best exchange each time")),
        ),
    )
    links = plan["links"]
    sections = [Section(tell.text(N_("The exchanges worth most")), (), _links(links[:FIRST_ROWS], tell))]
    if len(links) > FIRST_ROWS:
        more = tell.text(N_("The {count} others"), count=len(links) - FIRST_ROWS)
        sections.append(Section(more, (), _links(links[FIRST_ROWS:], tell), folded=True))
    sections += [
        Section(tell.text(N_("What each site gains")), (), _gains(plan, tell), folded=True),
        Section(tell.text(N_("Outputs left")), (), _left(plan["outputs_left"], tell), folded=True),
        Section(tell.text(N_("Needs not met")), (), _left(plan["inputs_unmet"], tell), folded=True),
    ]
    title = tell.text(N_("Exchanges of the territory"))
    sites = tuple(dict.fromkeys(name for one in links for name in (one["provider"], one["receiver"])))
    return View(title, facts, tuple(sections), (), totals["eur"], sites)


def _links(links: Any, tell: Teller) -> Table:
    return tell.table(
        (
            (N_("Provider"), said("provider")),
            (N_("Receiver"), lambda k: f"{k['receiver']} – {k['input']}"),
            ("#" + N_("Quantity a year"), lambda k: tell.quantity(k["quantity_per_year"], k["unit"])),
            ("#" + N_("Distance"), lambda k: tell.km(k["distance_km"])),
            ("#" + N_("Provider gains"), lambda k: tell.eur(k.get("provider_eur"))),
            ("#" + N_("Receiver gains"), lambda k: tell.eur(k.get("receiver_eur"))),
            ("#" + tell.carbon, lambda k: tell.count(k["tco2e"])),
        ),
        links,
        said("output"),
    )


def _gains(plan: Row, tell: Teller) -> Table:
    return tell.table(
        (
            (N_("Site"), said("site")),
            ("#" + N_("Exchanges"), said("links")),
            ("#" + N_("Gains a year"), lambda m: tell.eur(m["eur"])),
        ),
        plan["members"],
        compact=True,
    )


def _left(rows: Any, tell: Teller) -> Table:
    return tell.table(
        (
            (N_("Site"), said("site")),
            ("#" + N_("Quantity a year"), lambda f: tell.quantity(f["quantity_per_year"], f["unit"])),
        ),
        rows,
        said("label"),
        compact=True,
    )


def what_if(document: Row, tell: Teller) -> View:
    """Return what a change brings or costs: totals, links won and lost, sites that gain or lose."""
    plan = document["plan"]
    change = plan["difference"]
    facts = (
        Fact(_signed(tell.eur(change["eur"])), tell.text(N_("a year for the territory"))),
        Fact(f"{_signed(tell.count(change['tco2e']))} {tell.carbon}", tell.text(N_("avoided a year"))),
        Fact(_signed(tell.count(change["links"])), tell.text(N_("exchanges"))),
    )
    sites = tell.table(
        (
            (N_("Site"), said("site")),
            ("#" + N_("Before"), lambda s: tell.eur(s["eur_before"])),
            ("#" + N_("After"), lambda s: tell.eur(s["eur_after"])),
            ("#" + N_("Difference"), lambda s: tell.eur(s["eur"])),
        ),
        plan["sites"],
    )
    sections = (
        Section(tell.text(N_("Who gains, who loses")), (), sites),
        Section(tell.text(N_("New exchanges")), (), _links(plan["new_links"], tell)),
        Section(tell.text(N_("Exchanges that end")), (), _links(plan["lost_links"], tell)),
    )
    closing, arriving = document["problem"]["closing"], document["problem"]["arriving"]
    title = tell.text(N_("What changes for the territory"))
    if closing:
        title = tell.text(N_("What changes without {sites}"), sites=", ".join(closing))
    elif arriving:
        title = tell.text(N_("What changes with {sites}"), sites=", ".join(arriving))
    touched = tuple(one["site"] for one in plan["sites"])
    return View(title, facts, sections, (), change["eur"], touched)


def _signed(text: str) -> str:
    """Return a difference with its sign, as it is printed."""
    return "−" + text[1:] if text.startswith("-") else "+" + text
