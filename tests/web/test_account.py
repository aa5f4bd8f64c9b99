"""My account and who enters a territory, through the pages: forms, links shown once, mail to a local sink."""

from __future__ import annotations

import base64
import re
import socketserver
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from app.services.second_factor import STEP_S, code_at
from app.settings import Mail, Settings
from tests.web.conftest import MEMBER, PASSWORD, STRANGER, MakeVisitor, Visitor, with_plain_spaces

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.db.engine import Database

NEW = "un autre mot de passe"


def code_for(page: str, ahead: int = 0) -> str:
    """Return the code that a telephone shows for the secret of a page."""
    secret = re.search(r'<code class="secret">(\w+)</code>', page)
    assert secret is not None
    return code_at(base64.b32decode(secret[1]), int(time.time() // STEP_S) + ahead)


def link_in(page: str) -> str:
    """Return the path of the link that a page shows once."""
    found = re.search(r'value="http://testserver(/[^"]+)"', page)
    assert found is not None
    return found[1]


def outside_form(visitor: Visitor, path: str, **fields: str) -> Any:
    return visitor.send(path, path, **fields)


def test_a_password_changes_once_the_present_one_is_given(member: Visitor, visitor_of: MakeVisitor) -> None:
    other = visitor_of(MEMBER)
    wrong = member.send("/compte/mot-de-passe", "/compte", present="faux", password=NEW)
    assert wrong.status_code == 422
    assert "Ce n’est pas votre mot de passe actuel." in wrong.text
    assert "faux" not in re.sub(r"<[^>]+>", "", wrong.text)
    short = member.send("/compte/mot-de-passe", "/compte", present=PASSWORD, password="court")
    assert "au moins 12 caractères" in with_plain_spaces(short.text)
    done = member.send("/compte/mot-de-passe", "/compte", present=PASSWORD, password=NEW)
    assert done.headers["location"] == "/compte?fait=mot-de-passe"
    assert "Votre mot de passe est changé." in member.page("/compte?fait=mot-de-passe")
    # The other browser is out, the new password lets in, the old one does not.
    assert other.get("/", follow_redirects=False).status_code == 303
    assert visitor_of("").sign_in(MEMBER, NEW).status_code == 303
    assert visitor_of("").sign_in(MEMBER, PASSWORD).status_code == 401


def test_sessions_are_listed_by_browser_and_ended_one_by_one(member: Visitor, application: FastAPI) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    with TestClient(application, headers={"User-Agent": agent}) as client:
        other = Visitor(client)
        assert other.sign_in(MEMBER).status_code == 303
        page = member.page("/compte")
        assert "Firefox, Linux" in page
        session = re.search(r'name="session" value="([^"]+)" aria-label="Déconnecter', page)
        assert session is not None
        assert member.send("/compte/sessions", "/compte", session=session[1]).status_code == 303
        assert other.get("/", follow_redirects=False).status_code == 303
    assert 'aria-label="Déconnecter' not in member.page("/compte")


def test_one_cannot_end_the_session_of_somebody_else(member: Visitor, stranger: Visitor) -> None:
    with TestClient(stranger.client.app) as client:
        Visitor(client).sign_in(STRANGER)
        named = re.search(r'name="session" value="([^"]+)"', stranger.page("/compte"))
        assert named is not None
        member.send("/compte/sessions", "/compte", session=named[1])
        member.send("/compte/sessions", "/compte")
        assert client.get("/", follow_redirects=False).status_code == 200


def test_a_key_is_shown_once_works_and_is_revoked(member: Visitor) -> None:
    refused = member.send("/compte/cles", "/compte", name="QGIS", days="90")
    assert refused.status_code == 422
    assert "Choisissez ce que la clé permet." in refused.text
    assert 'value="QGIS"' in refused.text
    made = member.send("/compte/cles", "/compte", name="QGIS", days="90", scopes="read")
    key = re.search(r'id="new-key"[^>]*value="(efx_[^"]+)"', made.text)
    assert key is not None
    assert made.headers["cache-control"] == "no-store"
    assert key[1] not in member.page("/compte")
    headers = {"Authorization": f"Bearer {key[1]}"}
    assert member.client.get("/api/v1/sites", headers=headers).json()["items"]
    assert member.client.post("/api/v1/parks", json={"name": "Z"}, headers=headers).status_code == 403
    row = re.search(r'name="key" value="([^"]+)"', member.page("/compte"))
    assert row is not None
    assert member.send("/compte/cles/fin", "/compte", key=row[1]).status_code == 303
    assert member.client.get("/api/v1/sites", headers=headers).status_code == 401


def test_one_cannot_revoke_the_key_of_somebody_else(member: Visitor, stranger: Visitor) -> None:
    made = stranger.send("/compte/cles", "/compte", name="À moi", days="30", scopes="read")
    assert made.status_code == 200, made.text
    row = re.search(r'name="key" value="([^"]+)"', made.text)
    assert row is not None
    assert member.send("/compte/cles/fin", "/compte", key=row[1]).status_code == 404


def test_a_second_factor_is_set_up_asked_for_and_taken_off(member: Visitor, visitor_of: MakeVisitor) -> None:
    assert (
        member.send("/compte/second-facteur", "/compte", action="commencer", present="x").status_code == 422
    )
    member.send("/compte/second-facteur", "/compte", action="commencer", present=PASSWORD)
    page = member.page("/compte")
    assert "<svg" in page
    assert "style=" not in page
    wrong = member.send("/compte/second-facteur", "/compte", action="confirmer", code="000000")
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text
    told = member.send("/compte/second-facteur", "/compte", action="confirmer", code=code_for(page, -1))
    codes = re.findall(r"<li><code>([a-z2-7-]+)</code></li>", told.text)
    assert len(codes) == 10
    other = visitor_of("")
    answer = other.sign_in(MEMBER, retour="/synergies")
    assert answer.headers["location"] == "/second-facteur?retour=%2Fsynergies"
    assert other.get("/synergies", follow_redirects=False).status_code == 303
    refused = outside_form(other, "/second-facteur", code="000 000")
    assert refused.status_code == 401
    assert 'role="alert"' in refused.text
    entered = outside_form(other, "/second-facteur", code=f" {code_for(page)} ", retour="/synergies")
    assert entered.headers["location"] == "/synergies"
    assert other.get("/synergies", follow_redirects=False).status_code == 200
    third = visitor_of("")
    third.sign_in(MEMBER)
    assert outside_form(third, "/second-facteur", code=codes[3]).status_code == 303
    assert "Il reste 9 codes de secours." in with_plain_spaces(third.page("/compte"))
    member.send("/compte/second-facteur", "/compte", action="retirer", present=PASSWORD)
    assert visitor_of("").sign_in(MEMBER).headers["location"] == "/"


def test_where_it_is_required_a_coordinator_sets_it_up_before_anything_else(
    application: FastAPI, settings: Settings, visitor_of: MakeVisitor
) -> None:
    strict = settings.web.model_copy(update={"second_factor_required": True})
    application.state.settings = Settings(database=settings.database, web=strict)
    visitor = visitor_of("")
    assert visitor.sign_in(MEMBER).headers["location"] == "/second-facteur"
    page = visitor.page("/second-facteur")
    told = outside_form(visitor, "/second-facteur", code=code_for(page))
    assert "Codes de secours" in told.text
    assert visitor.get("/", follow_redirects=False).status_code == 200


def test_an_invitation_goes_from_a_coordinator_to_a_new_account(
    member: Visitor, visitor_of: MakeVisitor
) -> None:
    wrong = member.send("/equipe", "/equipe", email="personne", role="observer")
    assert wrong.status_code == 422
    assert "n’est pas une adresse" in wrong.text
    made = member.send("/equipe", "/equipe", email="n@exemple.fr", role="facilitator")
    path = link_in(made.text)
    assert path not in member.page("/equipe")
    guest = visitor_of("")
    assert "Étang de Berre" in guest.page(path)
    short = outside_form(guest, path, name="Nadia", password="court")
    assert short.status_code == 422
    assert 'value="Nadia"' in short.text
    assert "Votre compte est prêt" in outside_form(guest, path, name="Nadia", password=NEW).text
    assert guest.get(path).status_code == 404
    assert guest.sign_in("n@exemple.fr", NEW).status_code == 303
    assert "Étang de Berre" in guest.page("/compte")
    # A facilitator does not decide who enters, and is not shown where that is decided.
    assert guest.get("/equipe").status_code == 403
    assert 'href="/equipe"' not in guest.page("/compte")
    assert "Nadia" in member.page("/equipe")


def test_somebody_with_an_account_accepts_signed_in(member: Visitor, visitor_of: MakeVisitor) -> None:
    path = link_in(member.send("/equipe", "/equipe", email=STRANGER, role="observer").text)
    guest = visitor_of("")
    page = guest.page(path)
    assert "Connectez-vous" in page or "connectez-vous" in page
    assert 'type="password"' not in page
    assert member.send(path, "/").status_code == 404
    assert guest.sign_in(STRANGER, retour=path).headers["location"] == path
    assert outside_form(guest, path).headers["location"] == "/territoires"
    assert "Étang de Berre" in guest.page("/territoires")


def test_an_invitation_is_taken_back(member: Visitor, visitor_of: MakeVisitor) -> None:
    path = link_in(member.send("/equipe", "/equipe", email="n@exemple.fr", role="facilitator").text)
    row = re.search(r'name="invitation" value="([^"]+)"', member.page("/equipe"))
    assert row is not None
    assert member.send("/equipe/retirer", "/equipe", invitation=row[1]).status_code == 303
    assert visitor_of("").get(path).status_code == 404


GUEST = "n@exemple.fr"


def _seat_of(page: str, email: str) -> str:
    row = re.search(rf'name="seat" value="([^"]+)" aria-label="[^"]*{re.escape(email)}"', page)
    assert row is not None
    return row[1]


def test_a_coordinator_gives_somebody_another_role_and_takes_the_place_away(
    member: Visitor, visitor_of: MakeVisitor
) -> None:
    path = link_in(member.send("/equipe", "/equipe", email=GUEST, role="observer").text)
    guest = visitor_of("")
    outside_form(guest, path, name="Nadia", password=NEW)
    assert guest.sign_in(GUEST, NEW).status_code == 303
    seat = _seat_of(member.page("/equipe"), GUEST)
    assert guest.get("/flux").status_code == 403
    changed = member.send("/equipe/changer", "/equipe", seat=seat, role="facilitator")
    assert (changed.status_code, changed.headers["location"]) == (303, "/equipe")
    assert guest.get("/flux").status_code == 200
    refused = member.send("/equipe/changer", "/equipe", seat=seat, role="company")
    assert refused.status_code == 422
    assert "Le compte d’une entreprise désigne une entreprise du territoire" in refused.text
    assert guest.send("/equipe/enlever", "/", seat=seat).status_code == 403
    assert member.send("/equipe/enlever", "/equipe", seat=seat).status_code == 303
    assert GUEST not in member.page("/equipe")


def test_the_last_coordinator_stays_and_is_told_why(member: Visitor) -> None:
    page = member.page("/equipe")
    seat = _seat_of(page, MEMBER)
    for other in set(re.findall(r'name="seat" value="([^"]+)" aria-label', page)) - {seat}:
        assert member.send("/equipe/enlever", "/equipe", seat=other).status_code == 303
    for action, given in (("changer", {"role": "observer"}), ("enlever", {})):
        refused = member.send(f"/equipe/{action}", "/equipe", seat=seat, **given)
        assert refused.status_code == 409
        assert "nommez d’abord" in refused.text
    assert _seat_of(member.page("/equipe"), MEMBER) == seat


def test_without_mail_the_page_says_whom_to_ask(visitor_of: MakeVisitor) -> None:
    assert "entreflux user reset" in visitor_of("").page("/mot-de-passe")


class Sink(socketserver.StreamRequestHandler):
    """A mail server that takes everything and sends nothing."""

    taken: list[str]

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline().decode().strip().upper():
            if line == "DATA":
                self._say("354 go on")
                lines = iter(lambda: self.rfile.readline().decode(), ".\r\n")
                self.taken.append("".join(lines))
            if line == "QUIT":
                self._say("221 bye")
                return
            self._say("250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def sink(application: FastAPI, settings: Settings) -> Iterator[list[str]]:
    """Have the application send its mail to this machine; yields what was sent."""
    taken: list[str] = []
    handler = type("Taking", (Sink,), {"taken": taken})
    with socketserver.TCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        mail = Mail(
            host="127.0.0.1", port=server.server_address[1], sender="flux@exemple.fr", encrypted=False
        )
        web = settings.web.model_copy(update={"public_url": "http://testserver"})
        application.state.settings = Settings(database=settings.database, web=web, mail=mail)
        yield taken
        server.shutdown()
        thread.join()


def sent_text(message: str) -> str:
    """Return the words of a message."""
    from email import message_from_string, policy

    body = message_from_string(message, policy=policy.default).get_body()
    assert body is not None
    return str(body.get_content())


def test_a_new_password_by_mail_and_nothing_tells_who_has_an_account(
    sink: list[str], visitor_of: MakeVisitor, member: Visitor
) -> None:
    visitor = visitor_of("")
    known = outside_form(visitor, "/mot-de-passe", email=MEMBER)
    unknown = outside_form(visitor, "/mot-de-passe", email="personne@exemple.fr")
    assert (known.status_code, unknown.status_code) == (200, 200)
    shown = [re.sub(r'nonce="[^"]+"|\S+@\S+', "", answer.text) for answer in (known, unknown)]
    assert shown[0] == shown[1]
    assert len(sink) == 1
    path = re.search(r"http://testserver(/mot-de-passe/\S+)", sent_text(sink[0]))
    assert path is not None
    assert "dans l’heure" in sent_text(sink[0])
    assert "Mot de passe" in visitor.page(path[1]) or "mot de passe" in visitor.page(path[1])
    assert outside_form(visitor, path[1], password="court").status_code == 422
    assert outside_form(visitor, path[1], password=NEW).status_code == 200
    assert member.get("/", follow_redirects=False).status_code == 303
    assert visitor.sign_in(MEMBER, NEW).status_code == 303
    assert visitor.get(path[1]).status_code == 404


def test_mail_to_one_address_cannot_be_asked_for_without_end(
    sink: list[str], visitor_of: MakeVisitor
) -> None:
    visitor = visitor_of("")
    answers = [outside_form(visitor, "/mot-de-passe", email=MEMBER).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    assert len(sink) == 3


def test_an_invitation_leaves_by_mail_where_mail_is_set_up(sink: list[str], member: Visitor) -> None:
    page = member.send("/equipe", "/equipe", email="n@exemple.fr", role="facilitator").text
    assert "Elle part par courriel." in page
    assert link_in(page) in sent_text(sink[0])


def test_links_are_guessed_in_vain_and_not_for_long(visitor_of: MakeVisitor) -> None:
    visitor = visitor_of("")
    answers = [visitor.get(f"/mot-de-passe/essai-{number}").status_code for number in range(21)]
    assert answers == [404] * 20 + [429]
    assert visitor.get("/invitation/essai").headers["retry-after"]


def test_the_eleventh_wrong_password_is_told_to_wait_and_how_long(visitor_of: MakeVisitor) -> None:
    visitor = visitor_of("")
    answers = [visitor.sign_in(MEMBER, "faux") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 900
    assert "Trop d’essais" in answers[-1].text
    assert f'value="{MEMBER}"' in answers[-1].text


def test_the_demonstration_signs_in_with_its_password_alone(database: Database, settings: Settings) -> None:
    from app.services import sessions
    from app.services.demo import load_demo

    loaded = load_demo(database, settings.web)
    entered = sessions.with_password(
        database, settings.web, loaded.email, loaded.password, sessions.Caller("127.0.0.1")
    )
    assert not entered.pending
