"""The flash diagnostic without scripts: typed, kept, corrected, stored; never lost, never doubled."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.conftest import MEMBER, TRAVELLER, MakeVisitor, Visitor, with_plain_spaces

FORM = "/diagnostics/nouveau"
SITE = {"name": "Brasserie des Salins", "city": "Fos-sur-Mer", "activity_code": "11.05Z"}
GRAINS = {
    "flow-1-direction": "output",
    "flow-1-label": "Drêches de brasserie",
    "flow-1-quantity": "120",
    "flow-1-unit": "t",
    "flow-1-period": "year",
}
SIRET = "73282932000017"


def opened(visitor: Visitor, query: str = "") -> tuple[str, str]:
    """Return the form's address and its draft's identifier."""
    address = visitor.get(f"{FORM}{query}", follow_redirects=False).headers["location"]
    found = re.search(r"brouillon=([0-9a-f-]{36})", address)
    assert found is not None
    return address, found[1]


def acted(visitor: Visitor, action: str, **fields: str) -> Any:
    address, draft = opened(visitor)
    return visitor.send(FORM, address, action=action, brouillon=draft, **fields)


def stored(visitor: Visitor, **fields: str) -> str:
    answer = acted(visitor, "enregistrer", **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def test_a_visit_stores_the_site_the_flows_and_says_what_to_do_next(member: Visitor) -> None:
    """The page after storing shows the neighbour that could take it."""
    page = with_plain_spaces(member.page(stored(member, **SITE, **GRAINS)))
    assert "Ferme des Salins" in page
    assert "120 t par an" in page
    assert "Brasserie des Salins" in member.page("/entreprises?q=salins")
    assert "Ouvrir la meilleure" in page


def test_the_words_alone_tell_the_kind_of_a_flow(member: Visitor) -> None:
    """Nobody has to choose among nine kinds standing in a yard."""
    address = stored(member, **SITE, **{"flow-1-label": "Cariste à mi-temps", "flow-1-direction": "input"})
    flow = re.search(r'href="(/flux/[0-9a-f-]{36})"', member.page(address))
    assert flow is not None
    assert "Compétences" in member.page(flow[1])


def test_a_wrong_flow_stores_nothing_and_keeps_what_was_typed(member: Visitor) -> None:
    """Errors stand beside their fields, site and flows together."""
    answer = acted(member, "enregistrer", **{**GRAINS, "flow-1-quantity": "beaucoup", "city": "Fos-sur-Mer"})
    assert answer.status_code == 422
    assert 'id="flow-1-quantity-about"' in answer.text
    assert 'id="name-about"' in answer.text
    assert value_of(answer.text, "flow-1-quantity") == "beaucoup"
    assert "Drêches de brasserie" not in member.page("/flux?q=salins")
    assert "Fos-sur-Mer" in member.page("/diagnostics"), "the draft is kept as well"


def test_a_visit_without_a_flow_is_refused_with_a_sentence(member: Visitor) -> None:
    """A site alone is no diagnostic."""
    answer = acted(member, "enregistrer", **SITE)
    assert answer.status_code == 422
    assert "Dites au moins une chose" in answer.text
    assert "Brasserie des Salins" not in member.page("/entreprises")


def test_a_company_that_is_known_is_not_doubled(member: Visitor) -> None:
    """The same name at the same place is the same site."""
    for _ in range(2):
        stored(member, **SITE, **GRAINS)
    assert member.page("/entreprises?q=brasserie+des").count(">Brasserie des Salins</a>") == 1


def test_a_known_site_is_picked_and_only_completed(member: Visitor) -> None:
    """What the territory knows needs no typing; the activity learnt on the spot stays."""
    site = member.first("/entreprises?q=ferme", "entreprises").rsplit("/", 1)[1]
    address, draft = opened(member, f"?site={site}")
    page = member.page(address)
    assert value_of(page, "site_id") == site
    assert "Aliment pour bétail" in page, "what it has declared is told, not to be typed twice"
    fields = {"site_id": site, "name": "Ferme des Salins", "activity_code": "01.41Z"}
    answer = member.send(FORM, address, action="enregistrer", brouillon=draft, **fields, **GRAINS)
    assert answer.status_code == 303
    assert "01.41Z" in member.page(f"/entreprises/{site}")


def test_questions_of_the_trade_become_flows(member: Visitor) -> None:
    """One press says yes; a quantity typed beside a question counts as a yes when storing."""
    page = acted(member, "rester", **SITE).text
    assert "Drêches de brasserie" in page
    yes = acted(member, "typique:output:spent-grain", **SITE, **{"typical-output-spent-grain": "80"})
    assert value_of(yes.text, "flow-1-label") == "Drêches de brasserie"
    assert value_of(yes.text, "flow-1-quantity") == "80"
    assert 'id="q-output-spent-grain"' not in yes.text
    page = with_plain_spaces(member.page(stored(member, **SITE, **{"typical-input-malt": "300"})))
    assert "300 t par an" in page


@pytest.mark.parametrize(
    ("siret", "told"), [("123", "14 chiffres dont la clé"), (SIRET, "Aucun annuaire n’est relié")]
)
def test_without_a_register_a_siret_says_what_to_do(member: Visitor, siret: str, told: str) -> None:
    """The sentence stands beside the field, and the rest can be typed."""
    answer = acted(member, "chercher", siret=siret)
    assert answer.status_code == 422
    assert told in with_plain_spaces(answer.text)
    assert value_of(answer.text, "siret") == siret


def test_a_siret_of_the_territory_needs_no_register(member: Visitor) -> None:
    """A second visit finds the first one again without internet."""
    stored(member, **SITE, siret=SIRET, **GRAINS)
    page = acted(member, "chercher", siret=f"{SIRET[:9]} {SIRET[9:]}").text
    assert value_of(page, "name") == "Brasserie des Salins"
    assert value_of(page, "site_id") != ""


def test_a_draft_keeps_itself_is_resumed_and_dropped(member: Visitor) -> None:
    """What was typed is there the next day, word for word, until it is stored or dropped."""
    address, draft = opened(member)
    fields = {"brouillon": draft, "name": "Scierie du Pin", "flow-3-label": "Écorces", "note": "à rappeler"}
    assert "Brouillon gardé" in member.send("/diagnostics/brouillon", address, **fields).text
    assert "Scierie du Pin" in member.page("/diagnostics")
    page = member.page(address)
    assert (value_of(page, "name"), value_of(page, "flow-3-label")) == ("Scierie du Pin", "Écorces")
    assert "à rappeler" in page
    member.send(f"/diagnostics/brouillons/{draft}/abandonner", "/diagnostics")
    assert "Scierie du Pin" not in member.page("/diagnostics")


def test_nothing_typed_leaves_no_draft(member: Visitor) -> None:
    """Opening the form and leaving it again litters nothing."""
    address, draft = opened(member)
    empty = {"brouillon": draft, "flow-1-direction": "output", "flow-1-unit": "t", "flow-1-period": "year"}
    assert member.send("/diagnostics/brouillon", address, **empty).status_code == 204
    assert "À terminer" not in member.page("/diagnostics")


def test_storing_a_visit_ends_its_draft(member: Visitor) -> None:
    """The list holds what is still to be finished, nothing else."""
    address, draft = opened(member)
    member.send("/diagnostics/brouillon", address, brouillon=draft, **SITE, **GRAINS)
    member.send(FORM, address, action="enregistrer", brouillon=draft, **SITE, **GRAINS)
    assert "À terminer" not in member.page("/diagnostics")


def test_a_draft_is_its_author_s_alone(visitor_of: MakeVisitor) -> None:
    """A colleague of the same territory neither sees it nor writes over it."""
    member, colleague = visitor_of(MEMBER), visitor_of(TRAVELLER)
    address, draft = opened(member)
    member.send("/diagnostics/brouillon", address, brouillon=draft, name="Secret", **GRAINS)
    territories = re.findall(r'value="([0-9a-f-]{36})"', colleague.page("/territoires"))
    assert len(territories) == 2
    for territory in territories:
        colleague.send("/territoires", "/territoires", territory=territory)
        assert "Secret" not in colleague.page("/diagnostics")
        assert "Secret" not in colleague.page(address)
        taken = colleague.send("/diagnostics/brouillon", address, brouillon=draft, name="Vol", **GRAINS)
        assert taken.status_code == 409
    assert value_of(member.page(address), "name") == "Secret"


def test_a_stranger_finds_no_diagnostic_of_ours(member: Visitor, stranger: Visitor) -> None:
    """Another territory's diagnostic is not there, for whoever has its address."""
    address = stored(member, **SITE, **GRAINS)
    assert stranger.get(address).status_code == 404
    assert "Brasserie des Salins" not in stranger.page("/diagnostics")
    site = member.first("/entreprises?q=ferme", "entreprises").rsplit("/", 1)[1]
    theirs, _ = opened(stranger, f"?site={site}")
    assert "Ferme des Salins" not in stranger.page(theirs)
    answer = acted(stranger, "enregistrer", site_id=site, name="Ferme des Salins", **GRAINS)
    assert answer.status_code == 422


