"""How many tries in how much time: windows that slide, counted in the database that all processes share.

A try is counted before it is judged, so that tries made at once do not slip through, and taken back when it
was right. A refused try is not counted: whoever is attacked waits a window at most, and in a browser of their
own not even that.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from app.db.base import now
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import SignInTry
from app.errors import TooManyTriesError
from app.repositories import sign_in as rows
from app.repositories.records import add

# One person holds a whole /64: it is the smallest network a provider gives away (RFC 6177).
IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """``most`` tries in any ``window_s`` seconds: our own choice, far below what guessing needs."""

    name: str
    most: int
    window_s: int


PASSWORD_OF_ACCOUNT = Limit("password-account", 10, 15 * 60)
PASSWORD_FROM_ADDRESS = Limit("password-address", 10, 15 * 60)
PASSWORD_IN_BROWSER = Limit("password-browser", 10, 15 * 60)
CODE_OF_ACCOUNT = Limit("code-account", 10, 15 * 60)
RESET_OF_ACCOUNT = Limit("reset-account", 3, 60 * 60)
RESET_FROM_ADDRESS = Limit("reset-address", 10, 60 * 60)
LINK_FROM_ADDRESS = Limit("link-address", 20, 15 * 60)
LONGEST_S = 60 * 60


def network(address: str) -> str:
    """Return what an address is counted as: itself, or the /64 of an IPv6 one.

    An IPv4 address written as an IPv6 one counts as the IPv4 one; what is no address counts as itself.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, IPV6_PREFIX), strict=False))


def take(database: Database, wanted: Mapping[Limit, str]) -> tuple[str, ...]:
    """Count one try against each limit, all or none, and return what ``give_back`` takes.

    Parameters
    ----------
    wanted
        Whom each limit is about: an account, an address.

    Raises
    ------
    TooManyTriesError
        When a limit is reached, with the seconds until the oldest try leaves its window.
    """
    at = now()
    buckets = {limit: _bucket(limit, whom) for limit, whom in wanted.items()}
    with database.writing(SYSTEM) as session:
        rows.wait_for_buckets(session, buckets.values())
        rows.forget_tries(session, at - timedelta(seconds=LONGEST_S))
        for limit, bucket in buckets.items():
            made = rows.tries_since(session, bucket, at - timedelta(seconds=limit.window_s))
            if len(made) >= limit.most:
                leaves = made[-limit.most] + timedelta(seconds=limit.window_s) - at
                raise TooManyTriesError(max(1, math.ceil(leaves.total_seconds())))
        return tuple(add(session, SignInTry(bucket=bucket)).id for bucket in buckets.values())


def give_back(database: Database, taken: tuple[str, ...]) -> None:
    """Take back a try that was right."""
    with database.writing(SYSTEM) as session:
        rows.take_back_tries(session, taken)


def _bucket(limit: Limit, whom: str) -> str:
    return hashlib.sha256(f"{limit.name}:{whom}".encode()).hexdigest()
