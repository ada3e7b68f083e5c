"""The charts of one economy: what retires, from which vehicles, which chemistry, and the fleet behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any

from kitaran.foundation.errors import NotFoundError
from kitaran.web.charts import kinds
from kitaran.web.charts.chart import Chart, Column
from kitaran.web.choices import Choice, place_name
from kitaran.web.figures import figure, span
from kitaran.web.language import current
from kitaran.web.language import gettext as _
from kitaran.web.quantities import BATTERIES, Quantity, quantity
from kitaran.web.results import Results, Rows
from kitaran.web.vocabulary import chemistry, vehicle_classes

KINDS = ("retired", "classes", "chemistries", "lives", "sales", "stock")
LARGEST_PARTS = 7
SMALLEST_PART = 0.02
Scale = tuple[float, str]


def economy_chart(results: Results, choice: Choice, kind: str) -> Chart | None:
    """One chart by its kind; None if the run has no figures for it. NotFoundError for an unknown kind."""
    makers: dict[str, Callable[[Results, Choice], Chart | None]] = {
        "retired": _retired,
        "classes": _classes,
        "chemistries": _chemistries,
        "lives": _lives,
        "sales": partial(_vehicles, kind="sales"),
        "stock": partial(_vehicles, kind="stock"),
    }
    if kind not in makers:
        raise NotFoundError(
            _("There is no chart %(name)s.") % {"name": kind}, "chart", _("Choose one on the page before.")
        )
    return makers[kind](results, choice)


def economy_charts(results: Results, choice: Choice) -> dict[str, Chart]:
    """All charts of an economy for which the run has figures, by kind."""
    return _made(results, choice, current().code)


@lru_cache(maxsize=32)
def _made(results: Results, choice: Choice, _language: str) -> dict[str, Chart]:
    """Charts of one choice in one language, made once."""
    made = {kind: economy_chart(results, choice, kind) for kind in KINDS}
    return {kind: chart for kind, chart in made.items() if chart is not None}


def _base(choice: Choice) -> str:
    return f"/plan/{choice.economy}?year={choice.year}&quantity={choice.quantity}"


def _source(results: Results) -> str:
    return _("Source: Kitaran forecast, run %(run)s.") % {"run": results.id}


def _scale(largest: float, words: Quantity) -> Scale:
    """The factor and unit in which an axis is easy to read."""
    if words.code != BATTERIES:
        return 1.0, words.unit
    return _scale_of_count(largest, _("million batteries a year"), _("thousand batteries a year"), words.unit)


def _scale_of_count(largest: float, millions: str, thousands: str, ones: str) -> Scale:
    if largest >= 2e6:
        return 1e-6, millions
    return (1e-3, thousands) if largest >= 2e4 else (1.0, ones)


def _scaled(rows: Iterable[dict[str, Any]], factor: float) -> Rows:
    return [{**row, **{p: row[p] * factor for p in ("p10", "p50", "p90")}} for row in rows]


def _retired(results: Results, choice: Choice) -> Chart | None:
    rows = results.headline(choice.economy, choice.quantity)
    if not rows:
        return None
    words, place = quantity(choice.quantity), place_name(choice.economy)
    factor, unit = _scale(max(row["p90"] for row in rows), words)
    tips = [
        {**row, "tip": f"{row['year']}: {figure(row['p50'])} ({span(row['p10'], row['p90'])})"}
        for row in _scaled(rows, factor)
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
        _base(choice),
        _question(words, place),
        _("%(unit)s. Line: median. Band: 8 results in 10.") % {"unit": _capital(unit)},
        _source(results),
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


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _band_columns(words: Quantity) -> list[Column]:
    return [
        Column("year", _("Year")),
        Column("p10", _("1 in 10 below"), True),
        Column("p50", _("Median, %(unit)s") % {"unit": words.short or words.unit}, True),
        Column("p90", _("9 in 10 below"), True),
    ]


def _classes(results: Results, choice: Choice) -> Chart | None:
    title = _("Which vehicles do they come from?")
    return _parts(results, choice, "classes", title, "vehicle_class", vehicle_classes().get)


def _chemistries(results: Results, choice: Choice) -> Chart | None:
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
    factor, unit = _scale(top, words)
    labels = {part: label(part) or part for part in parts} | {"other": _("Other")}
    drawn = _drawn_parts(rows, parts, labels, factor)
    wide = _wide(rows, parts)
    shown = [part for part in [*parts, "other"] if any(row["part"] == part for row in drawn)]
    ends = [(part, labels[part]) for part in shown]
    return Chart(
        name,
        _base(choice),
        title,
        _("%(unit)s, median of each part.") % {"unit": _capital(unit)},
        _source(results) + " " + _("Medians of parts need not add up to the median of the whole."),
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


def _vehicles(results: Results, choice: Choice, kind: str) -> Chart | None:
    read = results.sales if kind == "sales" else results.stock
    rows = [{**row, "part": row["vehicle_class"]} for row in read(choice.economy)]
    labels = vehicle_classes()
    present = {row["part"] for row in rows if row["p50"] > 0}
    if not present:
        return None
    factor, unit = _scale_of_count(
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
        for row in _scaled(rows, factor)
    ]
    shown = {code: label for code, label in labels.items() if code in present}
    basis = {"observed": _("observed"), "projected": _("projected")}
    return Chart(
        kind,
        _base(choice),
        title % {"place": place},
        _(
            "%(unit)s; each panel has its own scale. "
            "Full line: observed. Dashed: projected, with 8 results in 10."
        )
        % {"unit": _capital(unit)},
        _source(results),
        [Column("name", _("Vehicles")), Column("year", _("Year")), *_band_columns_of_vehicles()],
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


def _lives(results: Results, choice: Choice) -> Chart | None:
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
        _base(choice),
        _("How long do batteries stay in their first life in %(place)s?")
        % {"place": place_name(choice.economy)},
        f"{drawn} {dashed}".strip(),
        _source(results),
        [
            Column("name", _("Vehicles")),
            Column("age", _("Years since sale")),
            *_band_columns_of_vehicles()[:3],
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


def _band_columns_of_vehicles() -> list[Column]:
    return [
        Column("p10", _("1 in 10 below"), True),
        Column("p50", _("Median"), True),
        Column("p90", _("9 in 10 below"), True),
        Column("basis", _("Basis")),
    ]
