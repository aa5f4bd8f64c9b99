"""What a server is told before it takes or loses many rows, and when it must count a table again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Table
from sqlalchemy.orm import Session

# From here on a table has grown enough to be counted at once, then each time it is so many times larger.
MANY_ROWS = 5_000
COUNTED_AGAIN = 4
# From so many rows on, to plan once is worth its two statements (own estimate).
MANY_PLANNED = 500
# Of a session: for each table, the rows stored when it was counted last, and in all.
GROWTH = "entreflux_growth"
# The keys of each row are checked by a statement that our sessions plan anew each time: planned once, by the
# index, a member of a synergy costs a third (measured). lz4 is the faster one; some servers have not got it.
# Meanwhile tables are counted by a tenth of the usual sample: the server counts them well once all is stored.
_FOR_MANY = (
    "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), "
    "set_config('enable_seqscan', 'off', true), "
    "set_config('default_statistics_target', '10', true), "
    "(SELECT set_config(name, 'lz4', true) FROM pg_settings "
    "WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals))"
)
_CHANGED = ("plan_cache_mode", "enable_seqscan", "default_statistics_target")
_HELD = "SELECT " + ", ".join(f"current_setting('{name}')" for name in _CHANGED)
_AS_BEFORE = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in _CHANGED)


@contextmanager
def for_many(connection: Connection, rows: int) -> Iterator[None]:
    """Have the server check the keys of many rows by one plan, made beforehand."""
    if rows < MANY_PLANNED or connection.dialect.name != "postgresql":
        yield
        return
    held = connection.exec_driver_sql(_HELD).one()
    connection.exec_driver_sql(_FOR_MANY)
    yield
    # After an error the transaction is given up, and its settings with it.
    connection.exec_driver_sql(_AS_BEFORE, tuple(held))


def has_grown(session: Session, table: Table, stored: int) -> bool:
    """Tell whether a table has grown enough since its rows were counted to be counted again.

    To count takes seconds where rows are large, and thousands may come in many turns.
    """
    growth: dict[str, tuple[int, int]] = session.info.setdefault(GROWTH, {})
    counted, present = growth.get(table.name, (0, 0))
    present += stored
    grown = present >= max(MANY_ROWS, COUNTED_AGAIN * counted)
    growth[table.name] = (present if grown else counted), present
    return grown
