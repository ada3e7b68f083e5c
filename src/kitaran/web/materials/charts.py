"""The chart of materials: what new batteries need, and what comes back, each in its band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kitaran.web.charts.chart import Chart, Column, Spec, sized
from kitaran.web.charts.kinds import (
    CHART_NARROW,
    LABEL_ROOM,
    LAST,
    NARROW_ROOM,
    amount_axis,
    finished,
    hover,
    year_axis,
)
from kitaran.web.charts.theme import BAND, INK, LINE, SOFT
from kitaran.web.figures import figure, span
from kitaran.web.language import gettext as _
from kitaran.web.materials.words import element as element_name
from kitaran.web.results import Rows

_CLOSE = 0.07


def needed_chart(base: str, place: str, element: str, demand: Rows, recovered: Rows, run: str) -> Chart:
    """Need and recovery of one element over the years."""
    rows = _joined(demand, recovered)
    return Chart(
        "needed",
        base,
        _("%(material)s for EV batteries in %(place)s: how much is needed, and how much comes back?")
        % {"material": element_name(element), "place": place},
        _(
            "Tonnes a year. Dashed line: needed. Full line: recovered from its own old batteries "
            "and scrap. Bands: 8 results in 10."
        ),
        _("Source: Kitaran forecast, run %(run)s.") % {"run": run},
        _columns(),
        rows,
        lambda width, live: _spec(rows, width, live),
    )


def _columns() -> list[Column]:
    return [
        Column("year", _("Year")),
        Column("needed_p10", _("Needed: 1 in 10 below"), True),
        Column("needed_p50", _("Needed: median, tonnes"), True),
        Column("needed_p90", _("Needed: 9 in 10 below"), True),
        Column("back_p10", _("Recovered: 1 in 10 below"), True),
        Column("back_p50", _("Recovered: median, tonnes"), True),
        Column("back_p90", _("Recovered: 9 in 10 below"), True),
    ]


def _joined(demand: Rows, recovered: Rows) -> list[dict[str, Any]]:
    back = {row["year"]: row for row in recovered}
    nothing = {"p10": 0.0, "p50": 0.0, "p90": 0.0}
    return [
        {
            "year": row["year"],
            **{f"needed_{p}": row[p] for p in nothing},
            **{f"back_{p}": back.get(row["year"], nothing)[p] for p in nothing},
        }
        for row in demand
    ]


def _spec(rows: Sequence[Mapping[str, Any]], width: int, live: bool) -> Spec:
    import altair as alt

    room = LABEL_ROOM if width >= CHART_NARROW else NARROW_ROOM
    x = year_axis(width, room)
    told = [{**row, "tip": _tip(row)} for row in rows]
    base = alt.Chart(alt.Data(values=told)).encode(x=x)  # type: ignore[no-untyped-call]
    layers = [
        base.mark_area(color=SOFT, opacity=0.18).encode(y=amount_axis("needed_p10:Q"), y2="needed_p90:Q"),
        base.mark_area(color=BAND, opacity=0.6).encode(y=amount_axis("back_p10:Q"), y2="back_p90:Q"),
        base.mark_line(color=INK, strokeWidth=2, strokeDash=[6, 4]).encode(y=amount_axis("needed_p50:Q")),
        base.mark_line(color=LINE, strokeWidth=2.5).encode(y=amount_axis("back_p50:Q")),
        *_labels(rows, x),
        *hover(base, live),
    ]
    return finished(alt.layer(*layers), sized(width))


def _labels(rows: Sequence[Mapping[str, Any]], x: Any) -> list[Any]:
    """Each line named where it ends, apart where they end close to each other."""
    import altair as alt

    last = [dict(row) for row in rows if row["year"] == LAST]
    if not last:
        return []
    top = max(row["needed_p90"] for row in rows) or 1.0
    apart = abs(last[0]["needed_p50"] - last[0]["back_p50"]) < _CLOSE * top
    higher = last[0]["needed_p50"] >= last[0]["back_p50"]
    shift = (9 if higher else -9) if apart else 0
    named = alt.Chart(alt.Data(values=last)).encode(x=x)  # type: ignore[no-untyped-call]
    return [
        named.mark_text(align="left", dx=8, dy=-shift, text=_("needed"), color=INK).encode(
            y=amount_axis("needed_p50:Q")
        ),
        named.mark_text(align="left", dx=8, dy=shift, text=_("comes back"), color=INK).encode(
            y=amount_axis("back_p50:Q")
        ),
    ]


def _tip(row: Mapping[str, Any]) -> str:
    needed = f"{figure(row['needed_p50'])} ({span(row['needed_p10'], row['needed_p90'])})"
    back = f"{figure(row['back_p50'])} ({span(row['back_p10'], row['back_p90'])})"
    return _("%(year)s: needed %(needed)s, recovered %(back)s") % {
        "year": row["year"],
        "needed": needed,
        "back": back,
    }
