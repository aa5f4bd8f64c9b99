"""The network of sites as a drawing: circles larger with more partners, labels where there is room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from app.services.indicators_network import Link, Network, Node
from app.web.charts import FONT, Frame, shortened, text_width

DESK = Frame("desk", 1080, 640, 30, 26)
PHONE = Frame("phone", 340, 460, 20, 7)
EDGE = 22.0
# Left, top, right, bottom.
Corners = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Dot:
    """A node where it is drawn; ``label`` is empty where another one already stands."""

    node: Node
    name: str
    x: float
    y: float
    radius: float
    label: str
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """A link between the centres of two dots."""

    link: Link
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class DrawnNetwork:
    """A drawing of one width."""

    frame: Frame
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]


def drawn(network: Network, names: Mapping[str, str], frame: Frame) -> DrawnNetwork:
    """Return the network drawn for one width."""
    places = {
        node.id: (
            EDGE + node.x * (frame.width - 2 * EDGE),
            EDGE + node.y * (frame.height - 2 * EDGE),
        )
        for node in network.nodes
    }
    boxes = [_around(places[node.id], _radius(node)) for node in network.nodes]
    named = 0
    dots = []
    for node in sorted(network.nodes, key=lambda one: (one.is_pool, not one.in_loop, -one.partners, one.id)):
        dot = _dot(node, names.get(node.id, ""), places[node.id], frame, boxes)
        if node.is_pool or named == frame.labelled:
            dot = replace(dot, label="")
        elif dot.label:
            boxes.append(_label_box(dot.label, dot.label_x, dot.label_y, dot.anchor))
            named += 1
        dots.append(dot)
    lines = tuple(Line(link, *places[link.first], *places[link.second]) for link in network.links)
    # Read from left to right, as one follows a line of text.
    return DrawnNetwork(frame, tuple(sorted(dots, key=lambda dot: (dot.x, dot.y))), lines)


def _radius(node: Node) -> float:
    return 4.0 if node.is_pool else 4.0 + 1.6 * sqrt(node.partners)


def _around(place: tuple[float, float], radius: float) -> Corners:
    return place[0] - radius, place[1] - radius, place[0] + radius, place[1] + radius


def _label_box(text: str, x: float, y: float, anchor: str) -> Corners:
    wide = text_width(text)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return left, y - FONT * 0.6, left + wide, y + FONT * 0.6


def _dot(node: Node, name: str, place: tuple[float, float], frame: Frame, boxes: Sequence[Corners]) -> Dot:
    """Return a node with its label at the first side where it covers nothing, if there is one."""
    (x, y), radius, text = place, _radius(node), shortened(name, frame.label)
    far = radius + 4
    sides = (
        (x + far, y, "start"),
        (x - far, y, "end"),
        (x, y - far - FONT * 0.5, "middle"),
        (x, y + far + FONT * 0.5, "middle"),
    )
    for label_x, label_y, anchor in sides:
        box = _label_box(text, label_x, label_y, anchor)
        inside = box[0] >= 0 and box[2] <= frame.width and box[1] >= 0 and box[3] <= frame.height
        if inside and not any(_cross(box, other) for other in boxes):
            return Dot(node, name, x, y, radius, text, label_x, label_y, anchor)
    # Shown only while it is pointed at, towards the side with more room.
    side = sides[0] if x < frame.width / 2 else sides[1]
    return Dot(node, name, x, y, radius, "", *side)


def _cross(a: Corners, b: Corners) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def neighbours(network: Network, names: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the names of the sites each site is linked to, directly or through a pool."""
    near: dict[str, set[str]] = {}
    for link in network.links:
        near.setdefault(link.first, set()).add(link.second)
        near.setdefault(link.second, set()).add(link.first)
    pools = {node.id for node in network.nodes if node.is_pool}
    found = {}
    for node in network.nodes:
        if node.is_pool:
            continue
        ends = near.get(node.id, set())
        through = {other for pool in ends & pools for other in near[pool]} | (ends - pools)
        found[node.id] = sorted((names.get(other, "") for other in through - {node.id}), key=str.casefold)
    return found
