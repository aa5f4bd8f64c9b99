"""The second line on PostgreSQL: whatever a member's connection is asked, it gives no foreign row."""

# ruff: noqa: S608 - own names of tables
from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from app.db import row_security
from app.db.backup import ensure_postgis
from app.db.base import Base
from app.db.engine import make_engine, open_database
from app.db.migrate import migrate
from app.db.principal import SYSTEM, AccountRole, Principal
from app.db.tables import AuditEntry, Flow, Park
from app.db.visibility import as_program
from app.repositories.territories import lock_territory
from app.settings import Database as DatabaseSettings
from tests.trust.town import Town, build

if TYPE_CHECKING:
    from app.db.engine import Database
    from app.settings import Settings
    from tests.conftest import PostgisServer

pytestmark = pytest.mark.postgis
COLUMNS = {"comment", "contact", "destination", "source", "note"}
# A seat, an invitation and a deed name a territory, and are not its rows.
NAMING = {"audit_entry", "membership", "one_time_link"}
OWNED = sorted(
    name for name, table in Base.metadata.tables.items() if "territory_id" in table.c and name not in NAMING
)


@pytest.fixture
def database_kind() -> str:
    return "postgis"


@pytest.fixture
def town(database: Database, settings: Settings) -> Town:
    return build(database, settings.web)


@pytest.fixture
def narrow_pool(settings: Settings, town: Town) -> Iterator[Database]:
    """Return the database through a pool of one connection."""
    opened = open_database(DatabaseSettings(url=settings.database.url, pool_size=1))
    yield opened
    opened.close()


def _facilitator(town: Town) -> Principal:
    withheld = frozenset({town.ids["withheld:company"]})
    home = frozenset({town.ids["territory"]})
    return Principal("key:f", "f", AccountRole.MEMBER, territory_ids=home, withheld=withheld)


def _company(town: Town) -> Principal:
    return Principal(
        "key:c",
        "c",
        AccountRole.MEMBER,
        company_ids=frozenset({town.ids["own:company"]}),
        company_territories=frozenset({town.ids["territory"]}),
    )


def _bare(session: Session) -> Connection:
    """Go around the first line: the connection that a member's session refuses to give."""
    return Session.connection(session)


def _labels(session: Session) -> set[str]:
    return set(_bare(session).execute(text("SELECT label FROM flow")).scalars())


def _everything(session: Session) -> str:
    """Return all that raw SQL reads in every table, as text."""
    connection = _bare(session)
    said: list[Any] = []
    for table in Base.metadata.tables:
        said += connection.execute(text(f'SELECT t::text FROM "{table}" t')).scalars()
    return "\n".join(said)


