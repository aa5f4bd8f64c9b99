"""What the sheets of parks say, gathered while the synergies go by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from gzip import GzipFile
from typing import IO, Any

import orjson

from app.exports.places import Places
from matching.model import Flow

# Sheets for paper: nobody finds his own among more, or reads more of one (own estimates).
MOST_PARKS = 250
MOST_LINES = 5_000
Line = tuple[object, ...]


class ParkPapers:
    """The lines of each park's sheet, but for their rank; none at all where parks are too many."""

    def __init__(self, flows: Sequence[Flow]) -> None:
        names = sorted({flow.site.park for flow in flows if flow.site.park})
        self.parks = len(names)
        self.total: Counter[str] = Counter()
        self._lines: dict[str, list[Line]] = {name: [] for name in names} if len(names) <= MOST_PARKS else {}
        self._places = Places(flows) if self._lines else None

    @property
    def wanted(self) -> bool:
        """Whether there is any sheet to fill."""
        return bool(self._lines)

    @property
    def filled(self) -> Mapping[str, Sequence[Line]]:
        """The lines of each park that has any, by the park's name in alphabetical order."""
        return {park: lines for park, lines in self._lines.items() if lines}

    def add(self, synergy: Mapping[str, Any]) -> None:
        """Put a synergy's line on the sheets of its members' parks."""
        if self._places is None:
            return
        line: Line | None = None
        for park in self._places.parks_of(synergy):
            self.total[park] += 1
            if len(self._lines[park]) < MOST_LINES:
                line = line or _line(synergy)
                self._lines[park].append(line)


def _line(synergy: Mapping[str, Any]) -> Line:
    quantity = synergy["quantity_per_year"]
    return (
        synergy["explanation"],
        "\n".join(f"{m['site']} — {m['label']}" for m in synergy["members"]),
        synergy["score"],
        "" if quantity is None else f"{quantity:g} {synergy['unit']}",
        synergy["distance_km"],
        synergy["saving_eur_per_year"],
        synergy["saving_tco2e_per_year"],
        "\n".join(synergy["missing"][:3]),
        synergy["next_step"],
        "",
    )


def spooled(rows: Iterable[Line], file: IO[bytes]) -> Iterator[Sequence[object]]:
    """Read all ``rows`` into ``file``, packed, and return them from there."""
    with GzipFile(fileobj=file, mode="wb", compresslevel=1) as packed:
        for row in rows:
            packed.write(orjson.dumps(row) + b"\n")
    file.seek(0)
    return _unspooled(file)


def _unspooled(file: IO[bytes]) -> Iterator[Sequence[object]]:
    with GzipFile(fileobj=file, mode="rb") as packed:
        for line in packed:
            yield orjson.loads(line)
