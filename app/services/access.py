"""Which territory a request works in, and who may run the server."""

from __future__ import annotations

from app.db.tables import Territory
from app.db.visibility import VisibleSession, principal_of
from app.errors import InvalidInputError, MissingError, NotPermittedError
from app.repositories import territories
from app.repositories.records import find, read_row
from matching.messages import N_, Message


def territory_for(session: VisibleSession, named: str | None) -> Territory:
    """Return the territory of ``territory_id_for``; raises what it raises."""
    return find(session, Territory, territory_id_for(session, named))


def territory_id_for(session: VisibleSession, named: str | None) -> str:
    """Return the territory named by the client, or the only one open to the principal, by its identifier.

    Raises
    ------
    MissingError
        If it does not exist or is not open to the principal.
    InvalidInputError
        If none is named and there are several.
    """
    if named:
        found: str = read_row(session, Territory, named).id
        return found
    only = territories.only_territory_id(session)
    if only is None:
        message = Message(N_("Name the territory: give its identifier in “territory_id”."))
        raise InvalidInputError.on("territory_id", message)
    return only


def require_operator(session: VisibleSession) -> None:
    """Raise ``NotPermittedError`` unless the principal runs the server."""
    if not principal_of(session).is_operator:
        raise NotPermittedError


def check_territory(session: VisibleSession, territory_id: str | None) -> str | None:
    """Return a territory that a list is narrowed to, after checking that it is open to the principal."""
    if territory_id is not None and not principal_of(session).may_enter(territory_id):
        raise MissingError
    return territory_id
