"""A chart as a reader meets it: a question, the picture, its table and its files."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from kitaran.web.charts.theme import FONT, HEIGHT, LOCALE, with_light_colours
from kitaran.web.figures import figure

WIDE, NARROW, STEP = 880, 340, 20
Spec = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column of a chart's table. number: shown to three figures, right-aligned."""

    key: str
    label: str
    number: bool = False


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart of one page.

    base     : address of its page, under which its files are served
    title    : a question; subtitle: what is drawn, and its unit
    columns, rows : all its figures, unrounded, as its files give them
    spec     : Vega-Lite for a width in pixels, with or without words under the pointer
    summary  : columns and rows of the table on the page, where that is shorter than its files
    """

    id: str
    base: str
    title: str
    subtitle: str
    source: str
    columns: Sequence[Column]
    rows: Sequence[dict[str, Any]]
    spec: Callable[[int, bool], Spec]
    summary: tuple[Sequence[Column], Sequence[dict[str, Any]]] | None = None

    def address(self, form: str) -> str:
        """Where a form of the chart is served: svg, csv, json, or vega (its specification)."""
        path, _, query = self.base.partition("?")
        return f"{path}/charts/{self.id}.{form}" + (f"?{query}" if query else "")

    def picture(self, width: int) -> Markup:
        """The chart as inline SVG in the colours of the page."""
        return _picture(self, width)

    def vega(self, width: int) -> Spec:
        """The specification that a browser draws."""
        return self.drawn(max(280, min(1200, width // STEP * STEP)), True)

    def drawn(self, width: int, live: bool) -> Spec:
        """Its specification, built without Altair looking at each part: the tests hold the whole to the
        schema, and a page would wait seconds for it.
        """
        from altair.utils.schemapi import debug_mode

        with debug_mode(False):
            return self.spec(width, live)

    def svg(self) -> str:
        """The chart as a file of its own, with its question, unit and source, in light colours."""
        spec = self.drawn(WIDE, False)
        spec["title"] = {
            "text": self.title,
            "subtitle": self.subtitle,
            "anchor": "start",
            "frame": "bounds",
            "fontSize": 18,
            "subtitleFontSize": 13,
            "subtitlePadding": 6,
            "offset": 14,
        }
        spec["background"] = "white"
        spec["padding"] = 16
        picture = static_svg(with_light_colours(json.dumps(spec)))
        return _with_footer(picture, self.source)

    def csv(self) -> str:
        """The chart's figures as CSV, unrounded."""
        text = io.StringIO()
        writer = csv.DictWriter(text, [column.key for column in self.columns], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(self.rows)
        return text.getvalue()

    def facts(self) -> dict[str, Any]:
        """The chart's figures as JSON, unrounded, with what they are."""
        keys = [column.key for column in self.columns]
        return {
            "question": self.title,
            "what": self.subtitle,
            "source": self.source,
            "columns": {column.key: column.label for column in self.columns},
            "rows": [{key: row.get(key) for key in keys} for row in self.rows],
        }

    @property
    def shown_columns(self) -> Sequence[Column]:
        """The columns of the table beside the chart."""
        return self.summary[0] if self.summary else self.columns

    def table(self) -> list[list[str]]:
        """The cells of the table beside the chart."""
        rows = self.summary[1] if self.summary else self.rows
        return [
            [figure(row.get(c.key)) if c.number else str(row.get(c.key, "")) for c in self.shown_columns]
            for row in rows
        ]


@lru_cache(maxsize=256)
def _picture(chart: Chart, width: int) -> Markup:
    """Inline SVG of a chart, drawn once."""
    drawn = static_svg(json.dumps(chart.drawn(width, False)))
    return Markup(_inline(drawn, f"{chart.id}-{width}"))


def static_svg(spec: str) -> str:
    """SVG of a Vega-Lite specification, its coordinates to a tenth of a pixel."""
    import vl_convert

    drawn = str(vl_convert.vegalite_to_svg(spec, format_locale=LOCALE))
    return re.sub(r'="[^"]*"', lambda attribute: _FINE.sub(r"\1", attribute.group()), drawn)


_FINE = re.compile(r"(\d\.\d)\d+")
_IDLE = re.compile(
    r'<path class="(?:back|fore)ground"[^>]*?d="(?:M0,0h0v0h0Z)?"[^>]*/>'
    r'| (?:font-family|role|aria-[a-z]+|pointer-events|xmlns:xlink|version)="[^"]*"'
)


def _inline(svg: str, prefix: str) -> str:
    """SVG for use inside a page: names of its own, silent (its figure speaks), without what is idle there."""
    svg = _IDLE.sub("", svg)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def _with_footer(svg: str, source: str) -> str:
    """The source in small type below the picture."""
    found = re.search(r'width="(\d+)" height="(\d+)" viewBox="0 0 (\d+) (\d+)"', svg)
    if found is None:
        return svg
    width, height = int(found.group(1)), int(found.group(2))
    taller = f'width="{width}" height="{height + 26}" viewBox="0 0 {width} {height + 26}"'
    words = Markup.escape(source)
    line = f'<text x="16" y="{height + 8}" font-size="11" font-family="{FONT}" fill="#535a60">{words}</text>'
    ground = f'<rect width="{width}" height="{height + 26}" fill="white"/>'
    head, _, rest = svg.replace(found.group(0), taller, 1).partition(">")
    return f"{head}>{ground}{rest.removesuffix('</svg>')}{line}</svg>"


def sized(width: int, height: int = HEIGHT) -> Spec:
    """The outer size of a chart: everything, labels too, fits into it."""
    return {"width": width, "height": height, "autosize": {"type": "fit", "contains": "padding"}}
