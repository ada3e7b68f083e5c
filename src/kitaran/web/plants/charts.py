"""Charts of plants: what is left over at every scale, and where the money goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kitaran.foundation.errors import NotFoundError
from kitaran.web.charts.chart import Chart, Column, Spec, sized
from kitaran.web.charts.kinds import CHART_NARROW, finished
from kitaran.web.charts.theme import INK, LABEL_SIZE, PAPER, SERIES, SOFT
from kitaran.web.figures import figure, whole
from kitaran.web.language import gettext as _
from kitaran.web.plants.answer import AtPlace
from kitaran.web.plants.choice import MOST_T, Asked
from kitaran.web.plants.words import short_routes, spendings

if TYPE_CHECKING:
    import altair as alt

Rows = Sequence[Mapping[str, Any]]
BAR, LEGEND_ROOM, AXIS_ROOM = 54, 66, 42
DEPTH = 2.0
"""How far below nought the chart reaches, in heights above it: small plants lose without end."""
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])


def plant_charts(asked: Asked, places: Sequence[AtPlace]) -> dict[str, Chart]:
    """The charts of an answer by name."""
    return {"scale": _scale(asked, places), "spent": _spent(asked, places)}


def plant_chart(asked: Asked, places: Sequence[AtPlace], name: str) -> Chart:
    """One chart by its name; NotFoundError if there is none."""
    charts = plant_charts(asked, places)
    if name not in charts:
        raise NotFoundError(
            _("There is no chart %(name)s.") % {"name": name}, "chart", _("Choose one on the page before.")
        )
    return charts[name]


def source() -> str:
    """Where the figures come from."""
    return _("Source: Kitaran, after EverBatt 2023 (Argonne National Laboratory), with local costs.")


def _scale(asked: Asked, places: Sequence[AtPlace]) -> Chart:
    rows = [
        {"place": at.name, "t": float(t), "margin": float(usd)}
        for at in places
        for t, usd in zip(at.curve_t, at.curve_usd, strict=True)
    ]
    table = [
        {"place": at.name, "t": whole(round(float(t))), "margin": float(usd)}
        for at in places
        for t, usd in zip(at.curve_t, at.curve_usd, strict=True)
        if t == asked.tonnes or t in at.curve_t[::8]
    ]
    columns = [
        Column("place", _("Place")),
        Column("t", _("Tonnes a year"), True),
        Column("margin", _("Left over, USD per kg"), True),
    ]
    return Chart(
        "scale",
        asked.choice.address(),
        _("How large must the plant be?"),
        _("US dollars left over per kg of feed after all cost, by tonnes a year, %(route)s.")
        % {"route": short_routes()[asked.choice.route]},
        source(),
        columns,
        rows,
        lambda width, live: _curves(rows, asked.tonnes, width, live),
        ([columns[0], Column("t", _("Tonnes a year")), columns[2]], table),
    )


def _curves(rows: Rows, chosen_t: float, width: int, live: bool) -> Spec:
    """A line a place over scale, named at its end; nought and the chosen scale as rules."""
    import altair as alt

    names = list(dict.fromkeys(row["place"] for row in rows))
    room = 150 if width >= CHART_NARROW else 96
    plot = max(120, width - 60)
    least = min(row["t"] for row in rows)
    beyond = (MOST_T / least) ** (room / (plot - room))
    ticks = [t for t in (1_000, 10_000, 100_000) if t >= least]
    x = alt.X(
        "t:Q",
        scale=alt.Scale(type="log", domain=[least, MOST_T * beyond], nice=False),
        axis=alt.Axis(values=ticks, format=",.0f", title=_("tonnes a year"), titleAnchor="start"),
    )
    highest = max(row["margin"] for row in rows)
    lowest = max(min(row["margin"] for row in rows), -DEPTH * max(highest, 1.0))
    scale = alt.Scale(domain=[min(lowest, 0.0), max(highest, 0.5)], nice=True)
    axis = alt.Axis(title=None, format="+.1f")
    colour = alt.Color("place:N", scale=alt.Scale(domain=names, range=list(SERIES)), legend=None)
    dash = alt.StrokeDash("place:N", scale=alt.Scale(domain=names, range=list(DASHES)), legend=None)
    tips = [
        {**row, "tip": f"{row['place']}: {whole(round(row['t']))} t, {figure(row['margin'])} USD/kg"}
        for row in rows
    ]
    base = alt.Chart(_data(tips)).encode(x=x)
    rules = alt.Chart(_data([{"zero": 0, "t": chosen_t, "words": _("your plant")}]))
    layers = [
        rules.mark_rule(color=INK, strokeWidth=1).encode(y=alt.Y("zero:Q", scale=scale, axis=axis)),
        rules.mark_rule(color=SOFT, strokeDash=[3, 3]).encode(x=x),
        rules.mark_text(align="left", baseline="top", dx=4, y=2, color=SOFT).encode(x=x, text="words:N"),
        base.mark_line(strokeWidth=2.2, clip=True).encode(
            y=alt.Y("margin:Q", scale=scale, axis=axis), color=colour, strokeDash=dash
        ),
        alt.Chart(_data(_ends(rows, names, lowest, highest)))
        .mark_text(align="left", dx=6, limit=room)
        .encode(x=x, y=alt.Y("at:Q", scale=scale, axis=axis), text="place:N", color=colour),
    ]
    if live:
        layers.append(
            base.mark_point(size=120, opacity=0, clip=True).encode(
                y=alt.Y("margin:Q", scale=scale, axis=axis), tooltip="tip:N"
            )
        )
    return finished(alt.layer(*layers), sized(width))


def _ends(rows: Rows, names: Sequence[str], lowest: float, highest: float) -> list[dict[str, Any]]:
    """Where the names stand at the ends of the lines, none upon another."""
    gap = 0.06 * max(highest - min(lowest, 0.0), 0.1)
    ends = {row["place"]: row["margin"] for row in rows}
    found: list[dict[str, Any]] = []
    for name in sorted(names, key=lambda name: -ends[name]):
        at = ends[name] if not found else min(ends[name], found[-1]["at"] - gap)
        found.append({"place": name, "t": MOST_T, "at": at})
    return found


def _spent(asked: Asked, places: Sequence[AtPlace]) -> Chart:
    words = spendings()
    rows = [
        {"place": at.name, **{item: at.spent[item] for item in words}, "revenue": at.income} for at in places
    ]
    drawn = [
        {
            "place": at.name,
            "item": words[item],
            "order": order,
            "usd": at.spent[item],
            "tip": f"{at.name}: {words[item]} {figure(at.spent[item])} USD/kg",
        }
        for at in places
        for order, item in enumerate(words)
        if at.spent[item] > 0
    ]
    earned = [{"place": at.name, "usd": at.income} for at in places]
    columns = [
        Column("place", _("Place")),
        *(Column(item, label, True) for item, label in words.items()),
        Column("revenue", _("revenue"), True),
    ]
    return Chart(
        "spent",
        asked.choice.address(),
        _("Where does the money go?"),
        _("US dollars per kg of feed. Bars: cost. Upright line: revenue."),
        source(),
        columns,
        rows,
        lambda width, live: _bars(drawn, earned, list(words.values()), width, live),
    )


def _bars(rows: Rows, earned: Rows, items: Sequence[str], width: int, live: bool) -> Spec:
    """A bar a place of its items, and a tick at what it earns."""
    import altair as alt

    names = list(dict.fromkeys(row["place"] for row in earned))
    colours = [*SERIES[:7], SOFT, SERIES[7]]
    label = 150 if width >= CHART_NARROW else 90
    y = alt.Y("place:N", sort=names, axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=label))
    x = alt.X("usd:Q", stack="zero", axis=alt.Axis(title=None, tickCount=5))
    legend = alt.Legend(
        title=None,
        orient="top",
        columns=5 if width >= CHART_NARROW else 2,
        symbolType="square",
        labelFontSize=LABEL_SIZE,
        labelColor=INK,
        labelLimit=160,
    )
    shown = [item for item in items if any(row["item"] == item for row in rows)]
    by_item = dict(zip(items, colours, strict=False))
    colour = alt.Color(
        "item:N", scale=alt.Scale(domain=shown, range=[by_item[item] for item in shown]), legend=legend
    )
    bars = alt.Chart(_data(rows)).mark_bar(stroke=PAPER, strokeWidth=1, size=26)
    layers = [
        bars.encode(x=x, y=y, color=colour, order="order:O", **({"tooltip": "tip:N"} if live else {})),
        alt.Chart(_data(earned)).mark_tick(color=INK, thickness=3, size=40).encode(x=alt.X("usd:Q"), y=y),
    ]
    rows_of_legend = -(-len(shown) // (5 if width >= CHART_NARROW else 2))
    height = BAR * len(names) + AXIS_ROOM + 22 * rows_of_legend
    return finished(alt.layer(*layers), sized(width, height))


def _data(rows: Rows) -> alt.Data:
    import altair as alt

    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]
