"""``classify`` and ``outlets``: texts or tables of texts in, ranked codes, resources or activities out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Annotated, Any

import orjson
import typer

from app.commands.common import (
    EXIT_INPUT_ERRORS,
    Language,
    Output,
    fail_usage,
    language_of,
    read_bytes,
    write_bytes,
)
from app.errors import InvalidInputError
from app.exports.table import inert
from app.services.classification import classify_rows, outlet_rows, typical_rows
from app.services.directory import LoadedDirectory, load_directory
from app.services.matching import outlets as find_outlets
from app.translations import translate
from matching.errors import MatchingError

Row = dict[str, Any]
Texts = Annotated[list[str] | None, typer.Argument(help="Textes / texts", show_default=False)]
Table = Annotated[str | None, typer.Option("--file", help="CSV avec une colonne text / with a column text")]
CLASSIFY_COLUMNS = ("rank", "scheme", "code", "label", "score", "probability", "why", "question")
OUTLET_COLUMNS = ("rank", "nace", "use", "treatment", "score", "rule", "source", "sites")

TYPICAL_COLUMNS = ("rank", "direction", "kind", "resource", "label", "question")


def register(app: typer.Typer) -> None:
    """Add the commands to ``entreflux``."""
    app.command("classify")(classify)
    app.command("outlets")(outlets)
    app.command("typical")(typical)


def classify(
    texts: Texts = None,
    file: Table = None,
    top: Annotated[int, typer.Option("--top", min=1)] = 5,
    format_: Annotated[str, typer.Option("--format", help="csv | json")] = "csv",
    direction: Annotated[str, typer.Option("--direction", help="input | output")] = "",
    kind: Annotated[str, typer.Option("--kind")] = "",
    out: Output = None,
    lang: Language = None,
) -> None:
    """Reconnaître des libellés : code déchet et ressource / recognise labels: waste code and resource."""
    language = language_of(lang)
    rows = _input_rows(texts, file, {"direction": direction, "kind": kind})

    def answer(row: Row) -> list[Row]:
        return classify_rows(row["text"], row.get("direction") or "", row.get("kind") or "", top, language)

    _answer(rows, answer, CLASSIFY_COLUMNS, format_, out)


def outlets(
    texts: Texts = None,
    code: Annotated[str, typer.Option("--code", help="Code déchet / waste code")] = "",
    file: Table = None,
    top: Annotated[int, typer.Option("--top", min=1)] = 10,
    format_: Annotated[str, typer.Option("--format", help="csv | json")] = "csv",
    directory: Annotated[
        str | None,
        typer.Option("--directory", help="CSV de sites réels / of real sites: name,siret,naf,lon,lat"),
    ] = None,
    near: Annotated[tuple[float, float] | None, typer.Option("--near", metavar="LON LAT")] = None,
    within_km: Annotated[float, typer.Option("--within-km", min=0)] = 50.0,
    out: Output = None,
    lang: Language = None,
) -> None:
    """Dire quelles activités pourraient prendre un flux / which activities could take a flow."""
    language = language_of(lang)
    rows = _input_rows(texts or ([""] if code and file is None else None), file, {"waste_code": code})

    def answer(row: Row) -> list[Row]:
        waste_code = "".join(c for c in row.get("waste_code") or "" if c.isdigit())
        found = find_outlets(row["text"], waste_code, row.get("donor_nace") or "", top)
        return outlet_rows(found, language, known.near(found, near, within_km) if known and near else None)

    known = _directory(directory, near, language)
    _answer(rows, answer, OUTLET_COLUMNS, format_, out)


def _directory(path: str | None, near: tuple[float, float] | None, language: str) -> LoadedDirectory | None:
    if (path is None) is not (near is None):
        fail_usage("--directory FILE --near LON LAT")
    if path is None:
        return None
    try:
        return load_directory(path)
    except InvalidInputError as error:
        for wrong in error.errors:
            typer.echo(f"\t1\t{wrong.field}\t{translate(wrong.message, language)}", err=True)
        raise typer.Exit(EXIT_INPUT_ERRORS) from error
    except OSError as error:
        fail_usage(f"--directory {path}: {error.strerror}")


def typical(
    activity: Annotated[str, typer.Argument(help="Code NAF ou NACE / NAF or NACE code, 10.51Z")],
    top: Annotated[int, typer.Option("--top", min=2)] = 20,
    out: Output = None,
    lang: Language = None,
) -> None:
    """Dire ce qu'une activité cède et cherche d'ordinaire / what an activity typically gives and needs."""
    language = language_of(lang)
    try:
        rows = typical_rows(activity, top, language)
    except MatchingError as error:
        fail_usage(translate(error.message, language))
    text = io.StringIO()
    writer = csv.DictWriter(text, TYPICAL_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_bytes(text.getvalue().encode(), out)


def _input_rows(texts: list[str] | None, file: str | None, extra: dict[str, str]) -> list[Row]:
    if file is None:
        if not texts:
            fail_usage("TEXT … | --file TABLE.csv")
        return [{"text": text, **{key: value for key, value in extra.items() if value}} for text in texts]
    content, _ = read_bytes(file)
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    if "text" not in (reader.fieldnames or ()):
        typer.echo("\t1\ttext\tcolonne absente / column missing", err=True)
        raise typer.Exit(EXIT_INPUT_ERRORS)
    return [{key: value for key, value in row.items() if key is not None} for row in reader]


def _answer(
    rows: list[Row], answer: Callable[[Row], list[Row]], columns: tuple[str, ...], format_: str, out: Any
) -> None:
    if format_ not in ("csv", "json"):
        fail_usage("--format: csv | json")
    answers = [(row, _checked(number, row, answer)) for number, row in enumerate(rows, start=2)]
    if format_ == "json":
        payload = [{**row, "results": found} for row, found in answers]
        write_bytes(orjson.dumps(payload, option=orjson.OPT_INDENT_2) + b"\n", out)
        return
    text = io.StringIO()
    echoed = list(rows[0]) if rows else ["text"]
    names = [*echoed, *(c for c in columns if c not in echoed)]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(inert, names))
    for row, found in answers:
        for line in found:
            told = {**row, **_flat(line)}
            writer.writerow(inert(told.get(name, "")) for name in names)
    write_bytes(text.getvalue().encode(), out)


def _flat(line: Row) -> Row:
    """Write the sites of an outlet in one cell."""
    if "sites" not in line:
        return line
    return {**line, "sites": " | ".join(f"{s['name']} ({s['distance_km']} km)" for s in line["sites"])}


def _checked(number: int, row: Row, answer: Callable[[Row], list[Row]]) -> list[Row]:
    try:
        return answer(row)
    except ValueError as error:
        typer.echo(f"\t{number}\tdirection|kind\t{error}", err=True)
        raise typer.Exit(EXIT_INPUT_ERRORS) from error
