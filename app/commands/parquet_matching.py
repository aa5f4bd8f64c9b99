"""``match`` from Parquet to Parquet, in this process or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.commands.common import EXIT_INPUT_ERRORS, fail_usage, print_findings, progress
from app.readers import Finding
from app.readers.result import UnreadableFileError
from app.translations import gettext
from matching.messages import N_
from matching.parameters import ALL_KINDS, MatchParameters
from matching.results import SynergyKind

if TYPE_CHECKING:
    from app.services.cluster import Outcome
    from app.services.cluster_runners import Runner

ENGINES = ("local", "dask")
SUFFIX = ".parquet"
EXTRA = N_("This needs the extra “cluster”: pip install 'entreflux[cluster]'.")
ONLY_PARQUET = N_("--engine dask reads Parquet: give a table named like flows.parquet.")
OUT_FOLDER = N_("A Parquet table is matched into a folder: give --out with a new or empty folder.")
ONLY_SUBSTITUTIONS = N_(
    "From Parquet only substitutions are found: pools and loops join sites of the whole territory and are "
    "for one machine, from CSV or XLSX."
)


def is_parquet(flows: str, engine: str) -> bool:
    """Tell whether a match goes from Parquet to Parquet."""
    return engine == "dask" or flows.endswith(SUFFIX)


def match_parquet(
    flows: str,
    out: Path | None,
    parameters: MatchParameters,
    engine: str,
    scheduler: str | None,
    skip_errors: bool,
    language: str,
) -> None:
    """Match the table ``flows`` into the folder ``out``; exit with 1 when rows are wrong and not skipped."""
    parameters = _substitutions(parameters, language)
    if not flows.endswith(SUFFIX):
        fail_usage(gettext(ONLY_PARQUET, language))
    if not Path(flows).is_file():
        fail_usage(f"{flows}: fichier introuvable / file not found")
    if out is None or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        fail_usage(gettext(OUT_FOLDER, language))
    if find_spec("pyarrow") is None or (engine == "dask" and find_spec("distributed") is None):
        fail_usage(gettext(EXTRA, language))
    outcome = _matched(Path(flows), out, parameters, engine, scheduler, skip_errors, language)
    print_findings(outcome.findings, language)
    if not outcome.matched:
        raise typer.Exit(EXIT_INPUT_ERRORS)
    done = N_("{flows} flows, {pairs} pairs in {folder}")
    typer.echo(gettext(done, language, flows=outcome.flows, pairs=outcome.pairs, folder=str(out)), err=True)


def _substitutions(parameters: MatchParameters, language: str) -> MatchParameters:
    """Return the parameters for substitutions alone; others that were asked for by name are refused."""
    only = SynergyKind.SUBSTITUTION.value
    if parameters.kinds == (only,):
        return parameters
    if parameters.kinds != ALL_KINDS:
        fail_usage(gettext(ONLY_SUBSTITUTIONS, language))
    typer.echo(gettext(ONLY_SUBSTITUTIONS, language), err=True)
    return MatchParameters.from_mapping({**parameters.as_mapping(), "kinds": (only,)})


def _matched(
    source: Path,
    out: Path,
    parameters: MatchParameters,
    engine: str,
    scheduler: str | None,
    skip_errors: bool,
    language: str,
) -> Outcome:
    from app.services.cluster import match_table

    try:
        with progress(language) as step, _runner(engine, scheduler) as runner:
            return match_table(source, out, parameters, runner, skip_errors=skip_errors, progress=step)
    except UnreadableFileError as error:
        print_findings([Finding("error", None, None, "file", error.message)], language)
        raise typer.Exit(EXIT_INPUT_ERRORS) from error


@contextmanager
def _runner(engine: str, scheduler: str | None) -> Iterator[Runner]:
    from app.services.cluster_runners import Here, cluster

    if engine == "dask":
        with cluster(scheduler) as runner:
            yield runner
    else:
        yield Here()
