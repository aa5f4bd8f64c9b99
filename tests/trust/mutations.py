"""Files that started as good tables and were broken on purpose: bytes, cells, parts, sizes."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from tests.api.conftest import table
from tests.readers.builders import workbook

ROWS: list[list[Any]] = [
    ["Entreprise", "Flux", "Sens", "Quantité", "Unité", "Période", "Mois", "GPS", "Code déchet"],
    *[[f"Site {n}", "Palettes bois", "Sortant" if n % 2 else "Entrant", n * 1.5, "t", "an", "1-12",
       f"43.{n},5.{n}", "150103"] for n in range(1, 30)],
]  # fmt: skip
HOSTILE = (
    "1e999", "-inf", "NaN", "9" * 400, "\x00", "\ufeff", "‮abc", "=1+1", "'" * 50, "é" * 40_000, ";" * 300,
    '"', '""', "\r", "\n" * 50, "0x41", "1,2,3,4", "31/02/2026", "43.4,5.4,7", "t/t/t/t", "😀" * 100, "%s%n",
    "${jndi:ldap://x}", "../../etc/passwd", "<script>", "1e308", "-0", "１２", "１e５", "12:99", "2-à-3-t/an",
    "(" * 500, "[" * 500, "1.2.3.4", "a" * 32_800, "1 " * 2_000, "/".join("t" * 500),
)  # fmt: skip
MOST_BYTES = 2 * 1024**2
Mutation = Callable[[bytes, random.Random], bytes]


def good_workbook() -> bytes:
    return workbook({"Flux": [list(row) for row in ROWS], "Notes": [["Vu le", "12/03/2026"]]})


def good_csv() -> bytes:
    return table()


def flipped(content: bytes, dice: random.Random) -> bytes:
    """Change some bytes."""
    changed = bytearray(content)
    for _ in range(dice.choice((1, 3, 20, 200))):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def cut(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(len(content))]


def doubled(content: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(content))
    piece = content[start : start + dice.randrange(1, 4000)]
    return content[:start] + piece * dice.choice((2, 5, 50)) + content[start:]


def spliced(content: bytes, dice: random.Random) -> bytes:
    """Put a hostile text somewhere."""
    start = dice.randrange(len(content))
    return content[:start] + dice.choice(HOSTILE).encode("utf-8", "surrogatepass") + content[start:]


def other_encoding(content: bytes, dice: random.Random) -> bytes:
    name = dice.choice(("utf-16", "utf-16-be", "utf-32", "cp1252", "utf-7", "cp037"))
    return content.decode("utf-8", "replace").encode(name, "replace")


def lines_shuffled(content: bytes, dice: random.Random) -> bytes:
    lines = content.splitlines(keepends=True) * dice.choice((1, 2, 20))
    dice.shuffle(lines)
    return b"".join(lines)


def cells_replaced(content: bytes, dice: random.Random) -> bytes:
    """Replace cells of a CSV by hostile ones."""
    lines = [line.split(",") for line in content.decode("utf-8", "replace").split("\n")]
    for _ in range(dice.choice((1, 5, 30))):
        line = dice.choice(lines)
        line[dice.randrange(len(line))] = dice.choice(HOSTILE)
    return "\n".join(dice.choice((",", ",", ";")).join(line) for line in lines).encode()


def cells_of_workbook(_content: bytes, dice: random.Random) -> bytes:
    """Make a workbook with hostile cells."""
    rows: list[list[object]] = [list(row) for row in ROWS]
    for _ in range(dice.choice((1, 5, 60))):
        row = dice.choice(rows)
        text = "".join(c for c in dice.choice(HOSTILE) if c.isprintable() or c == "\n")[:32_000]
        row[dice.randrange(len(row))] = text
    if dice.random() < 0.2:
        rows = [row * 20 for row in rows]
    return workbook({"Flux": rows})


def part_mutated(content: bytes, dice: random.Random) -> bytes:
    """Change one part inside the archive, which stays a sound archive."""
    return _repacked(content, dice, lambda part: dice.choice((flipped, cut, doubled, spliced))(part, dice))


def part_emptied(content: bytes, dice: random.Random) -> bytes:
    return _repacked(
        content, dice, lambda _: dice.choice((b"", b"<x/>", b"<worksheet>" * 5000, b"\xff" * 100))
    )


def numbers_swollen(content: bytes, dice: random.Random) -> bytes:
    """Swell the references and counts that a reader could believe."""
    swaps = [
        (b'r="A2"', b'r="XFD1048576"'), (b'<row r="2"', b'<row r="1048576"'), (b"<v>1", b"<v>99999999999999"),
        (b't="s"', b't="e"'), (b't="s"', b't="b"'), (b's="', b's="999999'),
        (b"<sheetData>", b"<sheetData><row/>" * 900),
        (b'<dimension ref="', b'<dimension ref="A1:XFD1048576" x="'), (b'r="B', b'r="\xc3\xa9'),
        (b"count=", b'uniqueCount="-1" c='), (b"<c ", b'<c t="inlineStr" '), (b"<c ", b'<c t="d" '),
    ]  # fmt: skip
    old, new = dice.choice(swaps)
    return _repacked(
        content, dice, lambda part: part.replace(old, new, dice.choice((1, 50))), sheets_only=True
    )


def _repacked(
    content: bytes, dice: random.Random, change: Callable[[bytes], bytes], *, sheets_only: bool = False
) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = [name for name in old.namelist() if not sheets_only or "sheet" in name]
        chosen = dice.choice(names or [""])
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name == chosen and part else part)
    return stream.getvalue()


OF_WORKBOOKS: tuple[Mutation, ...] = (
    flipped, cut, doubled, cells_of_workbook, part_mutated, part_mutated, part_mutated, part_emptied,
    numbers_swollen, numbers_swollen,
)  # fmt: skip
OF_TEXTS: tuple[Mutation, ...] = (
    flipped, cut, doubled, spliced, spliced, other_encoding, lines_shuffled, cells_replaced, cells_replaced,
)  # fmt: skip


def drawn(number: int) -> tuple[str, bytes]:
    """Return the name and the content of the ``number``-th file, the same for each run."""
    dice = random.Random(number)
    name, content, mutations = (
        ("flux.xlsx", good_workbook(), OF_WORKBOOKS) if number % 2 else ("flux.csv", good_csv(), OF_TEXTS)
    )
    for _ in range(dice.choice((1, 1, 2, 3))):
        mutation = dice.choice(mutations)
        try:
            content = mutation(content, dice) or content
        except (
            zipfile.BadZipFile,
            OSError,
            ValueError,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ):
            content = flipped(content, dice)
    # Large files have limits of their own.
    return name, content[:MOST_BYTES]
