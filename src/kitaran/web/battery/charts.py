"""Two small pictures of one battery: its state of health over time, and what it was made of and became.

Geometry only, in units of a phone's width. The template draws them as SVG, so that they print, scale and need
no script; what they show stands in a table beside them too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

WIDTH: Final = 340.0
_HIGH, _LEFT, _RIGHT, _TOP, _BOTTOM = 150.0, 44.0, 12.0, 12.0, 26.0
_STEP = 0.1


@dataclass(frozen=True)
class Dot:
    """A reading: where it stands, and from where to where its error reaches (None: not told)."""

    x: float
    y: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class HealthChart:
    """Readings of one kind over time. lines : y and label of the horizontals; end : y of the threshold"""

    dots: tuple[Dot, ...]
    path: str
    lines: tuple[tuple[float, str], ...]
    end: float | None
    first: str
    last: str
    width: float = WIDTH
    height: float = _HIGH
    left: float = _LEFT
    right: float = WIDTH - _RIGHT


def health_chart(points: Sequence[Mapping[str, Any]], threshold: float) -> HealthChart:
    """The chart of states of health; the scale holds every error and the threshold."""
    highs = [one["high"] or one["soh"] for one in points]
    lows = [one["low"] or one["soh"] for one in points]
    top = _up(max(*highs, 1.0))
    bottom = max(_down(min(*lows, threshold)), 0.0)
    days = [datetime.fromisoformat(one["at"][:10]).toordinal() for one in points]
    span = max(days[-1] - days[0], 1)
    plot = WIDTH - _LEFT - _RIGHT

    def y(share: float) -> float:
        return round(_TOP + (top - share) / (top - bottom) * (_HIGH - _TOP - _BOTTOM), 1)

    def x(day: int) -> float:
        middle = plot / 2 if days[-1] == days[0] else 8 + (day - days[0]) / span * (plot - 16)
        return round(_LEFT + middle, 1)

    dots = tuple(
        Dot(x(day), y(one["soh"]), *(None if one[end] is None else y(one[end]) for end in ("low", "high")))
        for day, one in zip(days, points, strict=True)
    )
    path = "M" + "L".join(f"{dot.x} {dot.y}" for dot in dots)
    steps = round((top - bottom) / _STEP)
    every = 1 if steps <= 4 else 2
    shares = [bottom + _STEP * number for number in range(0, steps + 1, every)]
    lines = tuple((y(share), f"{round(100 * share)} %") for share in shares)
    return HealthChart(dots, path, lines, y(threshold), points[0]["at"][:10], points[-1]["at"][:10])


def _up(share: float) -> float:
    return round(-(-round(share, 6) // _STEP) * _STEP, 1)


def _down(share: float) -> float:
    return round(round(share, 6) // _STEP * _STEP, 1)


# -- lineage

_ROW, _BOX_HIGH, _GAP, _ACROSS = 70.0, 34.0, 8.0, 3
MOST_ROWS: Final = 5
"""Generations that are drawn above and below; the table has them all."""


@dataclass(frozen=True)
class Box:
    """An item, or how many more stand in its row (item empty)."""

    item: str
    kind: str
    x: float
    y: float
    width: float
    more: int = 0


@dataclass(frozen=True)
class LineagePicture:
    """Boxes in rows, the oldest above, and curves between them. cut : whether generations are left out"""

    boxes: tuple[Box, ...]
    paths: tuple[str, ...]
    height: float
    cut: bool
    width: float = WIDTH
    box_height: float = _BOX_HIGH


def lineage_picture(
    item: str, up: Sequence[Mapping[str, Any]], down: Sequence[Mapping[str, Any]]
) -> LineagePicture | None:
    """What the item was made of above it, what became of it below; None if nothing is known of either."""
    if not up and not down:
        return None
    above, cut_above = _generations(item, up, "product", "source")
    below, cut_below = _generations(item, down, "source", "product")
    rows = [*reversed(above), [item], *below]
    boxes = [box for number, names in enumerate(rows) for box in _row(number, names, item)]
    places = {box.item: box for box in boxes if box.item}
    rest = {
        number: box for number, names in enumerate(rows) for box in boxes if not box.item and _at(box, number)
    }
    row_of = {name: number for number, names in enumerate(rows) for name in names}

    def box_of(name: str) -> Box | None:
        return places.get(name) or (rest.get(row_of[name]) if name in row_of else None)

    ends = {(box_of(edge["source"]), box_of(edge["product"])) for edge in (*up, *down)}
    paths = sorted({_curve(a, b) for a, b in ends if a is not None and b is not None and a.y < b.y})
    return LineagePicture(
        tuple(boxes), tuple(paths), len(rows) * _ROW - (_ROW - _BOX_HIGH) + 4, cut_above or cut_below
    )


def _generations(
    item: str, edges: Sequence[Mapping[str, Any]], near: str, far: str
) -> tuple[list[list[str]], bool]:
    """Items by their distance from this one, the nearest first, and whether some are too far."""
    reached, rows, border = {item}, list[list[str]](), [item]
    while border and len(rows) < MOST_ROWS:
        following = dict.fromkeys(e[far] for e in edges if e[near] in border and e[far] not in reached)
        border = list(following)
        reached |= set(border)
        if border:
            rows.append(border)
    return rows, any(e[far] not in reached for e in edges)


def _row(number: int, names: Sequence[str], item: str) -> list[Box]:
    shown = list(names) if len(names) <= _ACROSS else list(names[: _ACROSS - 1])
    count = min(len(names), _ACROSS)
    width = (WIDTH - 4 - _GAP * (_ACROSS - 1)) / _ACROSS
    start = (WIDTH - count * width - (count - 1) * _GAP) / 2
    y = number * _ROW + 2
    xs = [round(start + place * (width + _GAP), 1) for place in range(count)]
    boxes = [
        Box(name, "self" if name == item else "other", x, y, round(width, 1))
        for name, x in zip(shown, xs, strict=False)
    ]
    if len(names) > len(shown):
        boxes.append(Box("", "more", xs[-1], y, round(width, 1), len(names) - len(shown)))
    return boxes


def _at(box: Box, number: int) -> bool:
    return box.y == number * _ROW + 2


def _curve(above: Box, below: Box) -> str:
    x0, y0 = above.x + above.width / 2, above.y + _BOX_HIGH
    x1, y1 = below.x + below.width / 2, below.y
    middle = (y0 + y1) / 2
    return f"M{x0:.1f} {y0:.1f}C{x0:.1f} {middle:.1f} {x1:.1f} {middle:.1f} {x1:.1f} {y1:.1f}"
