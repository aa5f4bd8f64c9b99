"""Which roles may use which operation: one table, ``access.csv``, for the API, the pages and the files.

It is the first of two walls: it tells what somebody may ask at all. Which rows they then see is for
``app.db.visibility`` alone.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from app.db.principal import STAFF, Principal, Role
from app.errors import NotPermittedError

ROLES = ("operator", *(role.value for role in Role))
ALLOWED = "yes"


@dataclass(frozen=True, slots=True)
class Access:
    """What the table says of one operation.

    Attributes
    ----------
    anonymous
        Whether one need not be signed in.
    roles
        The roles that may ask it.
    audit
        What the audit keeps of it: ``read``, ``export``, or nothing for what shows nobody's flows.
    """

    anonymous: bool
    roles: frozenset[str]
    audit: str


# What nobody thought about is for staff; a test tells of the missing row.
OTHERWISE = Access(False, frozenset(role.value for role in STAFF), "read")


@lru_cache(maxsize=1)
def table() -> Mapping[str, Access]:
    """Return the table, by operation."""
    text = (files("app.services") / "access.csv").read_text(encoding="utf-8")
    return {
        row["operation"]: Access(
            row["anonymous"] == ALLOWED,
            frozenset(role for role in ROLES if row[role] == ALLOWED),
            row["audit"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def operation_of(endpoint: Callable[..., Any]) -> str:
    """Return the name of an operation in the table: its module under ``app`` and its function."""
    return f"{endpoint.__module__}.{endpoint.__qualname__}".removeprefix("app.")


def access_to(endpoint: Callable[..., Any]) -> Access:
    """Return what the table says of an operation."""
    return table().get(operation_of(endpoint), OTHERWISE)


def check_permitted(endpoint: Callable[..., Any], principal: Principal) -> None:
    """Raise ``NotPermittedError`` unless one of the principal's roles may use the operation.

    Somebody without any seat may use what is for everybody: their own account, the way out.
    """
    allowed = access_to(endpoint).roles
    if not (principal.is_system or principal.roles & allowed or allowed == frozenset(ROLES)):
        raise NotPermittedError


def endpoints_of(application: Any) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """Yield the method, the path and the function of every route of an application."""
    yield from _routes(application.routes)


def _routes(routes: Any) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    for route in routes:
        inside = getattr(route, "effective_candidates", None)
        if inside is not None:
            yield from _routes(inside())
        elif getattr(route, "endpoint", None) is not None:
            for method in sorted(set(route.methods or ()) - {"HEAD"}):
                yield method, route.path, route.endpoint
