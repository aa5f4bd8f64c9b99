"""Statements written once, compiled once for each asker, and read as plain rows.

What a request reads by key costs the database 50 microseconds; to build its statement, look up how it was
compiled and make mapped rows of the answer takes ten times as long. These statements skip that, never the
rules: they are compiled with the criteria of the asker, and refused where no criterion reaches.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    Select,
    String,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy import inspect as mapping_of
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.db.principal import SYSTEM, Principal
from app.db.sent import POSTGRESQL, Described, Sent
from app.db.visibility import KEPT, VisibleSession, filtered, principal_of

# Askers whose statements are kept, of each statement.
MOST_ASKERS = 256


class Prepared:
    """A statement of mapped columns with named parameters.

    Parameters
    ----------
    build
        Returns the statement for a dialect, by its name.
    anew
        Whether it is planned for its values each time: what narrows and sorts lists.
    """

    def __init__(self, build: Callable[[str], Any], *, anew: bool = False) -> None:
        self._anew = anew
        self._build = lru_cache(maxsize=2)(build)
        self._compiled = lru_cache(maxsize=MOST_ASKERS)(self._compile)

    def rows(self, session: VisibleSession, **values: Any) -> list[Any]:
        """Return the rows that the principal sees, as named tuples of the statement's columns."""
        writes = KEPT not in session.info
        if writes and session.autoflush:
            # What this session has changed so far is seen.
            session.flush()
        connection = Session.connection(session)
        ready = self._compiled(principal_of(session), connection.dialect)
        return ready.run(connection, values, writes=writes)

    def rows_for_program(self, engine: Engine, **values: Any) -> list[Any]:
        """Return the rows that the program sees, without a session: before it is known who asks."""
        with engine.connect() as connection:
            return self._compiled(SYSTEM, connection.dialect).run(connection, values, writes=False)

    def _compile(self, principal: Principal, dialect: Dialect) -> _Ready:
        statement = filtered(self._build(dialect.name), principal)
        return _Ready(statement, dialect, self._anew)


class PreparedByKey:
    """A statement for the rows that hold one of some keys, planned once whatever their number.

    For an array of few texts PostgreSQL finds a plan for its length cheaper than one for ten, and plans it
    each time, which takes longer than to read a flow (2.7 ms, and 0.4); of parameters it keeps the plan.
    """

    # So many keys are parameters, more of them an array.
    FEW = (1, 4, 16)

    def __init__(self, build: Callable[[], Select[Any]], key: InstrumentedAttribute[str]) -> None:
        self._few = {width: Prepared(partial(_among_few, build, key, width)) for width in self.FEW}
        self._many = Prepared(lambda dialect: build().where(among(dialect, key, "keys")))

    def rows(self, session: VisibleSession, keys: Sequence[str]) -> list[Any]:
        """Return the rows that the principal sees, each once, in no order."""
        if not keys:
            return []
        width = next((width for width in self.FEW if len(keys) <= width), None)
        if width is None:
            return self._many.rows(session, keys=list(keys))
        # The last one stands for those that are missing.
        asked = [*keys, *[keys[-1]] * (width - len(keys))]
        return self._few[width].rows(session, **{f"key_{place}": key for place, key in enumerate(asked)})


def _among_few(
    build: Callable[[], Select[Any]], key: InstrumentedAttribute[str], width: int, _dialect: str
) -> Select[Any]:
    names: list[BindParameter[str]] = [bindparam(f"key_{place}", "") for place in range(width)]
    return build().where(key.in_(names))


class _Ready(Sent):
    """A statement as one database takes it from one asker, and its answers as plain rows."""

    def __init__(self, statement: Select[Any], dialect: Dialect, anew: bool) -> None:
        super().__init__(statement, dialect, kept=not anew)
        columns = self.compiled._result_columns
        self.row = _plain("Read", [column.keyname for column in columns])
        self._types = [column.type for column in columns]
        self._readers: list[tuple[int, Callable[[Any], Any]]] = []

    def run(self, connection: Connection, values: Mapping[str, Any], *, writes: bool) -> list[Any]:
        """Return the rows for some values of the parameters."""
        given = {name: _given(value, self.dialect) for name, value in values.items()}
        found = self.ask_once(connection, given) if writes else self.ask(connection, given)
        return [self.row._make(self._read(row)) for row in found]

    def described(self, columns: Described) -> None:
        """Choose what turns cells into values, by place; the driver tells how it gives each column."""
        found = (
            (place, kind._cached_result_processor(self.dialect, told[1]))
            for place, (kind, told) in enumerate(zip(self._types, columns, strict=True))
        )
        self._readers = [(place, reader) for place, reader in found if reader is not None]

    def _read(self, row: Iterable[Any]) -> Iterable[Any]:
        if not self._readers:
            return row
        cells = list(row)
        for place, read in self._readers:
            cells[place] = read(cells[place])
        return cells


def among(dialect: str, column: Any, name: str) -> ColumnElement[bool]:
    """Return the criterion of a column that holds one of the values of a parameter, a list of texts."""
    if dialect == POSTGRESQL:
        held: ColumnElement[bool] = column == any_(bindparam(name, [], type_=ARRAY(String)))
        return held
    values = func.json_each(bindparam(name, "[]")).table_valued("value")
    inside: ColumnElement[bool] = column.in_(select(values.c.value))
    return inside


def _given(value: Any, dialect: Dialect) -> Any:
    """Return a value as a parameter: many at once as the one thing that ``among`` asks for."""
    many = isinstance(value, list | tuple | set | frozenset)
    if not many:
        return value
    return list(value) if dialect.name == POSTGRESQL else orjson.dumps(list(value)).decode()


def _plain(name: str, columns: Sequence[str]) -> Any:
    """Return the class of plain rows of some columns; of two that have one name, the second has none."""
    return namedtuple(name, columns, rename=True)


class Plain:
    """The mapped columns of a class, and a plain row of them."""

    def __init__(self, cls: type[Any], *, without: frozenset[str] = frozenset()) -> None:
        self.columns = columns_of(cls, without=without)
        self.row = _plain(cls.__name__, [column.key for column in self.columns])


def split(read: Sequence[Any], *plain: Plain) -> list[Any]:
    """Return the plain rows that a row of several classes is made of, then what is left of it."""
    found: list[Any] = []
    start = 0
    for one in plain:
        end = start + len(one.columns)
        found.append(one.row._make(read[start:end]))
        start = end
    return [*found, read[start:]]


def columns_of(cls: type[Any], *, without: frozenset[str] = frozenset()) -> list[Any]:
    """Return the mapped columns of a class, in the order of its table."""
    return [
        getattr(cls, attribute.key)
        for attribute in mapping_of(cls).column_attrs
        if attribute.key not in without
    ]


@lru_cache(maxsize=64)
def _by_key(cls: type[Any], without: frozenset[str]) -> Prepared:
    wanted = select(*columns_of(cls, without=without)).where(cls.id == bindparam("key", ""))
    return Prepared(lambda _dialect: wanted)


def seen(session: VisibleSession, cls: type[Any], key: str, *, without: frozenset[str] = frozenset()) -> Any:
    """Return the columns of a row by its identifier, as a plain row; None when the principal sees none."""
    by_key: Any = _by_key
    found = by_key(cls, without).rows(session, key=key)
    if not found:
        return None
    session.keep_plain(cls, found[0])
    return found[0]
