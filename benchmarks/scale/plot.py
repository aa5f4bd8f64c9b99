"""Lines on two logarithmic axes, as SVG written by hand: no library for one picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 860, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 250, 40, 50
LABEL_STEP = 17
# Okabe and Ito's colours, told apart by most eyes.
COLOURS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
Line = Sequence[tuple[float, float]]


def svg(lines: Mapping[str, Line], title: str) -> str:
    """Return the picture; ``lines`` are (flows, seconds) by name."""
    across = _scale([x for line in lines.values() for x, _ in line], LEFT, WIDTH - RIGHT)
    up = _scale([y for line in lines.values() for _, y in line], HEIGHT - BOTTOM, TOP)
    drawn = [*_grid(across, vertical=True), *_grid(up, vertical=False)]
    ends = _labels({name: up.at(line[-1][1]) for name, line in lines.items()})
    for (name, line), colour in zip(lines.items(), COLOURS, strict=False):
        points = [(across.at(x), up.at(y)) for x, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        drawn.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points)
        drawn.append(_text(WIDTH - RIGHT + 14, ends[name] + 4, name, fill=colour))
    drawn.append(_text(LEFT, 22, title, bold=True))
    drawn.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "flows", anchor="middle"))
    drawn.append(_text(16, TOP - 8, "seconds"))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}" font-family="sans-serif" font-size="13">'
    )
    return "\n".join([head, '<rect width="100%" height="100%" fill="#fff"/>', *drawn, "</svg>"]) + "\n"


class _Scale:
    """Powers of ten along an axis."""

    def __init__(self, low: int, high: int, start: float, stop: float) -> None:
        self.powers = range(low, high + 1)
        self._low, self._span = low, max(high - low, 1)
        self._start, self._length = start, stop - start

    def at(self, value: float) -> float:
        return self._start + self._length * (log10(value) - self._low) / self._span


def _scale(values: Sequence[float], start: float, stop: float) -> _Scale:
    logs = [log10(value) for value in values]
    return _Scale(floor(min(logs)), ceil(max(logs)), start, stop)


def _grid(scale: _Scale, *, vertical: bool) -> list[str]:
    drawn = []
    for power in scale.powers:
        place = scale.at(10.0**power)
        label = f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"
        ends: tuple[float, ...]
        if vertical:
            ends = (place, TOP, place, HEIGHT - BOTTOM)
            drawn.append(_text(place, HEIGHT - BOTTOM + 18, label, anchor="middle"))
        else:
            ends = (LEFT, place, WIDTH - RIGHT, place)
            drawn.append(_text(LEFT - 8, place + 4, label, anchor="end"))
        x, y, x2, y2 = ends
        drawn.append(f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>')
    return drawn


def _labels(ends: Mapping[str, float]) -> dict[str, float]:
    """Return the heights of the lines' names, pushed apart where the lines end close together."""
    placed: dict[str, float] = {}
    last = -float("inf")
    for name, height in sorted(ends.items(), key=lambda item: item[1]):
        last = max(height, last + LABEL_STEP)
        placed[name] = last
    return placed


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", fill: str = "#222", bold: bool = False
) -> str:
    style = f'text-anchor="{anchor}" fill="{fill}"' + ' font-weight="bold"' * bold
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(text)}</text>'
