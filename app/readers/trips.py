"""Tables of trips: from where, to where, and the lorry's owner."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.readers.grid import Cell, text_of
from app.readers.vocabulary import plain
from matching.model import Kind

DEPARTURE = re.compile(r"(?:lieu de |ville de |point de )?(?:depart|origine|origin|departure|from)(?: de)?")
ARRIVAL = re.compile(r"(?:lieu d |ville d |point d )?(?:arrivee|destination|arrival|to|vers)")
CARRIER = re.compile(r"(?:transporteur|chargeur|carrier|haulier|affreteur)s?\b")


def trip_of(titles: Mapping[int, Cell]) -> tuple[int, int] | None:
    """Return where a trip's departure and arrival stand, None in a table of other things."""
    words = {place: plain(str(title)) for place, title in titles.items()}
    starts = [place for place, title in words.items() if DEPARTURE.fullmatch(title)]
    ends = [place for place, title in words.items() if ARRIVAL.fullmatch(title)]
    return (starts[0], ends[0]) if starts and ends else None


def name_trip(row: Sequence[Cell], trip: tuple[int, int] | None, values: dict[str, Cell]) -> None:
    """Name a trip by where it goes from and to, where nothing else names it."""
    ends = [row[place] for place in trip or () if place < len(row) and row[place] is not None]
    if len(ends) == 2 and values.get("label") in (None, ends[0]):
        values["label"] = " → ".join(map(text_of, ends))
        values.setdefault("kind", Kind.TRANSPORT.value)