def test_every_table_has_policies_and_binds_who_does_not_own_it(database: Database) -> None:
    with database.engine.connect() as connection:
        bound = set(connection.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity")))
        read = text("SELECT tablename FROM pg_policies WHERE cmd = 'SELECT'")
        seen = set(connection.scalars(read))
        whole = text("SELECT tablename FROM pg_policies GROUP BY tablename HAVING count(*) = 4")
        written = set(connection.scalars(whole)) | {AuditEntry.__tablename__}
    assert set(Base.metadata.tables) - bound == set()
    assert set(Base.metadata.tables) - seen == set()
    assert set(Base.metadata.tables) - written == set()


def test_raw_sql_of_staff_gives_no_row_of_another_territory(database: Database, town: Town) -> None:
    foreign = 0
    with database.reading(_facilitator(town)) as session:
        for table in OWNED:
            counted = text(f'SELECT count(*) FROM "{table}" WHERE territory_id <> :home')
            foreign += _bare(session).execute(counted, {"home": town.ids["territory"]}).scalar_one()
        seen = len(_labels(session))
    assert (foreign, seen > 0) == (0, True)


@pytest.mark.parametrize("actor", ["company", "facilitator"])
def test_raw_sql_of_a_member_says_no_secret_of_others(database: Database, town: Town, actor: str) -> None:
    who = _company(town) if actor == "company" else _facilitator(town)
    with database.reading(who) as session:
        said = _everything(session)
    # Policies choose rows; which columns of a flow shown to all are told is for the first line.
    wrong = [
        about
        for word, about in town.canaries.items()
        if word in said and not town.may_see(actor, word)
        if about[0] != "own" and not (about[0] == "granted" and about[2] in COLUMNS)
    ]
    own = [word for word, about in town.canaries.items() if about[0] == "own" and about[2] == "label"]
    assert all(word in said for word in own)
    assert wrong == []


@pytest.mark.parametrize("actor", ["observer", "operator"])
def test_raw_sql_of_who_has_no_rows_gives_none(database: Database, town: Town, actor: str) -> None:
    home = frozenset({town.ids["territory"]})
    who = {
        "observer": Principal("key:o", "o", AccountRole.MEMBER, observed=home),
        "operator": Principal("key:p", "p", AccountRole.OPERATOR),
    }[actor]
    with database.reading(who) as session:
        found = {
            table: _bare(session).execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()
            for table in OWNED
        }
    assert {table: count for table, count in found.items() if count} == {}


def test_the_role_without_settings_sees_nothing_anywhere(database: Database, town: Town) -> None:
    with database.engine.connect() as connection:
        connection.execute(text(f"SET LOCAL ROLE {row_security.ROLE}"))
        found = {
            table: connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()
            for table in Base.metadata.tables
        }
    assert {table: count for table, count in found.items() if count} == {}


FOREIGN_WRITES = {
    "a new row": "INSERT INTO park (id, territory_id, name, note, version, created_at, updated_at) "
    "VALUES ('x', :away, '', '', 1, now(), now())",
    "a row given away": "UPDATE park SET territory_id = :away",
}


@pytest.mark.parametrize("form", FOREIGN_WRITES)
def test_raw_sql_of_a_member_stores_no_foreign_row(database: Database, town: Town, form: str) -> None:
    away = {"away": town.ids["away"]}
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        database.writing(_facilitator(town)) as session,
    ):
        _bare(session).execute(text(FOREIGN_WRITES[form]), away if ":away" in FOREIGN_WRITES[form] else {})


@pytest.mark.parametrize(
    "change", ["UPDATE flow SET label = '' WHERE id = :id", "DELETE FROM flow WHERE id = :id"]
)
@pytest.mark.parametrize("which", ["far:flow:private:output", "granted:flow:public:output"])
def test_raw_sql_of_a_company_changes_no_row_of_others(
    database: Database, town: Town, change: str, which: str
) -> None:
    with database.writing(_company(town)) as session:
        assert _bare(session).execute(text(change), {"id": town.ids[which]}).rowcount == 0


def test_a_company_holds_its_territory_while_it_works_and_does_not_change_it(
    database: Database, town: Town
) -> None:
    home = town.ids["territory"]
    with database.writing(_company(town)) as session:
        assert lock_territory(session, home) is not None
    with pytest.raises(ProgrammingError, match="row-level"), database.writing(_company(town)) as session:
        _bare(session).execute(text("UPDATE territory SET name = ''"))


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET name = ''", "DELETE FROM audit_entry"])
def test_no_member_changes_the_audit(database: Database, town: Town, change: str) -> None:
    with database.writing(SYSTEM) as session:
        session.add(AuditEntry(territory_id=town.ids["territory"], subject="key:f", action="read_flow"))
    with database.writing(_facilitator(town)) as session:
        assert _bare(session).execute(text(change)).rowcount == 0


def test_the_program_widens_a_session_for_a_while(database: Database, town: Town) -> None:
    for open_session in (database.reading, database.writing):
        with open_session(_company(town)) as session:
            before = _labels(session)
            with as_program(session):
                inside = _labels(session)
            assert _labels(session) == before < inside


def test_the_program_narrows_again_after_an_exception(database: Database, town: Town) -> None:
    for open_session in (database.reading, database.writing):
        with open_session(_company(town)) as session:
            before = _labels(session)
            with pytest.raises(KeyError), as_program(session):
                raise KeyError
            assert _labels(session) == before


def test_the_program_narrows_again_after_an_error_of_the_database(database: Database, town: Town) -> None:
    with database.writing(_company(town)) as session:
        before = _labels(session)
        with pytest.raises(DBAPIError), session.begin_nested(), as_program(session):
            _bare(session).execute(text("SELECT 1 / 0"))
        assert _labels(session) == before


def test_a_session_that_only_the_program_used_first_is_the_askers_afterwards(
    database: Database, town: Town
) -> None:
    with database.reading(_company(town)) as session:
        with as_program(session):
            inside = _labels(session)
        assert _labels(session) < inside


