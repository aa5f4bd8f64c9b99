"""The demonstration: an example territory with somebody to sign in as."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from app.db.base import now
from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole
from app.db.tables import Territory
from app.db.visibility import VisibleSession
from app.repositories import accounts as account_rows
from app.repositories import territories
from app.repositories.records import add, change
from app.services.accounts import create_key, create_user, join
from app.services.imports import import_table
from app.services.passwords import hasher, new_token
from app.settings import Web

DEMO_TERRITORY = "Démonstration"
DEMO_EMAIL = "demo@entreflux.example"
DEMO_KEY = "demo"
FILES = ("demo.xlsx", "demo.csv", "kalundborg.csv")


@dataclass(frozen=True, slots=True)
class Demo:
    """How to get in, and what is there."""

    email: str
    password: str
    key: str
    flows: int
    synergies: int


def load_demo(database: Database, settings: Web) -> Demo:
    """Load the example territory unless it is there, and give its account a new password and a new key."""
    password = new_token()[:16]
    with database.writing(SYSTEM) as session:
        territory = territories.territory_named(session, DEMO_TERRITORY)
        if territory is None:
            territory = add(session, Territory(name=DEMO_TERRITORY))
            file = example_file()
            import_table(session, territory, file.read_bytes(), file.name)
        _open_account(session, settings, territory, password)
        for former in account_rows.keys(session):
            if former.name == DEMO_KEY and former.revoked_at is None:
                change(session, former, {"revoked_at": now()})
        key = create_key(session, DEMO_KEY, AccountRole.MEMBER, territory)
        flows, synergies = territories.sizes(session, territory.id)
    return Demo(DEMO_EMAIL, password, key, flows, synergies)


def _open_account(session: VisibleSession, settings: Web, territory: Territory, password: str) -> None:
    user = account_rows.user_by_email(session, DEMO_EMAIL)
    if user is None:
        create_user(session, settings, DEMO_EMAIL, password, territory=territory)
        return
    change(session, user, {"password_hash": hasher(settings).hash(password)})
    join(session, territory, user)


def example_file() -> Traversable:
    """Return the example table, from the installed package or the source tree."""
    folders: tuple[Traversable, ...] = (files("app") / "examples", Path(__file__).parents[2] / "examples")
    for folder in folders:
        for name in FILES:
            if (folder / name).is_file():
                return folder / name
    raise FileNotFoundError("examples")
