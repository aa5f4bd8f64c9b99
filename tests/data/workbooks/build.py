"""Write the files of this folder again from their Python source: ``python -m tests.data.workbooks.build``."""

from __future__ import annotations

from pathlib import Path

from tests.readers.shapes import (
    forms,
    fresh,
    fresh_again,
    fresh_last,
    maker,
    places,
    quantities,
    tables,
    titles,
    unseen_last,
    unseen_one,
    unseen_three,
    unseen_two,
)

FOLDER = Path(__file__).parent
SHAPES: dict[str, maker.Shape] = {
    **titles.SHAPES, **forms.SHAPES, **quantities.SHAPES, **places.SHAPES, **tables.SHAPES, **fresh.SHAPES,
    **fresh_again.SHAPES, **fresh_last.SHAPES, **unseen_one.SHAPES,
    **unseen_two.SHAPES, **unseen_three.SHAPES, **unseen_last.SHAPES,
}  # fmt: skip


def main() -> None:
    """Write every file."""
    for name, shape in SHAPES.items():
        (FOLDER / f"{name}{shape.suffix}").write_bytes(shape.content())


if __name__ == "__main__":
    main()
