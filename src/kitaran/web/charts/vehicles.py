"""The fleet behind the forecast: vehicles sold and in use, and how long their batteries stay in them."""

from __future__ import annotations

from typing import Any

from kitaran.web.charts import kinds
from kitaran.web.charts.chart import Chart, Column
from kitaran.web.charts.saying import address, band_columns, capital, scale_of_count, scaled, source
from kitaran.web.choices import Choice, place_name
from kitaran.web.figures import figure
from kitaran.web.language import gettext as _
from kitaran.web.results import Results, Rows
from kitaran.web.vocabulary import vehicle_classes


def vehicles(results: Results, choice: Choice, kind: str) -> Chart | None:
    read = results.sales if kind == "sales" else results.stock
    rows = [{**row, "part": row["vehicle_class"]} for row in read(choice.economy)]
    labels = vehicle_classes()
    present = {row["part"] for row in rows if row["p50"] > 0}
    if not present:
        return None
    factor, unit = scale_of_count(
        max(row["p90"] for row in rows), _("million vehicles"), _("thousand vehicles"), _("vehicles")
    )
    place = place_name(choice.economy)
    title = (
        _("How many electric vehicles are sold each year in %(place)s?")
        if kind == "sales"
        else _("How many electric vehicles are in use in %(place)s?")
    )
    tips = [
        {**row, "tip": f"{labels.get(row['part'], row['part'])} {row['year']}: {figure(row['p50'])}"}
        for row in scaled(rows, factor)
    ]
    shown = {code: label for code, label in labels.items() if code in present}
    basis = {"observed": _("observed"), "projected": _("projected")}
    return Chart(
        kind,
        address(choice),
        title % {"place": place},
        _(
            "%(unit)s; each panel has its own scale. "
            "Full line: observed. Dashed: projected, with 8 results in 10."
        )
        % {"unit": capital(unit)},
        source(results),
        [Column("name", _("Vehicles")), Column("year", _("Year")), *band_columns()],
        [
            {
                **row,
                "name": labels.get(row["part"], row["part"]),
                "basis": basis.get(row["basis"], row["basis"]),
            }
            for row in rows
            if row["part"] in present
        ],
        lambda width, live: kinds.panels(tips, shown, width, live),
        _summary(rows, shown),
    )


def lives(results: Results, choice: Choice) -> Chart | None:
    rows = [{**row, "part": row["vehicle_class"]} for row in results.survival(choice.economy)]
    if not rows:
        return None
    labels = {
        code: label for code, label in vehicle_classes().items() if any(row["part"] == code for row in rows)
    }
    compared = any(row["tables_p50"] is not None for row in rows)
    tips = [
        {
            **row,
            "tip": _("%(vehicles)s, %(age)s years: %(share)s %%")
            % {
                "vehicles": labels.get(row["part"], row["part"]),
                "age": row["age"],
                "share": round(100 * row["p50"]),
            },
        }
        for row in rows
    ]
    drawn = _(
        "Share of new vehicles' first batteries still in use, by years since sale; band: 8 results in 10."
    )
    dashed = _("Dashed: by the lifetime tables.") if compared else ""
    return Chart(
        "lives",
        address(choice),
        _("How long do batteries stay in their first life in %(place)s?")
        % {"place": place_name(choice.economy)},
        f"{drawn} {dashed}".strip(),
        source(results),
        [
            Column("name", _("Vehicles")),
            Column("age", _("Years since sale")),
            *band_columns()[:3],
            Column("tables_p50", _("Median by lifetime tables"), True),
            Column("soh_p10", _("State of health when retired: 1 in 10 below"), True),
            Column("soh_p50", _("State of health when retired: median"), True),
            Column("soh_p90", _("State of health when retired: 9 in 10 below"), True),
        ],
        [{**row, "name": labels.get(row["part"], row["part"])} for row in rows],
        lambda width, live: kinds.survival_panels(tips, labels, width, live),
        _summary_of_ages(rows, labels),
    )


def _summary_of_ages(rows: Rows, labels: dict[str, str]) -> tuple[list[Column], Rows]:
    """Medians only, one row an age and one column a class."""
    ages: dict[int, dict[str, Any]] = {}
    for row in rows:
        ages.setdefault(row["age"], {"age": row["age"]})[row["part"]] = row["p50"]
    columns = [Column("age", _("Years since sale"))]
    return [*columns, *(Column(code, label, True) for code, label in labels.items())], list(ages.values())


def _summary(rows: Rows, labels: dict[str, str]) -> tuple[list[Column], Rows]:
    """Medians only, one row a year and one column a class."""
    years: dict[int, dict[str, Any]] = {}
    for row in rows:
        years.setdefault(row["year"], {"year": row["year"]})[row["part"]] = row["p50"]
    columns = [Column("year", _("Year")), *(Column(code, label, True) for code, label in labels.items())]
    return columns, [years[year] for year in sorted(years)]
