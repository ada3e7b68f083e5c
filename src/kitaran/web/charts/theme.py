"""How charts look. Colours are the stylesheet's tokens by name: a chart follows light, dark and print."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from kitaran.web.layout import STATIC

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
INK, SOFT, GRID, PAPER = "var(--ink)", "var(--ink-soft)", "var(--chart-grid)", "var(--paper)"
BAND, LINE = "var(--chart-band)", "var(--accent-strong)"
SERIES = tuple(f"var(--chart-{n})" for n in range(1, 9))
HEIGHT = 340
LABEL_SIZE = 13
THOUSANDS = "\u202f"
LOCALE = {"decimal": ".", "thousands": THOUSANDS, "grouping": [3], "currency": ["", ""]}

CONFIG: dict[str, Any] = {
    "aria": False,
    "background": "transparent",
    "font": FONT,
    "padding": {"left": 0, "right": 4, "top": 8, "bottom": 0},
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT,
        "labelFontSize": LABEL_SIZE,
        "titleColor": SOFT,
        "titleFontSize": LABEL_SIZE,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "tickColor": GRID,
        "domainColor": SOFT,
    },
    "axisY": {"domain": False, "ticks": False, "labelPadding": 6, "tickCount": 5},
    "axisX": {"domain": False, "grid": False, "ticks": True, "tickSize": 5, "labelPadding": 4},
    "header": {
        "labelColor": INK,
        "labelFontSize": LABEL_SIZE,
        "labelFontWeight": "bold",
        "labelAnchor": "start",
    },
    "text": {"color": INK, "fontSize": LABEL_SIZE, "font": FONT},
}


@lru_cache(maxsize=1)
def light_colours() -> dict[str, str]:
    """The light value of each token: the first block of the stylesheet."""
    block = (STATIC / "kitaran.css").read_text(encoding="utf-8").partition(":root {")[2].partition("}")[0]
    return {name: value.strip() for name, value in re.findall(r"(--[\w-]+):\s*(#[^;]+);", block)}


def with_light_colours(text: str) -> str:
    """The text with each token replaced by its light value, for a picture that leaves the page."""
    return re.sub(r"var\((--[\w-]+)\)", lambda found: light_colours()[found.group(1)], text)
