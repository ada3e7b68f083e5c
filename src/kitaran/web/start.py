"""The first page: one figure in plain words, the map, and every economy in order of size."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from kitaran.web import choices, empty
from kitaran.web.choices import Choice
from kitaran.web.entries import Entry
from kitaran.web.maps.figure import map_figure
from kitaran.web.pages import Page, Pages
from kitaran.web.quantities import ENERGY, answer, options
from kitaran.web.quantities import quantity as words_of
from kitaran.web.ranking import ranking
from kitaran.web.results import REGION, Results, current

pages = Pages()


@pages.page("/", "start.html")
def start(
    request: Request,
    economy: str = choices.FIRST_ECONOMY,
    year: int = choices.FIRST_YEAR,
    quantity: str = ENERGY,
    sort: str = "p50",
    order: str = "desc",
) -> Page:
    """What retires in one economy and year, and how that compares with all others."""
    results = current(request.app.state.workspace)
    if results is None:
        return empty.page()
    choice = Choice(choices.checked_economy(results, economy), choices.checked_year(results, year), quantity)
    return _page(request, results, choice, (sort, order))


def _page(request: Request, results: Results, choice: Choice, order: tuple[str, str]) -> Page:
    words = words_of(choice.quantity)
    rows = results.of_year(choice.quantity, choice.year)
    row = rows[choice.economy]
    said = answer(row, choices.place_name(choice.economy))
    table = ranking(rows, choice, order)
    facts: dict[str, Any] = {
        "run": results.id,
        **{key: row[key] for key in ("economy", "year", "quantity", "unit", "p10", "p50", "p90", "grade")},
        "sentence": str(said),
        "economies": [entry.facts for entry in table.entries],
        "region": rows.get(REGION),
    }
    root = request.app.state.workspace.root
    shown = {
        "choice": choice,
        "words": words,
        "said": said,
        "places": _places(results),
        "map": map_figure(root, rows, choice.quantity, choice.year, choice.economy),
        "table": table,
        "place": choices.place_name(choice.economy),
        "row_grade": row["grade"],
        "year_options": [(each, each) for each in results.years],
        "measure_options": options(),
        "is_region": choice.economy == REGION,
    }
    return Page(facts, shown)


def _places(results: Results) -> list[Any]:
    """Options of the form: the region as a whole, then its economies, then trade partners."""
    known = choices.known(results)
    here = [(e.code, e.name) for e in known if e.in_region]
    partners = [(e.code, e.name) for e in known if not e.in_region]
    whole = [(REGION, choices.place_name(REGION))]
    return [*whole, *here, *([(choices.subregion_name("PARTNER"), partners)] if partners else [])]


ENTRY = Entry(pages.router, "/", order=0, paths=lambda _: ["/"])
