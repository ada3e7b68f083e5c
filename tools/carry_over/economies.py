"""The register of economies: ESCAP members and associates, and Taiwan; other partners stand in own/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from given import read
from map_middles import Point, middles

SUBREGION = {
    "ENEA": "CHN PRK HKG JPN MAC MNG KOR",
    "SEA": "BRN KHM IDN LAO MYS MMR PHL SGP THA TLS VNM",
    "SSWA": "AFG BGD BTN IND IRN MDV NPL PAK LKA TUR",
    "NCA": "ARM AZE GEO KAZ KGZ RUS TJK TKM UZB",
    "ANZ": "AUS NZL",
    "PARTNER": "TWN",
}
# The World Factbook, field Fiscal year; empty where that list is out of date or has no entry.
FISCAL_START = {
    1: "ARM AZE KHM CHN GEO IDN KAZ KGZ KOR MYS MDV MNG PNG PHL RUS SLB LKA TJK TLS TUR TKM TUV UZB VUT VNM "
    "PYF NCL MAC TWN",
    3: "IRN",
    4: "BRN IND JPN SGP HKG MMR COK NIU",
    7: "AUS BGD BTN NRU NPL PAK TON",
    10: "MHL FSM PLW THA ASM GUM MNP",
    12: "AFG",
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
# Rings cut by the antimeridian, and Malaysia, whose largest ring is not the one its capital stands on.
DISPLAY: dict[str, Point] = {"RUS": (61.5, 96.0), "FJI": (-18.14, 178.44), "MYS": (3.9, 102.2)}
MAP_NAME = {
    "BRN": "Brunei",
    "KOR": "South Korea",
    "LAO": "Laos",
    "PRK": "North Korea",
    "RUS": "Russia",
    "SLB": "Solomon Is.",
    "TUR": "Turkey",
    "TWN": "Taiwan",
    "VNM": "Vietnam",
}


def rows(shared: Path) -> list[dict[str, Any]]:
    """Economies in the order of the given list: members, associates, then Taiwan."""
    middle = middles(shared / "data" / "countries-110m.topojson")
    subregion, month = _by_code(SUBREGION), _by_code(FISCAL_START)
    found = []
    for given in read(shared / "data", "countries.csv"):
        code = given["iso3"]
        capital = float(given["capital_lat"]), float(given["capital_lon"])
        lat, lon = DISPLAY.get(code) or middle.get(MAP_NAME.get(code, given["name"]), capital)
        found.append(
            {
                "economy": code,
                "iso2": given["iso2"],
                "name": NAME.get(code, given["name"]),
                "membership": "partner" if given["escap"] == "none" else given["escap"],
                "subregion": subregion.get(code, "PAC"),
                "capital": CAPITAL.get(code, given["capital"]),
                "capital_lat": capital[0],
                "capital_lon": capital[1],
                "currency": given["currency"],
                "fiscal_year_start_month": month.get(code),
                "display_lat": round(lat, 2),
                "display_lon": round(lon, 2),
                "source": "countryinfo-1-0-1",
                "licence": "MIT",
                "grade": "B",
                "note": NOTE.get(code),
            }
        )
    return found


def _by_code(groups: dict[Any, str]) -> dict[str, Any]:
    return {code: name for name, codes in groups.items() for code in codes.split()}
