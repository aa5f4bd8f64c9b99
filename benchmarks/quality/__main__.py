"""Measure, print, write ``docs/quality.md`` or compare with what stands there."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.quality.figures import all_figures
from benchmarks.quality.report import table, worse_than, write_page, write_record
from benchmarks.quality.sets import own_sets, with_folder

DOCS = Path(__file__).parents[2] / "docs"
PAGE, RECORD = DOCS / "quality.md", DOCS / "quality.json"


def main() -> int:
    """Run what the command line asks for; return 1 when a figure fell out of its interval."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("--sets", type=Path, nargs="*", default=[], help="folders with further labelled sets")
    parser.add_argument("--write", action="store_true", help="write the page and the record")
    parser.add_argument(
        "--check", action="store_true", help="fail when a figure fell by more than its interval"
    )
    chosen = parser.parse_args()
    sets = own_sets()
    for folder in chosen.sets:
        sets = with_folder(sets, folder)
    figures = list(all_figures(sets))
    print(table(figures))
    if chosen.write:
        write_page(PAGE, figures)
        write_record(RECORD, figures)
    fallen = worse_than(RECORD, figures) if chosen.check else []
    for sentence in fallen:
        print(sentence, file=sys.stderr)
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
