"""Synergies written out at once say what their documents say."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from app.exports import packed
from app.exports.document import frozen
from app.exports.packed import PackedDocuments
from app.services.imports import read_file
from app.services.matching import match_flows
from matching.results import MatchResult

EXAMPLE = Path(__file__).parents[2] / "examples" / "demo.csv"


@pytest.fixture(scope="module")
def found() -> MatchResult:
    """Return the synergies of an example, of all kinds."""
    return match_flows(read_file(EXAMPLE.read_bytes(), EXAMPLE.name).flows)


def test_a_synergy_written_out_at_once_is_its_document(found: MatchResult) -> None:
    documents = PackedDocuments()
    assert {synergy.kind.value for synergy in found.synergies} >= {"substitution", "mutualisation"}
    for synergy in found.synergies:
        written = orjson.dumps(documents.packed(synergy))
        assert written == orjson.dumps(frozen(synergy), option=packed.OPTIONS)
