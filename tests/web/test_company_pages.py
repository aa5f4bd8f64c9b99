"""What a company, an observer and who runs the server do with their own pages, and what those never tell."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.services.gate import table
from app.web.journal_words import OPERATIONS
from tests.trust.town import PASSWORD, Town, build
from tests.web.conftest import MakeVisitor, Visitor, with_plain_spaces

if TYPE_CHECKING:
    from app.db.engine import Database
    from app.settings import Settings

LEADS = re.compile(r'href="(/mon-entreprise/flux/[0-9a-f-]{36}/demande\?jeton=[0-9a-f]+)"')

ANSWER = re.compile(r'action="(/mises-en-relation/[0-9a-f-]+)".*?name="version" value="(\d+)"', re.DOTALL)
SYNERGY = re.compile(r'href="(/synergies/[0-9a-f-]{36})"')
PAIR = re.compile(r'name="flow" value="([^"]+)".*?name="other_flow" value="([^"]+)"', re.DOTALL)


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Start from nothing: the town brings its own territories."""
    shutil.copy(sqlite_template, tmp_path / "entreflux.sqlite")
    return f"sqlite:///{tmp_path / 'entreflux.sqlite'}"


@pytest.fixture
def town(database: Database, settings: Settings) -> Town:
    from app.db.principal import SYSTEM, AccountRole, Role
    from app.db.tables import Company, Territory
    from app.services.accounts import create_user, join

    made = build(database, settings.web)
    with database.writing(SYSTEM) as session:
        home = session.get(Territory, made.ids["territory"])
        assert home is not None
        # Who answers for each neighbour, whichever of them a lead leads to.
        for owner in ("other", "granted", "withheld"):
            user = create_user(session, settings.web, f"{owner}@x.example", PASSWORD, AccountRole.MEMBER)
            join(session, home, user, Role.COMPANY, session.get(Company, made.ids[f"{owner}:company"]))
    return made


@pytest.fixture
def company(visitor_of: MakeVisitor, town: Town) -> Visitor:
    return visitor_of("company@x.example")


def secrets_in(town: Town, text: str, *owners: str) -> list[str]:
    return [word for word, (owner, level, _) in town.canaries.items()
            if owner in owners and level == "private" and word in text]  # fmt: skip


def own_flow(town: Town, way: str = "output") -> str:
    return f"/mon-entreprise/flux/{town.ids[f'own:flow:private:{way}']}"


def asked(company: Visitor, town: Town) -> str:
    """Ask for the first lead of a flow and return what the page then says."""
    lead = LEADS.search(company.page(own_flow(town)))
    assert lead is not None
    token = lead[1].rpartition("=")[2]
    sent = company.send(
        f"{own_flow(town)}/demande", lead[1], token=token, fields="contact", message="Parlons-en"
    )
    assert sent.status_code == 303, sent.text
    return company.page(sent.headers["location"])


def test_a_company_comes_home_to_its_own_flows_and_the_leads_without_names(
    company: Visitor, town: Town
) -> None:
    assert company.get("/", follow_redirects=False).headers["location"] == "/mon-entreprise"
    page = company.page("/")
    assert "Qui pourrait prendre ce que je jette" in page
    labels = [word for word, about in town.canaries.items() if about == ("own", "private", "label")]
    assert all(word in page for word in labels)
    assert "pistes</strong>" in page
    assert secrets_in(town, page, "other", "granted", "withheld", "far") == []


def test_the_menu_of_a_company_leads_only_where_it_may_go(company: Visitor) -> None:
    menu = re.search(r'<nav class="nav".*?</nav>', company.page("/mon-entreprise"), re.DOTALL)
    assert menu is not None
    addresses = re.findall(r'href="([^"]+)"', menu[0])
    assert "/mon-entreprise" in addresses
    assert "/synergies" not in addresses
    for address in addresses:
        company.page(address)


