"""Any plan as a page shows it: its planner's own page, else one by the shape of its data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from app.web.plan_cascades import heat, water
from app.web.plan_exchanges import allocation, space, transport, what_if
from app.web.plan_meetings import masterclass, workshop
from app.web.plan_people import jobs, training
from app.web.plan_pools import collection, groups, purchase
from app.web.plan_view import Fact, Row, Section, Table, Teller, View, quality
from app.web.plan_words import words_of


def _anything(planner: str) -> Callable[[Row, Teller], View]:
    """Return a maker of pages from the shape of the data alone: figures, then a table for each list."""

    def shown(document: Row, tell: Teller) -> View:
        plan = document["plan"]
        numbers = {key: value for key, value in plan.items() if isinstance(value, int | float)}
        facts = tuple(Fact(tell.count(value), _name(key)) for key, value in numbers.items())
        lists = {key: value for key, value in plan.items() if _is_rows(value)}
        sections = tuple(Section(_name(key), (), _rows(value, tell)) for key, value in lists.items())
        return View(tell.text(words_of(planner).name), facts, sections, tuple(plan.get("missing", ())))

    return shown


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _rows(rows: Any, tell: Teller) -> Table:
    keys = tuple(dict.fromkeys(key for row in rows for key in row))
    return tell.table([(_name(key), _cell(key, tell)) for key in keys], rows)


def _cell(key: str, tell: Teller) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        value = row.get(key)
        if isinstance(value, list):
            return ", ".join(str(one) for one in value if not isinstance(one, list | Mapping))
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "" if value is None or isinstance(value, Mapping) else str(value)
        return tell.count(value)

    return cell


def _name(key: str) -> str:
    return key.replace("_", " ").capitalize()


VIEWS: Mapping[str, Callable[[Row, Teller], View]] = {
    "groups": groups,
    "collection": collection,
    "purchase": purchase,
    "jobs": jobs,
    "training": training,
    "masterclass": masterclass,
    "space": space,
    "transport": transport,
    "allocation": allocation,
    "what-if": what_if,
    "heat": heat,
    "water": water,
    "workshop": workshop,
}


def view_of(planner: str, document: Row, language: str) -> View:
    """Return a plan's document as its page shows it, by the shape of the data where no page was made for it.

    A document whose fields are others than the page expects, such as a planner's other kind of answer, is
    shown by its shape too.
    """
    tell = Teller(language)
    try:
        view = VIEWS.get(planner, _anything(planner))(document, tell)
    except (KeyError, TypeError):
        view = _anything(planner)(document, tell)
    return replace(view, title=view.title[:1].upper() + view.title[1:])


def result_of(planner: str, document: Row, language: str) -> dict[str, Any]:
    """Return what the page of one result needs: the view, and what every planner says of its plan."""
    return {
        "view": view_of(planner, document, language),
        "quality": quality(document, Teller(language)),
        "unserved": document["unserved"],
        "assumptions": document["assumptions"],
        "warnings": list(dict.fromkeys(one["message"] for one in document["warnings"])),
    }
