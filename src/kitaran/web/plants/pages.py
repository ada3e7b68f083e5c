"""Does a recycling plant pay here? Route, mix, scale and up to four places side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from fastapi import Query, Request
from fastapi.responses import Response

from kitaran.foundation.errors import Fault, InputError
from kitaran.reference import economies
from kitaran.web.chart_files import as_file
from kitaran.web.charts.chart import WIDE, Chart
from kitaran.web.entries import Entry
from kitaran.web.errors import wants_json
from kitaran.web.figures import figure, whole
from kitaran.web.form_faults import Wrong
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages
from kitaran.web.plants import tables as plants_tables
from kitaran.web.plants import words as plants_words
from kitaran.web.plants.answer import AtPlace, looked_at, one
from kitaran.web.plants.charts import plant_chart, plant_charts
from kitaran.web.plants.choice import MIX, PLACES, Asked, PlantChoice, asked_of, choice_of
from kitaran.web.static_files import vega_address

pages = Pages()
FILE = "kitaran-recycling-plant"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.page("/plan/plants", "plants/plants.html")
def plants_page(request: Request) -> Page:
    """The answer to the choice in the address; what is wrong with it stands beside the form."""
    choice = choice_of(request.query_params)
    asked, wrong = asked_of(choice, request.app.state.workspace.overrides)
    if asked is None:
        return _refused(request, choice, wrong)
    places = looked_at(asked)
    charts = plant_charts(asked, places)
    return Page(_facts(asked, places, charts), _shown(asked, places) | _frame(choice) | {"drawn": charts})


def _refused(request: Request, choice: PlantChoice, wrong: list[Wrong]) -> Page:
    """The form with what is wrong beside its fields; for programs, the problem."""
    if wants_json(request):
        raise _refusal(wrong)
    shown = _frame(choice) | {"faults": [asdict(each) for each in wrong]}
    return Page({}, shown, status=422, template="plants/refused.html")


def _refusal(wrong: list[Wrong]) -> InputError:
    faults = [Fault(each.place, each.cause, each.remedy) for each in wrong]
    return InputError(faults[0].cause, faults=faults)


def _facts(asked: Asked, places: Sequence[AtPlace], charts: dict[str, Chart]) -> dict[str, Any]:
    """The whole content as plain data."""
    from kitaran.planning import processes

    return {
        "asked": {
            "route": asked.choice.route,
            "battery": asked.battery,
            "feed": asked.feed,
            "throughput_t": asked.tonnes,
            "prices": asked.choice.prices,
            "mix": [{"chemistry": chemistry, "share": share} for chemistry, share in asked.mix],
        },
        "places": [
            {
                "location": at.code,
                "name": at.name,
                "grade": at.grade,
                "margin_usd": one(at.now.margin_usd),
                "margin_p10_usd": at.margin_p10,
                "margin_p90_usd": at.margin_p90,
                "margin_at_other_prices_usd": one(at.other_prices.margin_usd),
                "margin_local": at.margin_local,
                "covers_its_cost_from_t": at.break_even_t,
                "capital_usd": at.capital,
                "jobs": at.jobs,
                "spent_usd": at.spent,
                "routes_margin_usd": {name: one(each.margin_usd) for name, each in at.routes.items()},
                "evaluation": processes.as_dict(at.now),
            }
            for at in places
        ],
        "charts": {name: each.facts() for name, each in charts.items()},
    }


def _shown(asked: Asked, places: Sequence[AtPlace]) -> dict[str, Any]:
    """Words and tables of the page."""
    from kitaran.planning import processes

    first = places[0]
    (other,) = (name for name in processes.PRICE_SETS if name != asked.choice.prices)
    margin = one(first.now.margin_usd)
    notes = list(dict.fromkeys(note for at in places for note in processes.model_remarks(at.now)))
    sources = {each["source"]: each for at in places for each in processes.sources(at.now)}
    return {
        "asked_words": _asked_words(asked),
        "first": first,
        "pays": margin >= 0,
        "margin": figure(abs(margin)),
        "margin_low": figure(first.margin_p10),
        "margin_high": figure(first.margin_p90),
        "cost": figure(first.all_cost),
        "income": figure(first.income),
        "compared": plants_tables.side_by_side(places, other),
        "routes": plants_tables.routes_table(first),
        "products": plants_tables.products_table(first),
        "figures_of": [(at, plants_tables.place_table(at)) for at in places],
        "notes": notes,
        "model_sources": list(sources.values()),
    }


def _asked_words(asked: Asked) -> list[tuple[str, bool]]:
    """The question in short; whether a part is a name."""
    mix = " + ".join(f"{100 * share:.0f} % {chemistry}" for chemistry, share in asked.mix)
    return [
        (plants_words.short_routes()[asked.choice.route], False),
        (mix, True),
        (plants_words.forms()[asked.choice.form], False),
        (_("%(tonnes)s tonnes a year") % {"tonnes": whole(asked.tonnes)}, False),
        (_("prices of %(set)s") % {"set": asked.choice.prices}, False),
    ]


def _frame(choice: PlantChoice) -> dict[str, Any]:
    """What every form of the page has."""
    from kitaran.planning import processes

    names = sorted((economy.name, economy.code) for economy in economies())
    places = [(code, name) for name, code in names]
    return {
        "choice": choice,
        "form": {
            "routes": list(plants_words.routes().items()),
            "forms": list(plants_words.forms().items()),
            "prices": list(plants_words.price_sets().items()),
            "chemistries": [(name, name) for name in processes.figures().chemistries],
            "mix": [(n, getattr(choice, f"chem{n}"), getattr(choice, f"share{n}")) for n in MIX],
            "places": [*places, ("USA-CA", "United States, California")],
            "chosen_places": [(name, getattr(choice, name)) for name in PLACES],
        },
        "vega": vega_address(),
        "crumbs": [(_("Plan"), "/plan")],
        "faults": [],
    }


def _asked(request: Request) -> Asked:
    choice = choice_of(request.query_params)
    asked, wrong = asked_of(choice, request.app.state.workspace.overrides)
    if asked is None:
        raise _refusal(wrong)
    return asked


@pages.router.get("/plan/plants/charts/{name}.{form}")
def chart_file(request: Request, name: str, form: str, width: int = Query(WIDE, ge=200, le=4000)) -> Response:
    """One form of one chart."""
    asked = _asked(request)
    return as_file(plant_chart(asked, looked_at(asked), name), form, width, f"{FILE}-{name}")


@pages.router.get("/plan/plants/workbook.xlsx")
def workbook_file(request: Request) -> Response:
    """The plants of the chosen places as a workbook with live formulas."""
    from kitaran.planning.processes.workbook import workbook

    content = workbook([at.now for at in looked_at(_asked(request))])
    headers = {"Content-Disposition": f'attachment; filename="{FILE}.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


ENTRY = Entry(
    pages.router,
    "/plan/plants",
    label=lambda: _("Plants"),
    order=12,
    paths=lambda _: ["/plan/plants"],
)
