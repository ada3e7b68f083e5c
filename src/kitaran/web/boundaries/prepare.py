"""Make `asia_pacific.geojson` from a TopoJSON of Natural Earth; run by hand when the geometry is to change.

    python -m kitaran.web.boundaries.prepare countries-50m.json asia_pacific.geojson

Arcs are thinned one by one, so that neighbours keep one common border. Longitudes run from -30 to 330, so
that the Pacific is whole (TopoJSON has already joined what shape files cut at 180 degrees).
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from kitaran.web.boundaries.codes import ALPHA3

Point = tuple[float, float]
Ring = list[Point]

WEST, EAST, SOUTH, NORTH = 12.0, 240.0, -58.0, 84.0
CUT = -30.0
TOLERANCE = 0.09
SMALLEST = 0.012
DECIMALS = 2


def prepare(topology: dict[str, Any]) -> dict[str, Any]:
    """GeoJSON of the region and its surroundings, lines thinned, specks left out."""
    arcs = [thin(arc, TOLERANCE) for arc in decoded(topology)]
    features = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        rings = [ring for polygon in _polygons(geometry) for ring in _rings(polygon, arcs)]
        kept = [r for r in rings if _inside(r)]
        kept = [r for r in kept if area(r) >= SMALLEST] or sorted(kept, key=area)[-1:]
        if kept:
            features.append(_feature(geometry, kept))
    return {"type": "FeatureCollection", "features": sorted(features, key=lambda f: str(f["properties"]))}


def decoded(topology: dict[str, Any]) -> list[Ring]:
    """Arcs in degrees from TopoJSON's whole-number steps."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append((x * sx + tx, y * sy + ty))
        arcs.append(arc)
    return arcs


def thin(line: Sequence[Point], tolerance: float) -> Ring:
    """Douglas and Peucker's line with fewer points (1973); a closed line keeps its farthest point too."""
    if len(line) < 3:
        return list(line)
    if line[0] == line[-1]:
        far = max(range(len(line)), key=lambda i: _gap(line[i], line[0], line[0]))
        return thin(line[: far + 1], tolerance)[:-1] + thin(line[far:], tolerance)
    gaps = [_gap(point, line[0], line[-1]) for point in line[1:-1]]
    widest = max(range(len(gaps)), key=gaps.__getitem__) + 1
    if gaps[widest - 1] <= tolerance:
        return [line[0], line[-1]]
    return thin(line[: widest + 1], tolerance)[:-1] + thin(line[widest:], tolerance)


def _gap(point: Point, start: Point, end: Point) -> float:
    shrink = math.cos(math.radians(point[1]))
    px, py = (point[0] - start[0]) * shrink, point[1] - start[1]
    dx, dy = (end[0] - start[0]) * shrink, end[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, (px * dx + py * dy) / length))
    return math.hypot(px - along * dx, py - along * dy)


def _polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    if geometry.get("type") == "Polygon":
        return [geometry["arcs"]]
    return list(geometry.get("arcs", []))


def _rings(polygon: list[list[int]], arcs: Sequence[Ring]) -> list[Ring]:
    rings = []
    for indices in polygon:
        ring: Ring = []
        for index in indices:
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            ring.extend(arc[1:] if ring else arc)
        rings.append([(x + 360 if x < CUT else x, y) for x, y in ring])
    return rings


def _inside(ring: Ring) -> bool:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return max(xs) > WEST and min(xs) < EAST and max(ys) > SOUTH and min(ys) < NORTH


def area(ring: Ring) -> float:
    """Area in square degrees at the equator's scale (shoelace, longitude shrunk by the ring's latitude)."""
    twice = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
    return abs(twice) / 2 * math.cos(math.radians(ring[0][1]))


def _feature(geometry: dict[str, Any], rings: list[Ring]) -> dict[str, Any]:
    short = [[[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring] for ring in rings]
    return {
        "type": "Feature",
        "properties": {"economy": ALPHA3.get(str(geometry.get("id", "")), "")},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in short if len(ring) >= 4]},
    }


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:3])
    made = prepare(json.loads(source.read_text(encoding="utf-8")))
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in made["features"])
    target.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")
