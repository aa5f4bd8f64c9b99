"""JSON of a long list, an item at a time: the same bytes as if the whole document were dumped at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

INDENT = b"\n    "  # where the items of a list in a document stand


def json_document(head: Mapping[str, Any], name: str, items: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield an indented JSON document: the fields of ``head``, then ``items`` as the list ``name``."""
    start = orjson.dumps({**head, name: []}, option=orjson.OPT_INDENT_2)
    yield start[: -len(b"]\n}")]
    empty = True
    for item in items:
        text = orjson.dumps(item, option=orjson.OPT_INDENT_2).replace(b"\n", INDENT)
        yield (b"" if empty else b",") + INDENT + text
        empty = False
    yield b"]\n}\n" if empty else b"\n  ]\n}\n"
