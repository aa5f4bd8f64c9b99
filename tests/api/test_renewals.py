"""One change leaves the stored synergies that a computation of the whole territory would leave."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest

from app.db.bulk import delete_rows
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Flow, Site, Synergy, Territory
from app.repositories.records import add, find, rows_of
from app.services import flows as services
from app.services import places, renewals, synergies
from app.services.matches import parameters_of, refresh_matches
from app.services.renewals import Renewals
from app.services.statuses import Status

WORDS = (
    ("output", "material", "Drêches de brasserie", "t"),
    ("input", "material", "Aliment pour bétail", "t"),
    ("output", "packaging", "Palettes usagées", "palette"),
    ("input", "packaging", "Palettes", "palette"),
    ("output", "packaging", "Cartons", "t"),
    ("input", "skill", "Comptable", "h"),
)
PLACES = (("Brasserie", 5.0, 43.4), ("Ferme", 5.02, 43.41), ("Garage", 5.05, 43.4), ("Dépôt", 5.1, 43.45))


class Home:
    """A territory of four sites, changed by chance."""

    def __init__(self, database: Database) -> None:
        self.database, self.dice, self.computing = database, random.Random(7), False
        with database.writing(SYSTEM) as session:
            territory = add(session, Territory(name="Ville", parameters={"top": 2}))
            self.id = territory.id
            self.sites = [
                add(session, Site(territory_id=self.id, name=name, lon=lon, lat=lat, precision="point")).id
                for name, lon, lat in PLACES
            ]
            for _ in range(14):
                self._declare(session)
            refresh_matches(session, self.id)

    def _declare(self, session: Any) -> Flow:
        return services.declare_flow(session, self.dice.choice(self.sites), self._fields())

    def _fields(self) -> Mapping[str, Any]:
        direction, kind, label, unit = self.dice.choice(WORDS)
        quantity = self.dice.choice((None, 5, 40, 900))
        given = {} if quantity is None else {"quantity": quantity, "unit": unit}
        return {"direction": direction, "kind": kind, "label": label, **given}

    def change(self) -> None:
        """Declare, change or delete a flow, or rename a site."""
        with self.database.writing(SYSTEM) as session:
            known = rows_of(session, Flow, territory_id=self.id)
            done = self.dice.choice(("declare", "change", "delete", "rename"))
            row = self.dice.choice(known)
            if done == "declare":
                self._declare(session)
            elif done == "change":
                services.change_flow(session, row.id, self._fields(), row.version)
            elif done == "delete":
                services.delete_flow(session, row.id, row.version)
            else:
                site = find(session, Site, self.dice.choice(self.sites))
                places.change_site(session, site.id, {"name": f"{site.name}."}, site.version)

    def give_up(self) -> None:
        """Declare a flow in a transaction that fails."""
        with self.database.writing(SYSTEM) as session:
            self._declare(session)
            raise KeyError

    def stored(self) -> dict[str, tuple[Any, ...]]:
        """Return the stored synergies by what makes them the same."""
        with self.database.reading(SYSTEM) as session:
            return {
                row.signature: (row.id, row.version, row.stale, row.status, row.content, row.document)
                for row in rows_of(session, Synergy, territory_id=self.id)
            }

    def compute(self) -> None:
        """Compute the whole, as a process does that knows nothing."""
        self.computing = True
        with self.database.writing(SYSTEM) as session:
            territory = find(session, Territory, self.id)
            Renewals().refresh(session, territory, parameters_of(territory), 0)
        self.computing = False


@pytest.fixture
def home(database: Database, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Return a territory in a process that knows of no other."""
    fresh = Renewals()
    monkeypatch.setattr("app.services.matches.renewals", lambda: fresh)
    return Home(database)


@pytest.fixture
def never_whole(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail when the process computes the whole of what it knows."""
    whole = renewals._computed

    def of_another(session: Any, territory: Territory, parameters: Any, *more: Any) -> Any:
        assert home.computing
        return whole(session, territory, parameters, *more)

    monkeypatch.setattr(renewals, "_computed", of_another)


def test_changes_one_by_one_leave_what_the_whole_would_leave(home: Home, never_whole: None) -> None:
    seen = set[str]()
    for _ in range(12):
        home.change()
        left = home.stored()
        home.compute()
        assert home.stored() == left
        seen |= left.keys()
    assert len(seen) > len(left), "nothing went away"


def test_what_is_proposed_at_once_came_at_one_moment(home: Home) -> None:
    with home.database.writing(SYSTEM) as session:
        rows = rows_of(session, Synergy, territory_id=home.id)
        delete_rows(session, Synergy, home.id, [row.id for row in rows])
    home.compute()
    with home.database.reading(SYSTEM) as session:
        moments = [row.created_at for row in rows_of(session, Synergy, territory_id=home.id)]
    assert len(moments) > 1
    assert len(set(moments)) == 1


def test_a_followed_synergy_keeps_its_story_when_its_flow_goes_and_the_others_go(
    home: Home, never_whole: None
) -> None:
    with home.database.writing(SYSTEM) as session:
        row = next(
            one for one in rows_of(session, Synergy, territory_id=home.id) if one.kind == "substitution"
        )
        synergies.move(session, row.id, Status.CONTACTED, row.version)
        followed, flow_id = row.signature, row.document["members"][0]["flow_id"]
    with home.database.writing(SYSTEM) as session:
        services.delete_flow(session, flow_id, None)
    left = home.stored()
    assert [(key, one[2], one[3]) for key, one in left.items() if one[2]] == [(followed, True, "contacted")]
    named = [one[5]["members"] for key, one in left.items() if key != followed]
    assert flow_id not in {member["flow_id"] for members in named for member in members}
    home.compute()
    assert home.stored() == left


def test_a_change_that_is_not_kept_leaves_nothing_behind(home: Home) -> None:
    home.change()
    for _ in range(3):
        with pytest.raises(KeyError):
            home.give_up()
        home.change()
        left = home.stored()
        home.compute()
        assert home.stored() == left


def test_another_process_may_write_in_between(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Renewals()
    for _ in range(4):
        home.change()
        with monkeypatch.context() as there:
            there.setattr("app.services.matches.renewals", lambda: other)
            home.change()
        home.change()
        left = home.stored()
        home.compute()
        assert home.stored() == left


def test_parameters_of_the_territory_hold_at_once(home: Home) -> None:
    home.change()
    with home.database.writing(SYSTEM) as session:
        territory = find(session, Territory, home.id)
        places.change_territory(session, home.id, {"parameters": {"kinds": ["loop"]}}, territory.version)
    assert {one[5]["kind"] for one in home.stored().values()} <= {"loop"}
