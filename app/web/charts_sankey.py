"""A Sankey diagram: families of resources on the left, where they can go on the right, widths to scale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.services.indicators_exchanges import COLLECTED, NOWHERE, Exchange, Exchanges
from app.web.charts import Frame, ribbon

DESK = Frame("desk", 1080, 300, 44, 0)
PHONE = Frame("phone", 340, 260, 22, 0)
# Nodes named on each side; the others are drawn together.
MOST_FAMILIES = 8
MOST_RECEIVERS = 8
OTHERS = "others"
BAR = 10.0
# Room for a label, and the least that is still seen of a flow.
SLOT = {DESK.name: 24.0, PHONE.name: 38.0}
HAIR = 1.0
LAST = {OTHERS: 1, COLLECTED: 2, NOWHERE: 3}


@dataclass(frozen=True, slots=True)
class Band:
    """What goes from a family to a place, in the unit of the picture."""

    family: str
    target: str
    amount: float


@dataclass(slots=True)
class Box:
    """A node: its place, its amount, and how much of its height its bands have taken."""

    key: str
    amount: float
    x: float
    y: float
    height: float
    taken: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A diagram of one width: boxes of each side and the paths of the bands."""

    frame: Frame
    height: float
    left: tuple[Box, ...]
    right: tuple[Box, ...]
    paths: tuple[tuple[Band, str], ...]


def bands_of(exchanges: Exchanges) -> list[Band]:
    """Return the flows between the nodes that are drawn, the largest first."""
    families = _largest(exchanges.links, "family", MOST_FAMILIES)
    targets = _largest(exchanges.links, "target", MOST_RECEIVERS) | {COLLECTED, NOWHERE}
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for link in exchanges.links:
        family = link.family if link.family in families else OTHERS
        sums[family, link.target if link.target in targets else OTHERS] += link.amount
    bands = [Band(*pair, amount) for pair, amount in sums.items()]
    return sorted(bands, key=lambda band: (-band.amount, band.family, band.target))


def _largest(links: Sequence[Exchange], side: str, count: int) -> set[str]:
    sums: dict[str, float] = defaultdict(float)
    for link in links:
        if getattr(link, side) not in (COLLECTED, NOWHERE):
            sums[getattr(link, side)] += link.amount
    return set(sorted(sums, key=lambda key: (-sums[key], key))[:count])


def drawn(bands: Sequence[Band], frame: Frame) -> Drawn:
    """Return the diagram of some bands, for one width."""
    total = sum(band.amount for band in bands)
    scale = frame.height / total if total else 0.0
    left = _boxes(_sums(bands, "family"), scale, 0.0, frame)
    right = _boxes(_sums(bands, "target"), scale, frame.width - BAR, frame)
    paths = []
    places = {key: place for place, key in enumerate(right)}
    ordered = sorted(bands, key=lambda band: (list(left).index(band.family), places[band.target]))
    for band in ordered:
        start, end, thick = left[band.family], right[band.target], max(band.amount * scale, HAIR)
        path = ribbon(start.x + BAR, start.y + start.taken, end.x, end.y + end.taken, thick)
        start.taken += band.amount * scale
        end.taken += band.amount * scale
        paths.append((band, path))
    tall = max(_bottom(left, frame), _bottom(right, frame))
    return Drawn(frame, tall, tuple(left.values()), tuple(right.values()), tuple(paths))


def _sums(bands: Sequence[Band], side: str) -> Mapping[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for band in bands:
        sums[getattr(band, side)] += band.amount
    return dict(sorted(sums.items(), key=lambda entry: (LAST.get(entry[0], 0), -entry[1], entry[0])))


def _boxes(sums: Mapping[str, float], scale: float, x: float, frame: Frame) -> dict[str, Box]:
    found: dict[str, Box] = {}
    y = 0.0
    for key, amount in sums.items():
        height = max(amount * scale, HAIR)
        slot = max(height, SLOT[frame.name])
        found[key] = Box(key, amount, x, y + (slot - height) / 2, height)
        y += slot + 6.0
    return found


def _bottom(boxes: Mapping[str, Box], frame: Frame) -> float:
    last = list(boxes.values())[-1] if boxes else None
    return 0.0 if last is None else last.y + last.height / 2 + max(last.height, SLOT[frame.name]) / 2
