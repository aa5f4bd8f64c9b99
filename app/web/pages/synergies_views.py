"""The lists that people name above the list of synergies."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from app.errors import AppError, ConflictError, InvalidInputError
from app.problems import kind_of
from app.services import saved_views
from app.translations import translate
from app.web.desk import without_notice
from app.web.desk_words import BUILT_IN_VIEWS
from app.web.rendering import with_query
from app.web.search import Wanted
from app.web.visit import Visit, VisitOf, see_other

router = APIRouter()
# Asks for everything where another view opens first.
ALL = {"vue": "toutes"}


def shown_views(visit: Visit, wanted: Wanted) -> dict[str, Any]:
    """Return the views above the list: those that are there from the start, one's own, the staff's."""
    session, territory_id = visit.session, visit.territory.id
    chosen = saved_views.choice_of(session, territory_id)
    named = saved_views.views_of(session, territory_id)
    built_in = [
        {"id": code, "name": name, "query": saved_views.BUILT_IN[code], "opens": code == chosen}
        for code, name in BUILT_IN_VIEWS.items()
    ]
    views: list[Any] = [*built_in, *named]
    current = next((one for one in views if _query(one) == wanted.query), None)
    return {
        "built_in": built_in,
        "named": named,
        "current": _field(current, "id") if current is not None else "",
        "current_named": next((one for one in named if dict(one.query) == wanted.query), None),
        "opens": chosen,
        "all": with_query("/synergies", ALL if chosen else {}),
    }


def _query(view: Any) -> dict[str, str]:
    return dict(_field(view, "query"))


def _field(view: Any, name: str) -> Any:
    return view[name] if isinstance(view, dict) else getattr(view, name)


@router.post("/synergies/vues")
def save(visit: VisitOf) -> Response:
    """Name the list that is shown."""
    query = Wanted.read({name: visit.text(f"q-{name}") for name in Wanted.__slots__}).query
    try:
        with visit.writing() as session:
            shared = bool(visit.text("shared"))
            view = saved_views.save(session, visit.territory.id, visit.text("name"), query, shared=shared)
            if visit.text("opens"):
                saved_views.open_first(session, visit.territory.id, view.id)
    except (InvalidInputError, ConflictError) as error:
        return _refused(visit, error)
    return see_other(with_query("/synergies", query or ALL))


@router.post("/synergies/vues/premiere")
def choose(visit: VisitOf) -> Response:
    """Choose which list opens first; none when nothing is named."""
    with visit.writing() as session:
        saved_views.open_first(session, visit.territory.id, visit.text("view"))
    return see_other(without_notice(visit.text("back")))


@router.post("/synergies/vues/{view_id}")
def change(visit: VisitOf, view_id: str) -> Response:
    """Rename a list, or delete its name."""
    try:
        with visit.writing() as session:
            if visit.text("action") == "delete":
                saved_views.delete(session, view_id)
                return see_other(with_query("/synergies", ALL))
            view = saved_views.rename(session, view_id, visit.text("name"))
    except (InvalidInputError, ConflictError) as error:
        return _refused(visit, error)
    return see_other(with_query("/synergies", view.query))


def _refused(visit: Visit, error: AppError) -> Response:
    wrong = error.errors if isinstance(error, InvalidInputError) else ()
    text = " ".join(translate(one.message, visit.language) for one in wrong)
    back = without_notice(visit.text("back"))
    said = text or translate(error.message, visit.language)
    return visit.page("synergies_refused.html", kind_of(error).status, text=said, back=back)
