"""The kinds of chart: a median in its band, parts of a whole, panels of one vehicle class each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from kitaran.web.charts.chart import Spec, sized
from kitaran.web.charts.theme import BAND, CONFIG, HEIGHT, INK, LINE, PAPER, SERIES, SOFT
from kitaran.web.language import gettext as _

if TYPE_CHECKING:
    import altair as alt

Rows = Sequence[Mapping[str, Any]]
FIRST, LAST = 2010, 2050
NUMBERS = ",.3~r"
LABEL_ROOM = 118
NARROW_ROOM = 84
AXIS, GAP = 38, 12
CHART_NARROW = 480


def finished(chart: alt.LayerChart | alt.FacetChart, size: Mapping[str, Any]) -> Spec:
    """The chart as Vega-Lite with the look of the site. The tests, not each page, hold it to the schema."""
    spec: Spec = chart.to_dict(validate=False)
    spec["config"] = CONFIG
    return spec | dict(size)


def _data(rows: Rows) -> alt.Data:
    import altair as alt

    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]


def year_axis(width: int, room: int, **more: Any) -> alt.X:
    """Years from the first to the last, with room to the right for labels."""
    import altair as alt

    plot = max(120, width - 60)
    end = LAST + (LAST - FIRST) * room / (plot - room)
    every = 10 if width >= CHART_NARROW else 20
    return alt.X(
        "year:Q",
        scale=alt.Scale(domain=[FIRST, end], nice=False),
        axis=alt.Axis(values=list(range(FIRST, LAST + 1, every)), format="d", title=None),
        **more,
    )


def amount_axis(field: str, top: float | None = None) -> alt.Y:
    """Amounts from nought."""
    import altair as alt

    scale = alt.Scale(domain=[0, top], nice=True) if top else alt.Scale(domainMin=0, nice=True)
    return alt.Y(field, scale=scale, axis=alt.Axis(title=None, format=NUMBERS))


def band(rows: Rows, width: int, live: bool, marked: Mapping[str, str] | None = None) -> Spec:
    """Median line in the band that holds 8 results in 10.

    rows: year, p10, p50, p90, and `tip` as the words of a year.
    marked: {"year", "label"} of one year to point at.
    """
    import altair as alt

    room = LABEL_ROOM if width >= CHART_NARROW else NARROW_ROOM
    data = _data(rows)
    x = year_axis(width, room)
    base = alt.Chart(data).encode(x=x)
    last = [row for row in rows if row["year"] == LAST]
    layers = [
        base.mark_area(color=BAND, opacity=0.55).encode(y=amount_axis("p10:Q"), y2="p90:Q"),
        base.mark_line(color=LINE, strokeWidth=2.5).encode(y=amount_axis("p50:Q")),
        _end_label(last, x, "p50", _("median"), INK),
        _end_label(last, x, "p90", _("9 in 10 below"), SOFT),
        _end_label(last, x, "p10", _("1 in 10 below"), SOFT),
    ]
    if marked:
        layers += _mark(rows, x, marked)
    layers += hover(base, live)
    return finished(alt.layer(*layers), sized(width))


def _end_label(rows: Rows, x: alt.X, field: str, text: str, colour: str) -> alt.Chart:
    import altair as alt

    chart = alt.Chart(_data(rows)).mark_text(align="left", dx=8, text=text, color=colour)
    named: alt.Chart = chart.encode(x=x, y=amount_axis(f"{field}:Q"))
    return named


def _mark(rows: Rows, x: alt.X, marked: Mapping[str, str]) -> list[alt.Chart]:
    """A point at one year with its figure, on a halo where a line passes below it."""
    import altair as alt

    at = alt.Chart(_data([row for row in rows if str(row["year"]) == str(marked["year"])]))
    placed = at.encode(x=x, y=amount_axis("p50:Q"))
    words: dict[str, Any] = {
        "align": "right",
        "dx": -10,
        "dy": -14,
        "fontWeight": "bold",
        "text": marked["label"],
    }
    return [
        placed.mark_text(**words, stroke=PAPER, strokeWidth=4, strokeJoin="round", color=PAPER),
        placed.mark_text(**words, color=INK),
        placed.mark_point(filled=True, size=70, color=LINE, stroke=PAPER, strokeWidth=2, opacity=1),
    ]


def hover(base: alt.Chart, live: bool) -> list[alt.Chart]:
    """An unseen bar for each year that shows the year's words; nothing in a picture that stands still."""
    return [base.mark_rule(strokeWidth=16, opacity=0).encode(tooltip="tip:N")] if live else []


