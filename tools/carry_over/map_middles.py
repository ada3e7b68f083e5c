"""Where a map sets the mark of a country: the middle of its largest ring of land."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

Point = tuple[float, float]


def middles(topojson: Path) -> dict[str, Point]:
    """(latitude, longitude) by country name of a TopoJSON world with the object `countries`."""
    topology = json.loads(topojson.read_text(encoding="utf-8"))
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [list(_unpacked(arc, scale, shift)) for arc in topology["arcs"]]
    found = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = [_ring(polygon[0], arcs) for polygon in polygons]
        _, lon, lat = max((_centre(ring) for ring in rings), key=lambda centre: abs(centre[0]))
        found[shape["properties"]["name"]] = (lat, lon)
    return found


def _unpacked(arc: Iterable[list[int]], scale: list[float], shift: list[float]) -> Iterable[Point]:
    """Points of a delta-coded arc."""
    x = y = 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        yield x * scale[0] + shift[0], y * scale[1] + shift[1]


def _ring(indices: list[int], arcs: list[list[Point]]) -> list[Point]:
    """One ring put together from arcs; ~i means arc i backwards."""
    ring: list[Point] = []
    for index in indices:
        points = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += points if not ring else points[1:]
    return ring


def _centre(ring: list[Point]) -> tuple[float, float, float]:
    """Signed area, x and y of the centre of a ring by the shoelace formula."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in pairwise(ring):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (area / 2, x / (3 * area), y / (3 * area)) if area else (0.0, *ring[0])
