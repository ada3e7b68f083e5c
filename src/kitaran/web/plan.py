"""The plan: the region as a whole, one economy in detail, and the runs behind them."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from kitaran.api.jobs import owner_of, submit_run
from kitaran.api.runs import Request as RunRequest
from kitaran.api.runs import StoredRuns
from kitaran.foundation.workspace import Workspace
from kitaran.web import choices, empty, fleet_check
from kitaran.web.battery_lives import pages as battery_lives
from kitaran.web.charts.economy import economy_charts
from kitaran.web.choices import Choice
from kitaran.web.entries import Entry
from kitaran.web.figures import figure
from kitaran.web.grades import grade_means
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages
from kitaran.web.quantities import answer, materials, options
from kitaran.web.quantities import quantity as words_of
from kitaran.web.results import REGION, Results, current
from kitaran.web.static_files import vega_address
from kitaran.web.vocabulary import role

pages = Pages()
FIRST = choices.Choice()


@pages.page("/plan", "plan.html")
def plan(request: Request, year: int = FIRST.year, quantity: str = FIRST.quantity) -> Page:
    """The region: what retires, from which vehicles, and a way to each economy."""
    results = current(request.app.state.workspace)
    if results is None:
        return empty.page()
    choice = Choice(REGION, choices.checked_year(results, year), choices.checked_quantity(quantity))
    page = _page_of(results, choice)
    facts = {**page.facts, "economies": _by_subregion(results, choice), "runs": _runs(request)}
    return Page(facts, page.shown)


@pages.page("/plan/{economy}", "economy.html")
def economy(request: Request, economy: str, year: int = FIRST.year, quantity: str = FIRST.quantity) -> Page:
    """One economy: charts, materials, and how sure it is."""
    results = current(request.app.state.workspace)
    if results is None:
        return empty.page()
    code, checked = choices.checked_economy(results, economy), choices.checked_year(results, year)
    choice = Choice(code, checked, choices.checked_quantity(quantity))
    return _page_of(results, choice)


def _page_of(results: Results, choice: Choice) -> Page:
    row = results.headline(choice.economy, choice.quantity, choice.year)[0]
    place = choices.place_name(choice.economy)
    said = answer(row, place)
    charts = economy_charts(results, choice)
    table = _materials(results, choice)
    grade = results.grade(choice.economy)
    life_facts, life_words = battery_lives.facts_and_words(results, choice)
    facts: dict[str, Any] = {
        "run": results.id,
        "name": place,
        **{key: row[key] for key in ("economy", "year", "quantity", "unit", "p10", "p50", "p90", "grade")},
        "sentence": str(said),
        "grades": grade,
        "initial_stock": _initial_stock(results, choice.economy),
        "materials": table,
        "fleet_check": fleet_check.fleet_check(results, choice.economy),
        **life_facts,
        "charts": {name: chart.facts() for name, chart in charts.items()},
    }
    shown = {
        "choice": choice,
        "said": said,
        "place": place,
        "unit_words": words_of(choice.quantity).unit,
        "drawn": charts,
        "grade_means": grade_means(row["grade"]),
        "measure_options": options(),
        "year_options": [(each, each) for each in results.years],
        "material_rows": [_material_row(each) for each in table],
        "material_columns": _material_columns(),
        "weakest": role(grade["weakest_role"]) if grade else "",
        "is_region": choice.economy == REGION,
        "vega": vega_address(),
        **life_words,
        "check_columns": fleet_check.columns(),
        "check_rows": [fleet_check.cells(each) for each in facts["fleet_check"]],
        "crumbs": [(_("Plan"), "/plan")] if choice.economy != REGION else [],
    }
    return Page(facts, shown)


def _initial_stock(results: Results, economy: str) -> list[dict[str, Any]]:
    """The registers from which the run starts in this economy; in the region, all of them."""
    named = results.manifest.get("initial_stock", [])
    return [
        {"name": choices.place_name(each["economy"]), **each}
        for each in named
        if economy in (REGION, each["economy"])
    ]


def _materials(results: Results, choice: Choice) -> list[dict[str, Any]]:
    """What is contained in the batteries that retire in the chosen year."""
    found = []
    for words in materials():
        for row in results.headline(choice.economy, words.code, choice.year):
            found.append({"material": words.label, **row})
    return found


def _material_columns() -> list[dict[str, Any]]:
    return [
        {"key": "material", "label": _("Material"), "heading": True},
        {"key": "p10", "label": _("1 in 10 below"), "number": True},
        {"key": "p50", "label": _("Median"), "number": True},
        {"key": "p90", "label": _("9 in 10 below"), "number": True},
    ]


def _material_row(row: dict[str, Any]) -> dict[str, str]:
    return {"material": row["material"], **{p: figure(row[p]) for p in ("p10", "p50", "p90")}}


def _by_subregion(results: Results, choice: Choice) -> list[dict[str, Any]]:
    """Every economy with its figure and grade, by subregion."""
    rows = results.of_year(choice.quantity, choice.year)
    groups: dict[str, list[dict[str, Any]]] = {}
    for place in choices.known(results):
        row = rows[place.code]
        kept = {key: row[key] for key in ("economy", "p10", "p50", "p90", "unit", "grade")}
        groups.setdefault(place.subregion, []).append({"name": place.name, **kept})
    return [
        {"subregion": code, "name": choices.subregion_name(code), "economies": groups[code]}
        for code in sorted(groups, key=lambda code: (code == "PARTNER", choices.subregion_name(code)))
    ]


def _runs(request: Request) -> list[dict[str, Any]]:
    """The finished runs of this workspace, newest first."""
    workspace: Workspace = request.app.state.workspace
    return [
        {
            "id": run.id,
            "title": run.manifest["scenario"].get("title") or run.manifest["scenario"]["name"],
            **{key: run.manifest.get(key) for key in ("samples", "seed", "overrides")},
        }
        for run in StoredRuns(workspace).finished()
    ]


@pages.router.post("/plan/runs")
def run_now(request: Request) -> Response:
    """Ask for a run of the packaged scenario and show how far it is."""
    job = submit_run(request.app.state.jobs, RunRequest(), owner_of(request))
    return RedirectResponse(f"/jobs/{job.id}", status_code=303)


def paths(workspace: Workspace) -> list[str]:
    """The region's page and one for each economy of the run."""
    results = current(workspace)
    return ["/plan", *(f"/plan/{code}" for code in results.economies)] if results else ["/plan"]


ENTRY = Entry(pages.router, "/plan", label=lambda: _("Plan"), order=10, paths=paths)
