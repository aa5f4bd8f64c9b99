"""``key``, ``user`` and ``territory``: who may enter, and where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer

from app.commands.common import EXIT_INPUT_ERRORS, Language, language_of
from app.commands.upgrading import upgraded
from app.db.engine import open_database
from app.db.principal import SYSTEM, AccountRole, Role
from app.db.tables import Company, Territory
from app.db.visibility import VisibleSession
from app.errors import AppError, InvalidInputError
from app.repositories import accounts as account_rows
from app.repositories import territories
from app.repositories.records import add, rows_of
from app.services import accounts
from app.services.passwords import new_token
from app.settings import Settings
from app.translations import gettext, translate
from matching.messages import N_, Message

TerritoryName = Annotated[
    str | None,
    typer.Option("--territory", help="Nom ou identifiant du territoire / territory", show_default=False),
]


class Given(StrEnum):
    """What ``--role`` takes; a member is a coordinator, as before there were other seats."""

    OPERATOR = "operator"
    COORDINATOR = "coordinator"
    FACILITATOR = "facilitator"
    COMPANY = "company"
    OBSERVER = "observer"
    MEMBER = "member"

    @property
    def account(self) -> AccountRole:
        """The role of the account itself."""
        return AccountRole.OPERATOR if self is Given.OPERATOR else AccountRole.MEMBER

    @property
    def seat(self) -> Role:
        """What the account is in the territory named."""
        return Role.COORDINATOR if self in (Given.OPERATOR, Given.MEMBER) else Role(self.value)


RoleGiven = Annotated[
    Given, typer.Option("--role", help="operator | coordinator | facilitator | company | observer")
]
CompanyName = Annotated[
    str | None,
    typer.Option("--company", help="Nom, SIREN ou identifiant / name, SIREN or id", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the commands to ``entreflux``."""
    for name, commands, text in (
        ("key", {"add": add_key}, "Clés de l'API / API keys"),
        ("user", {"add": add_user}, "Comptes / accounts"),
        ("territory", {"add": add_territory}, "Territoires / territories"),
    ):
        group = typer.Typer(help=text, no_args_is_help=True)
        for verb, command in commands.items():
            group.command(verb)(command)
        # A group of one command would lose its verb.
        group.callback()(_keep_verb)
        app.add_typer(group, name=name)


def _keep_verb() -> None:
    """Keep the verb of a group that has only one."""


@contextmanager
def system_session(language: str) -> Iterator[VisibleSession]:
    """Yield a session that sees everything; refusals go to standard error with exit 1."""
    settings = Settings()
    database = open_database(settings.database)
    try:
        upgraded(database, settings, language)
        with database.writing(SYSTEM) as session:
            yield session
    except AppError as error:
        tell_refusal(error, language)
        raise typer.Exit(EXIT_INPUT_ERRORS) from error
    finally:
        database.close()


def tell_refusal(error: AppError, language: str) -> None:
    """Print what was refused to standard error, one tab-separated line a field."""
    wrong = error.errors if isinstance(error, InvalidInputError) else ()
    for one in wrong:
        row = "" if one.row is None else str(one.row)
        typer.echo("\t".join((one.sheet or "", row, one.field, translate(one.message, language))), err=True)
    if not wrong:
        typer.echo(f"\t\t\t{translate(error.message, language)}", err=True)


def territory_named(session: VisibleSession, name: str | None) -> Territory | None:
    """Return the territory of a name or identifier; ``InvalidInputError`` when there is none."""
    if name is None:
        return None
    found = territories.territory_named(session, name)
    if found is None:
        text = N_("There is no territory “{name}”: create it with “entreflux territory add”.")
        raise InvalidInputError.on("territory", Message(text, {"name": name}))
    return found


def company_named(session: VisibleSession, territory: Territory | None, name: str | None) -> Company | None:
    """Return a company of the territory; ``InvalidInputError`` when it is not there exactly once."""
    if name is None or territory is None:
        return None
    found = [
        row
        for row in rows_of(session, Company, territory_id=territory.id)
        if name in (row.id, row.siren) or name.casefold() == row.name.casefold()
    ]
    if len(found) != 1:
        text = N_("The territory has {count} companies named “{name}”: give an identifier.")
        raise InvalidInputError.on("company", Message(text, {"count": len(found), "name": name}))
    return found[0]


def add_key(
    role: RoleGiven = Given.COORDINATOR,
    territory: TerritoryName = None,
    company: CompanyName = None,
    name: Annotated[str, typer.Option("--name", help="À quoi elle sert / what it is for")] = "",
    days: Annotated[float | None, typer.Option("--days", min=0, help="Durée, jours / life in days")] = None,
    lang: Language = None,
) -> None:
    """Créer une clé et l'afficher, une seule fois / create a key and show it, once."""
    with system_session(language_of(lang)) as session:
        where = territory_named(session, territory)
        whose = company_named(session, where, company)
        token = accounts.create_key(session, name or role.value, role.account, where, days, role.seat, whose)
    typer.echo(token)


def add_user(
    email: str,
    role: RoleGiven = Given.COORDINATOR,
    territory: TerritoryName = None,
    company: CompanyName = None,
    password: Annotated[
        str | None,
        typer.Option("--password", envvar="ENTREFLUX_NEW_PASSWORD", help="Sinon tiré au sort / else drawn"),
    ] = None,
    lang: Language = None,
) -> None:
    """Créer un compte, ou lui ouvrir un territoire / create an account, or open a territory to it."""
    language = language_of(lang)
    drawn = password or new_token()[:16]
    with system_session(language) as session:
        where = territory_named(session, territory)
        user = account_rows.user_by_email(session, email)
        if user is not None and where is not None and password is None:
            accounts.join(session, where, user, role.seat, company_named(session, where, company))
            return
        user = accounts.create_user(session, Settings().web, email, drawn, role.account)
        if where is not None:
            accounts.join(session, where, user, role.seat, company_named(session, where, company))
    if password is None:
        typer.echo(gettext(N_("Password: {password}"), language, password=drawn))


def add_territory(
    name: str,
    lang: Language = None,
) -> None:
    """Créer un territoire et afficher son identifiant / create a territory and show its identifier."""
    with system_session(language_of(lang)) as session:
        row = add(session, Territory(name=name))
    typer.echo(row.id)
