"""The charts of one outlook, with the figures that they are drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kitaran.foundation.errors import NotFoundError
from kitaran.web.charts import ageing
from kitaran.web.charts.chart import Chart, Column
from kitaran.web.figures import figure, span
from kitaran.web.language import gettext as _
from kitaran.web.lifetime.choice import LifeChoice
from kitaran.web.lifetime.words import days_words, percent

if TYPE_CHECKING:
    from kitaran.planning.lifetime import Outlook


def life_charts(of: Outlook, choice: LifeChoice) -> dict[str, Chart]:
    """The charts of an outlook by name."""
    made = {"capacity": _capacity(of, choice)}
    if len(of.days) > 1:
        made["days"] = _days(of, choice)
    return made


def life_chart(of: Outlook, choice: LifeChoice, name: str) -> Chart:
    """One chart by its name; NotFoundError if there is none."""
    charts = life_charts(of, choice)
    if name not in charts:
        raise NotFoundError(
            _("There is no chart %(name)s.") % {"name": name}, "chart", _("Choose one on the page before.")
        )
    return charts[name]


def source(of: Outlook) -> str:
    """Where the figures of a life come from."""
    return _("Source: Kitaran, ageing model %(model)s (%(papers)s).") % {
        "model": of.model.id,
        "papers": "; ".join(of.model.papers),
    }


def _capacity(of: Outlook, choice: LifeChoice) -> Chart:
    others = {name: soh for name, soh in of.by_model.items() if name != of.model.id}
    rows = [
        {
            "year": year,
            "p10": 100 * float(of.p10[year]),
            "p50": 100 * float(of.p50[year]),
            "p90": 100 * float(of.p90[year]),
            "efc": float(of.efc[year]),
            **{name: 100 * float(soh[year]) for name, soh in others.items()},
        }
        for year in range(of.question.years + 1)
    ]
    drawn = [
        {
            **row,
            "tip": _("year %(year)s: %(middle)s %% (%(span)s)")
            % {"year": row["year"], "middle": figure(row["p50"]), "span": span(row["p10"], row["p90"])},
        }
        for row in rows
    ]
    thin = [{"year": row["year"], "model": name, "soh": row[name]} for row in rows for name in others]
    end = _("end of life: %(share)s") % {"share": percent(of.threshold)}
    return Chart(
        "capacity",
        choice.address(),
        _("How much capacity is left after each year?"),
        _("Per cent of the capacity as new. Line: median. Band: 8 times in 10.")
        + (" " + _("Thin lines: other models of this chemistry.") if others else ""),
        source(of),
        [
            Column("year", _("Year")),
            Column("p10", _("1 in 10 below, %"), True),
            Column("p50", _("Median, %"), True),
            Column("p90", _("9 in 10 below, %"), True),
            Column("efc", _("Full cycles so far"), True),
            *(Column(name, _("Model %(id)s, %%") % {"id": name}, True) for name in others),
        ],
        rows,
        lambda width, live: ageing.capacity(drawn, thin, 100 * of.threshold, end, width, live),
    )


def _days(of: Outlook, choice: LifeChoice) -> Chart:
    parts = {"time": _("share of the days"), "ageing": _("share of the ageing")}
    rows = [{"band": days_words(day), "time": 100 * day.time, "ageing": 100 * day.ageing} for day in of.days]
    drawn = [
        {
            "band": row["band"],
            "label": label,
            "share": row[part],
            "text": percent(float(row[part]) / 100),  # type: ignore[arg-type]
            "tip": f"{row['band']}: {label} {percent(float(row[part]) / 100)}",  # type: ignore[arg-type]
        }
        for row in rows
        for part, label in parts.items()
    ]
    return Chart(
        "days",
        choice.address(),
        _("On which days does it age?"),
        _("Days of a year by the mean temperature of the pack, and the part of the loss that falls on them."),
        source(of),
        [
            Column("band", _("Pack temperature")),
            Column("time", _("Share of the days, %"), True),
            Column("ageing", _("Share of the ageing, %"), True),
        ],
        rows,
        lambda width, live: ageing.days(drawn, width, live),
    )
