"""``check``: what a diagnostic file says, as it was understood."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from app.commands.common import (
    EXIT_INPUT_ERRORS,
    Language,
    Output,
    fail_usage,
    language_of,
    print_findings,
    progress,
    read_bytes,
    write_bytes,
)
from app.readers import read_table
from app.readers.corrections import NO_CORRECTIONS, Corrections, InvalidCorrectionError, from_plain
from app.readers.summary import summary
from app.translations import gettext, translate
from geo.geocoding import offline_geocoder
from matching.messages import N_

FORMATS = ("json", "text")
MappingFile = Annotated[
    Path | None,
    typer.Option("--mapping", help="Ce que sont les colonnes, en JSON / what columns are, as JSON"),
]
HOW_NAMES = {
    "exact": N_("exact"),
    "guessed": N_("guessed"),
    "corrected": N_("corrected"),
    "ignored": N_("ignored"),
}
SEVERITY_NAMES = {"error": N_("error"), "warning": N_("warning"), "info": N_("information")}


def register(app: typer.Typer) -> None:
    """Add the command to ``entreflux``."""
    app.command("check")(check)


def check(
    file: Annotated[str, typer.Argument(help="CSV, XLSX ou ODS, ou - / CSV, XLSX or ODS, or -")],
    format_: Annotated[str, typer.Option("--format", help=" | ".join(FORMATS))] = "json",
    out: Output = None,
    lang: Language = None,
    mapping: MappingFile = None,
) -> None:
    """Lire un fichier de diagnostic et dire ce qui en est compris / read a file and say what it says."""
    language = language_of(lang)
    if format_ not in FORMATS:
        fail_usage(f"--format: {' | '.join(FORMATS)}")
    content, name = read_bytes(file)
    corrections = _corrections(mapping, language)
    with progress(language):
        result = read_table(content, name, offline_geocoder(), corrections=corrections)
    if not result.readable:
        print_findings(result.findings, language)
        if not result.tables:
            raise typer.Exit(EXIT_INPUT_ERRORS)
    document = summary(result, language)
    write_bytes(
        orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n"
        if format_ == "json"
        else _text(document, language),
        out,
    )
    if not result.readable:
        raise typer.Exit(EXIT_INPUT_ERRORS)


def _corrections(mapping: Path | None, language: str) -> Corrections:
    if mapping is None:
        return NO_CORRECTIONS
    try:
        return from_plain(json.loads(mapping.read_bytes()))
    except InvalidCorrectionError as error:
        fail_usage(f"{mapping}: {error.place}: {translate(error.message, language)}")
    except (OSError, ValueError, RecursionError) as error:
        fail_usage(f"{mapping}: {error}")


def _text(document: dict[str, Any], language: str) -> bytes:
    counts = gettext(
        N_("{sites} sites, {flows} flows, {findings} findings"),
        language,
        **{name: len(document[name]) for name in ("sites", "flows", "findings")},
    )
    lines = [counts, ""]
    for flow in document["flows"]:
        quantity = (
            flow["quantity_per_year"] if flow["quantity_per_year"] is not None else flow["quantity_once"]
        )
        amount = "" if quantity is None else f"{quantity:g} {flow['unit']}"
        lines.append("\t".join((flow["site"], flow["direction"], flow["kind"], flow["label"], amount)))
    lines.append("")
    for table in document["tables"]:
        lines += _columns(table, language)
    lines.append("")
    for finding in document["findings"]:
        place = (
            finding["sheet"] or "",
            "" if finding["row"] is None else str(finding["row"]),
            finding["field"],
        )
        lines.append(
            "\t".join((gettext(SEVERITY_NAMES[finding["severity"]], language), *place, finding["message"]))
        )
    return ("\n".join(lines) + "\n").encode()


def _columns(table: dict[str, Any], language: str) -> Iterator[str]:
    """Yield the lines of a table: where it stands and its layout, then what each column was taken for."""
    place = (table["sheet"] or "", str(table["row"]))
    left_out = (gettext(N_("left out"), language),) if table["ignored"] else ()
    yield "\t".join((gettext(N_("Table"), language), *place, table["layout"], *left_out))
    for column in table["columns"]:
        fixed = " ".join(filter(None, (column["direction"], column["unit"], column["period"])))
        how = gettext(HOW_NAMES[column["how"]], language)
        cells = (column["place"], column["title"], column["field"], how, fixed, " | ".join(column["samples"]))
        yield "\t".join(("", *(" ".join(cell.split()) for cell in cells)))