def test_a_flow_of_ones_own_shows_no_link_to_the_pages_of_the_staff(company: Visitor, town: Town) -> None:
    flow_id = town.ids["own:flow:private:output"]
    for path in ("/flux", f"/flux/{flow_id}", f"/flux/nouveau?site={town.ids['own:site']}"):
        page = company.page(path)
        for address in set(re.findall(r'href="(/[^"#]*)"', page)) - {"/fr", "/en"}:
            if not address.startswith(("/static", "/en?", "/fr?")):
                answer = company.get(address.replace("&amp;", "&"))
                assert answer.status_code == 200, (path, address, answer.status_code)
    assert "Aucune pour l’instant" not in company.page(f"/flux/{flow_id}")


def test_a_neighbours_shown_flow_is_read_and_not_corrected(company: Visitor, town: Town) -> None:
    page = company.page(f"/flux/{town.ids['granted:flow:territory:output']}")
    assert "montre ce flux aux entreprises du territoire" in page
    assert "Corriger ce flux" not in page


def test_the_other_company_answers_and_only_then_both_see_the_listed_fields(
    company: Visitor, town: Town, visitor_of: MakeVisitor
) -> None:
    page = asked(company, town)
    assert "Demande envoyée" in page
    assert secrets_in(town, page, "other", "granted", "withheld") == []
    owner, neighbour = next(
        (owner, one)
        for owner in ("other", "granted", "withheld")
        if "Parlons-en" in (one := visitor_of(f"{owner}@x.example")).page("/mises-en-relation")
    )
    received = neighbour.page("/mises-en-relation")
    assert secrets_in(town, received, "own"), "who is asked sees who asks"
    form = ANSWER.search(received)
    assert form is not None
    sent = neighbour.send(form[1], "/mises-en-relation", answer="accepter", version=form[2])
    assert sent.status_code == 303
    names = [w for w, (o, _, name) in town.canaries.items() if o == owner and name in ("company", "contact")]
    met = company.page("/mises-en-relation")
    assert all(word in met for word in names if town.canaries[word][2] == "company")
    version = re.search(r'name="version" value="(\d+)"', met)
    assert version is not None
    ended = company.send(form[1], "/mises-en-relation", answer="terminer", version=version[1])
    assert ended.status_code == 303
    assert [word for word in names if word in company.page("/mises-en-relation")
            and town.canaries[word][1] == "private"] == []  # fmt: skip


def test_asking_twice_is_refused_beside_what_was_typed(company: Visitor, town: Town) -> None:
    lead = LEADS.search(company.page(own_flow(town)))
    assert lead is not None
    asked(company, town)
    token = lead[1].rpartition("=")[2]
    again = company.send(f"{own_flow(town)}/demande", lead[1], token=token, fields="site", message="encore")
    assert again.status_code == 409
    assert "déjà demandé" in again.text
    assert "encore</textarea>" in again.text


def test_a_flow_shown_to_the_territory_is_read_by_others_until_it_is_private_again(
    company: Visitor, town: Town, visitor_of: MakeVisitor
) -> None:
    neighbour = visitor_of("other@x.example")
    seen = f"/flux/{town.ids['own:flow:private:output']}"
    assert neighbour.get(seen).status_code == 404
    for level, status in (("territory", 200), ("private", 404)):
        sent = company.send(f"{own_flow(town)}/niveau", own_flow(town), level=level)
        assert sent.status_code == 303
        assert neighbour.get(seen).status_code == status, level


def test_the_staff_read_nothing_of_a_company_that_takes_its_mandate_back(
    company: Visitor, town: Town, visitor_of: MakeVisitor
) -> None:
    staff = visitor_of("facilitator@x.example")
    flow = f"/flux/{town.ids['own:flow:private:output']}"
    assert staff.get(flow).status_code == 200
    own = town.ids["own:company"]
    assert "Reprendre mon mandat" in company.page("/charte")
    assert company.send("/charte/mandat", "/charte", company=own, action="reprendre").status_code == 303
    assert staff.get(flow).status_code == 404
    page = with_plain_spaces(staff.page("/charte"))
    assert "2 entreprises ont repris leur mandat" in page
    assert secrets_in(town, page, "own", "withheld") == []
    assert company.send("/charte/mandat", "/charte", company=own, action="donner").status_code == 303
    assert staff.get(flow).status_code == 200


