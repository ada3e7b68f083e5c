"""How long a battery lasts: one battery, place and duty, what drives its loss, where it lasts longer."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from fastapi import Query, Request
from fastapi.responses import Response

from kitaran.foundation.errors import Fault, InputError, NotFoundError
from kitaran.web.chart_files import as_file
from kitaran.web.charts.chart import WIDE, Chart
from kitaran.web.entries import Entry
from kitaran.web.errors import wants_json
from kitaran.web.form_faults import Wrong
from kitaran.web.language import current
from kitaran.web.language import gettext as _
from kitaran.web.lifetime import answer as lifetime_answer
from kitaran.web.lifetime import places as lifetime_places
from kitaran.web.lifetime import tables as lifetime_tables
from kitaran.web.lifetime.charts import life_chart, life_charts
from kitaran.web.lifetime.choice import NO_SECOND, LifeChoice, checked, choice_of, question_of, spelt
from kitaran.web.lifetime.form import form
from kitaran.web.pages import Page, Pages
from kitaran.web.static_files import vega_address

if TYPE_CHECKING:
    from kitaran.planning.lifetime import NextLife, Outlook, Question

pages = Pages()
FILE = "kitaran-battery-life"


@pages.page("/plan/lifetime", "lifetime/outlook.html")
def lifetime_page(request: Request) -> Page:
    """The answer to the choice in the address; what is wrong with it stands beside the form."""
    choice = choice_of(request.query_params)
    question, wrong = _asked(choice)
    if question is None:
        return _refused(request, choice, wrong)
    choice = spelt(choice, question)
    try:
        of = looked_at(question)
    except NotFoundError:
        return _by_table(choice, question)
    later = None if choice.second == NO_SECOND else handed_over(question, choice.second)
    charts = drawn(question, choice, current().code)
    shown = lifetime_answer.shown_of(of, later, choice, request.app.state.workspace.root)
    return Page(
        lifetime_answer.facts_of(of, later, charts), shown | _frame(choice) | {"drawn": charts, "of": of}
    )


def _asked(choice: LifeChoice) -> tuple[Question | None, list[Wrong]]:
    """The question, or everything that is wrong with the choice."""
    question, wrong = question_of(choice)
    if question is not None:
        wrong = checked(question, choice)
    return (None if wrong else question), wrong


@lru_cache(maxsize=64)
def looked_at(question: Question) -> Outlook:
    """The outlook of a question, compared with every capital; kept for the next reader."""
    from kitaran.planning.lifetime import capitals, outlook

    return outlook(question, tuple(capitals().values()))


@lru_cache(maxsize=64)
def handed_over(question: Question, duty: str) -> NextLife | None:
    """The second life of a question's battery; kept for the next reader."""
    from kitaran.planning.lifetime import next_life

    return next_life(looked_at(question), duty)


@lru_cache(maxsize=32)
def drawn(question: Question, choice: LifeChoice, _language: str) -> dict[str, Chart]:
    """The charts of a choice in one language; kept for the next reader."""
    return life_charts(looked_at(question), choice)


def _refused(request: Request, choice: LifeChoice, wrong: list[Wrong]) -> Page:
    """The form with what is wrong beside its fields; for programs, the problem."""
    if wants_json(request):
        raise _refusal(wrong)
    shown = _frame(choice) | {
        "faults": [asdict(each) | ({"place": ""} if each.field else {}) for each in wrong]
    }
    return Page({}, shown, status=422, template="lifetime/refused.html")


def _refusal(wrong: list[Wrong]) -> InputError:
    faults = [Fault(each.place, each.cause, each.remedy) for each in wrong]
    return InputError(faults[0].cause, faults=faults)


def _by_table(choice: LifeChoice, question: Question) -> Page:
    """A chemistry that no model is fit for: what the table of lifetimes holds."""
    from kitaran.planning.lifetime import catalogue, duty

    use = duty.duty(question.duty)
    code = question.place.partition("/")[0]
    rows = lifetime_tables.lifetime_rows(question.battery, use.vehicle_class, code)
    suspect = [m for m in catalogue().values() if question.battery in m.stands_for]
    facts: dict[str, Any] = {
        "question": {"battery": question.battery, "place": question.place, "duty": question.duty},
        "model": None,
        "suspect_models": [{"id": m.id, "cell": m.cell, "caution": m.suspect} for m in suspect],
        "lifetimes": rows,
    }
    shown = {
        "asked": lifetime_answer.asked(question, question.cooling or use.cooling),
        "suspect_links": [(m, choice.address(battery=m.id)) for m in suspect],
        "life_columns": lifetime_tables.columns(),
        "life_rows": lifetime_tables.cells(rows),
        "stands_in": question.battery not in ("lead_acid", "LTO", "LMO") and bool(rows),
    }
    return Page(facts, shown | _frame(choice), template="lifetime/by_table.html")


def _frame(choice: LifeChoice) -> dict[str, Any]:
    """What every form of the page has."""
    return {
        "choice": choice,
        "form": form(choice),
        "vega": vega_address(),
        "crumbs": [(_("Plan"), "/plan")],
        "faults": [],
    }


def _outlook_of(request: Request) -> tuple[Outlook, LifeChoice]:
    choice = choice_of(request.query_params)
    question, wrong = _asked(choice)
    if question is None:
        raise _refusal(wrong)
    return looked_at(question), spelt(choice, question)


@pages.router.get("/plan/lifetime/charts/{name}.{form}")
def chart_file(request: Request, name: str, form: str, width: int = Query(WIDE, ge=200, le=4000)) -> Response:
    """One form of one chart of an outlook."""
    of, choice = _outlook_of(request)
    return as_file(life_chart(of, choice, name), form, width, f"{FILE}-{name}")


@pages.router.get("/plan/lifetime/places.csv")
def places_file(request: Request) -> Response:
    """Every capital as CSV."""
    of, _choice = _outlook_of(request)
    headers = {"Content-Disposition": f'attachment; filename="{FILE}-capitals.csv"'}
    return Response(lifetime_places.places_csv(of), media_type="text/csv", headers=headers)


ENTRY = Entry(
    pages.router,
    "/plan/lifetime",
    label=lambda: _("Battery life"),
    order=11,
    paths=lambda _: ["/plan/lifetime"],
)
