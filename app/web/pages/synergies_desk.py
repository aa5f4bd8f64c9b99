"""The desk over the list of synergies: compare, move, give, set aside, comment, undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from starlette.responses import HTMLResponse

from app.db.tables import DeskAction, Synergy
from app.db.visibility import VisibleSession
from app.errors import ConflictError, InvalidInputError, NotPermittedError, StaleVersionError
from app.problems import kind_of
from app.repositories.records import find
from app.services import desk, synergies
from app.services.statuses import Status, obstacles
from app.services.undo import undo
from app.translations import translate
from app.web.cards import cards
from app.web.desk import back_with, desk_of, done_of, without_notice
from app.web.rendering import with_query
from app.web.visit import Visit, VisitOf, see_other
from app.web.wording import FORMATS
from matching.messages import N_, Message

router = APIRouter()
COMPARED = (2, 4)
FILES = tuple(form for form, _ in FORMATS)
Doing = Callable[[VisibleSession], DeskAction | None]


@router.get("/synergies/comparer")
def compare(visit: VisitOf, ids: Annotated[list[str], Query(alias="id", max_length=50)]) -> Response:
    """Show two to four synergies side by side, the same things on the same line."""
    chosen = list(dict.fromkeys(ids))
    if not COMPARED[0] <= len(chosen) <= COMPARED[1]:
        text = N_("Choose from {least} to {most} synergies to compare.")
        message = Message(text, {"least": COMPARED[0], "most": COMPARED[1]})
        return _refused(visit, translate(message, visit.language), "/synergies", 422)
    rows = desk.rows_named(visit.session, chosen)
    return visit.page(
        "synergies_compare.html",
        shown=cards(visit.session, rows, visit.language),
        desk=desk_of(visit.session, rows),
        done=done_of(visit),
    )


@router.post("/synergies/selection")
def act_on_all(visit: VisitOf) -> Response:
    """Do one thing with every synergy chosen in the list."""
    ids = [one for one in visit.form.getlist("id") if isinstance(one, str)]
    action, back = visit.text("action"), visit.text("back") or "/synergies"
    if action == "compare":
        return see_other(f"/synergies/comparer?{urlencode([('id', one) for one in ids])}")
    if action in FILES and ids:
        return see_other(with_query(f"/synergies/export.{action}", {"ids": ",".join(ids)}))
    doings: dict[str, Callable[[VisibleSession, list[Synergy]], DeskAction | None]] = {
        "move": lambda session, rows: _moved(visit, session, rows),
        "assign": lambda session, rows: desk.assign(session, rows, visit.text("assignee")),
        "shelve": lambda session, rows: _shelved(visit, session, rows),
        "restore": desk.take_back,
    }
    doing = doings.get(action, doings["move"])
    return _done(visit, lambda session: doing(session, desk.rows_named(session, ids)), back)


def _moved(visit: Visit, session: VisibleSession, rows: list[Synergy]) -> DeskAction | None:
    if visit.text("status") not in set(Status):
        raise InvalidInputError.on("status", Message(N_("Choose a status.")))
    return synergies.move_all(session, rows, Status(visit.text("status")), visit.text("obstacle"))


def _shelved(visit: Visit, session: VisibleSession, rows: list[Synergy]) -> DeskAction | None:
    until: date | None = None
    if visit.text("until"):
        try:
            until = date.fromisoformat(visit.text("until"))
        except ValueError as error:
            raise InvalidInputError.on("until", Message(N_("Choose a day to come."))) from error
    return desk.shelve(session, rows, until, visit.text("reason")[: desk.LONGEST_COMMENT])


@router.post("/synergies/actions/{action_id}/annuler")
def take_back(visit: VisitOf, action_id: str) -> Response:
    """Undo an action, or say plainly why it cannot be."""
    return _done(visit, lambda session: undo(session, action_id), visit.text("back") or "/synergies")


@router.get("/synergies/{synergy_id}/apercu")
def unfold(visit: VisitOf, synergy_id: str, retour: str = "/synergies") -> Response:
    """Show the details of a synergy under its line: a part; without scripts, its page."""
    if not visit.is_fragment:
        return see_other(f"/synergies/{synergy_id}")
    row = find(visit.session, Synergy, synergy_id)
    return visit.page(
        "synergy_unfolded.html",
        synergy=cards(visit.session, [row], visit.language)[0],
        desk=desk_of(visit.session, [row])[row.id],
        back=without_notice(retour),
    )


@router.post("/synergies/{synergy_id}/confier")
def give(visit: VisitOf, synergy_id: str) -> Response:
    """Give a synergy to somebody, or to nobody."""
    who = visit.text("assignee")
    return _one(visit, synergy_id, lambda session, row: desk.assign(session, [row], who))


@router.post("/synergies/{synergy_id}/mettre-de-cote")
def shelve(visit: VisitOf, synergy_id: str) -> Response:
    """Set a synergy aside."""
    return _one(visit, synergy_id, lambda session, row: _shelved(visit, session, [row]))


@router.post("/synergies/{synergy_id}/reprendre")
def restore(visit: VisitOf, synergy_id: str) -> Response:
    """Put a synergy back into the list."""
    return _one(visit, synergy_id, lambda session, row: desk.take_back(session, [row]))


@router.post("/synergies/{synergy_id}/commentaires")
def say(visit: VisitOf, synergy_id: str) -> Response:
    """Add a comment."""
    return _one(visit, synergy_id, lambda session, row: desk.comment(session, row, visit.text("body"))[1])


@router.post("/synergies/{synergy_id}/commentaires/{comment_id}/supprimer")
def unsay(visit: VisitOf, synergy_id: str, comment_id: str) -> Response:
    """Delete a comment of one's own."""
    return _one(visit, synergy_id, lambda session, _row: desk.delete_comment(session, comment_id))


def _one(
    visit: Visit, synergy_id: str, doing: Callable[[VisibleSession, Synergy], DeskAction | None]
) -> Response:
    back = visit.text("back") or f"/synergies/{synergy_id}#suivi"
    return _done(visit, lambda session: doing(session, find(session, Synergy, synergy_id)), back)


def _done(visit: Visit, doing: Doing, back: str) -> Response:
    """Do something and go back with its notice, or say what stood in the way."""
    try:
        with visit.writing() as session:
            action = doing(session)
    except InvalidInputError as error:
        text = " ".join(translate(one.message, visit.language) for one in error.errors)
        return _refused(visit, text, back, 422)
    except StaleVersionError as error:
        return _refused(visit, translate(error.message, visit.language), back, 409)
    except (ConflictError, NotPermittedError) as error:
        return _refused(visit, translate(error.message, visit.language), back, kind_of(error).status)
    return see_other(back_with(back, action))


def _refused(visit: Visit, text: str, back: str, status: int) -> HTMLResponse:
    return visit.page("synergies_refused.html", status, text=text, back=without_notice(back))


def selection_choices(visit: Visit) -> dict[str, Any]:
    """Return what the actions on a selection offer beside the people: obstacles, files."""
    return {
        "obstacles": {code: label.in_language(visit.language) for code, label in obstacles().items()},
    }
