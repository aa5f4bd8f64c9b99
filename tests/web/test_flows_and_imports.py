"""Correcting, declaring and confirming flows."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from tests.web.conftest import Visitor, with_plain_spaces


def grain(member: Visitor) -> str:
    return member.first("/flux?q=dr%C3%AAches", "flux")


def form_of(page: str) -> dict[str, str]:
    """Return the fields of a flow's form as a browser would send them."""
    page = page[page.index('<form class="panel"') :]
    page = page[: page.index("</form>")]
    fields = dict(re.findall(r'<input id="(\w+)"[^>]*? value="([^"]*)"', page))
    for name, options in re.findall(r'<select id="(\w+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    for name, text in re.findall(r'<textarea id="(\w+)".*?>(.*?)</textarea>', page, re.DOTALL):
        fields[name] = text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return {name: html.unescape(value) for name, value in {**hidden, **fields}.items()}


def correct(member: Visitor, address: str, **changes: str) -> Any:
    return member.client.post(address, data=form_of(member.page(address)) | changes, follow_redirects=False)


def test_a_form_sent_as_it_stands_changes_nothing(member: Visitor) -> None:
    address = grain(member)
    before = form_of(member.page(address))
    assert correct(member, address).status_code == 303
    assert form_of(member.page(address)) == before


def test_a_correction_is_stored_as_it_was_typed(member: Visitor) -> None:
    address = grain(member)
    answer = correct(member, address, quantity="1 200,5", months="11-2", comment="Le <lundi>", hazardous="no")
    assert answer.status_code == 303, answer.text
    after = form_of(member.page(address))
    assert (after["quantity"], after["comment"], after["hazardous"]) == ("1200,5", "Le <lundi>", "no")
    assert after["months"] == "1-2;11-12"
    assert "1 200,5" in with_plain_spaces(member.page("/flux"))


def test_errors_stand_beside_their_field_and_keep_what_was_typed(member: Visitor) -> None:
    address = grain(member)
    answer = correct(member, address, quantity="beaucoup", waste_code="999999", label="Drêches <humides>")
    assert answer.status_code == 422
    for name, typed in (("quantity", "beaucoup"), ("waste_code", "999999")):
        assert re.search(rf'id="{name}"[^>]* value="{typed}"[^>]* aria-invalid="true"', answer.text), name
        assert f'id="{name}-about"' in answer.text
    assert 'value="Drêches &lt;humides&gt;"' in answer.text
    assert form_of(member.page(address))["quantity"] == "120"


@pytest.mark.parametrize(
    "changes", [{"direction": "sideways"}, {"kind": "x"}, {"period": "x"}, {"reliability": "9"}]
)
def test_a_choice_out_of_its_list_is_refused(member: Visitor, changes: dict[str, str]) -> None:
    answer = correct(member, grain(member), **changes)
    assert answer.status_code == 422
    assert "Choisissez dans la liste." in answer.text


def test_a_correction_of_what_changed_meanwhile_is_refused_and_keeps_what_was_typed(member: Visitor) -> None:
    address = grain(member)
    old = form_of(member.page(address))
    assert correct(member, address, quantity="100").status_code == 303
    answer = member.client.post(address, data=old | {"quantity": "77"})
    assert answer.status_code == 409
    assert 'value="77"' in answer.text
    assert form_of(member.page(address))["quantity"] == "100"


def test_a_flow_is_declared_at_a_site_and_deleted(member: Visitor) -> None:
    site = member.first("/flux?q=dr%C3%AAches", "entreprises").rsplit("/", 1)[1]
    path = f"/flux/nouveau?site={site}"
    refused = member.client.post(path, data=form_of(member.page(path)))
    assert refused.status_code == 422
    assert re.search(r'id="label"[^>]* aria-invalid="true"', refused.text)
    answer = member.client.post(
        path,
        data=form_of(member.page(path)) | {"label": "Levure", "quantity": "3", "unit": "t"},
        follow_redirects=False,
    )
    address = answer.headers["location"].split("?")[0]
    assert "Levure" in member.page(address)
    assert member.send(f"{address}/supprimer").status_code == 303
    assert member.get(address).status_code == 404


def test_the_activities_that_could_take_a_flow_come_after_its_page(member: Visitor) -> None:
    address = grain(member)
    assert f'hx-get="{address}/debouches"' in member.page(address)
    assert "<li>" in member.fragment(f"{address}/debouches").text
