"""Pairs of labels alone: how a table is read, and who says yes."""

from __future__ import annotations

import csv
from pathlib import Path

from benchmarks.quality.figures import pair_figures
from benchmarks.quality.pairs import by_engine, by_shared_words, read_pairs
from benchmarks.quality.sets import OWN

HEAD = "set,output,output_kind,giver_nace,input,input_kind,receiver_nace,verdict,why".split(",")
ROWS = (
    "a,Copeaux de sapin,by_product,16.10,Litière pour chevaux,purchase_material,93.12,yes,absorbe",
    "a,Palettes Europe,packaging,46.90,Vapeur 6 bar,energy,10.51,no,rien en commun",
    "b,Copeaux de laiton,by_product,25.62,Copeaux pour litière,purchase_material,93.12,no,même mot",
)


def table(folder: Path) -> Path:
    path = folder / "pairs.csv"
    path.write_text("\n".join([",".join(HEAD), *ROWS]) + "\n", encoding="utf-8")
    return path


def test_a_table_is_read_in_its_order_with_kinds_of_wastes_as_materials(tmp_path: Path) -> None:
    pairs = read_pairs(table(tmp_path))
    assert [pair.right for pair in pairs] == [True, False, False]
    assert [pair.author for pair in pairs] == ["a", "a", "b"]
    assert [pair.output.kind.value for pair in pairs] == ["material", "packaging", "material"]
    assert pairs[0].need.site.activity_code == "93.12"


def test_the_engine_and_shared_words_answer_for_each_pair(tmp_path: Path) -> None:
    pairs = read_pairs(table(tmp_path))
    assert [*by_engine(pairs)] == [True, False, False]
    assert [*by_shared_words(pairs)] == [False, False, True]


def test_what_is_right_and_what_is_wrong_are_counted_apart(tmp_path: Path) -> None:
    figures = {figure.key: figure for figure in pair_figures("drawn", read_pairs(table(tmp_path)))}
    right = figures["drawn · pairs alone: right ones proposed · engine"]
    wrong = figures["drawn · pairs alone: wrong ones proposed · shared words"]
    assert (right.share.hits, right.share.total) == (1, 1)
    assert (wrong.share.hits, wrong.share.total) == (1, 2)
    assert wrong.lower_is_better
    assert not right.lower_is_better


def test_no_pair_stands_in_both_sets() -> None:
    """What is looked at and what is kept apart are different rows, each well formed."""
    found = {}
    for name in ("fit", "test"):
        with (OWN / "pairs" / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            found[name] = {(row["output"], row["input"]) for row in csv.DictReader(handle)}
    assert len(found["fit"]) > 2_000
    assert len(found["test"]) > 1_000
    assert not found["fit"] & found["test"]
