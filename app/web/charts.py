"""What the drawn charts share: their sizes, labels that fit, ribbons, amounts to scale."""

from __future__ import annotations

from dataclasses import dataclass

# Width of an average character of the interface's fonts, as a share of their size.
CHARACTER = 0.54
FONT = 13.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A variant of a chart: one for a desk and paper, one for a phone; lengths in CSS pixels."""

    name: str
    width: float
    height: float
    label: int
    labelled: int


def shortened(text: str, most: int) -> str:
    """Return a label of ``most`` characters at most, cut at its end."""
    return text if len(text) <= most else text[: most - 1].rstrip(" ,-–(") + "…"


def text_width(text: str) -> float:
    """Return about how wide a label is, in pixels."""
    return len(text) * FONT * CHARACTER


def ribbon(x0: float, y0: float, x1: float, y1: float, thick: float) -> str:
    """Return the path of a band that leaves ``(x0, y0)`` and arrives at ``(x1, y1)``, its upper corners."""
    middle = (x0 + x1) / 2
    return (
        f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        f"V{y1 + thick:.1f}C{middle:.1f} {y1 + thick:.1f} {middle:.1f} {y0 + thick:.1f} "
        f"{x0:.1f} {y0 + thick:.1f}Z"
    )
