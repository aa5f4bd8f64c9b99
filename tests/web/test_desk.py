"""The desk of the list: compare, give, set aside, comment, undo, named lists – without scripts."""

from __future__ import annotations

import html
import re

import pytest

from tests.web.conftest import TRAVELLER, MakeVisitor, Visitor, with_plain_spaces
from tests.web.test_synergies import ids


def undo_form(page: str) -> str:
    found = re.search(r'action="(/synergies/actions/[0-9a-f-]{36}/annuler)"', page)
    assert found is not None, "nothing offers to undo"
    return found[1]


def followed(member: Visitor, answer: object) -> str:
    """Return the page that a form led to."""
    assert getattr(answer, "status_code", 0) == 303, getattr(answer, "text", "")
    return member.page(answer.headers["location"].partition("#")[0])  # type: ignore[attr-defined]


def test_a_line_tells_worth_why_what_is_missing_and_the_next_step(member: Visitor) -> None:
    page = with_plain_spaces(member.page("/synergies?kind=substitution"))
    assert re.search(r'class="profile"[^>]*aria-label="Matière \d+ %, Quantité \d+ %', page)
    for word in ("Pourquoi", "Manque", "Ensuite", "sûre à", "Fort :", "Identifiée"):
        assert word in page


def test_what_is_set_aside_leaves_the_list_and_the_calls_and_is_put_back(member: Visitor) -> None:
    address = member.first("/synergies?kind=substitution", "synergies")
    member.send(f"{address}/mettre-de-cote", address, reason="Trop loin", until="2999-01-31")
    assert address not in member.page("/synergies")
    assert address not in member.page("/")
    assert address in member.page("/synergies?shelved=yes")
    page = member.page(address)
    assert "31 janvier 2999" in page
    assert "Trop loin" in page
    member.send(f"{address}/reprendre", address)
    assert address in member.page("/synergies")


def test_the_notice_undoes_what_was_just_done_and_the_undoing_too(member: Visitor) -> None:
    address = member.first("/synergies", "synergies")
    page = followed(member, member.send(f"{address}/statut", address, version="1", status="contacted"))
    assert "Étape changée" in page
    page = followed(member, member.send(undo_form(page), address, back=address))
    assert "Annulé : retour à « Identifiée »" in with_plain_spaces(page)
    page = followed(member, member.send(undo_form(page), address, back=address))
    assert address in member.page("/synergies?status=contacted")


def test_what_a_colleague_changed_since_is_not_undone_and_said_plainly(
    member: Visitor, visitor_of: MakeVisitor
) -> None:
    address = member.first("/synergies", "synergies")
    page = followed(member, member.send(f"{address}/confier", address, assignee="me"))
    undo = undo_form(page)
    colleague = visitor_of(TRAVELLER)
    territory = re.search(r'value="([^"]+)" aria-label="[^"]*Étang de Berre"', colleague.page("/territoires"))
    assert territory is not None
    colleague.send("/territoires", "/territoires", territory=territory[1])
    assert colleague.send(f"{address}/confier", address, assignee="").status_code == 303
    answer = member.send(undo, address, back=f"{address}?x=1")
    assert answer.status_code == 409
    assert "Quelqu’un l’a modifié depuis" in answer.text
    assert f'href="{address}?x=1"' in answer.text


def test_a_selection_is_moved_given_set_aside_at_once_and_undone_at_once(member: Visitor) -> None:
    every = ids(member.page("/synergies"))
    assert len(every) >= 2
    for fields, where in (
        ({"action": "move", "status": "study"}, "/synergies?status=study"),
        ({"action": "assign", "assignee": "me"}, "/synergies?assigned=me"),
        ({"action": "shelve"}, "/synergies?shelved=yes"),
    ):
        answer = member.send("/synergies/selection", id=every[:2], **fields)  # type: ignore[arg-type]
        page = followed(member, answer)
        assert sorted(ids(member.page(where))) == sorted(every[:2])
        assert followed(member, member.send(undo_form(page), back="/synergies"))
        assert ids(member.page(where)) == []
    assert ids(member.page("/synergies")) == every


@pytest.mark.parametrize(
    "fields",
    [{"action": "move", "status": "paused"}, {"action": "move"}, {"action": "shelve", "until": "hier"}],
)
def test_a_selection_that_lacks_something_is_told_so_and_nothing_moves(
    member: Visitor, fields: dict[str, str]
) -> None:
    every = ids(member.page("/synergies"))
    assert member.send("/synergies/selection", id=every, **fields).status_code == 422  # type: ignore[arg-type]
    assert member.send("/synergies/selection", action="move", status="study").status_code == 422
    assert ids(member.page("/synergies?status=identified")) == every


