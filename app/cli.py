"""The ``entreflux`` command."""

from __future__ import annotations

import typer

from app.commands import (
    account_links,
    accounts,
    check,
    classification,
    data,
    matching,
    people,
    planning,
    server,
)

app = typer.Typer(
    name="entreflux",
    help="Trouver les synergies entre entreprises voisines / find synergies between neighbouring companies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (matching, planning, classification, check, data, server, accounts, account_links, people):
    module.register(app)


def main() -> None:
    """Run the command line."""
    app()
