"""Files of charts: SVG, CSV, JSON, and the specification that the browser draws."""

from __future__ import annotations

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from kitaran.foundation.errors import NotFoundError
from kitaran.web import choices
from kitaran.web.charts.chart import WIDE, Chart
from kitaran.web.charts.economy import economy_chart
from kitaran.web.choices import Choice
from kitaran.web.entries import Entry
from kitaran.web.pages import JSONFacts
from kitaran.web.quantities import ENERGY
from kitaran.web.results import current

router = APIRouter(include_in_schema=False)


@router.get("/plan/{economy}/charts/{name}.{form}")
def chart_file(
    request: Request,
    economy: str,
    name: str,
    form: str,
    year: int = choices.FIRST_YEAR,
    quantity: str = ENERGY,
    width: int = Query(WIDE, ge=200, le=4000),
) -> Response:
    """One form of one chart."""
    results = current(request.app.state.workspace)
    chart = None
    if results is not None:
        choice = Choice(
            choices.checked_economy(results, economy), choices.checked_year(results, year), quantity
        )
        chart = economy_chart(results, choice, name)
    if chart is None:
        raise NotFoundError("There are no figures for this chart.", name, "Run the forecast first.")
    return as_file(chart, form, width, f"kitaran-{economy}-{name}")


def as_file(chart: Chart, form: str, width: int, name: str) -> Response:
    """A chart as csv, svg, json, or as the specification (vega) that a browser draws; name: of the file."""
    if form == "vega":
        return JSONFacts(chart.vega(width))
    if form == "json":
        return JSONFacts(chart.facts())
    files = {"csv": ("text/csv", chart.csv), "svg": ("image/svg+xml", chart.svg)}
    if form not in files:
        raise NotFoundError(f"There is no form {form!r} of a chart.", "chart", "Choose svg, csv or json.")
    kind, make = files[form]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(make(), media_type=kind, headers=headers)


ENTRY = Entry(router, "/plan/charts")