def test_a_selection_is_compared_and_exported(member: Visitor) -> None:
    every = ids(member.page("/synergies"))
    answer = member.send("/synergies/selection", id=every[:2], action="compare")  # type: ignore[arg-type]
    page = followed(member, answer)
    assert page.count('<th scope="col">') == 2
    for line in ("Matière", "Calendrier", "Ce qui manque", "Prochaine étape", "Suivi"):
        assert re.search(f'<th scope="row">{line}', page)
    assert member.get(f"/synergies/comparer?id={every[0]}").status_code == 422
    answer = member.send("/synergies/selection", id=every[:1], action="csv")  # type: ignore[arg-type]
    assert len(member.get(answer.headers["location"]).text.splitlines()) == 2


def test_one_comments_and_deletes_and_brings_back_ones_comment(member: Visitor) -> None:
    address = member.first("/synergies", "synergies")
    page = followed(member, member.send(f"{address}/commentaires", address, body="Vu <b>Paul</b>"))
    assert "Vu &lt;b&gt;Paul&lt;/b&gt;" in page
    delete = re.search(r'action="([^"]+/supprimer)"', page)
    assert delete is not None
    page = followed(member, member.send(delete[1], address))
    assert "Vu &lt;b&gt;" not in page
    page = followed(member, member.send(undo_form(page), address, back=address))
    assert "Vu &lt;b&gt;Paul" in page
    assert "1 commentaire" in member.page("/synergies")
    assert member.send(f"{address}/commentaires", address, body=" ").status_code == 422


def test_a_named_list_opens_where_it_says_and_first_when_chosen(member: Visitor) -> None:
    answer = member.send(
        "/synergies/vues", **{"name": "Près d’ici", "q-max_km": "20", "q-kind": "mutualisation", "opens": "1"}
    )
    assert answer.headers["location"] == "/synergies?kind=mutualisation&max_km=20"
    page = member.page("/synergies?kind=mutualisation&max_km=20")
    assert re.search(r'aria-current="page">Près d’ici', page)
    first = member.get("/synergies", follow_redirects=False)
    assert (first.status_code, first.headers["location"]) == (303, "/synergies?kind=mutualisation&max_km=20")
    assert len(ids(member.page("/synergies?vue=toutes"))) > len(ids(page))
    view = re.search(r'action="(/synergies/vues/[0-9a-f-]{36})"', page)
    assert view is not None
    assert member.send(view[1], name="Voisines", action="rename").status_code == 303
    assert "Voisines" in member.page("/synergies?vue=toutes")
    assert member.send(view[1], action="delete").status_code == 303
    assert "Voisines" not in member.page("/synergies")


def test_every_built_in_list_opens(member: Visitor) -> None:
    page = member.page("/synergies")
    links = re.findall(
        r'<a href="(/synergies\?[^"]+)"', page.partition('class="view-list"')[2].partition("</nav>")[0]
    )
    assert len(links) == 6
    for link in links:
        assert 'aria-current="page"' in member.page(html.unescape(link)).partition('id="filters"')[0]


def test_a_named_list_is_ones_own_unless_it_is_shared(member: Visitor, stranger: Visitor) -> None:
    member.send("/synergies/vues", **{"name": "À moi", "q-kind": "loop"})
    member.send("/synergies/vues", **{"name": "À nous", "q-kind": "substitution", "shared": "1"})
    for name in ("À moi", "À nous"):
        assert name in member.page("/synergies")
        assert name not in stranger.page("/synergies")
    again = member.send("/synergies/vues", **{"name": "À moi", "q-kind": "loop"})
    assert again.status_code == 409


def test_details_unfold_in_place_and_lead_to_the_page_without_scripts(member: Visitor) -> None:
    address = member.first("/synergies", "synergies")
    part = member.fragment(f"{address}/apercu").text
    assert "<html" not in part
    assert "Pourquoi elle tient" in part
    assert member.get(f"{address}/apercu", follow_redirects=False).headers["location"] == address


def test_nobody_else_reaches_the_desk_of_a_territory(member: Visitor, stranger: Visitor) -> None:
    address = member.first("/synergies", "synergies")
    for action in ("confier", "mettre-de-cote", "reprendre", "commentaires"):
        assert stranger.send(f"{address}/{action}", body="x", assignee="me").status_code == 404
    assert stranger.get(f"/synergies/comparer?id={address[11:]}&id={address[11:]}a").status_code == 404
