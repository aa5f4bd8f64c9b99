"""The API keeps its addresses and the names of its operations."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

SNAPSHOT = Path(__file__).parents[1] / "data" / "openapi_operations.json"


def _operations(document: Any) -> dict[str, str]:
    return {
        f"{method.upper()} {path}": operation["operationId"]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }


def test_addresses_and_operation_ids_are_those_of_the_snapshot(built_application: Any) -> None:
    """Run with ``ENTREFLUX_UPDATE_SNAPSHOT=1`` after a change that was meant."""
    found = _operations(built_application.openapi())
    if os.environ.get("ENTREFLUX_UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    assert found == json.loads(SNAPSHOT.read_text())


def test_every_operation_has_a_french_summary_a_tag_and_security(built_application: Any) -> None:
    document = built_application.openapi()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            assert operation["tags"], (method, path)
            if path.startswith("/api/"):
                assert operation["security"], (method, path)
    assert set(document["components"]["securitySchemes"]) == {"key", "session"}
