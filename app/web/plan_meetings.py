"""Plans of meetings as pages show them: a workshop's seating, candidates to posts."""

from __future__ import annotations

from app.web.plan_view import Fact, Row, Section, Table, Teller, View, said
from matching.messages import N_


def workshop(document: Row, tell: Teller) -> View:
    """Return who sits where at each turn, and whom each person meets."""
    problem, plan = document["problem"], document["plan"]
    facts = (
        Fact(tell.share(plan["share_met"]), tell.text(N_("of what the pairs promise is met"))),
        Fact(tell.share(plan["share_met_at_random"]), tell.text(N_("if people sat at random"))),
        Fact(str(problem["people"]), tell.text(N_("people"))),
        Fact(
            tell.text(N_("{turns} × {tables}"), turns=problem["turns"], tables=problem["tables"]),
            tell.text(N_("turns and tables")),
        ),
    )
    sections = [
        Section(
            tell.text(N_("Turn {number}"), number=turn["turn"]),
            template="plan_tables.html",
            data=turn["tables"],
            folded=turn["turn"] > 1,
        )
        for turn in plan["turns"]
    ]
    sections.append(Section(tell.text(N_("Each person's card")), (), _cards(plan, tell), folded=True))
    if plan["best_pairs_not_met"]:
        title = tell.text(N_("Pairs that still have to meet"))
        sections.append(Section(title, (), _unmet(plan, tell), folded=True))
    title = tell.plural(problem["people"], N_("Workshop of {count} person"), N_("Workshop of {count} people"))
    return View(title, facts, tuple(sections))


def _cards(plan: Row, tell: Teller) -> Table:
    return tell.table(
        (
            (N_("Person"), said("name")),
            (N_("Tables, turn by turn"), lambda p: " → ".join(map(str, p["tables"]))),
            (N_("Whom to talk to"), lambda p: ", ".join(f"{t['with']} ({t['turn']})" for t in p["talks"])),
            ("#" + N_("Met"), lambda p: f"{p['met']}/{p['wanted']}"),
        ),
        plan["people"],
    )


def _unmet(plan: Row, tell: Teller) -> Table:
    columns = (
        (N_("Pair"), lambda p: " – ".join(p["people"])),
        ("#" + N_("Score"), lambda p: tell.score(p["score"])),
    )
    return tell.table(columns, plan["best_pairs_not_met"])


def masterclass(document: Row, tell: Teller) -> View:
    """Return who is taken at each post, and who would be next."""
    problem, plan = document["problem"], document["plan"]
    facts = (
        Fact(f"{plan['places_filled']}/{problem['places']}", tell.text(N_("places filled"))),
        Fact(str(plan["first_wishes"]), tell.text(N_("people at their first wish"))),
        Fact(str(plan["classes"]), tell.text(N_("classes"))),
    )
    posts = tell.table(
        (
            (N_("Post"), said("post")),
            (N_("Company"), said("company")),
            ("#" + N_("Places"), said("places")),
            (N_("Taken"), lambda p: ", ".join(p["taken"])),
            (N_("In reserve"), lambda p: ", ".join(p["reserve"])),
        ),
        plan["posts"],
    )
    people = tell.table(
        (
            (N_("Candidate"), said("candidate")),
            (N_("Post"), said("post")),
            ("#" + N_("Wish"), said("wish")),
        ),
        plan["candidates"],
    )
    sections = (
        Section(tell.text(N_("Posts")), (), posts),
        Section(tell.text(N_("Candidates")), (), people, folded=True),
    )
    return View(
        tell.text(N_("Shared class")), facts, sections, sites=tuple(p["company"] for p in plan["posts"])
    )
