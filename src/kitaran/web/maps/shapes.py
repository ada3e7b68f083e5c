"""The map as shapes: a path for each economy that is large enough to see, a circle for each that is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kitaran.reference import Economy
from kitaran.web.boundaries import Boundaries, Outline
from kitaran.web.maps.projection import HEIGHT, WIDTH, on_picture

SMALL = 60.0
RADIUS = 6.5
APART = 2 * RADIUS + 1.5

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """One economy on the picture: the path of its land (may be empty) and, if it is small, its circle."""

    economy: str
    path: str
    circle: tuple[float, float] | None


@dataclass(frozen=True)
class Shapes:
    """Everything that is drawn: land of others as one path, then the economies."""

    land: str
    economies: tuple[Shape, ...]
    width: float = WIDTH
    height: float = round(HEIGHT, 1)


@lru_cache(maxsize=4)
def shapes(bounds: Boundaries, economies: tuple[Economy, ...]) -> Shapes:
    """Draw the outlines; an economy whose land covers less than SMALL units of the picture gets a circle."""
    rings: dict[str, list[Points]] = {}
    for outline in bounds.outlines:
        rings.setdefault(outline.economy, []).extend(_projected(outline))
    small = [e for e in economies if sum(map(_area, rings.get(e.code, []))) < SMALL]
    circles = dict(zip((e.code for e in small), _spread(_centres(small)), strict=True))
    drawn = [Shape(e.code, _path(rings.get(e.code, [])), circles.get(e.code)) for e in economies]
    return Shapes(_path(rings.get("", [])), tuple(drawn))


def _projected(outline: Outline) -> list[Points]:
    """The rings on the picture, without those that lie wholly beside it."""
    found = []
    for ring in outline.rings:
        lon, lat = np.array(ring).T
        points = np.column_stack(on_picture(lon, lat))
        lowest, highest = points.min(axis=0), points.max(axis=0)
        if highest[0] > 0 and lowest[0] < WIDTH and highest[1] > 0 and lowest[1] < HEIGHT:
            found.append(points)
    return found


def _area(points: Points) -> float:
    x, y = points.T
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)


def _path(rings: Sequence[Points]) -> str:
    """SVG path data with one decimal; points that fall together are drawn once."""
    parts = []
    for ring in rings:
        near = np.round(ring, 1)
        keep = np.concatenate([[True], np.any(np.diff(near, axis=0) != 0, axis=1)])
        if keep.sum() >= 3:
            parts.append("M" + "L".join(f"{x:.10g} {y:.10g}" for x, y in near[keep]) + "Z")
    return "".join(parts)


def _centres(economies: Sequence[Economy]) -> Points:
    lon = [e.display_lon if e.display_lon is not None else e.capital_lon for e in economies]
    lat = [e.display_lat if e.display_lat is not None else e.capital_lat for e in economies]
    x, y = on_picture(np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64))
    return np.column_stack([x, y])


def _spread(centres: Points, rounds: int = 60) -> list[tuple[float, float]]:
    """Circles pushed apart until none covers another; each stays as near to its place as that allows."""
    placed = centres.copy()
    for _ in range(rounds):
        between = placed[:, None, :] - placed[None, :, :]
        distance = np.hypot(between[..., 0], between[..., 1])
        np.fill_diagonal(distance, np.inf)
        overlap = np.clip(APART - distance, 0.0, None)
        if not overlap.any():
            break
        direction = between / np.maximum(distance, 1e-6)[..., None]
        placed += (direction * (overlap / 2)[..., None]).sum(axis=1)
    return [(round(float(x), 1), round(float(y), 1)) for x, y in placed]
