"""Charts of one battery's life: capacity over years in its band, and on which days it ages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kitaran.web.charts.chart import Spec, sized
from kitaran.web.charts.kinds import CHART_NARROW, LABEL_ROOM, NARROW_ROOM, finished, hover
from kitaran.web.charts.theme import BAND, INK, LABEL_SIZE, LINE, PAPER, SERIES, SOFT
from kitaran.web.language import gettext as _

if TYPE_CHECKING:
    import altair as alt

Rows = Sequence[Mapping[str, Any]]
STEP_HEIGHT, AXIS_ROOM = 46, 40


def _data(rows: Rows) -> alt.Data:
    import altair as alt

    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]


def capacity(rows: Rows, others: Rows, threshold: float, end: str, width: int, live: bool) -> Spec:
    """Capacity left over years: the median in its band, other models thin, the end of life as a rule.

    rows: year, p10, p50, p90 [%], tip. others: year, model, soh [%]. end: words of the threshold [%].
    """
    import altair as alt

    room = LABEL_ROOM if width >= CHART_NARROW else NARROW_ROOM
    last = rows[-1]["year"]
    plot = max(120, width - 60)
    every = 5 if last > 10 else 2 if last > 5 else 1
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[0, last * (1 + room / (plot - room))], nice=False),
        axis=alt.Axis(
            values=list(range(0, last + 1, every)), format="d", title=_("years of use"), titleAnchor="start"
        ),
    )
    least = min([threshold, *(row["p10"] for row in rows), *(row["soh"] for row in others)])
    lowest = max(0, 10 * int((least - 4) // 10))
    scale = alt.Scale(domain=[lowest, 100], nice=False, clamp=True)
    axis = alt.Axis(title=None, labelExpr="datum.label + ' %'")

    def y(field: str) -> alt.Y:
        return alt.Y(field, scale=scale, axis=axis)

    base = alt.Chart(_data(rows)).encode(x=x)
    rule = alt.Chart(_data([{"threshold": threshold, "year": 0, "end": end}]))
    ends = [rows[-1]]
    layers = [
        base.mark_area(color=BAND, opacity=0.55).encode(y=y("p10:Q"), y2="p90:Q"),
        alt.Chart(_data(others))
        .mark_line(color=SOFT, strokeWidth=1, strokeDash=[2, 2])
        .encode(x=x, y=y("soh:Q"), detail="model:N"),
        rule.mark_rule(color=INK, strokeWidth=1, strokeDash=[6, 3]).encode(y=y("threshold:Q")),
        rule.mark_text(align="left", baseline="bottom", dx=4, dy=-3, color=INK).encode(
            x=x, y=y("threshold:Q"), text="end:N"
        ),
        base.mark_line(color=LINE, strokeWidth=2.5).encode(y=y("p50:Q")),
        *(
            alt.Chart(_data(_apart(ends, lowest)))
            .mark_text(align="left", dx=8, text=text, color=colour)
            .encode(x=x, y=y(f"{field}_at:Q"))
            for field, text, colour in (
                ("p50", _("median"), INK),
                ("p90", _("9 in 10 below"), SOFT),
                ("p10", _("1 in 10 below"), SOFT),
            )
        ),
        *hover(base, live),
    ]
    return finished(alt.layer(*layers), sized(width))


def _apart(ends: Rows, lowest: float) -> list[dict[str, float]]:
    """Where the labels at the end of the lines stand, so that none lies upon another."""
    gap = 0.065 * (100 - lowest)
    row = ends[0]
    middle = row["p50"]
    return [
        {
            "year": row["year"],
            "p50_at": middle,
            "p90_at": min(max(row["p90"], middle + gap), 100.0),
            "p10_at": max(min(row["p10"], middle - gap), lowest),
        }
    ]


def days(rows: Rows, width: int, live: bool) -> Spec:
    """For each band of pack temperature two bars: its share of the days, and of the ageing.

    rows: band, order, part (time or ageing), label of the part, share [%], text, tip.
    """
    import altair as alt

    parts = list(dict.fromkeys(row["label"] for row in rows))
    bands = list(dict.fromkeys(row["band"] for row in rows))
    y = alt.Y("band:N", sort=bands, axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=120))
    most = max(row["share"] for row in rows)
    x = alt.X("share:Q", scale=alt.Scale(domain=[0, most * 1.3], nice=False), axis=None)
    offset = alt.YOffset("label:N", sort=parts, scale=alt.Scale(paddingInner=0.1, paddingOuter=0.15))
    colour = alt.Color(
        "label:N",
        scale=alt.Scale(domain=parts, range=[SERIES[6], SERIES[1]]),
        legend=alt.Legend(
            title=None,
            orient="top",
            symbolType="square",
            labelLimit=240,
            labelFontSize=LABEL_SIZE,
            labelColor=INK,
        ),
    )
    base = alt.Chart(_data(rows)).encode(x=x, y=y, yOffset=offset)
    bars = base.mark_bar(stroke=PAPER, strokeWidth=0.5).encode(color=colour)
    words = base.mark_text(align="left", dx=4, color=INK).encode(text="text:N")
    tips = [base.mark_bar(opacity=0).encode(tooltip="tip:N")] if live else []
    return finished(alt.layer(bars, words, *tips), sized(width, STEP_HEIGHT * len(bands) + AXIS_ROOM))
