"""The charts of one economy: what retires, from which vehicles, which chemistry, and the fleet behind it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from kitaran.foundation.errors import NotFoundError
from kitaran.web.charts.chart import Chart
from kitaran.web.charts.parts import by_chemistry, by_class
from kitaran.web.charts.retired import retired
from kitaran.web.charts.vehicles import lives, vehicles
from kitaran.web.choices import Choice
from kitaran.web.language import current
from kitaran.web.language import gettext as _
from kitaran.web.results import Results

KINDS = ("retired", "classes", "chemistries", "lives", "sales", "stock")


def economy_chart(results: Results, choice: Choice, kind: str) -> Chart | None:
    """One chart by its kind; None if the run has no figures for it. NotFoundError for an unknown kind."""
    makers: dict[str, Callable[[Results, Choice], Chart | None]] = {
        "retired": retired,
        "classes": by_class,
        "chemistries": by_chemistry,
        "lives": lives,
        "sales": partial(vehicles, kind="sales"),
        "stock": partial(vehicles, kind="stock"),
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
