"""Teasers and blind matches say nothing finer than a cell and a class, however they are asked."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db.principal import SYSTEM, AccountRole, Role
from app.db.tables import Company, Flow, Site, Teaser, Territory
from app.repositories.records import add, find, rows_of
from app.services.accounts import create_key
from app.services.blurring import middle_of
from app.services.classes import CELL_KM, class_of
from app.services.consent import Level, set_level
from app.services.matches import refresh_matches
from app.services.teasers import rebuild
from geo.cells import between_cells_km, cell_of, centre_of
from geo.distance import great_circle_km
from tests.conftest import Asker
from tests.trust.shares import share, told

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from app.db.engine import Database

# In the middle of a cell, so that nearly all of it can be tried on both sides.
HOME = centre_of(cell_of(5.05, 43.4, CELL_KM), CELL_KM)
HALF_CELL_DEG = 0.45 * CELL_KM / 111.2


class Town:
    """Companies around a cell, and one that looks at them."""

    def __init__(self, client: TestClient, database: Database, companies: int = 4) -> None:
        self.database = database
        with database.writing(SYSTEM) as session:
            home = add(session, Territory(name="Ville"))
            self.territory_id = home.id
            self.flows = [self._company(session, home, number) for number in range(companies)]
            spy = add(session, Company(territory_id=home.id, name="Espion"))
            where = {"lon": HOME[0], "lat": HOME[1], "precision": "point"}
            site = add(session, Site(territory_id=home.id, company_id=spy.id, name="Espion", **where))
            self.spy_site, self.spy_company = site.id, spy.id
            wish = {"direction": "input", "kind": "material", "label": "Drêches de brasserie"}
            self.wish = add(session, Flow(territory_id=home.id, site_id=site.id, **wish, **tonnes(50.0))).id
            key = create_key(session, "spy", AccountRole.MEMBER, home, None, Role.COMPANY, spy)
            refresh_matches(session, home.id)
            rebuild(session, home.id)
        self.spy = Asker(client, key)

    def _company(self, session: Any, home: Territory, number: int) -> str:
        company = add(session, Company(territory_id=home.id, name=f"Brasserie {number}"))
        where = {"lon": HOME[0], "lat": HOME[1], "precision": "point"}
        site = add(
            session, Site(territory_id=home.id, company_id=company.id, name=f"Brasserie {number}", **where)
        )
        spent = {"direction": "output", "kind": "material", "label": "Drêches de brasserie"}
        flow = add(session, Flow(territory_id=home.id, site_id=site.id, **spent, **tonnes(30.0)))
        set_level(session, flow.id, Level.TEASER)
        return flow.id

    def move(self, seed: int) -> None:
        """Move every hidden site within its cell, and change every quantity within its class."""
        draw = random.Random(seed)
        with self.database.writing(SYSTEM) as session:
            for flow_id in self.flows:
                flow = find(session, Flow, flow_id)
                site = find(session, Site, flow.site_id)
                site.lon = HOME[0] + draw.uniform(-HALF_CELL_DEG, HALF_CELL_DEG)
                site.lat = HOME[1] + draw.uniform(-HALF_CELL_DEG, HALF_CELL_DEG)
                flow.quantity_low = flow.quantity_high = draw.uniform(11.0, 99.0)
                flow.comment = f"secret {draw.random()}"
            session.flush()
            refresh_matches(session, self.territory_id)
            rebuild(session, self.territory_id)

    def stand(self, lon: float, lat: float) -> None:
        """Move the one that looks."""
        with self.database.writing(SYSTEM) as session:
            site = find(session, Site, self.spy_site)
            site.lon, site.lat = lon, lat
            session.flush()
            refresh_matches(session, self.territory_id)

    def teasers(self) -> str:
        answer = self.spy.get("/teasers")
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def blind(self) -> list[tuple[Any, ...]]:
        found = self.spy.get(f"/flows/{self.wish}/matches").json()["blind"]
        return sorted(tuple(str(v) for k, v in one.items() if k != "token") for one in found)


def tonnes(value: float) -> dict[str, Any]:
    return {"quantity_low": value, "quantity_high": value, "unit": "t", "period": "year"}


@pytest.fixture
def town(client: TestClient, database: Database) -> Town:
    return Town(client, database)


def test_a_cell_with_three_other_companies_is_told_in_classes(town: Town) -> None:
    (group,) = town.spy.get("/teasers").json()
    assert group["cell_km"] == 5.0
    assert group["distance_class"] == "within 10 km"
    assert group["quantity_class"] == "100 to 1 000"
    assert set(group) == {
        *("cell_km", "lon", "lat", "direction", "family", "family_name"),
        *("quantity_class", "unit", "months", "distance_class"),
    }


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_two_other_companies_are_told_nowhere(client: TestClient, database: Database) -> None:
    assert Town(client, database, companies=2).spy.get("/teasers").json() == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_one_that_holds_nearly_all_is_not_told_with_the_others(town: Town) -> None:
    with town.database.writing(SYSTEM) as session:
        flow = find(session, Flow, town.flows[0])
        flow.quantity_low = flow.quantity_high = 90_000.0
        session.flush()
        rebuild(session, town.territory_id)
    assert town.spy.get("/teasers").json() == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_ones_own_company_counts_for_nothing(client: TestClient, database: Database) -> None:
    town = Town(client, database, companies=2)
    with town.database.writing(SYSTEM) as session:
        for position, entry in enumerate(rows_of(session, Teaser)[:1]):
            columns = {c.name: getattr(entry, c.name) for c in Teaser.__table__.columns if c.name != "id"}
            add(session, Teaser(**columns | {"company_id": town.spy_company, "quantity_class": position}))
    assert town.spy.get("/teasers").json() == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_level_taken_back_is_told_no_more_at_once(town: Town) -> None:
    assert town.spy.get("/teasers").json() != []
    with town.database.writing(SYSTEM) as session:
        for flow_id in town.flows[:2]:
            set_level(session, flow_id, Level.PRIVATE)
    assert town.spy.get("/teasers").json() == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_where_others_stand_in_their_cells_and_what_they_have_in_their_classes_changes_no_answer(
    town: Town,
) -> None:
    """Answers that do not change with a secret tell nothing of it: trilateration has nothing to measure."""
    town.move(0)
    places = [(HOME[0] + 0.2 * step / 3, HOME[1] + 0.1 * (step % 3)) for step in range(share(4, 40))]
    before = []
    for lon, lat in places:
        town.stand(lon, lat)
        before.append((town.teasers(), town.blind()))
    assert any(matches for _, matches in before)
    for seed in range(1, share(2, 6)):
        town.move(seed)
        for (lon, lat), told_before in zip(places, before, strict=True):
            town.stand(lon, lat)
            assert (town.teasers(), town.blind()) == told_before
    told(f"{len(places)} places to look from, {share(2, 6)} hidden layouts: 0 answers changed")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_there_is_no_filter_order_or_count_to_ask_with(town: Town) -> None:
    plain = town.teasers()
    for oracle in ("bbox", "near", "within_km", "min_quantity", "sort", "limit", "q", "count", "site"):
        answer = town.spy.get("/teasers", params={oracle: "1"})
        assert answer.text == plain, oracle
    assert "X-Total" not in str(town.spy.get("/teasers").headers)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_tokens_of_two_companies_for_one_flow_have_nothing_in_common(town: Town, client: TestClient) -> None:
    with town.database.writing(SYSTEM) as session:
        home = find(session, Territory, town.territory_id)
        other = add(session, Company(territory_id=home.id, name="Complice"))
        where = {"lon": HOME[0], "lat": HOME[1], "precision": "point"}
        site = add(session, Site(territory_id=home.id, company_id=other.id, name="Complice", **where))
        wish = {"direction": "input", "kind": "material", "label": "Drêches de brasserie"}
        flow = add(session, Flow(territory_id=home.id, site_id=site.id, **wish, **tonnes(50.0))).id
        key = create_key(session, "accomplice", AccountRole.MEMBER, home, None, Role.COMPANY, other)
        refresh_matches(session, home.id)
    answers = town.spy.get(f"/flows/{town.wish}/matches"), Asker(client, key).get(f"/flows/{flow}/matches")
    one, two = ({match["token"] for match in answer.json()["blind"]} for answer in answers)
    assert one
    assert two
    assert one.isdisjoint(two)


@given(st.floats(-170, 170), st.floats(-60, 75), st.sampled_from((5.0, 10.0, 50.0)))
def test_the_middle_of_a_cell_is_in_it_and_no_point_of_it_is_far(lon: float, lat: float, size: float) -> None:
    cell = cell_of(lon, lat, size)
    middle = centre_of(cell, size)
    assert cell_of(*middle, size) == cell
    assert float(great_circle_km(lon, lat, *middle)) <= size * 0.72
    assert between_cells_km(cell, cell, size) == 0.0


@given(st.floats(0.001, 1e6))
def test_the_middle_of_a_class_is_in_it(quantity: float) -> None:
    assert class_of("quantity", middle_of(quantity)) == class_of("quantity", quantity)
    assert middle_of(quantity) == middle_of(middle_of(quantity))
