"""The labelled sets that are present: the project's own, and others in folders named on the command line."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.quality.pairs import LabelledPair, read_pairs
from benchmarks.quality.pools import LabelledPool, read_pools
from benchmarks.quality.scenarios import Scenario, read_scenarios

OWN = Path(__file__).parents[2] / "tests" / "data"
CODE = re.compile(r"\d{6}")


@dataclass(frozen=True, slots=True)
class Label:
    """A waste as somebody typed it, and the codes of the List of Waste that are right for it."""

    text: str
    language: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class ExchangeCase:
    """A documented exchange: what was given, by which activity, and which division of NACE took it."""

    case: str
    text: str
    donor: str
    codes: frozenset[str]
    receiver: str


@dataclass(frozen=True, slots=True)
class Sets:
    """Everything found, by name."""

    labels: dict[str, list[Label]]
    scenarios: dict[str, list[Scenario]]
    exchanges: dict[str, list[ExchangeCase]]
    pairs: dict[str, list[LabelledPair]] = field(default_factory=dict)
    pools: dict[str, list[LabelledPool]] = field(default_factory=dict)


def own_sets() -> Sets:
    """Return the project's own sets: what was used to choose thresholds, and what was kept apart to test."""
    labels = {path.stem: read_labels(path) for path in sorted((OWN / "labels").glob("*.csv"))}
    folders = sorted(path for path in (OWN / "scenarios").iterdir() if path.is_dir())
    scenarios = {folder.name: read_scenarios(folder) for folder in folders}
    pairs = {path.stem: read_pairs(path) for path in sorted((OWN / "pairs").glob("*.csv"))}
    pools = {path.stem: read_pools(path) for path in sorted((OWN / "pools").glob("*.csv"))}
    return Sets(labels, scenarios, {}, pairs, pools)


def with_folder(sets: Sets, folder: Path) -> Sets:
    """Return the sets with those of a folder: ``scenarios/*/``, ``benchmarks/known_exchanges.csv``."""
    scenarios, exchanges = dict(sets.scenarios), dict(sets.exchanges)
    found = read_scenarios(folder / "scenarios")
    if found:
        scenarios["worked"] = found
    documented = folder / "benchmarks" / "known_exchanges.csv"
    if documented.exists():
        exchanges["documented"] = read_exchanges(documented)
    return replace(sets, scenarios=scenarios, exchanges=exchanges)


def read_labels(path: Path) -> list[Label]:
    """Return the rows of a table ``text,language,direction,kind,waste_codes,note``."""
    return [
        Label(row["text"], row["language"], frozenset(row["waste_codes"].split("|"))) for row in _rows(path)
    ]


def read_exchanges(path: Path) -> list[ExchangeCase]:
    """Return documented exchanges; activities are NACE codes without dots, the first one counts."""
    return [
        ExchangeCase(
            case=row["case"],
            text=row["waste"],
            donor=row["donor_nace"],
            codes=frozenset(CODE.findall(row["ewc"])),
            receiver=re.sub(r"\D", "", row["receiver_nace"].split(",")[0])[:2],
        )
        for row in _rows(path)
    ]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return [{key: value or "" for key, value in row.items()} for row in csv.DictReader(handle)]
