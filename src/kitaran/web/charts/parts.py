"""From which vehicles retired batteries come, and of which chemistry they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kitaran.web.charts import kinds
from kitaran.web.charts.chart import Chart, Column
from kitaran.web.charts.saying import address, capital, scale, source
from kitaran.web.choices import Choice
from kitaran.web.figures import figure
from kitaran.web.language import gettext as _
from kitaran.web.quantities import quantity
from kitaran.web.results import Results, Rows
from kitaran.web.vocabulary import chemistry, vehicle_classes

LARGEST_PARTS = 7
SMALLEST_PART = 0.02


def by_class(results: Results, choice: Choice) -> Chart | None:
    title = _("Which vehicles do they come from?")
    return _parts(results, choice, "classes", title, "vehicle_class", vehicle_classes().get)


def by_chemistry(results: Results, choice: Choice) -> Chart | None:
    title = _("Of which chemistry are they?")
    return _parts(results, choice, "chemistries", title, "chemistry", chemistry)


def _parts(
    results: Results,
    choice: Choice,
    name: str,
    title: str,
    column: str,
    label: Callable[[str], str | None],
) -> Chart | None:
    by = results.by_class if column == "vehicle_class" else results.by_chemistry
    rows = [{**row, "part": row[column]} for row in by(choice.economy, choice.quantity)]
    parts = _largest(rows)
    if not parts:
        return None
    words = quantity(choice.quantity)
    top = max(sum(r["p50"] for r in rows if r["year"] == year) for year in {r["year"] for r in rows})
    factor, unit = scale(top, words)
    labels = {part: label(part) or part for part in parts} | {"other": _("Other")}
    drawn = _drawn_parts(rows, parts, labels, factor)
    wide = _wide(rows, parts)
    shown = [part for part in [*parts, "other"] if any(row["part"] == part for row in drawn)]
    ends = [(part, labels[part]) for part in shown]
    return Chart(
        name,
        address(choice),
        title,
        _("%(unit)s, median of each part.") % {"unit": capital(unit)},
        source(results) + " " + _("Medians of parts need not add up to the median of the whole."),
        [Column("year", _("Year")), *(Column(part, labels[part], True) for part in shown)],
        wide,
        lambda width, live: kinds.stacked(drawn, ends, width, live),
    )


def _largest(rows: Rows) -> list[str]:
    """The parts that can be seen, in the order in which they are stacked: the largest at the bottom."""
    total: dict[str, float] = {}
    for row in rows:
        total[row["part"]] = total.get(row["part"], 0.0) + row["p50"]
    least = SMALLEST_PART * sum(total.values())
    ordered = sorted((part for part in total if total[part] > least), key=lambda part: -total[part])
    return ordered[:LARGEST_PARTS]


def _wide(rows: Rows, parts: list[str]) -> Rows:
    """One row a year, one column a part, what is left as `other`."""
    years: dict[int, dict[str, Any]] = {}
    for row in rows:
        part = row["part"] if row["part"] in parts else "other"
        year = years.setdefault(row["year"], {"year": row["year"]})
        year[part] = year.get(part, 0.0) + row["p50"]
    if all(not year.get("other") for year in years.values()):
        for year in years.values():
            year.pop("other", None)
    return [years[year] for year in sorted(years)]


def _drawn_parts(rows: Rows, parts: list[str], labels: dict[str, str], factor: float) -> Rows:
    drawn = []
    for year in _wide(rows, parts):
        values = {part: year[part] * factor for part in [*parts, "other"] if part in year}
        tip = f"{year['year']}: " + ", ".join(f"{labels[p]} {figure(v)}" for p, v in values.items() if v > 0)
        drawn += [{"year": year["year"], "part": p, "value": v, "tip": tip} for p, v in values.items()]
    return drawn
