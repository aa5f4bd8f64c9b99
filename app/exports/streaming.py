"""JSON of a long list, an item at a time: the same bytes as if the whole document were dumped at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from app.exports.blocks import made_in_blocks

INDENT = b"\n    "  # where the items of a list in a document stand


def json_document(
    head: Mapping[str, Any],
    name: str,
    items: Sequence[Mapping[str, Any]],
    shape: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda item: item,
) -> Iterator[bytes]:
    """Yield an indented JSON document: the fields of ``head``, then ``items`` as the list ``name``.

    Parameters
    ----------
    shape
        What is made of an item before it is written.
    """
    start = orjson.dumps({**head, name: []}, option=orjson.OPT_INDENT_2)
    yield start[: -len(b"]\n}")]
    empty = True
    for text in made_in_blocks(items, lambda _, some: _listed(map(shape, some))):
        yield text[1:] if empty else text
        empty = False
    yield b"]\n}\n" if empty else b"\n  ]\n}\n"


def _listed(items: Iterable[Mapping[str, Any]]) -> bytes:
    """Return items as they stand in a list, a comma before each."""
    texts = (orjson.dumps(item, option=orjson.OPT_INDENT_2).replace(b"\n", INDENT) for item in items)
    return b"".join(b"," + INDENT + text for text in texts)
