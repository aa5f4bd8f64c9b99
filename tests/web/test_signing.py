"""Signing in and out, and the proof that a form is our own."""

from __future__ import annotations

from tests.web.conftest import MEMBER, MakeVisitor, Visitor


def test_a_wrong_password_is_said_clearly_and_the_address_is_kept(visitor_of: MakeVisitor) -> None:
    answer = visitor_of("").sign_in(MEMBER, "pas celui-ci, non")
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert f'value="{MEMBER}"' in answer.text
    assert "pas celui-ci" not in answer.text


def test_signing_in_leads_where_one_was_going(visitor_of: MakeVisitor) -> None:
    answer = visitor_of("").sign_in(MEMBER, retour="/synergies?kind=loop")
    assert answer.headers["location"] == "/synergies?kind=loop"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_signing_in_never_leads_off_the_site(visitor_of: MakeVisitor) -> None:
    assert visitor_of("").sign_in(MEMBER, retour="//ailleurs.example").headers["location"] == "/"


def test_signing_out_ends_the_session_itself(member: Visitor) -> None:
    token = member.client.cookies["entreflux_session"]
    assert member.send("/deconnexion").status_code == 303
    member.client.cookies.set("entreflux_session", token)
    assert member.get("/", follow_redirects=False).status_code == 303


def test_a_form_without_its_token_changes_nothing(member: Visitor) -> None:
    synergy = member.first("/synergies", "synergies")
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"X-CSRF-Token": "faux"}):
        answer = member.client.post(
            f"{synergy}/statut", data={"status": "contacted", "version": "1"}, headers=headers
        )
        assert answer.status_code == 403, headers
        assert answer.headers["content-type"].startswith("text/html")
    assert "Personne ne s’en est encore occupé." in member.page(synergy)


def test_a_browser_that_vouches_for_our_own_page_needs_no_token(member: Visitor) -> None:
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert member.client.post("/deconnexion", headers=headers, follow_redirects=False).status_code == 303


def test_a_sign_in_form_of_another_site_is_refused(visitor_of: MakeVisitor) -> None:
    answer = visitor_of("").client.post("/connexion", data={"email": MEMBER, "password": "x", "csrf": "faux"})
    assert answer.status_code == 403
    assert f'value="{MEMBER}"' in answer.text
