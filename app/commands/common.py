"""What the commands share: reading and writing files or streams, errors, language, progress."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from app.readers import Finding
from app.translations import gettext, pick_language, translate
from matching.messages import N_

EXIT_INPUT_ERRORS = 1
EXIT_USAGE = 2
Language = Annotated[str | None, typer.Option("--lang", help="fr | en", show_default=False)]
Output = Annotated[
    Path | None, typer.Option("--out", help="Fichier de sortie / output file", show_default=False)
]
STEPS = {
    "read": N_("Reading the flows"),
    "classify": N_("Recognising the flows"),
    "substitution": N_("Looking for substitutions"),
    "mutualisation": N_("Grouping sites"),
    "loop": N_("Looking for loops"),
    "plan": N_("Looking for the best plan"),
    "write": N_("Writing the result"),
}


def language_of(lang: str | None) -> str:
    """Return the language asked for, else the locale's, else French."""
    if lang is None:
        named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
        return pick_language(named or locale.getlocale()[0])
    if lang not in ("fr", "en"):
        fail_usage("--lang: fr | en")
    return lang


def fail_usage(message: str) -> NoReturn:
    """Say what is wrong with the call and exit with 2."""
    typer.echo(message, err=True)
    raise typer.Exit(EXIT_USAGE)


def read_bytes(source: str) -> tuple[bytes, str]:
    """Return the content of a file, or of standard input for ``-``, and its name."""
    if source == "-":
        return sys.stdin.buffer.read(), "-"
    path = Path(source)
    if not path.is_file():
        fail_usage(f"{source}: fichier introuvable / file not found")
    return path.read_bytes(), path.name


def write_bytes(content: bytes, out: Path | None) -> None:
    """Write to ``out``, or to standard output."""
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        out.write_bytes(content)


def print_findings(findings: Sequence[Finding], language: str) -> None:
    """Print findings to standard error, one a line: sheet, row, field, message."""
    for finding in findings:
        cells = (finding.sheet or "", "" if finding.row is None else str(finding.row), finding.field)
        typer.echo("\t".join((*cells, translate(finding.message, language))), err=True)


@contextmanager
def progress(language: str) -> Iterator[Callable[[str], None]]:
    """Show the running step on standard error, when it is a terminal."""
    console = Console(stderr=True)
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task(gettext(STEPS["read"], language))
        yield lambda step: bar.update(task, description=gettext(STEPS.get(step, step), language))