def test_suggestions_follow_half_a_word(member: Visitor) -> None:
    """Names that begin so come before what it vaguely resembles."""
    options = member.fragment("/diagnostics/suggestions?n=1&flow-1-label=cart&flow-1-direction=output").text
    assert re.findall(r'data-label="([^"]+)"', options)[0].startswith("Cart")
    assert 'id="flow-1-option-1"' in options
    assert member.fragment("/diagnostics/suggestions?n=1&flow-1-label=c").text.strip() == ""


def test_matches_appear_before_anything_is_stored(member: Visitor) -> None:
    """The preview names the neighbour; too few words, or a mistake, show nothing rather than an error."""
    address, _ = opened(member)
    shown = member.send("/diagnostics/apercu", address, numero="1", **SITE, **GRAINS).text
    assert "Ferme des Salins" in shown
    for wrong in ({"flow-1-label": "dr"}, {"flow-1-quantity": "beaucoup"}, {"lon": "4000"}):
        said = member.send("/diagnostics/apercu", address, numero="1", **{**SITE, **GRAINS, **wrong})
        assert (said.status_code, said.text.strip()) == (200, "")
    assert "Brasserie des Salins" not in member.page("/entreprises"), "nothing was stored"


def test_the_page_is_english_once_asked(member: Visitor) -> None:
    """No French is left over in the form."""
    member.speak("en")
    page = member.page(opened(member)[0])
    assert "Where are you?" in page
    assert "Enregistrer" not in page


def test_what_a_column_cannot_hold_is_refused_beside_its_field(member: Visitor) -> None:
    """A sentence pasted into a code is told, not cut."""
    answer = acted(member, "enregistrer", **{**SITE, "activity_code": "fabrication de bière"}, **GRAINS)
    assert answer.status_code == 422
    assert "Trop long : 10 caractères au plus." in with_plain_spaces(answer.text)
