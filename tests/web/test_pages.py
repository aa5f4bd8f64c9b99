"""Every page, in both languages, signed in or not, under a strict policy."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.web.conftest import NEWCOMER, TRAVELLER, MakeVisitor, Visitor

PAGES = ("/", "/carte", "/synergies", "/flux", "/entreprises", "/imports", "/pourquoi-pas", "/territoires")
DETAILS = (
    ("/synergies", "synergies"),
    ("/flux", "flux"),
    ("/entreprises", "entreprises"),
    ("/imports", "imports"),
)
NEVER_INLINE = re.compile(r"^(on\w+|style)$")


class Reader(HTMLParser):
    """Collects what a page loads, and what a strict policy would refuse."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.refused: list[str] = []
        self.loaded: list[str] = []
        self.language = ""
        self.headings = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.refused += [f"{tag} {name}" for name in given if NEVER_INLINE.match(name)]
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.refused.append(tag)
        if tag in ("script", "img", "iframe"):
            self.loaded.append(given.get("src") or "")
        if tag in ("link", "use"):
            self.loaded.append(given.get("href") or "")
        if tag == "html":
            self.language = given.get("lang") or ""
        self.headings += tag == "h1"


def addresses(visitor: Visitor) -> list[str]:
    return [*PAGES, *(visitor.first(path, kind) for path, kind in DETAILS)]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_keeps_to_the_policy_and_has_one_title(member: Visitor, language: str) -> None:
    for address in addresses(member.speak(language)):
        answer = member.get(address)
        assert answer.status_code == 200, address
        policy = answer.headers["content-security-policy"]
        assert re.search(r"script-src 'nonce-[\w-]{20,}'", policy)
        assert "unsafe" not in policy
        reader = Reader(answer.text)
        assert reader.refused == [], address
        assert reader.language == language, address
        assert reader.headings == 1, address
        assert [place for place in reader.loaded if not place.startswith("/static/")] == [], address
        assert answer.headers["cache-control"] == "private, no-cache"


def test_every_static_file_a_page_names_is_there(member: Visitor) -> None:
    for place in {place for address in ("/", "/carte") for place in Reader(member.page(address)).loaded}:
        assert member.client.get(place).status_code == 200, place


def test_a_visitor_who_is_not_signed_in_is_asked_to_and_comes_back(visitor_of: MakeVisitor) -> None:
    visitor = visitor_of("")
    for address in PAGES:
        answer = visitor.get(address, follow_redirects=False)
        assert answer.status_code == 303, address
        assert answer.headers["location"].startswith("/connexion"), address
    answer = visitor.get("/synergies?kind=loop", follow_redirects=False)
    assert answer.headers["location"] == "/connexion?retour=%2Fsynergies%3Fkind%3Dloop"


def test_a_fragment_asked_without_a_session_sends_the_whole_page_to_sign_in(visitor_of: MakeVisitor) -> None:
    answer = visitor_of("").fragment("/synergies")
    assert answer.headers["hx-redirect"] == "/connexion?retour=%2Fsynergies"


def test_what_belongs_to_another_territory_is_not_there(member: Visitor, stranger: Visitor) -> None:
    for path, kind in DETAILS:
        address = member.first(path, kind)
        answer = stranger.get(address)
        assert answer.status_code == 404, address
        assert "<h1>Rien ici</h1>" in answer.text
    synergy, flow, imported = (member.first(f"/{kind}", kind) for kind in ("synergies", "flux", "imports"))
    token = {"version": "1", "status": "contacted"}
    assert stranger.send(f"{synergy}/statut", **token).status_code == 404
    assert stranger.send(flow, version="1", quantity="1").status_code == 404
    assert stranger.send(f"{flow}/supprimer").status_code == 404
    assert stranger.send(f"{imported}/annuler").status_code == 404
    assert stranger.get(f"{flow}/debouches").status_code == 404
    assert stranger.get(f"{synergy}/fiche.pdf").status_code == 404


def test_lists_of_another_territory_hold_nothing_of_ours(member: Visitor, stranger: Visitor) -> None:
    for path in ("/", "/carte", "/carte/donnees", "/carte/sites", "/synergies", "/flux", "/entreprises"):
        assert "Brasserie" not in stranger.get(path).text, path
    assert "Brasserie" in member.page("/flux")


def test_an_unknown_address_answers_people_with_a_page_and_programs_with_a_problem(member: Visitor) -> None:
    page = member.get("/nulle-part")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    problem = member.get("/api/v1/nulle-part")
    assert problem.status_code == 404
    assert problem.headers["content-type"] == "application/problem+json"


def test_an_empty_territory_teaches_the_first_step(visitor_of: MakeVisitor) -> None:
    newcomer = visitor_of(NEWCOMER)
    assert 'href="/imports"' in newcomer.page("/")
    for path in ("/carte", "/synergies", "/flux", "/entreprises"):
        assert "Importer un fichier" in newcomer.page(path), path


def test_the_switch_keeps_the_language_and_the_place(member: Visitor) -> None:
    answer = member.get("/en?retour=/flux", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/flux")
    assert '<html lang="en">' in member.page("/flux")
    member.get("/fr?retour=/flux")
    assert '<html lang="fr">' in member.page("/flux")


@pytest.mark.parametrize(
    "address", ["//ailleurs.example", "https://ailleurs.example", "/\\ailleurs.example", ""]
)
def test_no_link_leads_off_the_site(member: Visitor, address: str) -> None:
    answer = member.client.get("/en", params={"retour": address}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_somebody_with_two_territories_chooses_one_and_only_one_of_theirs(
    visitor_of: MakeVisitor, member: Visitor
) -> None:
    traveller = visitor_of(TRAVELLER)
    assert traveller.get("/flux", follow_redirects=False).headers["location"] == "/territoires"
    choices = re.findall(
        r'name="territory" value="([^"]+)" aria-label="Ouvrir ([^"]+)"', traveller.page("/territoires")
    )
    by_name = {name: territory_id for territory_id, name in choices}
    assert set(by_name) == {"Ailleurs", "Étang de Berre"}
    traveller.send("/territoires", "/territoires", territory=by_name["Ailleurs"])
    assert "Brasserie" not in traveller.page("/flux")
    traveller.send("/territoires", "/territoires", territory=by_name["Étang de Berre"])
    assert "Brasserie" in traveller.page("/flux")
    assert traveller.send("/territoires", "/territoires", territory="une-autre").status_code == 404


@pytest.mark.parametrize("page", ["/synergies", "/annonces", "/charte", "/journal", "/mises-en-relation"])
@pytest.mark.parametrize("number", ["%C2%B2", "9" * 5000], ids=["superscript", "endless"])
def test_a_number_typed_into_an_address_breaks_no_page(member: Visitor, page: str, number: str) -> None:
    assert member.get(f"{page}?apres={number}").status_code == 200
