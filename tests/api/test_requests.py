"""Versions, repeated requests, wrong input, languages, pages, formats, sessions."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Flow, Site, Territory
from app.errors import NotSignedInError
from app.repositories.records import find
from app.services.accounts import create_user, principal_of_session, sign_in, sign_out
from app.services.passwords import csrf_token
from app.settings import Settings, Web
from tests.api.conftest import table, upload
from tests.conftest import Asker

FLOW = {"direction": "output", "kind": "material", "label": "Sciure", "quantity": 3, "unit": "t"}


@pytest.fixture
def site(member: Asker) -> Any:
    return member.created("/sites", {"name": "Scierie", "lon": 5.05, "lat": 43.4})


def _count(database: Database, table: Any) -> int:
    with database.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_change_names_the_version_it_read(member: Asker, site: Any) -> None:
    path = f"/sites/{site['id']}"
    etag = member.get(path).headers["etag"]
    assert member("PATCH", path, json={"city": "Fos"}).status_code == 428
    assert member("PATCH", path, json={"city": "Fos"}, headers={"If-Match": '"x"'}).status_code == 412
    assert member("PATCH", path, json={"city": "Fos"}, headers={"If-Match": etag}).status_code == 200
    assert member("PATCH", path, json={"city": "Arles"}, headers={"If-Match": etag}).status_code == 412
    assert member.get(path).json()["city"] == "Fos"
    assert member.delete(path, headers={"If-Match": etag}).status_code == 412


def test_a_post_repeated_with_its_key_is_done_once(member: Asker, site: Any, database: Database) -> None:
    body, once = {**FLOW, "site_id": site["id"]}, {"Idempotency-Key": "k1"}
    first, second = (member.post("/flows", body, headers=once) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.headers["etag"] == second.headers["etag"]
    assert second.headers["idempotent-replayed"] == "true"
    assert _count(database, Flow) == 1
    assert member.post("/flows", {**body, "label": "Copeaux"}, headers=once).status_code == 409
    assert member.post("/flows", {**body, "unit": "x"}, headers={"Idempotency-Key": "k2"}).status_code == 422
    assert member.post("/flows", body, headers={"Idempotency-Key": "k2"}).status_code == 201


def test_the_key_of_one_principal_answers_nobody_else(member: Asker, stranger: Asker) -> None:
    body, once = {"name": "Même nom"}, {"Idempotency-Key": "k"}
    ids = {asker.post("/sites", body, headers=once).json()["id"] for asker in (member, stranger)}
    assert len(ids) == 2


def test_an_upload_repeated_with_its_key_is_done_once(member: Asker) -> None:
    once = {"Idempotency-Key": "file"}
    answers = [member.post("/imports", files={"file": ("f.csv", table())}, headers=once) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(member.get("/imports").json()["items"]) == 1


WRONG: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "an unknown unit": ({"unit": "boisseau"}, "unit", "is unknown", "inconnue"),
    "a negative quantity": ({"quantity": -1}, "quantity", "negative", "négative"),
    "a quantity without end": ({"quantity": "inf"}, "quantity", "finite", "fini"),
    "a quantity beyond the world": ({"quantity": 1e300}, "quantity", "too large", "trop grand"),
    "a range that goes down": ({"quantity": "200-150"}, "quantity", "smaller", "200"),
    "words for a number": ({"temperature_c": "tiède"}, "temperature_c", "is not a number", "pas un nombre"),
    "a wrong direction": ({"direction": "sideways"}, "direction", "use one of", "utilisez"),
    "an unknown kind": ({"kind": "love"}, "kind", "use one of", "utilisez"),
    "an unknown waste code": ({"waste_code": "999999"}, "waste_code", "List of Waste", "liste européenne"),
    "an unknown resource": ({"resource": "unobtainium"}, "resource", "catalogue", "catalogue"),
    "an impossible month": ({"months": "1-13"}, "months", "1-3;9-12", "1-3;9-12"),
    "more than all of it": ({"moisture_pct": 120}, "moisture_pct", "percentage", "pourcentage"),
    "a quantity without a unit": ({"unit": None}, "unit", "unit", "unité"),
    "a missing label": ({"label": ""}, "label", "short", "court"),
    "an unknown field": ({"colour": "red"}, "colour", "does not exist", "n’existe pas"),
    "a reliability of 9": ({"reliability": 9}, "reliability", "5 or less", "5 ou moins"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_wrong_field_is_named_with_the_remedy_and_nothing_is_stored(
    member: Asker, site: Any, database: Database, case: str
) -> None:
    change, field, english, french = WRONG[case]
    for language, expected in (("en", english), ("fr", french)):
        answer = member.post(
            "/flows", {**FLOW, "site_id": site["id"], **change}, headers={"Accept-Language": language}
        )
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        errors = [error for error in answer.json()["errors"] if error["field"] == field]
        assert expected in errors[0]["message"], errors
    assert _count(database, Flow) == 0


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_number_without_end_in_the_json_itself_is_refused(member: Asker, site: Any) -> None:
    text = (
        f'{{"site_id": "{site["id"]}", "direction": "output", "kind": "material", "label": "x", "unit": "t", '
    )
    for number in ("Infinity", "NaN", "1e999"):
        answer = member(
            "POST",
            "/flows",
            content=f'{text} "quantity": {number}}}',
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "quantity"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lon": 500, "lat": 43}, "lon"),
        ({"lon": 1e300, "lat": 43}, "lon"),
        ({"lon": 5, "lat": -91}, "lat"),
        ({"lon": 5}, "lat"),
        ({"siret": "12345678901234"}, "siret"),
        ({"name": ""}, "name"),
        ({"employees": -3}, "employees"),
    ],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_wrong_site_is_refused(member: Asker, database: Database, change: Any, field: str) -> None:
    answer = member.post("/sites", {"name": "Scierie", **change})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert _count(database, Site) == 0


def test_the_character_0_is_refused_in_addresses_and_dropped_from_texts(member: Asker) -> None:
    assert member.get("/sites/%00").status_code == 422
    assert member.get("/sites?q=%00").status_code == 422
    assert member.created("/sites", {"name": "Sci\0erie"})["name"] == "Scierie"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_park_has_an_outline_on_the_earth(member: Asker) -> None:
    square = [[[5.0, 43.0], [5.1, 43.0], [5.1, 43.1], [5.0, 43.0]]]
    park = member.created("/parks", {"name": "Zone", "outline": {"type": "Polygon", "coordinates": square}})
    assert park["outline"]["coordinates"] == square
    for outline in ({"type": "Point", "coordinates": [500, 0]}, {"type": "Polygon", "coordinates": [[1]]}):
        assert member.post("/parks", {"name": "Zone", "outline": outline}).status_code == 422


def test_a_list_is_read_page_by_page(member: Asker) -> None:
    names = [f"Site {number}" for number in range(5)]
    for name in names:
        member.created("/sites", {"name": name})
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = member.get("/sites", params={"limit": "2", **cursor}).json()
        assert len(page["items"]) <= 2
        seen += [row["name"] for row in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == names
    assert member.get("/sites", params={"cursor": "!"}).status_code == 422


def test_pages_of_synergies_hold_each_once_whatever_the_order(member: Asker, imported: Any) -> None:
    everything = [row["id"] for row in member.get("/synergies").json()["items"]]
    for sort in ("-score", "distance_km", "-saving_eur_per_year", "-created_at"):
        seen: list[str] = []
        params: dict[str, str] = {"sort": sort, "limit": "1"}
        while True:
            page = member.get("/synergies", params=params).json()
            seen += [row["id"] for row in page["items"]]
            if page["next"] is None:
                break
            params["cursor"] = page["next"]
        assert sorted(seen) == sorted(everything)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_format_follows_the_header_or_the_address(member: Asker, imported: Any) -> None:
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    for accept, expected in (
        ("text/csv", "text/csv; charset=utf-8"),
        (f"{sheet};q=0.9, application/pdf;q=0.1", sheet),
        ("*/*", "application/json"),
    ):
        assert member.get("/synergies", headers={"Accept": accept}).headers["content-type"] == expected
    assert member.get("/synergies", headers={"Accept": "image/png"}).status_code == 406
    answer = member.get("/synergies", params={"format": "pdf"}, headers={"Accept": "text/csv"})
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_file_too_large_is_refused(member: Asker) -> None:
    # The server counts what it receives, not what the client says.
    answer = upload(member, b"x" * (Web().max_upload_bytes + 1))
    assert answer.status_code == 413
    assert answer.json()["status"] == 413


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_web_session_changes_things_only_from_our_own_pages(
    client: Any, database: Database, settings: Settings, territory: str
) -> None:
    with database.writing(SYSTEM) as session:
        where = find(session, Territory, territory)
        create_user(session, settings.web, "Anne@Exemple.fr", "un long mot de passe", territory=where)
    with pytest.raises(NotSignedInError):
        sign_in(database, settings.web, "anne@exemple.fr", "faux")
    token = sign_in(database, settings.web, "anne@exemple.fr", "un long mot de passe")
    client.cookies.set("entreflux_session", token)
    assert client.get("/api/v1/sites").status_code == 200
    for headers, status in (
        ({}, 403),
        ({"X-CSRF-Token": "é".encode()}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"X-CSRF-Token": csrf_token(token)}, 201),
    ):
        assert client.post("/api/v1/parks", json={"name": "Zone"}, headers=headers).status_code == status
    sign_out(database, token)
    assert client.get("/api/v1/sites").status_code == 401
    with pytest.raises(NotSignedInError):
        principal_of_session(database, token)
    client.cookies.clear()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_catalogue_answers(member: Asker) -> None:
    assert member.get("/classify", params={"q": "palettes bois"}).json()[0]["rank"] == 1
    assert "150103" in {
        row["code"] for row in member.get("/reference/waste-codes", params={"q": "1501"}).json()
    }
    assert member.get("/reference/resources", params={"q": "palette", "limit": 5}).json()
    assert {"t", "kg"} <= {row["symbol"] for row in member.get("/reference/units").json()}
    rule = member.get("/reference/rules", params={"limit": 1}).json()[0]
    assert rule["id"] in {
        row["id"] for row in member.get("/reference/rules", params={"resource": rule["to_resource"]}).json()
    }
    assert len(member.get("/reference/obstacles").json()) == 19


def test_the_server_tells_how_it_is(client: Any) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/health/ready").json() == {"status": "ok"}
    assert 'route="/health/ready",status="200"' in client.get("/metrics").text
    assert client.get("/api/v1/health/live").status_code == 200


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_every_answer_carries_the_security_headers(client: Any) -> None:
    headers = client.get("/nowhere").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    french = client.get("/nowhere", headers={"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.8"})
    assert french.json()["title"] == "Il n’y a rien à cette adresse."
