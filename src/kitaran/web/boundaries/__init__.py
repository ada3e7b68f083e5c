"""Outlines of economies for the map: Natural Earth's by default, or the workspace's own `boundaries.geojson`.

The packaged file is `asia_pacific.geojson` (see README.md beside it). A file in the workspace replaces it:
GeoJSON with polygons, each feature naming its economy by ISO 3166 alpha-3 code in one of the properties named
below, or none for land that is only drawn. The collection's own property `credit` is shown below the map.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kitaran.foundation.errors import InputError
from kitaran.web.boundaries.codes import ALPHA3

PACKAGED = Path(__file__).with_name("asia_pacific.geojson")
REPLACEMENT = "boundaries.geojson"
CODE_PROPERTIES = ("economy", "iso3cd", "ISO3CD", "ISO_A3", "iso_a3", "ADM0_A3", "iso3")
NATURAL_EARTH = "Natural Earth"

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Outline:
    """The rings of one economy, or of other land (`economy` empty). Degrees, longitude then latitude."""

    economy: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True)
class Boundaries:
    """All outlines of one file, and whose they are."""

    outlines: tuple[Outline, ...]
    credit: str


def boundaries(workspace_root: Path) -> Boundaries:
    """The workspace's own outlines if it has a file, else the packaged ones. InputError if unusable."""
    own = workspace_root / REPLACEMENT
    file = own if own.is_file() else PACKAGED
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(file: Path, _changed: int) -> Boundaries:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        outlines = tuple(_outlines(content["features"]))
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"The boundaries cannot be read: {type(error).__name__} {error}.",
            str(file),
            "Give GeoJSON with polygons, or delete the file to use the packaged boundaries.",
        ) from error
    credit = str(content.get("credit", "")) or (NATURAL_EARTH if file == PACKAGED else file.name)
    return Boundaries(outlines, credit)


def _outlines(features: list[dict[str, Any]]) -> Iterator[Outline]:
    for feature in features:
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        rings = tuple(
            tuple((float(x), float(y)) for x, y, *_ in ring) for polygon in polygons for ring in polygon
        )
        yield Outline(_code(feature.get("properties") or {}), rings)


def _code(properties: Mapping[str, Any]) -> str:
    given = (str(properties[name]) for name in CODE_PROPERTIES if properties.get(name))
    return next((code for code in given if code in _KNOWN), "")


_KNOWN = frozenset(ALPHA3.values())
