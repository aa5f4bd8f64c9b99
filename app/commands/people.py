"""``person`` and ``audit``: what is kept of somebody, given or erased; entries older than a year removed."""

from __future__ import annotations

import json
from datetime import timedelta

import typer

from app.commands.accounts import system_session
from app.commands.common import Language, language_of
from app.db.base import now
from app.repositories import audit
from app.services import person
from app.translations import gettext
from matching.messages import N_

KEPT_DAYS = 365


def register(app: typer.Typer) -> None:
    """Add the commands to ``entreflux``."""
    group = typer.Typer(help="Données d'une personne / a person's data", no_args_is_help=True)
    group.command("export")(export)
    group.command("erase")(erase)
    app.add_typer(group, name="person")
    trail = typer.Typer(help="Journal / audit", no_args_is_help=True)
    trail.command("purge")(purge)
    trail.callback()(_keep_verb)
    app.add_typer(trail, name="audit")


def _keep_verb() -> None:
    """Keep the verb of a group that has only one."""


def export(email: str, lang: Language = None) -> None:
    """Afficher en JSON tout ce qui est gardé d'une personne / print all that is kept of a person, as JSON."""
    with system_session(language_of(lang)) as session:
        found = person.kept_of(session, email)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1, default=str))


def erase(email: str, lang: Language = None) -> None:
    """Effacer une personne : compte, contacts, nom dans les suivis / erase a person (not the audit)."""
    with system_session(language_of(lang)) as session:
        count = person.erase(session, email)
    typer.echo(gettext(N_("{count} rows erased or made nameless."), language_of(lang), count=count))


def purge(lang: Language = None) -> None:
    """Retirer du journal ce qui a plus d'un an / remove entries older than a year."""
    with system_session(language_of(lang)) as session:
        audit.remove_older(session, now() - timedelta(days=KEPT_DAYS))
