"""What do new batteries need, what comes back, and what is imported? By element and economy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import Response

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.foundation.workspace import Workspace
from kitaran.web import choices, empty
from kitaran.web.chart_files import as_file
from kitaran.web.charts.chart import WIDE, Chart
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.materials import words as materials_words
from kitaran.web.materials.answer import (
    Imported,
    Needed,
    Reached,
    has_needs,
    imported,
    makes_cells,
    needed,
    over_years,
    reached,
)
from kitaran.web.materials.charts import needed_chart
from kitaran.web.materials.tables import import_table, laws_tables, needed_table
from kitaran.web.pages import Page, Pages
from kitaran.web.results import REGION, Results, current
from kitaran.web.static_files import vega_address

pages = Pages()
HERE = "/plan/materials"


@pages.page(HERE, "materials/materials.html")
def materials_page(
    request: Request,
    economy: str = choices.FIRST_ECONOMY,
    year: int = choices.FIRST_YEAR,
    element: str = materials_words.FIRST_ELEMENT,
) -> Page:
    """One economy and element, or the region; an older run says what it lacks."""
    workspace: Workspace = request.app.state.workspace
    results = current(workspace)
    if results is None:
        return empty.page()
    code = choices.checked_economy(results, economy)
    checked = choices.checked_year(results, year)
    _checked_element(element)
    place = choices.place_name(code)
    if not has_needs(results, code):
        lacking = {"run": results.id, "economy": code, "name": place, "materials": None}
        return Page(
            lacking,
            {"lacking": _lacking(place), "crumbs": choices.crumbs(code)},
            template="parts/older_run.html",
        )
    rows = needed(results, code, checked)
    found = {row.element: row for row in rows}
    if element not in found:
        raise NotFoundError("The run does not know this material.", element, "Run the forecast again.")
    chart = _chart(results, code, element, checked)
    stages = imported(results, code, checked, workspace.overrides)
    laws = reached(results, code)
    here = found[element]
    with_scrap = makes_cells(results, code, checked)
    said = materials_words.said(place, element, checked, here.demand, here.share, with_scrap)
    facts = {
        "run": results.id,
        "economy": code,
        "name": place,
        "year": checked,
        "element": element,
        "sentence": " ".join(part for part in said.values() if part),
        "grade": here.share["grade"],
        "materials": [_facts(row) for row in rows],
        "targets": [_target_facts(each) for each in laws],
        "imports": [_import_facts(each) for each in stages],
        "chart": chart.facts(),
    }
    return Page(facts, _shown(results, code, checked, element, said, chart, rows, laws, stages))


def _checked_element(element: str) -> None:
    if element not in materials_words.ELEMENTS:
        raise InputError(
            f"There is no material {element!r}.",
            "element",
            f"Choose one of {', '.join(materials_words.ELEMENTS)}.",
        )


def _shown(
    results: Results,
    code: str,
    year: int,
    element: str,
    said: dict[str, str],
    chart: Chart,
    rows: Sequence[Needed],
    laws: Sequence[Reached],
    stages: Sequence[Imported],
) -> dict[str, Any]:
    """Words and tables of the page."""
    place = choices.place_name(code)
    return {
        "place": place,
        "said": said,
        "spares": materials_words.spares(element, next(row.spared for row in rows if row.element == element)),
        "drawn": chart,
        "is_region": code == REGION,
        "chosen": {"economy": code, "year": year, "element": element},
        "place_options": choices.place_options(results),
        "year_options": [(each, each) for each in results.years],
        "element_options": materials_words.elements(),
        "needed_table": needed_table(rows),
        "laws": laws_tables(laws),
        "import_table": import_table(stages),
        "all_imported": [materials_words.stage(each.stage) for each in stages if not each.known],
        "vega": vega_address(),
        "crumbs": choices.crumbs(code),
    }


def _lacking(place: str) -> dict[str, str]:
    """Words for a run of a version that did not know needs."""
    return {
        "title": _("Materials of EV batteries: %(place)s") % {"place": place},
        "heading": _("This forecast does not know what new batteries need"),
        "why": _(
            "The forecast shown here was made by an older version, which did not work out need, recovery and "
            "imports of materials."
        ),
    }


def _chart(results: Results, code: str, element: str, year: int) -> Chart:
    demand, recovered = over_years(results, code, element)
    base = f"{HERE}?{urlencode({'economy': code, 'year': year, 'element': element})}"
    return needed_chart(base, choices.place_name(code), element, demand, recovered, results.id)


def _facts(row: Needed) -> dict[str, Any]:
    kept = ("p10", "p50", "p90", "grade")
    return {
        "element": row.element,
        "demand_t": {key: row.demand[key] for key in kept},
        "recovered_t": {key: row.recovered[key] for key in kept} if row.recovered else None,
        "secondary_share": {key: row.share[key] for key in kept},
        "primary_avoided_t": row.spared,
    }


def _target_facts(each: Reached) -> dict[str, Any]:
    return {
        "jurisdiction": each.target.cc,
        "instrument": each.target.instrument,
        "status": each.target.status,
        "metric": each.target.metric,
        "element": each.element,
        "from_year": each.year,
        "asked": each.target.share,
        "reachable": {"p10": each.low, "p50": each.median, "p90": each.high},
        "reached_in_share_of_samples": each.often,
        "source": each.target.source,
    }


def _import_facts(each: Imported) -> dict[str, Any]:
    return {
        "stage": each.stage,
        "imported": each.middle,
        "if_more_is_built": each.least,
        "if_less_is_built": each.most,
        "grade": each.grade,
        "plants_known": each.known,
    }


@pages.router.get("/plan/materials/charts/{name}.{form}")
def chart_file(
    request: Request,
    name: str,
    form: str,
    economy: str = choices.FIRST_ECONOMY,
    year: int = choices.FIRST_YEAR,
    element: str = materials_words.FIRST_ELEMENT,
    width: int = Query(WIDE, ge=200, le=4000),
) -> Response:
    """One form of the chart."""
    results = current(request.app.state.workspace)
    if results is None or name != "needed":
        raise NotFoundError("There are no figures for this chart.", name, "Run the forecast first.")
    _checked_element(element)
    code = choices.checked_economy(results, economy)
    if not has_needs(results, code):
        raise NotFoundError("There are no figures for this chart.", name, "Run the forecast again.")
    chart = _chart(results, code, element, choices.checked_year(results, year))
    return as_file(chart, form, width, f"kitaran-{code}-materials-{element}")


ENTRY = Entry(pages.router, HERE, label=lambda: _("Materials"), order=13, paths=lambda _: [HERE])
