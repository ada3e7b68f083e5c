"""How much retires in an economy: the band of one quantity over the years."""

from __future__ import annotations

from kitaran.web.charts import kinds
from kitaran.web.charts.chart import Chart, Column
from kitaran.web.charts.saying import address, capital, scale, scaled, source
from kitaran.web.choices import Choice, place_name
from kitaran.web.figures import figure, span
from kitaran.web.language import gettext as _
from kitaran.web.quantities import Quantity, quantity
from kitaran.web.results import Results


def retired(results: Results, choice: Choice) -> Chart | None:
    rows = results.headline(choice.economy, choice.quantity)
    if not rows:
        return None
    words, place = quantity(choice.quantity), place_name(choice.economy)
    factor, unit = scale(max(row["p90"] for row in rows), words)
    tips = [
        {**row, "tip": f"{row['year']}: {figure(row['p50'])} ({span(row['p10'], row['p90'])})"}
        for row in scaled(rows, factor)
    ]
    marked = next(
        (
            {"year": str(row["year"]), "label": f"{row['year']}: {words.amount(row['p50'])}"}
            for row in rows
            if row["year"] == choice.year
        ),
        None,
    )
    return Chart(
        "retired",
        address(choice),
        _question(words, place),
        _("%(unit)s. Line: median. Band: 8 results in 10.") % {"unit": capital(unit)},
        source(results),
        _band_columns(words),
        rows,
        lambda width, live: kinds.band(tips, width, live, marked),
    )


def _question(words: Quantity, place: str) -> str:
    if words.code.startswith("retired"):
        return _("How many EV batteries reach the end of their first life in %(place)s?") % {"place": place}
    return _("%(material)s: how much is in the EV batteries that retire in %(place)s?") % {
        "place": place,
        "material": words.label,
    }


def _band_columns(words: Quantity) -> list[Column]:
    return [
        Column("year", _("Year")),
        Column("p10", _("1 in 10 below"), True),
        Column("p50", _("Median, %(unit)s") % {"unit": words.short or words.unit}, True),
        Column("p90", _("9 in 10 below"), True),
    ]
