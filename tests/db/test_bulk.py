"""The door for many rows at once keeps the walls between territories."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, islice
from typing import Any
from uuid import UUID

import pytest
import shapely
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.base import new_ids
from app.db.bulk import delete_rows, insert_ready, insert_rows, packer_of, update_rows
from app.db.many import for_many, has_grown
from app.db.principal import SYSTEM
from app.db.tables import ApiKey, Contact, Flow, Import, Site, Territory
from app.db.visibility import PrincipalMissingError, VisibleSession
from app.errors import MissingError, NotPermittedError, StaleVersionError
from tests.db.test_visibility import Two, two

__all__ = ["two"]


def _flow(territory: str, site: str, label: str = "x") -> dict[str, Any]:
    return {"territory_id": territory, "site_id": site, "direction": "input", "kind": "water", "label": label}


def _count(two: Two, cls: Any) -> int:
    with two.database.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(cls)) or 0


def test_rows_get_the_defaults_of_their_columns_and_keep_every_kind_of_value(two: Two) -> None:
    report = {"texte": "é\t\\N\n", "rows": [1, None]}
    row = {"territory_id": two.ours, "file_name": "a\tb\\.csv", "digest": "d", "report": report}
    point = shapely.Point(5, 43)
    with two.database.writing(two.member) as session:
        insert_rows(session, Import, [row])
        insert_rows(session, Site, [
            {"territory_id": two.ours, "name": "bulk", "lon": 5.0, "lat": 43.0, "location": point},
            {"territory_id": two.ours, "name": "unplaced", "lon": None, "lat": None, "location": None},
        ])  # fmt: skip
        insert_rows(session, Flow, [_flow(two.ours, two.our_site, str(n)) for n in range(12_000)])
    with two.database.reading(two.member) as session:
        stored = session.scalars(select(Import)).one()
        assert (stored.file_name, stored.report, stored.status, stored.version) == (
            "a\tb\\.csv", report, "stored", 1,
        )  # fmt: skip
        sites = {site.name: site for site in session.scalars(select(Site))}
        assert (sites["bulk"].location, sites["bulk"].precision) == (point, "unplaced")
        assert sites["unplaced"].location is None
        assert session.scalar(select(func.count(func.distinct(Flow.id)))) == 12_001


def test_a_member_cannot_write_a_single_row_to_another_territory(two: Two) -> None:
    rows = [_flow(two.ours, two.our_site)] * 3 + [_flow(two.theirs, two.their_site)]
    with two.database.writing(two.member) as session, pytest.raises(MissingError):
        insert_rows(session, Flow, rows)
    assert _count(two, Flow) == 2


def test_a_row_cannot_refer_to_a_row_of_another_territory(two: Two) -> None:
    with pytest.raises(IntegrityError), two.database.writing(two.member) as session:
        insert_rows(session, Flow, [_flow(two.ours, two.their_site)])
    assert _count(two, Flow) == 2


CHANGES: dict[str, Callable[[VisibleSession, Two], object]] = {
    "a change in their territory": lambda s, two: update_rows(
        s, Site, two.theirs, [{"id": two.their_site, "name": "x"}]
    ),
    "a change of their row in ours": lambda s, two: update_rows(
        s, Site, two.ours, [{"id": two.their_site, "name": "x"}]
    ),
    "another owner": lambda s, two: update_rows(
        s, Site, two.ours, [{"id": two.our_site, "territory_id": two.theirs}]
    ),
    "a deletion in their territory": lambda s, two: delete_rows(s, Site, two.theirs, [two.their_site]),
    "a territory": lambda s, two: update_rows(s, Territory, two.ours, [{"id": two.ours, "name": "x"}]),
    "an account": lambda s, two: insert_rows(s, ApiKey, [{"name": "k", "territory_id": two.ours}]),
}


@pytest.mark.parametrize("form", CHANGES)
def test_nothing_of_others_is_changed_or_deleted(two: Two, form: str) -> None:
    refused = (MissingError, NotPermittedError, StaleVersionError)
    with pytest.raises(refused), two.database.writing(two.member) as session:
        CHANGES[form](session, two)
    with two.database.reading(SYSTEM) as session:
        names = set(session.scalars(select(Site.name)))
        assert names == {"site of ours", "site of theirs"}
        assert set(session.scalars(select(Territory.name))) == {"ours", "theirs"}
        assert session.scalars(select(ApiKey)).all() == []


def test_their_row_named_in_our_territory_is_not_deleted(two: Two) -> None:
    with two.database.writing(two.member) as session:
        assert delete_rows(session, Site, two.ours, [two.their_site]) == 0
    assert _count(two, Site) == 2


def test_a_change_moves_the_version_and_is_seen_by_the_rows_in_memory(two: Two) -> None:
    with two.database.writing(two.member) as session:
        site = session.get_one(Site, two.our_site)
        update_rows(session, Site, two.ours, [{"id": two.our_site, "name": "new"}])
        assert (site.name, site.version) == ("new", 2)
        assert delete_rows(session, Flow, two.ours, session.scalars(select(Flow.id)).all()) == 1
        assert session.scalars(select(Flow)).all() == []
    with two.database.reading(SYSTEM) as session:
        assert list(session.scalars(select(Flow.label))) == ["theirs"]


def test_an_operator_writes_to_every_territory(two: Two) -> None:
    with two.database.writing(SYSTEM) as session:
        rows = [_flow(two.ours, two.our_site), _flow(two.theirs, two.their_site)]
        insert_rows(session, Flow, rows)
    assert _count(two, Flow) == 4


def test_a_session_without_a_principal_is_refused(two: Two) -> None:
    with two.database.writers() as session:
        for call in (
            lambda: insert_rows(session, Contact, []),
            lambda: update_rows(session, Contact, two.ours, []),
            lambda: delete_rows(session, Contact, two.ours, []),
        ):
            with pytest.raises(PrincipalMissingError):
                call()


def test_rows_made_ready_are_of_the_territory_of_their_packer_whatever_they_say(two: Two) -> None:
    with two.database.writing(two.member) as session:
        packer = packer_of(session, Flow, two.ours)
        assert (packer is None) is (two.database.engine.dialect.name == "sqlite")
        if packer is None:
            return
        told = [_flow(two.theirs, two.our_site, f"ready {n}") for n in range(3)]
        rows = packer.packed(told, new_ids())
        before = _count(two, Flow)
        with pytest.raises(MissingError):
            insert_ready(session, Flow, two.theirs, rows)
        with pytest.raises(NotPermittedError):
            insert_ready(session, ApiKey, two.ours, rows)
        insert_ready(session, Flow, two.ours, rows)
    assert _count(two, Flow) == before + 3
    with two.database.reading(SYSTEM) as session:
        stored = select(Flow.territory_id, Flow.level).where(Flow.label.like("ready %"))
        assert session.execute(stored).all() == [(two.ours, "private")] * 3


def test_identifiers_of_several_processes_begin_alike_and_rise_with_their_numbers() -> None:
    blocks = [list(islice(new_ids("0123abcd", first), 100)) for first in (0, 100, 200, (1 << 28) - 50)]
    assert list(chain(*blocks[:3])) == sorted(chain(*blocks[:3]))
    assert len(set(chain(*blocks))) == 400
    assert all(one.startswith("0123abcd-") and UUID(one).version == 4 for block in blocks for one in block)


def test_identifiers_of_many_rows_rise_and_are_never_the_same() -> None:
    many = [one for ids in (new_ids(), new_ids()) for one in islice(ids, 5_000)]
    assert len(set(many)) == 10_000
    assert many[:5_000] == sorted(many[:5_000])
    assert all(str(UUID(one)) == one and UUID(one).version == 4 for one in many[::500])


def test_identifiers_rise_from_one_turn_to_the_next_of_a_session(two: Two) -> None:
    with two.database.writing(two.member) as session:
        for turn in range(5):
            insert_rows(session, Flow, [_flow(two.ours, two.our_site, str(turn)) for _ in range(3)])
    with two.database.reading(SYSTEM) as session:
        stored = select(Flow.label).where(Flow.kind == "water").order_by(Flow.id)
        assert list(session.scalars(stored)) == [str(turn) for turn in range(5) for _ in range(3)]


def test_what_many_rows_need_of_the_server_does_not_outlast_them(two: Two) -> None:
    if two.database.engine.dialect.name != "postgresql":
        pytest.skip("settings of PostgreSQL")
    with two.database.writing(two.member) as session:
        connection = Session.connection(session)
        names = ("plan_cache_mode", "enable_seqscan", "default_statistics_target")
        asked = "SELECT " + ", ".join(f"current_setting('{name}')" for name in names)
        before = connection.exec_driver_sql(asked).one()
        with for_many(connection, 10_000):
            assert connection.exec_driver_sql(asked).one() == ("force_generic_plan", "off", "10")
        assert connection.exec_driver_sql(asked).one() == before == ("auto", "on", "100")


def test_a_table_that_grows_by_turns_is_counted_each_time_it_is_four_times_larger(two: Two) -> None:
    with two.database.writing(two.member) as session:
        table = Flow.metadata.tables["flow"]
        counted = [has_grown(session, table, 2_000) for _ in range(48)]
    assert [n + 1 for n, one in enumerate(counted) if one] == [3, 12, 48]
