"""A small library on disk: three economies, a few sources, and whatever tables a test writes into it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kitaran.reference.findings import Finding
from kitaran.reference.library import Library

ECONOMIES: dict[str, object] = {
    "title": "Economies",
    "about": "Three of them.",
    "kind": "register",
    "licence": "CC BY 4.0",
    "keys": ["economy"],
    "columns": {
        "economy": {"meaning": "Code", "type": "text"},
        "name": {"meaning": "Name", "type": "text"},
        "subregion": {"meaning": "Subregion", "type": "text"},
    },
}
ECONOMY_ROWS = "economy,name,subregion\nTHA,Thailand,SEA\nIND,India,SSWA\nBTN,Bhutan,SSWA\n"
SOURCES: dict[str, object] = {
    "title": "Sources",
    "about": "Where figures come from.",
    "kind": "register",
    "licence": "CC BY 4.0",
    "keys": ["source"],
    "columns": {
        "source": {"meaning": "Id", "type": "text"},
        "title": {"meaning": "Title", "type": "text"},
        "publisher": {"meaning": "Publisher", "type": "text"},
        "kind": {
            "meaning": "Kind",
            "type": "category",
            "values": ["official", "publisher", "press", "repository", "assumption", "own"],
        },
        "url": {"meaning": "Address", "type": "url"},
        "seen": {"meaning": "Seen", "type": "category", "values": ["primary", "secondary", "none"]},
    },
}
SOURCE_ROWS = """source,title,publisher,kind,url,seen
iea-2025,Global EV Outlook,IEA,publisher,https://www.iea.org,primary
ministry,Registrations,Ministry of Transport,official,,primary
mirror,Registrations said to rise,Daily,press,,secondary
github,Collected figures,Somebody,repository,,primary
guess,Our assumption,Kitaran,assumption,,none
nobody,A page,,publisher,,primary
"""
EV_SALES: dict[str, Any] = {
    "title": "Electric vehicles sold",
    "about": "A year's sales.",
    "licence": "CC BY 4.0",
    "keys": ["economy", "vehicle_class", "powertrain", "year"],
    "columns": {
        "economy": {"meaning": "Economy", "type": "economy"},
        "vehicle_class": {"meaning": "Class", "type": "category", "values": ["car", "bus", "two_wheeler"]},
        "powertrain": {"meaning": "Powertrain", "type": "category", "values": ["BEV", "PHEV"]},
        "year": {"meaning": "Year", "type": "year"},
        "edition": {"meaning": "Edition", "type": "text"},
    },
    "units": ["vehicle"],
    "range": {"minimum": 0},
}
SALES_HEADER = "economy,vehicle_class,powertrain,year,edition,value,low,high,unit,source,licence,grade,note\n"

Build = Callable[..., Library]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """build(ev_sales="rows under the usual header", other=(sidecar, csv_text), overrides=folder)."""

    def make(
        ev_sales: str = "", overrides: Path | None = None, **tables: tuple[dict[str, object], str]
    ) -> Library:
        folder = tmp_path / "tables"
        folder.mkdir(exist_ok=True)
        given: dict[str, tuple[dict[str, object], str]] = {
            "economies": (ECONOMIES, ECONOMY_ROWS),
            "sources": (SOURCES, SOURCE_ROWS),
            "ev_sales": (EV_SALES, SALES_HEADER + ev_sales),
            **tables,
        }
        for name, (sidecar, text) in given.items():
            (folder / f"{name}.yaml").write_text(yaml.safe_dump(sidecar), encoding="utf-8")
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        return Library(folder, overrides)

    return make


def named(findings: list[Finding], check: str) -> list[Finding]:
    """The findings of one check."""
    return [finding for finding in findings if finding.check == check]
