"""``user reset``, ``invite`` and ``close``, ``key list`` and ``revoke``: what an operator does for people."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.commands.accounts import (
    CompanyName,
    Given,
    RoleGiven,
    TerritoryName,
    company_named,
    system_session,
    territory_named,
)
from app.commands.common import Language, language_of
from app.db.base import now
from app.db.tables import ApiKey
from app.errors import InvalidInputError, MissingError
from app.repositories import accounts as rows
from app.repositories.records import change, find
from app.repositories.sign_in import end_sessions_of, forget_factor
from app.services import invitations, resets
from app.settings import Settings
from app.translations import gettext
from matching.messages import N_, Message

LOCAL = "http://127.0.0.1:8000"


def register(app: typer.Typer) -> None:
    """Add the verbs to the groups ``user`` and ``key``, which exist already."""
    groups: dict[Any, typer.Typer | None] = {one.name: one.typer_instance for one in app.registered_groups}
    for group, verb, command in (
        ("user", "reset", reset),
        ("user", "invite", invite),
        ("user", "close", close),
        ("key", "list", list_keys),
        ("key", "revoke", revoke_key),
    ):
        found = groups[group]
        if found is not None:
            found.command(verb)(command)


def _whole(path: str) -> str:
    return (Settings().web.public_url or LOCAL).rstrip("/") + path


def reset(
    email: str,
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Désactiver le second facteur / turn it off")
    ] = False,
    lang: Language = None,
) -> None:
    """Faire un lien pour un nouveau mot de passe / make a link for a new password."""
    language = language_of(lang)
    with system_session(language) as session:
        user = rows.user_by_email(session, email)
        if user is None:
            raise MissingError
        if second_factor:
            forget_factor(session, user.id)
        token = resets.make_link(session, email)
    if second_factor:
        text = N_("The second factor of {email} is off: it is set up again when signing in, where required.")
        typer.echo(gettext(text, language, email=user.email))
    text = N_("Link, for {hours} h: {link}")
    link = _whole(resets.path_of(token))
    typer.echo(gettext(text, language, hours=resets.BY_HAND_HOURS, link=link))


def invite(
    email: str,
    territory: TerritoryName = None,
    role: RoleGiven = Given.FACILITATOR,
    company: CompanyName = None,
    lang: Language = None,
) -> None:
    """Inviter quelqu'un dans un territoire, par un lien / invite somebody to a territory, by a link."""
    language = language_of(lang)
    with system_session(language) as session:
        where = territory_named(session, territory)
        if where is None:
            raise InvalidInputError.on("territory", Message(N_("Name the territory: --territory NAME.")))
        whose = company_named(session, where, company)
        token = invitations.invite(session, where, email, role.seat, whose.id if whose else None)
    link = _whole(invitations.path_of(token))
    typer.echo(gettext(N_("Link, for {days} days: {link}"), language, days=invitations.DAYS, link=link))


def close(email: str, lang: Language = None) -> None:
    """Fermer un compte, ses sessions et ses clés / close an account, its sessions and its keys."""
    with system_session(language_of(lang)) as session:
        user = rows.user_by_email(session, email)
        if user is None:
            raise MissingError
        change(session, user, {"disabled": True})
        end_sessions_of(session, user.id)


def list_keys(lang: Language = None) -> None:
    """Lister les clés, leurs droits et leur dernier usage / list the keys, their scopes and last use."""
    with system_session(language_of(lang)) as session:
        for key in rows.keys(session):
            if key.revoked_at is None:
                moments = (at.date().isoformat() if at else "" for at in (key.expires_at, key.last_used_at))
                typer.echo("\t".join((key.id, key.name, key.scopes, *moments)))


def revoke_key(key_id: str, lang: Language = None) -> None:
    """Révoquer une clé / revoke a key."""
    with system_session(language_of(lang)) as session:
        change(session, find(session, ApiKey, key_id), {"revoked_at": now()})