def test_a_coordinator_sees_the_charter_as_it_will_be_before_publishing_it(
    town: Town, visitor_of: MakeVisitor
) -> None:
    staff = visitor_of("coordinator@x.example")
    preview = staff.send("/charte", "/charte", body="Article premier.", action="apercu")
    assert preview.status_code == 200
    assert "telle qu’elle sera lue" in preview.text
    assert "Aucune charte" in staff.page("/charte")
    assert staff.send("/charte", "/charte", body="Article premier.", action="publier").status_code == 303
    assert staff.send("/charte", "/charte", body="Article second.", action="publier").status_code == 303
    assert "Article second." in visitor_of("observer@x.example").page("/charte")
    assert "Article premier." in visitor_of("company@x.example").page("/charte?version=1")
    refused = visitor_of("facilitator@x.example").send("/charte", "/charte", body="x", action="publier")
    assert refused.status_code == 403


def test_the_journal_tells_a_company_in_words_who_read_its_flows_and_nothing_of_others(
    company: Visitor, town: Town, visitor_of: MakeVisitor
) -> None:
    staff = visitor_of("coordinator@x.example")
    for owner in ("own", "other"):
        staff.page(f"/flux/{town.ids[f'{owner}:flow:private:output']}")
    page = company.page("/journal")
    assert page.count("coordinator@x.example") >= 1
    assert "A lu un flux" in page
    assert town.ids["own:flow:private:output"] in page
    assert town.ids["other:flow:private:output"] not in page
    assert "A lu un flux</td>" not in company.page("/journal?action=importe")
    own = town.ids["own:company"]
    assert town.ids["other:flow:private:output"] not in staff.page(f"/journal?entreprise={own}")


def test_the_team_proposes_an_introduction_from_a_synergy_under_both_mandates(
    town: Town, visitor_of: MakeVisitor
) -> None:
    staff = visitor_of("facilitator@x.example")
    every = dict.fromkeys(SYNERGY.findall(staff.page("/synergies")))
    forms = [(address, found) for address in every if (found := PAIR.search(staff.page(address)))]
    assert forms, "no synergy of two flows"
    address, found = forms[0]
    sent = staff.send(f"{address}/mise-en-relation", address, flow=found[1], other_flow=found[2])
    assert sent.status_code == 303, sent.text[-2000:]
    assert "sous son mandat" in staff.page("/mises-en-relation")


def test_who_runs_the_server_counts_territories_and_enters_one_for_a_reason_its_people_read(
    town: Town, visitor_of: MakeVisitor
) -> None:
    operator = visitor_of("operator@x.example")
    page = operator.page("/")
    assert "Territoires de ce serveur" in page
    assert "Ville" in page
    assert [word for word in town.canaries if word in page] == []
    fields = {"territory": town.ids["territory"], "minutes": "60"}
    assert operator.send("/exploitation", "/exploitation", reason="court", **fields).status_code == 422
    sent = operator.send("/exploitation", "/exploitation", reason="Import cassé du 3 mars", **fields)
    assert sent.status_code == 303
    assert operator.get("/synergies").status_code == 200
    assert "Import cassé du 3 mars" in visitor_of("company@x.example").page("/journal")


def test_notices_name_nobody(company: Visitor, town: Town) -> None:
    page = company.page("/annonces?direction=output")
    assert "Ce que le territoire offre et cherche" in page
    assert secrets_in(town, page, "other", "granted", "withheld", "far") == []


def test_an_observer_reads_sums_alone_and_no_name(town: Town, visitor_of: MakeVisitor) -> None:
    observer = visitor_of("observer@x.example")
    assert observer.get("/", follow_redirects=False).headers["location"] == "/indicateurs"
    page = observer.page("/indicateurs")
    assert "au moins trois entreprises" in page
    assert "Flux recensés" in page
    files = observer.get("/indicateurs/export.csv").text
    assert [word for word in town.canaries if word in page + files] == []
    assert not re.findall(r'href="/(?:synergies|entreprises|flux|rapport|territoire)', page)


def test_the_journal_has_words_for_all_that_the_audit_keeps() -> None:
    kept = {operation for operation, access in table().items() if access.audit}
    assert sorted(kept - {one for operations in OPERATIONS.values() for one in operations}) == []