def stacked(rows: Rows, parts: Sequence[tuple[str, str]], width: int, live: bool) -> Spec:
    """Parts of a whole over time, each labelled where it ends.

    rows: year, part, value, tip (words of the year). parts: (code, label) from the bottom up.
    """
    import altair as alt

    room = LABEL_ROOM if width >= CHART_NARROW else NARROW_ROOM
    x = year_axis(width, room)
    order = {code: place for place, (code, _) in enumerate(parts)}
    data = _data([{**row, "place": order[row["part"]]} for row in rows])
    colours = alt.Scale(domain=[code for code, _ in parts], range=list(SERIES[: len(parts)]))
    base = alt.Chart(data).encode(x=x)
    areas = base.mark_area(stroke=PAPER, strokeWidth=0.8).encode(
        y=alt.Y("value:Q", stack="zero", axis=alt.Axis(title=None, format=NUMBERS)),
        color=alt.Color("part:N", scale=colours, legend=None),
        order="place:O",
    )
    labels = alt.Chart(_data(_stack_labels(rows, parts))).mark_text(align="left", dx=8)
    named = labels.encode(
        x=x, y="middle:Q", text="label:N", color=alt.Color("part:N", scale=colours, legend=None)
    )
    return finished(alt.layer(areas, named, *hover(base, live)), sized(width))


def _stack_labels(rows: Rows, parts: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """A label beside the end of each part that is thick enough to see, none upon another."""
    ends = {row["part"]: row["value"] for row in rows if row["year"] == LAST}
    tops = [sum(row["value"] for row in rows if row["year"] == year) for year in {r["year"] for r in rows}]
    gap = 0.055 * max(tops, default=0.0)
    below, found = 0.0, []
    for code, label in parts:
        thick = ends.get(code, 0.0)
        if thick > 0.01 * sum(ends.values()):
            found.append({"part": code, "label": label, "year": LAST, "middle": below + thick / 2})
        below += thick
    for lower, upper in pairwise(found):
        upper["middle"] = max(upper["middle"], lower["middle"] + gap)
    return found


def panels(rows: Rows, labels: Mapping[str, str], width: int, live: bool) -> Spec:
    """A small chart for each vehicle class: observed as a full line, projected dashed in its band.

    rows: year, part, p10, p50, p90, basis, tip. labels: part to its words, in the order of the panels.
    """
    import altair as alt

    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[FIRST, LAST], nice=False),
        axis=alt.Axis(values=[FIRST, 2030, LAST], format="d", title=None),
    )
    base = alt.Chart().encode(x=x)
    future = base.transform_filter("datum.basis == 'projected'")
    past = base.transform_filter("datum.basis == 'observed'")
    layers = [
        future.mark_area(color=BAND, opacity=0.55).encode(y=amount_axis("p10:Q"), y2="p90:Q"),
        future.mark_line(color=LINE, strokeWidth=2, strokeDash=[5, 3]).encode(y=amount_axis("p50:Q")),
        past.mark_line(color=INK, strokeWidth=2.5).encode(y=amount_axis("p50:Q")),
        *hover(base, live),
    ]
    return _faceted(layers, rows, labels, width, "independent")


def survival_panels(rows: Rows, labels: Mapping[str, str], width: int, live: bool) -> Spec:
    """A small chart for each vehicle class: share still in use over age in its band, and dashed beside it
    what is compared.

    rows: age, part, p10, p50, p90, tables_p50 (or none), tip. labels: part to its words, in order.
    """
    import altair as alt

    ages = [row["age"] for row in rows]
    x = alt.X(
        "age:Q",
        scale=alt.Scale(domain=[0, max(ages)], nice=False),
        axis=alt.Axis(values=list(range(0, max(ages) + 1, 10)), format="d", title=None),
    )
    base = alt.Chart().encode(x=x)
    layers = [
        base.mark_area(color=BAND, opacity=0.55).encode(y=_share_axis("p10:Q"), y2="p90:Q"),
        base.mark_line(color=INK, strokeWidth=1.6, strokeDash=[4, 3]).encode(y=_share_axis("tables_p50:Q")),
        base.mark_line(color=LINE, strokeWidth=2.5).encode(y=_share_axis("p50:Q")),
        *hover(base, live),
    ]
    return _faceted(layers, rows, labels, width, "shared")


def _share_axis(field: str) -> alt.Y:
    """Shares from nought to one, in percent."""
    import altair as alt

    axis = alt.Axis(title=None, format=".0%", values=[0, 0.5, 1])
    return alt.Y(field, scale=alt.Scale(domain=[0, 1]), axis=axis)


def _faceted(
    layers: Sequence[Any],
    rows: Rows,
    labels: Mapping[str, str],
    width: int,
    amounts: Literal["independent", "shared"],
) -> Spec:
    """Layers as panels, one a part, as many beside each other as fit; amounts: whether they share a scale."""
    import altair as alt

    columns = 2 if width < CHART_NARROW else 3 if width < 760 else 4
    each = max(90, (width - (columns - 1) * GAP) // columns - AXIS - 14)
    named = [{**row, "panel": labels[row["part"]]} for row in rows if row["part"] in labels]
    chart = (
        alt.layer(*layers)
        .properties(width=each, height=HEIGHT // 3)
        .facet(
            facet=alt.Facet("panel:N", sort=list(labels.values()), header=alt.Header(title=None)),
            columns=columns,
            data=_data(named),
            spacing={"row": 18, "column": GAP},
        )
        .resolve_scale(y=amounts)
        .resolve_axis(x="independent")
    )
    spec = finished(chart, {})
    spec["config"] = CONFIG | {
        "axisY": {**CONFIG["axisY"], "minExtent": AXIS, "maxExtent": AXIS, "tickCount": 4}
    }
    return spec
