"""The facts of one outlook, and what its page shows of them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kitaran.reference import economy
from kitaran.web.charts.chart import Chart
from kitaran.web.figures import THIN, figure
from kitaran.web.language import gettext as _
from kitaran.web.lifetime import places as lifetime_places
from kitaran.web.lifetime.choice import LifeChoice
from kitaran.web.lifetime.words import (
    battery_words,
    coolings,
    duty_words,
    grade_roles,
    lever_words,
    life_answer,
    next_answer,
    percent,
    reasons,
    tenths,
    tested_words,
    years_words,
)

if TYPE_CHECKING:
    from kitaran.planning.lifetime import NextLife, Outlook, Question, Span

LONGEST = 30


def asked(question: Question, cooling: str) -> list[tuple[str, bool]]:
    """What was asked, for the page and its print, and whether it is a name. cooling: the one that holds."""
    code, _slash, city = question.place.partition("/")
    return [
        (battery_words(question.battery), True),
        (duty_words(question.duty), False),
        (f"{city}, {economy(code).name}", True),
        (coolings()[cooling], False),
    ]


def facts_of(of: Outlook, later: NextLife | None, charts: dict[str, Chart]) -> dict[str, Any]:
    """Everything that the page tells, for programs. Years beyond the horizon are null."""
    question = of.question
    return {
        "question": {
            "battery": question.battery,
            "place": question.place,
            "duty": question.duty,
            "cooling": question.cooling or of.setting.use.cooling,
            "threshold": of.threshold,
            "years": question.years,
        },
        "sentence": str(life_answer(of.years_to_threshold, of.threshold, question.years)),
        "years_to_threshold": _span(of.years_to_threshold),
        "model": {
            "id": of.model.id,
            "cell": of.model.cell,
            "chemistry": of.model.chemistry,
            "proxy": of.proxy,
            "suspect": of.model.suspect if of.model.standing == "suspect" else None,
            "caution": of.model.suspect or None,
            "papers": of.model.papers,
        },
        "outside_tested_range": of.outside,
        "warming_k": of.setting.warming_k,
        "grade": of.grade,
        "grades": of.grades,
        "loss": {
            "calendar": of.parts.calendar,
            "cycling": of.parts.cycling,
            "calendar_share": of.parts.calendar_share,
        },
        "resistance": _numbers(of.resistance),
        "power": _numbers(of.power),
        "certified_energy": _numbers(of.certified_energy),
        "changes": [
            {"id": each.id, "level": each.level, "soh": each.soh, "years": _finite(each.years)}
            for each in of.levers
        ],
        "charts": {name: chart.facts() for name, chart in charts.items()},
        "places": lifetime_places.place_rows(of),
        "second_life": None if later is None else _later_facts(later),
    }


def _span(span: Span) -> dict[str, float | None]:
    return {name: _finite(getattr(span, name)) for name in ("earliest", "median", "latest")}


def _finite(years: float) -> float | None:
    return years if math.isfinite(years) else None


def _later_facts(later: NextLife) -> dict[str, Any]:
    return {
        "duty": later.use.id,
        "from_soh": later.from_soh,
        "to_soh": later.to_soh,
        "years": _span(later.years),
        "throughput_efc": later.efc,
        "years_to_knee": _finite(later.knee_years),
        "outside_tested_range": later.outside,
        "grade": later.grade,
    }


def shown_of(of: Outlook, later: NextLife | None, choice: LifeChoice, root: Path) -> dict[str, Any]:
    """What only the page needs: words, cells and the drawn map. root: the workspace."""
    rows = lifetime_places.place_rows(of)
    horizon = of.question.years
    return {
        "said": life_answer(of.years_to_threshold, of.threshold, horizon),
        "horizon": horizon,
        "threshold_words": percent(of.threshold),
        "asked": asked(of.question, of.question.cooling or of.setting.use.cooling),
        "outside_words": percent(of.outside["share"]),
        "outside_reasons": reasons(of.outside),
        "is_outside": of.outside["share"] > 0,
        "tested": tested_words(of),
        "grade_rows": [(words, of.grades[role]) for role, words in grade_roles().items()],
        "warming_words": f"{figure(of.setting.warming_k)}{THIN}K",
        "time_words": percent(of.parts.calendar_share),
        "use_words": percent(1 - of.parts.calendar_share),
        "at_end": math.isfinite(of.years_to_threshold.median),
        "lever_columns": _lever_columns(of),
        "lever_rows": _lever_rows(of),
        "map": lifetime_places.life_map(root, rows, choice, horizon),
        "map_words": {
            "unit": _("per cent of the capacity as new, after %(years)s years") % {"years": horizon}
        },
        "place_columns": lifetime_places.columns(of),
        "place_rows": lifetime_places.cells(rows, choice, horizon),
        "later": later,
        "later_shown": _later_shown(later) if later else {},
        "beyond_words": _beyond(of),
    }


def _lever_columns(of: Outlook) -> list[dict[str, Any]]:
    said = {"years": of.question.years, "share": percent(of.threshold)}
    return [
        {"key": "change", "label": _("Change"), "heading": True},
        {"key": "soh", "label": _("Capacity left after %(years)s years") % said, "number": True},
        {"key": "years", "label": _("Years to %(share)s") % said, "number": True},
        {"key": "gain", "label": _("Years gained"), "number": True},
    ]


def _lever_rows(of: Outlook) -> list[dict[str, Any]]:
    horizon, now = of.question.years, of.years_to_threshold.median
    as_it_is = {
        "change": _("As it is"),
        "soh": tenths(float(of.p50[-1])),
        "years": years_words(now, horizon),
        "gain": "",
        "mark": "total",
    }
    return [
        as_it_is,
        *(
            {
                "change": lever_words(each, of.setting.use.charge_to),
                "soh": tenths(each.soh),
                "years": years_words(each.years, horizon),
                "gain": _gain(each.years, now, horizon),
            }
            for each in of.levers
        ),
    ]


def _gain(years: float, now: float, horizon: int) -> str:
    """Years gained or lost; not told where both outlast the horizon."""
    if math.isfinite(years) and math.isfinite(now):
        return f"{years - now:+.1f}".replace("-", "−")
    if math.isfinite(now):
        return _("more than %(years)s") % {"years": f"{horizon - now:.1f}"}
    return _("more than %(years)s lost") % {"years": f"{horizon - years:.1f}"} if math.isfinite(years) else ""


def _later_shown(later: NextLife) -> dict[str, Any]:
    return {
        "said": next_answer(later.years, later.to_soh, LONGEST),
        "duty": duty_words(later.use.id),
        "begin": percent(later.from_soh),
        "end": percent(later.to_soh),
        "cycles": figure(later.efc),
        "ends": math.isfinite(later.years.median),
        "outside": percent(later.outside["share"]),
        "reasons": reasons(later.outside),
        "knee": years_words(later.knee_years, LONGEST) if later.knee_years > 0 else "",
    }


def _numbers(values: Any) -> list[float] | None:
    return None if values is None else [float(value) for value in values]


def _beyond(of: Outlook) -> list[str]:
    """What the life says beyond capacity: power, and for vehicles the energy that a certificate counts."""
    years = of.question.years
    if of.resistance is None or of.power is None:
        told = [_("This model was fitted on capacity alone: it tells nothing of power.")]
    else:
        said = {
            "times": figure(float(of.resistance[-1]), 2),
            "power": percent(float(of.power[-1])),
            "years": years,
        }
        told = [
            _("After %(years)s years resistance is %(times)s times that of a fresh cell, power %(power)s.")
            % said
        ]
    if of.setting.use.vehicle_class != "stationary":
        said = {"share": tenths(float(of.certified_energy[-1])), "years": years}
        told.append(
            _("By the energy that a vehicle's certificate counts, %(share)s are left after %(years)s years.")
            % said
        )
    return told
