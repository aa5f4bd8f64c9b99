"""Every figure of the quality bench: set, what was measured, by which method, with its interval."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from benchmarks.quality import pools as groups_alone
from benchmarks.quality.engine import propose
from benchmarks.quality.intervals import Share, share
from benchmarks.quality.methods import (
    ENGINE,
    OFFICIAL,
    Ranked,
    exchange_codes,
    label_methods,
    official_codes,
    outlet_methods,
)
from benchmarks.quality.pairs import LabelledPair, by_engine, by_shared_words
from benchmarks.quality.plain import plain_methods
from benchmarks.quality.pools import LabelledPool
from benchmarks.quality.scenarios import Score, score
from benchmarks.quality.sets import ExchangeCase, Label, Sets

Item = TypeVar("Item")
LANGUAGES = {"fr": "French", "en": "English"}
WRONG = "wrong proposed above right"
WRONG_PAIRS = "pairs alone: wrong ones proposed"
WRONG_GROUPS = "groups alone: wrong ones proposed"


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of the table."""

    set_name: str
    work: str
    method: str
    share: Share

    @property
    def key(self) -> str:
        """What identifies the figure from one run to the next."""
        return " · ".join((self.set_name, self.work, self.method))

    @property
    def lower_is_better(self) -> bool:
        """Whether this counts mistakes."""
        return self.work in (WRONG, WRONG_PAIRS, WRONG_GROUPS)


def all_figures(sets: Sets) -> Iterator[Figure]:
    """Yield every figure of the sets that are present."""
    for name, labels in sets.labels.items():
        yield from label_figures(name, labels)
    for name, exchanges in sets.exchanges.items():
        yield from exchange_figures(name, exchanges)
    for name, pairs in sets.pairs.items():
        yield from pair_figures(name, pairs)
    for name, pools in sets.pools.items():
        yield from pool_figures(name, pools)
    for name, scenarios in sets.scenarios.items():
        for method, run in {ENGINE: propose, **plain_methods()}.items():
            yield from scenario_figures(name, method, [score(s, run(s)) for s in scenarios])


def label_figures(name: str, labels: Sequence[Label]) -> Iterator[Figure]:
    """Yield the share of labels whose right code comes first, and among the first five."""
    for language, said in LANGUAGES.items():
        chosen = [label for label in labels if label.language == language]
        for method, rank in label_methods().items():
            for top in (1, 5):
                work = f"{said} labels to 6-digit code, top {top}"
                yield Figure(
                    name, work, method, _ranked(chosen, rank, lambda x: x.codes, top, lambda x: x.text)
                )


def exchange_figures(name: str, exchanges: Sequence[ExchangeCase]) -> Iterator[Figure]:
    """Yield likewise the codes of documented exchanges, and the divisions of those who take them."""
    coded = [e for e in exchanges if e.codes]
    rankings: dict[str, Callable[[ExchangeCase], Ranked]] = {
        ENGINE: exchange_codes,
        OFFICIAL: lambda exchange: official_codes(exchange.text),
    }
    for method, rank in rankings.items():
        for top in (1, 5):
            found = _ranked(coded, rank, lambda x: x.codes, top, lambda x: x.case)
            yield Figure(name, f"waste text to 6-digit code, top {top}", method, found)
    received = [e for e in exchanges if e.receiver]
    for method, rank in outlet_methods(received).items():
        for top in (1, 5):
            found = _ranked(received, rank, lambda x: {x.receiver}, top, lambda x: x.case)
            yield Figure(name, f"outlets: receiver's division, top {top}", method, found)


def _ranked(
    items: Sequence[Item],
    rank: Callable[[Item], Ranked],
    right: Callable[[Item], frozenset[str] | set[str]],
    top: int,
    cluster: Callable[[Item], Hashable],
) -> Share:
    clusters: dict[Hashable, list[int]] = {}
    for item in items:
        hit = bool(set(rank(item)[:top]) & right(item))
        clusters.setdefault(cluster(item), []).append(int(hit))
    return share([(sum(hits), len(hits)) for hits in clusters.values()])


def scenario_figures(name: str, method: str, scores: Sequence[Score]) -> Iterator[Figure]:
    """Yield the share of expected synergies found, and of wrong ones proposed above right ones."""
    yield Figure(name, "expected synergies found", method, share([(s.found, s.expected) for s in scores]))
    yield Figure(name, WRONG, method, share([(s.violated, s.wrong) for s in scores]))


def pair_figures(name: str, pairs: Sequence[LabelledPair]) -> Iterator[Figure]:
    """Yield the share of right pairs proposed, and of wrong ones, of labels without a territory around."""
    for method, judge in {ENGINE: by_engine, "shared words": by_shared_words}.items():
        said = [(pair.right, told) for pair, told in zip(pairs, judge(pairs), strict=True)]
        yield from _right_and_wrong(name, method, said, ("pairs alone: right ones proposed", WRONG_PAIRS))


def pool_figures(name: str, pools: Sequence[LabelledPool]) -> Iterator[Figure]:
    """Yield the share of right groups of labels proposed, and of wrong ones."""
    methods = {ENGINE: groups_alone.by_engine, "shared words": groups_alone.by_shared_words}
    for method, judge in methods.items():
        said = [(pool.right, told) for pool, told in zip(pools, judge(pools), strict=True)]
        yield from _right_and_wrong(name, method, said, ("groups alone: right ones proposed", WRONG_GROUPS))


def _right_and_wrong(
    name: str, method: str, said: Sequence[tuple[bool, bool]], works: tuple[str, str]
) -> Iterator[Figure]:
    for work, right in zip(works, (True, False), strict=True):
        hits = [(int(proposed), 1) for truly, proposed in said if truly is right]
        yield Figure(name, work, method, share(hits))
