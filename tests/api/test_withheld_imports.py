"""A company that took its mandate back is named by no import, and no file makes a second one of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole, Role
from app.db.tables import Company, Flow, IdempotencyKey, Import, ImportRow, Site, Territory, WaitingFile
from app.repositories.records import add, find, rows_of
from app.services.accounts import create_key, principal_of_key
from app.services.consent import withdraw_mandate
from app.services.rehearsals import Rehearsal
from tests.api.conftest import BREWERY, FARM, HEADER, ROWS, table, upload
from tests.conftest import Asker

NAME, SITE = "Secrets & Cie", "Usine aux secrets"
HIDDEN = f"{SITE},{NAME},,13110,Port-de-Bouc,4.9891,43.4051,Zone du Port"
HELD = f"{HIDDEN},output,material,Palettes bois,,40,t,year,avec nuance"
OTHER = ROWS[1]


@pytest.fixture
def company_id(member: Asker, database: Database) -> str:
    """Return the company that took its mandate back, after a file that named it."""
    file = table(HELD, OTHER)
    answer = member.post(
        "/imports",
        files={"file": (f"flux {NAME}.csv", file)},
        headers={"Idempotency-Key": "once"},
    )
    assert answer.status_code == 201, answer.text
    with database.writing(SYSTEM) as session:
        (company,) = rows_of(session, Company, name=NAME)
        withdraw_mandate(session, company.id)
    return str(company.id)


def stored(database: Database, cls: type[Any], **columns: Any) -> list[Any]:
    with database.reading(SYSTEM) as session:
        return list(rows_of(session, cls, **columns))


def names_in(text: str) -> list[str]:
    return [word for word in (NAME, SITE, "Palettes bois", "avec nuance") if word in text]


def test_what_is_kept_of_the_file_names_it_no_more(
    member: Asker, database: Database, company_id: str
) -> None:
    listed = member.get("/imports").json()["items"]
    assert names_in(str(listed)) == []
    assert "Ferme des Salins" in str(listed), "what others have is still told"
    assert names_in(member.get(f"/imports/{listed[0]['id']}").text) == []
    contents = [row.content for row in stored(database, ImportRow)]
    assert len(contents) == 2
    assert names_in(str(contents)) == []
    again = member.post("/imports", files={"file": ("x", b"")}, headers={"Idempotency-Key": "once"})
    assert names_in(again.text) == []
    assert names_in(str([row.body for row in stored(database, IdempotencyKey)])) == []


def test_a_file_that_names_it_again_updates_it_unseen(
    member: Asker, database: Database, company_id: str
) -> None:
    answer = upload(member, table(HELD.replace(",40,", ",70,"), OTHER))
    assert answer.status_code == 201, answer.text
    assert names_in(answer.text) == []
    assert answer.json()["report"]["done"] | {"flows_created": 0} == answer.json()["report"]["done"]
    (company,) = stored(database, Company, name=NAME)
    assert (company.id, company.withheld) == (company_id, True)
    (site,) = stored(database, Site, name=SITE)
    (flow,) = stored(database, Flow, site_id=site.id)
    assert flow.quantity_low == 70
    for path in ("/companies", "/sites", "/flows", f"/imports/{answer.json()['id']}"):
        assert names_in(member.get(path).text) == [], path
    assert names_in(str([row.content for row in stored(database, ImportRow)])) == []


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_the_answer_to_a_file_is_the_same_whatever_the_company_holds(
    member: Asker, database: Database, company_id: str, dry_run: str
) -> None:
    """Or one would try quantities until the answer says that nothing changes."""
    told = []
    for quantity in ("40", "55"):
        file = table(HELD.replace(",40,", f",{quantity},"), f"{FARM},input,material,Son {dry_run},,1,t,year,")
        report = upload(member, file, dry_run=dry_run).json()["report"]
        told.append((report["done"], report["difference"]["flows_changed"], names_in(str(report))))
    if dry_run == "false":
        assert told[0][0]["flows_updated"] == told[1][0]["flows_updated"] == 0
        assert told[0][1:] == told[1][1:] == (0, [])
    else:
        assert told[0] == told[1]
        assert told[0][2] == []


def test_new_flows_and_sites_of_it_are_told_to_nobody(
    member: Asker, database: Database, company_id: str
) -> None:
    second = HELD.replace(SITE, "Entrepôt discret").replace("Palettes bois", "Bois discret")
    report = upload(member, table(HELD, second)).json()["report"]
    assert report["done"]["sites_created"] == report["done"]["flows_created"] == 0
    assert "discret" not in str(report)
    assert "discret" not in member.get("/imports").text + member.get("/flows").text
    assert "discret" not in str([row.content for row in stored(database, ImportRow)])
    (site,) = stored(database, Site, name="Entrepôt discret")
    assert site.company_id == company_id


def test_a_file_takes_no_site_away_from_it(member: Asker, database: Database, company_id: str) -> None:
    assert upload(member, table(HELD.replace(NAME, "Prête-nom"))).status_code == 201
    (site,) = stored(database, Site, name=SITE)
    assert site.company_id == company_id
    assert SITE not in member.get("/sites").text


def test_undoing_a_file_takes_nothing_away_from_it(
    member: Asker, database: Database, company_id: str
) -> None:
    (first,) = stored(database, Import)
    assert member.delete(f"/imports/{first.id}").status_code == 200
    assert [row.name for row in stored(database, Site)] == [SITE]
    assert len(stored(database, Flow)) == 1
    assert [row.id for row in stored(database, Company)] == [company_id]


def test_flows_of_it_that_a_file_leaves_out_are_not_told_as_gone(
    member: Asker, database: Database, company_id: str
) -> None:
    report = upload(member, table(OTHER), name="flux –.csv").json()["report"]
    assert names_in(str(report)) == []
    assert report["difference"]["gone"] == 0


def test_a_rehearsal_does_not_compare_with_what_it_holds(
    member: Asker, database: Database, company_id: str, territory: str
) -> None:
    with database.writing(SYSTEM) as session:
        principal = principal_of_key(database, member.token)
        file = WaitingFile(
            territory_id=territory, subject=principal.subject, file_name="flux.csv", digest="0" * 64,
            size_bytes=1, content=table(HELD.replace(",40,", ",70,"), OTHER),
        )  # fmt: skip
        file_id = add(session, file).id
    Rehearsal(database, principal, territory, file_id).now()
    with database.reading(SYSTEM) as session:
        reading = session.scalars(select(WaitingFile.reading)).one()
    assert reading["report"]["difference"]["flows_changed"] == 0
    assert names_in(str(reading)) == []
    assert "Ferme des Salins" in str(reading)


def test_the_company_itself_still_reads_what_a_file_changed_of_it(
    member: Asker, client: Any, database: Database, company_id: str
) -> None:
    upload(member, table(HELD.replace(",40,", ",70,")))
    with database.writing(SYSTEM) as session:
        company = find(session, Company, company_id)
        home = find(session, Territory, company.territory_id)
        key = create_key(session, "company", AccountRole.MEMBER, home, None, Role.COMPANY, company)
    (flow,) = Asker(client, key).get("/flows").json()["items"]
    assert flow["quantity"] == 70


def test_without_such_a_company_files_are_told_whole(member: Asker, database: Database) -> None:
    report = upload(member, "\n".join([HEADER, f"{BREWERY},output,material,Drêches,,1,t,year,"]).encode())
    assert report.json()["report"]["done"]["flows_created"] == 1
    assert "Brasserie du Port" in report.text
