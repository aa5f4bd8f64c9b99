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
    unseen_further,
    unseen_last,
    unseen_one,
    unseen_others,
    unseen_three,
    unseen_two,
)

FOLDER = Path(__file__).parent
# Files that no source here makes: other programs' own writing of OpenDocument, TSV, checkboxes, errors.
KEPT = {
    path.stem: maker.Kept(path)
    for path in sorted(FOLDER.glob("z1-*"))
    if not path.name.endswith(".expected.csv")
}
SHAPES: dict[str, maker.Shape | maker.Kept] = {
    **titles.SHAPES, **forms.SHAPES, **quantities.SHAPES, **places.SHAPES, **tables.SHAPES, **fresh.SHAPES,
    **fresh_again.SHAPES, **fresh_last.SHAPES, **unseen_one.SHAPES,
    **unseen_two.SHAPES, **unseen_three.SHAPES, **unseen_last.SHAPES,
    **unseen_others.SHAPES, **unseen_further.SHAPES, **KEPT,
}  # fmt: skip


def main() -> None:
    """Write every file."""
    for name, shape in SHAPES.items():
        if isinstance(shape, maker.Kept):
            continue
        (FOLDER / f"{name}{shape.suffix}").write_bytes(shape.content())


if __name__ == "__main__":
    main()
