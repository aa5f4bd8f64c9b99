"""Synergies in the formats people take away: JSON, CSV, XLSX, GeoJSON, PDF. Nothing is scored again here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from app.exports.geographic import to_geojson
from app.exports.report import to_pdf
from app.exports.streaming import json_document
from app.exports.table import to_csv
from app.exports.workbook import to_xlsx
from matching.model import Flow

Documents = Sequence[Mapping[str, Any]]
Renderer = Callable[[Documents, Sequence[Flow], str], Iterator[bytes]]


def _to_json(synergies: Documents, flows: Sequence[Flow], language: str) -> Iterator[bytes]:
    return json_document({}, "synergies", synergies)


def _to_pdf(synergies: Documents, flows: Sequence[Flow], language: str) -> Iterator[bytes]:
    yield to_pdf(synergies, flows, language)


RENDERERS: Mapping[str, Renderer] = {
    "json": _to_json,
    "csv": to_csv,
    "xlsx": to_xlsx,
    "geojson": to_geojson,
    "pdf": _to_pdf,
}
FORMATS = tuple(RENDERERS)


def streamed(format_: str, synergies: Documents, flows: Sequence[Flow], language: str) -> Iterator[bytes]:
    """Yield localised synergy documents in a format of ``FORMATS``, piece by piece.

    Parameters
    ----------
    synergies
        Read once, in order: they may be made as they are read.
    flows
        The flows the synergies speak of: their sites' points and parks.
    """
    return RENDERERS[format_](synergies, flows, language)


def render(format_: str, synergies: Documents, flows: Sequence[Flow], language: str) -> bytes:
    """Return what ``streamed`` yields, whole."""
    return b"".join(streamed(format_, synergies, flows, language))