def test_connections_serve_many_without_telling_one_of_the_other(narrow_pool: Database, town: Town) -> None:
    askers = {"company": _company(town), "facilitator": _facilitator(town), "program": SYSTEM}
    first: dict[str, set[str]] = {}
    numbers = set()
    asked = ("program", "company", "company", "facilitator", "company", "program", "facilitator", "company")
    for name in asked:
        for open_session in (narrow_pool.reading, narrow_pool.writing):
            with open_session(askers[name]) as session:
                found = _labels(session)
                numbers.add(_bare(session).execute(text("SELECT pg_backend_pid()")).scalar_one())
            assert first.setdefault(name, found) == found
    # One for members who read, one for everything else.
    assert len(numbers) == 2
    assert len({frozenset(found) for found in first.values()}) == 3


def _fail_reading(open_session: Callable[..., Any], who: Principal) -> None:
    with suppress(KeyError), open_session(who) as session:
        assert _labels(session)
        raise KeyError


def test_what_the_program_gets_from_the_pool_acts_for_nobody(narrow_pool: Database, town: Town) -> None:
    asked = ", ".join(f"current_setting('entreflux.{name}', true)" for name in row_security.SETTINGS)
    for open_session in (narrow_pool.reading, narrow_pool.writing):
        _fail_reading(open_session, _company(town))
        with narrow_pool.engine.connect() as connection:
            told = connection.execute(text(f"SELECT {asked}, current_user = session_user")).one()
        assert set(told[:-1]) <= {None, ""}
        assert told[-1] is True


def test_who_reads_again_is_told_to_the_connection_once(narrow_pool: Database, town: Town) -> None:
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if "set_config('role'" in statement:
            told.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        counts = []
        for who in (_company(town), _company(town), _facilitator(town), _facilitator(town), _company(town)):
            with narrow_pool.reading(who) as session:
                assert _labels(session)
            counts.append(len(told))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert counts == [1, 1, 2, 2, 3]


def test_a_program_that_fails_inside_a_members_reading_leaves_the_connection_a_members(
    narrow_pool: Database, town: Town
) -> None:
    with suppress(KeyError), narrow_pool.reading(_company(town)) as session, as_program(session):
        assert _labels(session)
        raise KeyError
    with narrow_pool.reading(_company(town)) as session:
        role = _bare(session).execute(text("SELECT current_user")).scalar_one()
    assert role == row_security.ROLE


def test_a_member_stores_thousands_of_rows_and_is_a_member_afterwards(database: Database, town: Town) -> None:
    from app.db.bulk import insert_rows

    home = town.ids["territory"]
    with database.writing(_facilitator(town)) as session:
        before = _labels(session)
        insert_rows(session, Park, [{"territory_id": home, "name": f"{n}", "note": ""} for n in range(5_000)])
        role = _bare(session).execute(text("SELECT current_user")).scalar_one()
        assert (role, _labels(session)) == (row_security.ROLE, before)


def test_a_server_without_the_role_works_and_says_so(
    database: Database, town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(row_security, "ROLE", "entreflux_no_such_role")
    with caplog.at_level(logging.WARNING), database.reading(_company(town)) as session:
        found = session.query(Flow).count()
    assert found > 0
    assert "row security is off" in caplog.text


def test_who_may_make_no_roles_is_given_the_role_by_an_administrator(
    postgis_server: PostgisServer, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    name = "entreflux_plain"
    postgis_server.run("createuser", "--no-superuser", name)
    postgis_server.run("createdb", "--owner", name, name)
    engine = make_engine(DatabaseSettings(url=postgis_server.url(name)))
    ensure_postgis(engine)
    engine.dispose()
    plain = DatabaseSettings(url=postgis_server.url(name).replace("postgres@", f"{name}@"))
    nobody = Principal("key:n", "n", AccountRole.MEMBER)
    roles = []
    for _ in range(2):
        opened = open_database(plain)
        migrate(opened.engine)
        with opened.reading(nobody) as session:
            roles.append(_bare(session).execute(text("SELECT current_user")).scalar_one())
        opened.close()
        with database.engine.begin() as connection:
            connection.execute(text(f"GRANT {row_security.ROLE} TO {name}"))
    assert roles == [name, row_security.ROLE]
    assert caplog.text.count("row security is off") == 1
