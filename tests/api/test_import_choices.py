"""What a file changes, what was chosen for it, and what it confirms: on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db.base import now
from app.db.bulk import mark_rows
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Flow, ImportRow, Territory, WaitingFile
from app.db.visibility import VisibleSession
from app.errors import InvalidInputError
from app.repositories.records import add, rows_of
from app.services import freshness
from app.services.import_choices import Choices
from app.services.imports import import_table, rehearse
from app.services.rehearsals import Rehearsal
from app.services.undoing import undo_import
from app.services.waiting_files import keep, own_file
from tests.api.conftest import ROWS, table, upload
from tests.conftest import Asker

REFUSED = table(ROWS[0], ROWS[1].replace(",200,", ",abc,"))


@pytest.fixture
def place(database: Database) -> str:
    """Return a territory that holds the table of matching flows."""
    with database.writing(SYSTEM) as session:
        territory = add(session, Territory(name="Étang de Berre"))
        import_table(session, territory, table(), "Flux 2024.csv")
        return territory.id


def _territory(session: VisibleSession, place: str) -> Territory:
    return session.get_one(Territory, place)


def _flows(session: VisibleSession, place: str) -> dict[str, Flow]:
    return {row.label: row for row in rows_of(session, Flow, territory_id=place)}


def test_the_difference_names_each_field_before_and_after(database: Database, place: str) -> None:
    changed = table(ROWS[0].replace(",120,t", ",90,kg"), *ROWS[1:])
    with database.writing(SYSTEM) as session:
        told = rehearse(session, _territory(session, place), changed, "Flux 2025.csv").content["difference"]
    assert (told["flows_new"], told["flows_changed"], told["gone"]) == (0, 1, 0)
    assert [one["field"] for one in told["flows"][0]["fields"]] == ["quantity"]
    change = told["flows"][0]["fields"][0]
    assert (change["before"]["low"], change["before"]["unit"]) == (120, "t")
    assert (change["after"]["low"], change["after"]["unit"]) == (90, "kg")


def test_a_line_added_above_changes_no_flow_below_and_doubles_none(database: Database, place: str) -> None:
    with database.writing(SYSTEM) as session:
        longer = table(ROWS[0].replace("Drêches de brasserie", "Levure usée"), *ROWS)
        done = import_table(session, _territory(session, place), longer, "Flux 2025.csv").report.content
        assert done["done"]["flows_created"] == 1
        assert (done["done"]["flows_updated"], done["difference"]["flows_changed"]) == (0, 0)
        assert len(rows_of(session, Flow, territory_id=place)) == len(ROWS) + 1


def test_a_flow_that_left_the_file_is_kept_and_ends_only_when_one_says_so(
    database: Database, place: str
) -> None:
    shorter, choices = table(*ROWS[1:]), Choices(end_gone=True)
    with database.writing(SYSTEM) as session:
        territory = _territory(session, place)
        told = rehearse(session, territory, shorter, "Flux 2025.csv").content["difference"]
        assert [one["label"] for one in told["flows_gone"]] == ["Drêches de brasserie"]
        other = rehearse(session, territory, shorter, "Autre chose.csv").content["difference"]
        assert other["gone"] == 0
        done = import_table(session, territory, shorter, "Flux 2025.csv", choices)
        assert _flows(session, place)["Drêches de brasserie"].available_until == date.today()
        undo_import(session, done.row.id)
        session.expire_all()
        assert _flows(session, place)["Drêches de brasserie"].available_until is None


def test_a_refused_row_is_stored_as_it_was_settled(database: Database, place: str) -> None:
    settled = Choices(cells={(None, 3): {"quantity": "150 kg/mois"}})
    with database.writing(SYSTEM) as session:
        territory = _territory(session, place)
        with pytest.raises(InvalidInputError):
            import_table(session, territory, REFUSED, "Flux 2025.csv")
        import_table(session, territory, REFUSED, "Flux 2025.csv", settled)
        flow = _flows(session, place)["Aliment pour bétail"]
        assert (flow.quantity_low, flow.unit, flow.period) == (150, "kg", "month")


@pytest.mark.parametrize(
    "choices", [Choices(without_refused=True), Choices(left_out=frozenset({(None, 3)}))], ids=["all", "one"]
)
def test_a_refused_row_is_left_out_by_choice_alone(database: Database, place: str, choices: Choices) -> None:
    with database.writing(SYSTEM) as session:
        done = import_table(session, _territory(session, place), REFUSED, "Flux 2025.csv", choices)
        assert _flows(session, place)["Aliment pour bétail"].quantity_low == 200
        assert [one["severity"] for one in done.report.content["findings"] if one["row"] == 3] == ["info"]


def test_choices_are_kept_as_they_were_made() -> None:
    choices = Choices(
        {("Flux", 3): {"unit": "t"}}, frozenset({(None, 4), ("Flux", 2)}), True, True, {}, False
    )
    assert Choices.from_plain(choices.to_plain()) == choices


def test_telling_a_flow_again_confirms_it_and_undoing_takes_that_back(database: Database, place: str) -> None:
    past = now() - freshness.confirmed_within() - timedelta(days=1)
    with database.writing(SYSTEM) as session:
        ids = [row.id for row in rows_of(session, Flow, territory_id=place)]
        mark_rows(session, Flow, place, ids, {"confirmed_at": past})
        assert freshness.count_to_confirm(session, place) == len(ROWS)
        again = import_table(session, _territory(session, place), table(*ROWS[:2]), "Flux 2025.csv")
        assert freshness.count_to_confirm(session, place) == len(ROWS) - 2
        undo_import(session, again.row.id)
        assert freshness.count_to_confirm(session, place) == len(ROWS)
        freshness.confirm(session, ids[0])
        assert freshness.count_to_confirm(session, place) == len(ROWS) - 1


def test_rows_are_kept_with_their_cells(database: Database, place: str) -> None:
    with database.writing(SYSTEM) as session:
        assert session.scalars(select(func.count(ImportRow.id))).one() == len(ROWS)
        first = session.scalars(select(ImportRow).order_by(ImportRow.position)).first()
        assert first is not None
        assert {"field": "quantity", "cell": "M2", "text": "120"}.items() <= max(
            (cell for cell in first.content["cells"]), key=lambda cell: cell["field"] == "quantity"
        ).items()


def test_a_file_waits_and_is_rehearsed(database: Database, place: str) -> None:
    with database.writing(SYSTEM) as session:
        kept = keep(session, place, table(), "Flux 2025.csv")
    Rehearsal(database, SYSTEM, place, kept.id).now()
    with database.reading(SYSTEM) as session:
        row: Any = own_file(session, place, kept.id)
        assert row.step == "read"
        assert row.reading["counts"]["refused"] == 0
        assert session.scalars(select(WaitingFile.content)).one() == table()


def test_a_dry_run_tells_the_difference_to_the_client(member: Asker) -> None:
    upload(member, table(), "Flux 2024.csv")
    answer = upload(member, table(*ROWS[1:]), "Flux 2025.csv", dry_run="true")
    told = answer.json()["report"]["difference"]
    assert (told["flows_changed"], told["gone"]) == (0, 1)
    assert told["flows_gone"][0]["label"] == "Drêches de brasserie"
