"""Synergies in the formats people take away: JSON, CSV, XLSX, GeoJSON, PDF. Nothing is scored again here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from app.exports.geographic import to_geojson
from app.exports.report import to_pdf
from app.exports.table import to_csv
from app.exports.workbook import to_xlsx
from matching.model import Flow

Renderer = Callable[[Sequence[Mapping[str, Any]], Sequence[Flow], str], bytes]


def _to_json(synergies: Sequence[Mapping[str, Any]], flows: Sequence[Flow], language: str) -> bytes:
    return orjson.dumps({"synergies": list(synergies)}, option=orjson.OPT_INDENT_2) + b"\n"


RENDERERS: Mapping[str, Renderer] = {
    "json": _to_json,
    "csv": to_csv,
    "xlsx": to_xlsx,
    "geojson": to_geojson,
    "pdf": to_pdf,
}
FORMATS = tuple(RENDERERS)


def render(
    format_: str, synergies: Sequence[Mapping[str, Any]], flows: Sequence[Flow], language: str
) -> bytes:
    """Return localised synergy documents in a format of ``FORMATS``.

    Parameters
    ----------
    flows
        The flows the synergies speak of: their sites' points and parks.
    """
    return RENDERERS[format_](synergies, flows, language)
