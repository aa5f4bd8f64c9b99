"""Nothing of another territory can be read or written, whatever form the statement takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import delete, exists, func, insert, literal_column, select, text, union, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from app.db.engine import Database
from app.db.prepared import Prepared
from app.db.principal import SYSTEM, AccountRole, Principal
from app.db.tables import ApiKey, Contact, Flow, IdempotencyKey, Site, Territory
from app.db.visibility import PrincipalMissingError, UnfilteredStatementError, VisibleSession
from app.errors import MissingError, NotPermittedError


@dataclass(frozen=True)
class Two:
    """Two territories with a site and a flow each, and a member of the first."""

    database: Database
    ours: str
    theirs: str
    our_site: str
    their_site: str
    member: Principal


def _fill(session: Session, name: str) -> tuple[str, str]:
    territory = Territory(name=name)
    session.add(territory)
    session.flush()
    site = Site(territory_id=territory.id, name=f"site of {name}", lon=5.0, lat=43.0)
    session.add(site)
    session.flush()
    flow = Flow(territory_id=territory.id, site_id=site.id, direction="output", kind="material", label=name)
    session.add(flow)
    return territory.id, site.id


@pytest.fixture
def two(database: Database) -> Two:
    with database.writing(SYSTEM) as session:
        ours, our_site = _fill(session, "ours")
        theirs, their_site = _fill(session, "theirs")
    member = Principal("key:m", "m", AccountRole.MEMBER, frozenset({ours}))
    return Two(database, ours, theirs, our_site, their_site, member)


READS: dict[str, Callable[[VisibleSession], list[str]]] = {
    "entities": lambda s: [row.label for row in s.scalars(select(Flow))],
    "columns": lambda s: list(s.scalars(select(Flow.label))),
    "a prepared statement": lambda s: [row.label for row in Prepared(lambda _: select(Flow.label)).rows(s)],
    "a prepared join": lambda s: [
        row.label
        for row in Prepared(lambda _: select(Flow.label).join(Site, Site.id == Flow.site_id)).rows(s)
    ],
    "a count": lambda s: ["ours"] * (s.scalar(select(func.count()).select_from(Flow)) or 0),
    "an alias": lambda s: [row.label for row in s.scalars(select(aliased(Flow)))],
    "a join": lambda s: list(s.scalars(select(Flow.label).join(Site, Site.id == Flow.site_id))),
    "the legacy query": lambda s: [row.label for row in s.query(Flow).all()],
    "a subquery": lambda s: list(s.scalars(select(select(Flow.label).subquery()))),
    "a union": lambda s: list(s.scalars(union(select(Flow.label), select(Flow.label)))),
    "the other side of a join": lambda s: list(
        s.scalars(select(Flow.label).join_from(Site, Flow, Site.id == Flow.site_id))
    ),
    "a condition on another table": lambda s: list(
        s.scalars(select(Flow.label).where(Flow.site_id.in_(select(Site.id))))
    ),
    "exists": lambda s: list(s.scalars(select(Flow.label).where(exists().where(Site.id == Flow.site_id)))),
    "a common table": lambda s: list(s.scalars(select(select(Flow.label).cte()))),
}


@pytest.mark.parametrize("form", READS)
def test_a_member_reads_only_its_own_rows(two: Two, form: str) -> None:
    with two.database.reading(two.member) as session:
        assert READS[form](session) == ["ours"]


@pytest.mark.parametrize("form", sorted(set(READS) - {"a union", "a count"}))
def test_an_operator_reads_every_row(two: Two, form: str) -> None:
    with two.database.reading(SYSTEM) as session:
        assert set(READS[form](session)) >= {"ours", "theirs"}


REFUSED: dict[str, Callable[[VisibleSession, Two], object]] = {
    "a bare table": lambda s, two: s.execute(select(Flow.__table__)),
    "a bare column beside an entity": lambda s, two: s.execute(select(Flow.id, Site.__table__.c.name)),
    "a bare table in a condition": lambda s, two: s.execute(
        select(Flow.id).where(exists(select(Site.__table__)))
    ),
    "a bare table in FROM": lambda s, two: s.execute(select(Flow.id).select_from(Site.__table__)),
    "a bare alias": lambda s, two: s.execute(select(Flow.id, Site.__table__.alias().c.name)),
    "text": lambda s, two: s.execute(text("SELECT label FROM flow")),
    "text in a condition": lambda s, two: s.execute(select(Flow.id).where(text("1 = 1"))),
    "literal SQL": lambda s, two: s.execute(select(Flow.id, literal_column("(SELECT max(label) FROM flow)"))),
    "entities from text": lambda s, two: s.execute(select(Flow).from_statement(text("SELECT * FROM flow"))),
    "a bare connection": lambda s, two: s.connection(),
    "an update in bulk": lambda s, two: s.execute(update(Flow).values(label="x")),
    "an update by key": lambda s, two: s.execute(update(Flow), [{"id": "x", "label": "x"}]),
    "an insert in bulk": lambda s, two: s.execute(insert(Flow), [{"id": "x", "label": "x"}]),
    "bulk_save_objects": lambda s, two: s.bulk_save_objects([]),
    "bulk_insert_mappings": lambda s, two: s.bulk_insert_mappings(Flow, []),
    "bulk_update_mappings": lambda s, two: s.bulk_update_mappings(Flow, []),
}


@pytest.mark.parametrize("form", REFUSED)
def test_forms_that_no_criterion_reaches_are_refused_to_members(two: Two, form: str) -> None:
    with two.database.writing(two.member) as session, pytest.raises(UnfilteredStatementError):
        REFUSED[form](session, two)


def test_a_row_is_not_found_by_its_key_either(two: Two) -> None:
    with two.database.reading(two.member) as session:
        assert session.get(Site, two.their_site) is None
        assert session.get(Territory, two.theirs) is None
        assert session.get(Site, two.our_site) is not None


def test_the_same_statement_is_filtered_for_each_principal_in_turn(two: Two) -> None:
    other = Principal("key:o", "o", AccountRole.MEMBER, frozenset({two.theirs}))
    nobody = Principal("key:n", "n", AccountRole.MEMBER)
    seen = []
    for principal in (two.member, other, nobody, two.member):
        with two.database.reading(principal) as session:
            seen.append(list(session.scalars(select(Flow.label))))
    assert seen == [["ours"], ["theirs"], [], ["ours"]]


def test_a_delete_in_bulk_leaves_the_rows_of_others(two: Two) -> None:
    with two.database.writing(two.member) as session:
        session.execute(delete(Flow))
    with two.database.reading(SYSTEM) as session:
        assert list(session.scalars(select(Flow.label))) == ["theirs"]


def test_a_row_cannot_be_created_in_another_territory(two: Two) -> None:
    with pytest.raises(MissingError), two.database.writing(two.member) as session:
        session.add(Site(territory_id=two.theirs, name="intruder"))


def test_a_row_cannot_refer_to_a_row_of_another_territory(two: Two) -> None:
    with pytest.raises(IntegrityError), two.database.writing(two.member) as session:
        session.add(Contact(territory_id=two.ours, site_id=two.their_site, name="intruder"))


def test_a_row_cannot_be_moved_to_another_territory(two: Two) -> None:
    with pytest.raises((MissingError, NotPermittedError)), two.database.writing(two.member) as session:
        session.get_one(Site, two.our_site).territory_id = two.theirs
    with pytest.raises(NotPermittedError), two.database.writing(SYSTEM) as session:
        session.get_one(Site, two.our_site).territory_id = two.theirs


def test_a_foreign_row_smuggled_in_cannot_be_changed_or_deleted(two: Two) -> None:
    with two.database.reading(SYSTEM) as session:
        foreign = session.get_one(Site, two.their_site)
        session.expunge(foreign)
    foreign.name = "mine"
    with pytest.raises(MissingError), two.database.writing(two.member) as session:
        session.add(foreign)
    with two.database.reading(SYSTEM) as session:
        foreign = session.get_one(Site, two.their_site)
        session.expunge(foreign)
    with pytest.raises(MissingError), two.database.writing(two.member) as session:
        session.delete(foreign)


def test_members_neither_create_nor_delete_territories_nor_touch_accounts(two: Two) -> None:
    with pytest.raises(NotPermittedError), two.database.writing(two.member) as session:
        session.add(Territory(name="mine"))
    with pytest.raises(NotPermittedError), two.database.writing(two.member) as session:
        session.delete(session.get_one(Territory, two.ours))
    with pytest.raises(NotPermittedError), two.database.writing(two.member) as session:
        session.add(ApiKey(name="k", key_hash="h", role="operator"))


def test_accounts_are_hidden_from_members_and_answers_from_other_subjects(two: Two) -> None:
    with two.database.writing(SYSTEM) as session:
        session.add(ApiKey(name="k", key_hash="h", role="operator"))
        for subject in ("key:m", "key:o"):
            answer = IdempotencyKey(
                subject=subject, key="k", request_digest="", status=201, headers={}, body=""
            )
            session.add(answer)
    with two.database.reading(two.member) as session:
        assert session.scalars(select(ApiKey)).all() == []
        assert list(session.scalars(select(IdempotencyKey.subject))) == ["key:m"]


def test_a_session_without_a_principal_refuses_to_read_and_to_write(two: Two) -> None:
    with two.database.readers() as session, pytest.raises(PrincipalMissingError):
        session.scalars(select(Flow)).all()
    with two.database.readers() as session:
        session.add(Territory(name="x"))
        with pytest.raises(PrincipalMissingError):
            session.flush()
