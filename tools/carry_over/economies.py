"""The register of economies: ESCAP members, associates and the partners that figures name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from given import read
from sources import Register, Source

SUBREGION = {
    "ENEA": "CHN PRK HKG JPN MAC MNG KOR",
    "SEA": "BRN KHM IDN LAO MYS MMR PHL SGP THA TLS VNM",
    "SSWA": "AFG BGD BTN IND IRN MDV NPL PAK LKA TUR",
    "NCA": "ARM AZE GEO KAZ KGZ RUS TJK TKM UZB",
    "ANZ": "AUS NZL",
    "PARTNER": "TWN",
}
NAME = {
    "FSM": "Micronesia (Federated States of)",
    "IRN": "Iran (Islamic Republic of)",
    "TUR": "Türkiye",
    "TWN": "Taiwan",
}
CAPITAL = {"HKG": "Hong Kong", "MAC": "Macao", "KAZ": "Astana", "PYF": "Papeete"}
NOTE = {
    "AFG": "Fiscal year from 21 December.",
    "IRN": "Fiscal year from 21 March.",
    "NPL": "Fiscal year from mid-July.",
    "KAZ": "The given list still says Nur-Sultan, the name from 2019 to 2022.",
    "TWN": "ISO 3166 entry; not an ESCAP member; outside every regional sum.",
}
# The World Factbook, field Fiscal year; empty where that list is out of date or has no entry.
FISCAL_START = {
    1: "ARM AZE KHM CHN GEO IDN KAZ KGZ KOR MYS MDV MNG PNG PHL RUS SLB LKA TJK TLS TUR TKM TUV UZB VUT VNM PYF NCL "
       "MAC TWN",
    3: "IRN", 4: "BRN IND JPN SGP HKG MMR COK NIU", 7: "AUS BGD BTN NRU NPL PAK TON",
    10: "MHL FSM PLW THA ASM GUM MNP", 12: "AFG",
}  # fmt: skip
Point = tuple[float, float]
# Rings cut by the antimeridian, and Malaysia, whose largest ring is not the one its capital stands on.
DISPLAY: dict[str, Point] = {"RUS": (61.5, 96.0), "FJI": (-18.14, 178.44), "MYS": (3.9, 102.2)}


def rows(shared: Path, register: Register) -> list[dict[str, Any]]:
    """Economies in the order of the given list: members, associates, then partners."""
    source = register.name("countryinfo-1-0-1", Source(
        "countryinfo 1.0.1: names, codes, capitals, coordinates, currencies", "countryinfo project (PyPI)",
        "repository", "https://pypi.org/project/countryinfo/", "MIT", "primary", "2023",
        "ESCAP standing was typed from ESCAP's list of members; coordinates of capitals."))  # fmt: skip
    middle = _middles(json.loads((shared / "data" / "countries-110m.topojson").read_text(encoding="utf-8")))
    subregion = {code: name for name, codes in SUBREGION.items() for code in codes.split()}
    month = {code: start for start, codes in FISCAL_START.items() for code in codes.split()}
    found = []
    for given in read(shared / "data", "countries.csv"):
        code = given["iso3"]
        lat, lon = float(given["capital_lat"]), float(given["capital_lon"])
        display_lat, display_lon = DISPLAY.get(code) or middle.get(_NATURAL_EARTH.get(code, given["name"]), (lat, lon))
        found.append({
            "economy": code, "iso2": given["iso2"], "name": NAME.get(code, given["name"]),
            "membership": {"none": "partner"}.get(given["escap"], given["escap"]),
            "subregion": subregion.get(code, "PAC"), "capital": CAPITAL.get(code, given["capital"]),
            "capital_lat": lat, "capital_lon": lon, "currency": given["currency"],
            "fiscal_year_start_month": month.get(code),
            "display_lat": round(display_lat, 2), "display_lon": round(display_lon, 2),
            "source": source, "licence": "MIT", "grade": "B", "note": NOTE.get(code),
        })  # fmt: skip
    return found


_NATURAL_EARTH = {
    "KOR": "South Korea", "PRK": "North Korea", "LAO": "Laos", "BRN": "Brunei", "VNM": "Vietnam",
    "RUS": "Russia", "TUR": "Turkey", "SLB": "Solomon Is.", "TWN": "Taiwan",
}  # fmt: skip


def _middles(topology: dict[str, Any]) -> dict[str, Point]:
    """(latitude, longitude) of the middle of the largest ring of each country in a TopoJSON world."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [list(_unpacked(arc, scale, shift)) for arc in topology["arcs"]]
    middles = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = [_ring(polygon[0], arcs) for polygon in polygons]
        area, lon, lat = max((_centre(ring) for ring in rings), key=lambda item: abs(item[0]))
        middles[shape["properties"]["name"]] = (lat, lon)
    return middles


def _unpacked(arc: Iterable[list[int]], scale: list[float], shift: list[float]) -> Iterable[Point]:
    x = y = 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        yield x * scale[0] + shift[0], y * scale[1] + shift[1]


def _ring(indices: list[int], arcs: list[list[Point]]) -> list[Point]:
    ring: list[Point] = []
    for index in indices:
        points = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += points if not ring else points[1:]
    return ring


def _centre(ring: list[Point]) -> tuple[float, float, float]:
    """Signed area and centre of a ring by the shoelace formula."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:], strict=False):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (area / 2, x / (3 * area), y / (3 * area)) if area else (0.0, *ring[0])
