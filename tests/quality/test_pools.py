"""Groups of labels alone: how a table is read, what stands on one territory, and who says yes."""

from __future__ import annotations

import csv
from pathlib import Path

from benchmarks.quality.figures import pool_figures
from benchmarks.quality.pools import AT_ONCE, by_engine, by_shared_words, read_pools, territories
from benchmarks.quality.sets import OWN

HEAD = "set,group,verdict,direction,kind,label,nace,why".split(",")
ROWS = (
    "a,g1,yes,input,service,Vérification annuelle des extincteurs,22.22,une tournée",
    "a,g1,yes,input,service,contrôle de nos extincteurs,10.71,",
    "a,g2,no,output,material,Copeaux de laiton,25.62,rien en commun",
    "a,g2,no,output,material,Lactosérum doux,10.51,",
    "b,g1,no,input,skill,Formation soudage,25.62,",
    "b,g1,no,input,service,soudage de cuves,10.51,",
)


def table(folder: Path, rows: tuple[str, ...] = ROWS) -> Path:
    path = folder / "pools.csv"
    path.write_text("\n".join([",".join(HEAD), *rows]) + "\n", encoding="utf-8")
    return path


def test_rows_of_a_group_stand_together_and_groups_of_two_authors_apart(tmp_path: Path) -> None:
    pools = read_pools(table(tmp_path))
    assert [(pool.author, pool.right, len(pool.flows)) for pool in pools] == [
        ("a", True, 2),
        ("a", False, 2),
        ("b", False, 2),
    ]
    assert pools[0].flows[0].site.activity_code == "22.22"
    assert not pools[0].flows[0].is_output
    assert pools[1].flows[0].is_output
    names = [flow.site.name for pool in pools for flow in pool.flows]
    assert len(set(names)) == len(names)


def test_a_territory_holds_eight_groups_of_one_author(tmp_path: Path) -> None:
    rows = tuple(
        f"{author},g{n},yes,input,service,Ménage des bureaux,70.10," for author in "ab" for n in range(10)
    )
    sizes = [len(found) for found in territories(read_pools(table(tmp_path, rows)))]
    assert sizes == [AT_ONCE, 2, AT_ONCE, 2]


def test_the_engine_and_shared_words_answer_for_each_group(tmp_path: Path) -> None:
    pools = read_pools(table(tmp_path))
    assert [*by_engine(pools)] == [True, False, False]
    assert [*by_shared_words(pools)] == [True, False, True]


def test_right_and_wrong_groups_are_counted_apart(tmp_path: Path) -> None:
    figures = {figure.key: figure for figure in pool_figures("drawn", read_pools(table(tmp_path)))}
    right = figures["drawn · groups alone: right ones proposed · engine"]
    wrong = figures["drawn · groups alone: wrong ones proposed · shared words"]
    assert (right.share.hits, right.share.total) == (1, 1)
    assert (wrong.share.hits, wrong.share.total) == (1, 2)
    assert wrong.lower_is_better
    assert not right.lower_is_better


def test_no_group_stands_in_both_sets() -> None:
    """What is looked at and what is kept apart are different groups, each well formed."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for name in ("fit", "test"):
        with (OWN / "pools" / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            rows = [*csv.DictReader(handle)]
        assert {row["verdict"] for row in rows} == {"yes", "no"}
        found[name] = {
            tuple(sorted(flow.label for flow in pool.flows))
            for pool in read_pools(OWN / "pools" / f"{name}.csv")
        }
    assert len(found["fit"]) > 900
    assert len(found["test"]) > 450
    assert not found["fit"] & found["test"]
