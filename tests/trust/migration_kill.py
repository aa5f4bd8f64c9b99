"""Brings a database to the present schema and kills itself at the n-th statement, as a power cut would.

``python -m tests.trust.migration_kill URL N``; ends with 0 when there were fewer statements.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from sqlalchemy import Engine, event

from app.db.engine import make_engine
from app.db.migrate import migrate
from app.settings import Database


def main(url: str, last: int) -> None:
    engine = make_engine(Database(url=url))
    count = 0

    @event.listens_for(Engine, "after_cursor_execute")
    def _cut(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)

    migrate(engine)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
